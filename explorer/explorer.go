// Package explorer shows a model in a browser: people step through its runs, look at states,
// differences and sequence diagrams, watch a search, and open its counterexamples. It searches
// nothing itself, and a program that only checks does not need it.
//
// The verb explore of package cli/explorecli serves a model on a loopback address. To mount the
// pages in a server of your own, use [New]. In the tests of a package that imports this one, if only for
// that, the flag -allways.explore of package allwaystest shows counterexamples.
//
// # Security
//
// Every program that reaches the server can read the model and run it. Requests under a host name that is not
// a loopback address or one of [Options.Hosts] are refused, and so are requests from pages of other
// origins. Calls that change something, such as starting a search, need the [Server.Token].
package explorer

import (
	"cmp"
	"context"
	"net/http"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore"
	_ "github.com/allways-go/allways/internal/explore/serve" // serves for -allways.explore
	"github.com/allways-go/allways/trace"
)

// Options say how a model is served. The zero value serves it under the name "model" to programs of
// this machine.
type Options struct {
	Title string          // name of the model on the page; empty means "model"
	Check allways.Options // options of the search in the background, without Progress
	Hosts []string        // host names besides loopback addresses under which the server is reached
	Token string          // secret of calls that change something; empty means a random one
	// Source is the Go expression that makes the model in the package Package, such as "Counter{Max: 5}",
	// for Go tests that are made of traces. Empty means no such tests; an empty Package is main.
	Source, Package string
}

// Server serves a model. It is an [http.Handler] and safe for concurrent use. Make one with [New],
// and close it at the end.
type Server struct{ s *explore.Server }

// New returns a server for a model, where states are found by the predicates, too. The error is an
// [*allways.ModelError] that says what is wrong with the declarations. Nothing is searched before
// [Server.Search] or a person asks for it.
func New[S, A any](m allways.Model[S, A], o Options, predicates ...allways.NamedPredicate[S]) (*Server, error) {
	e := erased.Of(m, predicates...)
	if err := e.Compile(); err != nil {
		return nil, err
	}
	if o.Title == "" {
		o.Title = "model"
	}
	return &Server{explore.New(e, explore.Options{
		Title: o.Title, Header: trace.Header{Model: o.Title}, Check: o.Check, Hosts: o.Hosts, Token: o.Token,
		Source: explore.Source{Package: cmp.Or(o.Package, "main"), Model: o.Source},
	})}, nil
}

// ServeHTTP implements [http.Handler]. The pages expect to be at the root of a host.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.s.ServeHTTP(w, r) }

// Token returns the secret of calls that change something. The page takes it from the fragment of
// its link: "http://localhost:7357/#token=" followed by the token.
func (s *Server) Token() string { return s.s.Token() }

// Search starts the search in the background, unless it runs already. It ends when ctx is canceled
// or the server is closed.
func (s *Server) Search(ctx context.Context) { s.s.Search(ctx) }

// Close ends the search and the streams of events, and waits for the search.
func (s *Server) Close() { s.s.Close() }
