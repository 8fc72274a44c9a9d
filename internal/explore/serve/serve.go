// Package serve serves the explorer on an address of this machine.
package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/allways-go/allways/internal/explore"
	"github.com/allways-go/allways/internal/explore/offer"
)

// DefaultAddr is a fixed address, so that links work again after a restart.
const DefaultAddr = "127.0.0.1:7357"

func init() { offer.Explorer = show }

// show serves what a test asks for.
func show(ctx context.Context, r offer.Request) error {
	l, err := Listen(DefaultAddr)
	if err != nil {
		return err
	}
	server := explore.New(r.Model, explore.Options{Title: r.Title, Header: r.Header})
	defer server.Close()
	r.Ready(Link(l.Addr(), r.Path, server.Token()))
	return Until(ctx, l, server)
}

// Listen listens on an address. It takes another port if the usual one is taken.
func Listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil && addr == DefaultAddr {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	return l, err
}

// Link returns the link that opens a path; an empty one stands for the beginning.
func Link(addr net.Addr, path, token string) string {
	u := url.URL{Scheme: "http", Host: addr.String(), Path: "/", Fragment: "token=" + token}
	if path != "" {
		u.Path = "/t/" + path
	}
	return u.String()
}

// Until serves until ctx is done.
func Until(ctx context.Context, l net.Listener, h *explore.Server) error {
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
		return fmt.Errorf("the explorer ended: %w", err)
	}
	return nil
}
