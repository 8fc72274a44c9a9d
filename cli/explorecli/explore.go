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
	"github.com/allways-go/allways/internal/explore/recorded"
	"github.com/allways-go/allways/internal/explore/serve"
	"github.com/allways-go/allways/trace"
)

// Verbs returns the verb explore. It is meant for [cli.App.Verbs].
func Verbs() []cli.Verb { return []cli.Verb{verb(&settings{})} }

// Reader reads a folder with recordings of real processes, and selects the model that they are of.
type Reader func(c *cli.Call, folder string) (*cli.Selection, *recorded.Run, error)

// WithRecordings returns the verb explore with a flag that lays recordings of real processes beside the model.
// Package actorcli has it for systems of actors.
func WithRecordings(read Reader) []cli.Verb {
	s := &settings{read: read}
	v := verb(s)
	v.Usage = append(v.Usage, "-recording FOLDER [flags]")
	folder := cli.Text("recording", &s.folder, "", "folder with recordings of real processes to open")
	v.Flags = append(v.Flags, folder.Flag())
	return []cli.Verb{v}
}

func verb(s *settings) cli.Verb {
	return cli.Verb{
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
	}
}

type settings struct {
	addr, file, path string
	search           bool
	folder           string // folder of recordings
	read             Reader
}

// run serves the page until it is interrupted.
func (s *settings) run(ctx context.Context, c *cli.Call) (int, error) {
	selected, path, run, err := s.selected(c)
	if err != nil {
		return 0, err
	}
	server := explore.New(selected.Untyped(), explore.Options{
		Title: selected.Title(), Header: selected.Header, Recording: run,
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

// selected returns the model with what is to be opened of it: a path, "" for none, and a run, nil for none.
func (s *settings) selected(c *cli.Call) (m *cli.Selection, path string, run *recorded.Run, err error) {
	if s.folder != "" {
		if s.file != "" || s.path != "" {
			return nil, "", nil, errors.New("want -recording without -open and -at")
		}
		m, run, err = s.read(c, s.folder)
		return m, "", run, err
	}
	stored, err := s.stored()
	if err != nil {
		return nil, "", nil, err
	}
	if m, err = c.Select(c.Words, stored.Header); err != nil || s.file == "" {
		return m, s.path, nil, err
	}
	p, err := m.Untyped().Replay(*stored)
	if err != nil {
		return nil, "", nil, fmt.Errorf("%s: %w", s.file, err)
	}
	return m, p.Encode(), nil, nil
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
