// Package offer lets a test show a path in a browser without linking a server: the program decides that by
// importing package explorer.
package offer

import (
	"context"

	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/trace"
)

// Explorer serves a model on a loopback address until ctx is done. It is nil in programs that do not link
// package explorer.
var Explorer func(ctx context.Context, r Request) error

// Request says what to serve.
type Request struct {
	Model  *erased.Model
	Title  string
	Header trace.Header      // the model, as trace files name it
	Path   string            // short form of the path to open
	Ready  func(link string) // called with the link to the path, once it is served
}
