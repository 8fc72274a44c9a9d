package explore

import (
	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/explore/recorded"
	"github.com/allways-go/allways/trace"
)

// Options say how a model is served. The zero value is useful.
type Options struct {
	Title     string          // name of the model on the page
	Header    trace.Header    // the model with its parameters, as trace files name it
	Replay    string          // command that replays a path, in front of the path; empty for none
	Check     allways.Options // options of the background search; Progress and Gate are taken
	Hosts     []string        // names besides loopback addresses under which the server is reached
	Recording *recorded.Run   // run of real processes to lay beside the model; nil for none
	Source    Source          // Go code that makes the model, for tests; zero if that is unknown
	Token     string          // secret of calls that change something; empty means a random one
}

// Source says how Go code makes the model.
type Source struct {
	Package string // name of the package in which it does
	Model   string // expression
	Fails   bool   // the expression has an error besides
}
