package explore

import (
	"context"
	"crypto/rand"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/trace"
)

// Options say how a model is served. The zero value is useful.
type Options struct {
	Title  string          // name of the model on the page
	Header trace.Header    // the model with its parameters, as trace files name it
	Replay string          // command that replays a path, in front of the path; empty for none
	Check  allways.Options // options of the background search; Progress is taken
	Hosts  []string        // names besides loopback addresses under which the server is reached
	Token  string          // secret of calls that change something; empty means a random one
	Logger *slog.Logger    // where failures are told; nil means slog.Default()
}

// Server is a model on the web. It is safe for concurrent use. Close ends what runs in the
// background.
type Server struct {
	model  *erased.Model
	o      Options
	paths  *paths
	search *search
	known  *known
	mux    http.Handler
	start  time.Time
}

// New returns a server for a compiled model. Nothing runs before it is asked for.
func New(m *erased.Model, o Options) *Server {
	if o.Token == "" {
		o.Token = rand.Text()
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	s := &Server{model: m, o: o, paths: newPaths(m), known: newKnown(), start: time.Now()}
	s.search = newSearch(m, o.Check)
	s.mux = s.safe(s.routes())
	return s
}

// Token returns the secret that calls that change something carry.
func (s *Server) Token() string { return s.o.Token }

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Close ends the background search and the streams of events. The server must not be used
// afterwards.
func (s *Server) Close() { s.search.close() }

// Search starts the background search unless one was started before.
func (s *Server) Search(ctx context.Context) { s.search.start(ctx) }

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for _, e := range s.endpoints() {
		mux.Handle(e.method+" "+e.path, s.answer(e))
	}
	assets, err := fs.Sub(page, "page")
	if err != nil {
		panic("explore: the page is not embedded: " + err.Error())
	}
	mux.Handle("GET /", pages(assets))
	return mux
}
