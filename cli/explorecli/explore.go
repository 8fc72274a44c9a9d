// Package explorecli adds the verb explore to a command line of package cli: it serves the pages of
// package explorer for the selected model. It is apart from package cli because it links the
// network; it checks nothing itself.
//
//	var app = cli.App[Model]{
//		Name:  "twophase",
//		Verbs: explorecli.Verbs,
//		// ...
//	}
package explorecli

import (
	"context"
	"errors"
	"fmt"

	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/internal/explore"
	"github.com/allways-go/allways/internal/explore/serve"
	"github.com/allways-go/allways/trace"
)

// Verbs returns the verb explore. It is meant for [cli.App.Verbs].
func Verbs() []cli.Verb {
	s := &settings{}
	return []cli.Verb{{
		Name: "explore", Summary: "step through the model in a browser",
		Usage: []string{"MODEL [flags]", "-open FILE [flags]"},
		Flags: []cli.Param{
			cli.Text("addr", &s.addr, serve.DefaultAddr, "address to serve the page on").Flag(),
			cli.Text("open", &s.file, "", "trace file to open").Flag(),
			cli.Text("at", &s.path, "", "path to open, such as 0:3.1.4").Flag(),
			cli.Bool("search", &s.search, "start a complete search in the background").Flag(),
		},
		Common: []string{"workers", "depth", "max-states", "memory", "quiet"},
		Run:    s.run,
	}}
}

type settings struct {
	addr, file, path string
	search           bool
}

// run serves the page until it is interrupted.
func (s *settings) run(ctx context.Context, c *cli.Call) (int, error) {
	stored, err := s.stored()
	if err != nil {
		return 0, err
	}
	selected, err := c.Select(c.Words, stored.Header)
	if err != nil {
		return 0, err
	}
	m := selected.Untyped()
	path := s.path
	if s.file != "" {
		p, err := m.Replay(*stored)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", s.file, err)
		}
		path = p.Encode()
	}
	server := explore.New(m, explore.Options{
		Title: selected.Title(), Header: selected.Header,
		Source: explore.Source{Package: "main", Model: selected.Source(), Fails: true},
	})
	defer server.Close()
	listener, err := serve.Listen(s.addr)
	if err != nil {
		return 0, fmt.Errorf("-addr %s: %w; 127.0.0.1:0 means any port that is free", s.addr, err)
	}
	if s.search {
		server.Search(ctx)
	}
	if !c.Quiet {
		fmt.Fprintf(c.Stdout, "%s\n\nPress Ctrl-C to end.\n", serve.Link(listener.Addr(), path, server.Token()))
	}
	return cli.ExitHolds, serve.Until(ctx, listener, server)
}

// stored reads the trace file that is to be opened; without one it is empty.
func (s *settings) stored() (*trace.File, error) {
	switch {
	case s.file == "":
		return &trace.File{}, nil
	case s.path != "":
		return nil, errors.New("want -open or -at, not both")
	}
	f, err := trace.Load(s.file)
	return &f, err
}
