package explore

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"net/http"

	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore/background"
	"github.com/allways-go/allways/internal/explore/guard"
	"github.com/allways-go/allways/internal/explore/paths"
)

// Server is a model on the web. It is safe for concurrent use. Close ends what runs in the
// background.
type Server struct {
	host *host
	mux  http.Handler
}

// New returns a server for a compiled model. Nothing runs before it is asked for.
func New(m *erased.Model, o Options) *Server {
	if o.Token == "" {
		o.Token = rand.Text()
	}
	s := &Server{host: &host{
		model: m, o: o, paths: paths.NewCache(m), known: paths.NewKnown(), search: background.New(m, o.Check),
	}}
	s.mux = guard.Safe(s.routes(), o.Hosts)
	return s
}

// Token returns the secret that calls that change something carry.
func (s *Server) Token() string { return s.host.o.Token }

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Close ends the background search and the streams of events. The server must not be used
// afterwards.
func (s *Server) Close() { s.host.search.Close() }

// Search starts the background search unless one is running.
func (s *Server) Search(ctx context.Context) { s.host.search.Start(ctx) }

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for _, e := range s.host.endpoints() {
		mux.Handle(e.method+" "+e.path, s.answer(e))
	}
	assets, err := fs.Sub(page, "page")
	if err != nil {
		panic("explore: the page is not embedded: " + err.Error())
	}
	mux.Handle("GET /", pages(assets))
	return mux
}

// answer makes a handler of an endpoint. A panic of the model is an error of the request.
func (s *Server) answer(e endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if e.changes && !guard.Allowed(r, s.host.o.Token) {
			writeProblem(w, &problem{http.StatusForbidden, errors.New(
				"this call needs the token of the link that the program printed")})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		if err := e.handle(w, r); err != nil && r.Context().Err() == nil {
			writeProblem(w, err)
		}
	})
}
