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
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/internal/explore"
	"github.com/allways-go/allways/trace"
)

// Verbs returns the verb explore. It is meant for [cli.App.Verbs].
func Verbs() []cli.Verb {
	s := &settings{}
	return []cli.Verb{{
		Name: "explore", Summary: "step through the model in a browser",
		Usage: []string{"MODEL [flags]", "-open FILE [flags]"},
		Flags: []cli.Param{
			cli.Text("addr", &s.addr, defaultAddr, "address to serve the page on").Flag(),
			cli.Text("open", &s.file, "", "trace file to open").Flag(),
			cli.Text("at", &s.path, "", "path to open, such as 0:3.1.4").Flag(),
			cli.Bool("search", &s.search, "start a complete search in the background").Flag(),
		},
		Common: []string{"workers", "depth", "max-states", "memory", "quiet"},
		Run:    s.run,
	}}
}

// defaultAddr is a fixed address, so that links work again after a restart.
const defaultAddr = "127.0.0.1:7357"

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
		Title: selected.Title(), Header: selected.Header, Source: explore.Source{Package: "main", Model: selected.Source(), Fails: true},
	})
	defer server.Close()
	listener, err := listen(s.addr)
	if err != nil {
		return 0, err
	}
	if s.search {
		server.Search(ctx)
	}
	if !c.Quiet {
		fmt.Fprintf(c.Stdout, "%s\n\nPress Ctrl-C to end.\n", link(listener.Addr(), path, server.Token()))
	}
	return cli.ExitHolds, serve(ctx, listener, server)
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

// listen takes the next free port if the usual one is taken.
func listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil && addr == defaultAddr {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("-addr %s: %w; 127.0.0.1:0 means any port that is free", addr, err)
	}
	return l, nil
}

func link(addr net.Addr, path, token string) string {
	u := url.URL{Scheme: "http", Host: addr.String(), Path: "/", Fragment: "token=" + token}
	if path != "" {
		u.Path = "/t/" + path
	}
	return u.String()
}

// serve serves until the context is done.
func serve(ctx context.Context, l net.Listener, h *explore.Server) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	stop := context.AfterFunc(ctx, func() {
		h.Close() // ends the streams of events
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if server.Shutdown(grace) != nil {
			server.Close() // its error is that of the requests that are cut off
		}
	})
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
