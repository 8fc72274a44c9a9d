package actorcli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"reflect"
	"strings"
	"sync"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node"
	"github.com/allways-go/allways/actor/node/codec"
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/internal/render"
	"github.com/allways-go/allways/internal/pathtext"
	"github.com/allways-go/allways/trace"
)

func runVerb() cli.Verb {
	s := &settings{}
	return cli.Verb{
		Name: "run", Summary: "run the actors of a system as real processes", Flags: s.flags(),
		Common: []string{"seed", "timeout", "json", "color", "quiet", "cpuprofile", "memprofile"},
		Run:    s.run,
	}
}

// run hosts actors until it is interrupted.
func (s *settings) run(ctx context.Context, c *cli.Call) (int, error) {
	selected, err := c.Select(c.Words, trace.Header{})
	if err != nil {
		return 0, err
	}
	p, ok := selected.Model.(actor.Program)
	if !ok {
		return 0, errors.New("this model is not a system of actors, so it cannot run: want check, simulate or replay")
	}
	members, err := s.members(p)
	if err != nil {
		return 0, err
	}
	if s.record != "" {
		if err := describeRecording(s.record, selected); err != nil {
			return 0, err
		}
	}
	if c.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.Timeout)
		defer cancel()
	}
	nodes, err := s.nodesOf(c, p, members)
	if err != nil {
		return 0, err
	}
	started := func() {
		if !c.Quiet {
			s.introduce(c, p, members)
		}
	}
	all, err := host(ctx, nodes, started)
	_, handler := errors.AsType[*node.HandlerError](err)
	switch {
	case err == nil:
		return cli.ExitHolds, nil
	case handler:
		return cli.ExitModel, err
	case !all: // such as an address in use, or a folder with the recording of another system
		return cli.ExitUsage, err
	}
	return cli.ExitInternal, err
}

// nodesOf makes the nodes of this process.
func (s *settings) nodesOf(c *cli.Call, p actor.Program, members []*member) (nodes []*node.Node, err error) {
	log := logger(c)
	said := map[string]bool{}
	for _, m := range members {
		if !m.here {
			continue
		}
		config, err := s.config(p, members, m)
		if err != nil {
			return nil, err
		}
		config.Seed, config.Log = c.Seed, log
		differences, err := node.Uncovered(config)
		if err != nil {
			return nil, err
		}
		for _, text := range differences {
			if !said[text] && !s.strict {
				said[text] = true
				log.Warn("not covered by the model: " + text)
			}
		}
		n, err := node.New(config)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
	}
	return nodes, nil
}

// host runs nodes until the context is done or one of them fails, and calls started when all of
// them run. It reports whether that was so.
func host(ctx context.Context, nodes []*node.Node, started func()) (all bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var running sync.WaitGroup
	failed := make(chan error, len(nodes))
	for _, n := range nodes { // in order, so that clients find their servers
		ended := make(chan struct{})
		running.Go(func() {
			defer close(ended)
			if err := n.Run(ctx); err != nil {
				failed <- err
				cancel()
			}
		})
		select {
		case <-n.Started():
		case <-ended:
		}
		if ctx.Err() != nil {
			break // what ended the first node, such as a folder of another run, would end the others too
		}
	}
	if all = ctx.Err() == nil; all {
		started()
	}
	running.Wait()
	close(failed)
	var errs []error
	for err := range failed {
		errs = append(errs, err)
	}
	return all, errors.Join(errs...)
}

func logger(c *cli.Call) *slog.Logger {
	o := &slog.HandlerOptions{Level: slog.LevelInfo}
	if c.Quiet {
		o.Level = slog.LevelError
	}
	w := &lockedWriter{w: c.Stderr}
	if c.JSON {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// lockedWriter lets several loggers write.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

// introduce says how to talk to the nodes.
func (s *settings) introduce(c *cli.Call, p actor.Program, members []*member) {
	var rows [][]string
	var first *member
	for _, m := range members {
		if !m.here {
			continue
		}
		at := "off"
		if m.http != "" {
			at = s.scheme() + m.http
		}
		rows = append(rows, []string{strings.Join(m.actors, ", "), s.transport + " " + m.addr, at})
		if first == nil {
			first = m
		}
	}
	w := c.Stdout
	fmt.Fprint(w, pathtext.Grid([]string{"ACTOR", "ADDRESS", "HTTP"}, rows))
	s.introduceClients(w, p, first)
	if s.record != "" {
		fmt.Fprintf(w, "compare with the model afterwards:\n  %s replay %s\n", c.Program, render.ShellWord(s.record))
	}
	fmt.Fprintln(w, "stop with an interrupt (Ctrl-C)")
}

// introduceClients says what clients may send to a node, and how.
func (s *settings) introduceClients(w io.Writer, p actor.Program, m *member) {
	curl := "curl"
	if s.token != "" {
		curl += fmt.Sprintf(` -H "Authorization: Bearer $(cat %s)"`, render.ShellWord(s.token))
	}
	if s.httpTLS != "" {
		curl += fmt.Sprintf(" --cacert %[1]s --cert %[2]s --key %[3]s", render.ShellWord(filepath.Join(s.httpTLS, "ca.pem")),
			render.ShellWord(filepath.Join(s.httpTLS, "cert.pem")), render.ShellWord(filepath.Join(s.httpTLS, "key.pem")))
	}
	types, _ := codec.ClientTypes(p)
	if len(types) == 0 {
		fmt.Fprintln(w, "\nclients may send nothing: the system names no messages for them with actor.RegisterClientMessages")
	} else {
		example := exampleMessage(p, types[0])
		fmt.Fprintf(w, "\ntalk to %s:\n", m.actors[0])
		if m.http != "" {
			fmt.Fprintf(w, "  %s -H 'Content-Type: application/json' -d %s %s%s/actors/%s\n", curl, render.ShellWord(example),
				s.scheme(), m.http, m.actors[0])
		}
		if host, port, err := net.SplitHostPort(m.addr); err == nil && s.transport == "udp" && s.codec == "json" {
			frame := fmt.Sprintf(`{"to":%q,"msg":%s}`, m.actors[0], example)
			fmt.Fprintf(w, "  echo %s | nc -u -w1 %s %s\n", render.ShellWord(frame), host, port)
		}
		var all []string
		for _, t := range types {
			all = append(all, t.Name())
		}
		fmt.Fprintf(w, "messages of clients: %s\n", strings.Join(all, ", "))
	}
	if m.http != "" {
		fmt.Fprintf(w, "statistics:\n  %s %s%s/metrics\n", curl, s.scheme(), m.http)
	}
}

// scheme begins the URLs at which clients are served.
func (s *settings) scheme() string {
	if s.httpTLS != "" {
		return "https://"
	}
	return "http://"
}

// exampleMessage returns the zero message of a type as JSON.
func exampleMessage(p actor.Program, t reflect.Type) string {
	k, err := codec.JSON(p)
	if err == nil {
		var b []byte
		if b, err = k.Append(nil, codec.Zero(t)); err == nil {
			return string(b)
		}
	}
	return "0"
}
