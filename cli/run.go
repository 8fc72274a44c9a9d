package cli

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node"
	"github.com/allways-go/allways/actor/node/codec"
	"github.com/allways-go/allways/actor/node/storage"
	"github.com/allways-go/allways/actor/node/transport"
)

// runSettings is what the flags of the verb run were set to.
type runSettings struct {
	nodes     string
	peers     string
	transport string
	tls       string
	codec     string
	data      string
	record    string
	host      string
	port      int
}

const groupRun = "running"

func (s *runSettings) flags() []sharedFlag {
	run := []string{"run"}
	s.host, s.port = "127.0.0.1", 7000
	return []sharedFlag{
		{"node", "NAMES", groupRun, "actors that this process hosts, such as server-1,server-2 or server-* (default: all)", run, setText(&s.nodes)},
		{"peers", "FILE", groupRun, "lines with an actor and its address, such as: server-1 10.0.0.1:7000 (default: ports from -port on)", run, setText(&s.peers)},
		{"transport", "NAME", groupRun, "how messages travel: udp (default) or tcp", run, setChoice(&s.transport, "udp", "tcp")},
		{"tls", "FOLDER", groupRun, "mutual TLS on tcp, with cert.pem, key.pem and ca.pem, for the names of the actors", run, setText(&s.tls)},
		{"codec", "NAME", groupRun, "how messages are written: json (default) or cbor", run, setChoice(&s.codec, "json", "cbor")},
		{"data", "FOLDER", groupRun, "stable storage, a folder for each actor (default: none, so that a node that ends is lost)", run, setText(&s.data)},
		{"record", "FOLDER", groupRun, "record what actors handle, for \"replay FOLDER\"", run, setText(&s.record)},
		{"host", "HOST", groupRun, "where to listen (default 127.0.0.1)", run, setText(&s.host)},
		{"port", "N", groupRun, "first port: actors have the ports from here on, and HTTP 100 more (default 7000)", run, setInt(&s.port, 60_000)},
	}
}

// httpPorts is how far the ports of HTTP are from those of actors.
const httpPorts = 100

// run runs the verb run: it hosts actors until it is interrupted.
func (c *command) run(words []string) error {
	s, err := c.pick(words, c.modelFlags)
	if err != nil {
		return err
	}
	if err := c.build(s); err != nil {
		return c.refuse(s, err)
	}
	p, ok := s.instance.program()
	if !ok {
		return usage("this model is no system of actors, so it cannot run: want check, simulate or replay")
	}
	members, err := c.members(p)
	if err != nil {
		return usageError{err}
	}
	if folder := c.settings.run.record; folder != "" {
		if err := c.describeRecording(folder, s); err != nil {
			return usageError{err}
		}
	}
	return c.host(p, members)
}

// program returns the model as a system of actors, if it is one.
func (t *typed[S, A]) program() (actor.Program, bool) {
	p, ok := any(t.model).(actor.Program)
	return p, ok
}

// place is where a node is.
type place struct {
	addr, http string
	actors     []string
	here       bool
}

// members returns the nodes of a system, with those that this process hosts marked.
func (c *command) members(p actor.Program) ([]*place, error) {
	r := &c.settings.run
	addrs, err := c.addresses(p)
	if err != nil {
		return nil, err
	}
	var all []*place
	hosted := false
	for id, name := range names(p) {
		i := slices.IndexFunc(all, func(m *place) bool { return m.addr == addrs[name] })
		if i < 0 {
			i = len(all)
			all = append(all, &place{addr: addrs[name], http: net.JoinHostPort(r.host, strconv.Itoa(r.port+httpPorts+id))})
		}
		if chosen(r.nodes, name) {
			all[i].here, hosted = true, true
		}
		all[i].actors = append(all[i].actors, name)
	}
	if !hosted {
		return nil, fmt.Errorf("-node %s is none of the actors %s", r.nodes, strings.Join(names(p), ", "))
	}
	return all, nil
}

func names(p actor.Program) (all []string) {
	all, _ = actor.Names(p) // the model was compiled before
	return all
}

// chosen reports whether a list of patterns names an actor; an empty one names all.
func chosen(patterns, name string) bool {
	if patterns == "" {
		return true
	}
	for pattern := range strings.SplitSeq(patterns, ",") {
		if ok, _ := path.Match(pattern, name); ok {
			return true
		}
	}
	return false
}

// addresses returns the address of every actor.
func (c *command) addresses(p actor.Program) (map[string]string, error) {
	r := &c.settings.run
	addrs := map[string]string{}
	for id, name := range names(p) {
		addrs[name] = net.JoinHostPort(r.host, strconv.Itoa(r.port+id))
	}
	if r.peers == "" {
		return addrs, nil
	}
	f, err := os.Open(r.peers)
	if err != nil {
		return nil, fmt.Errorf("-peers: %w", err)
	}
	defer f.Close()
	clear(addrs)
	if err := readPeers(f, addrs); err != nil {
		return nil, fmt.Errorf("-peers %s: %w", r.peers, err)
	}
	for _, name := range names(p) {
		if addrs[name] == "" {
			return nil, fmt.Errorf("-peers %s has no address of %s", r.peers, name)
		}
	}
	if len(addrs) > len(names(p)) {
		return nil, fmt.Errorf("-peers %s names more than the actors %s", r.peers, strings.Join(names(p), ", "))
	}
	return addrs, nil
}

// readPeers reads lines with a name and an address; what follows # is a comment.
func readPeers(r io.Reader, to map[string]string) error {
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case len(words) != 2:
			return fmt.Errorf("line %d: want an actor and its address", number)
		case to[words[0]] != "":
			return fmt.Errorf("line %d: %s has an address already", number, words[0])
		default:
			to[words[0]] = words[1]
		}
	}
	return lines.Err()
}

// host runs the nodes of this process until the context is done.
func (c *command) host(p actor.Program, members []*place) error {
	ctx, cancel := context.WithCancel(c.ctx)
	defer cancel()
	if t := c.settings.options.Timeout; t > 0 {
		ctx, cancel = context.WithTimeout(ctx, t)
		defer cancel()
	}
	var nodes []*node.Node
	for _, m := range members {
		if m.here {
			config, err := c.config(p, members, m)
			if err != nil {
				return usageError{err}
			}
			n, err := node.New(config)
			if err != nil {
				return usageError{err}
			}
			nodes = append(nodes, n)
		}
	}
	var all sync.WaitGroup
	failed := make(chan error, len(nodes))
	for _, n := range nodes { // in order, so that clients find their servers
		ended := make(chan struct{})
		all.Go(func() {
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
	}
	if ctx.Err() == nil && !c.settings.quiet {
		c.introduce(p, members)
	}
	all.Wait()
	close(failed)
	for err := range failed {
		fmt.Fprintf(c.stderr, "%s: %v\n", c.app.Name, err)
		c.code = max(c.code, ExitInternal)
		if _, ok := errors.AsType[*node.HandlerError](err); ok {
			c.code = ExitModel
		}
	}
	return nil
}

// config returns what a node runs.
func (c *command) config(p actor.Program, members []*place, m *place) (node.Config, error) {
	r := &c.settings.run
	config := node.Config{
		System: p, Actors: m.actors, Peers: map[string]string{}, Codec: codec.JSON, Record: r.record, HTTP: m.http,
		AcceptClients: r.transport == "udp", Seed: c.settings.walks.Seed, Log: c.logger(),
	}
	for _, o := range members {
		for _, name := range o.actors {
			config.Peers[name] = o.addr
		}
	}
	if r.codec == "cbor" {
		config.Codec = codec.CBOR
	}
	if r.data != "" {
		config.Storage = storage.Dir(r.data)
	}
	var err error
	config.Transport, err = r.open(m.addr)
	return config, err
}

// open returns a transport that listens at an address.
func (r *runSettings) open(addr string) (transport.Transport, error) {
	switch {
	case r.tls != "" && r.transport != "tcp":
		return nil, errors.New("-tls needs -transport tcp")
	case r.tls != "":
		config, err := loadTLS(r.tls)
		if err != nil {
			return nil, fmt.Errorf("-tls: %w", err)
		}
		return transport.TLS(addr, config), nil
	case r.transport == "tcp":
		return transport.TCP(addr), nil
	}
	return transport.UDP(addr), nil
}

func loadTLS(folder string) (*tls.Config, error) {
	cert, err := tls.LoadX509KeyPair(filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem"))
	if err != nil {
		return nil, err
	}
	pem, err := os.ReadFile(filepath.Join(folder, "ca.pem"))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", filepath.Join(folder, "ca.pem"))
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}, RootCAs: pool, ClientCAs: pool}, nil
}

func (c *command) logger() *slog.Logger {
	o := &slog.HandlerOptions{Level: slog.LevelInfo}
	if c.settings.quiet {
		o.Level = slog.LevelError
	}
	w := &lockedWriter{w: c.stderr}
	if c.settings.json {
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
func (c *command) introduce(p actor.Program, members []*place) {
	var rows [][]string
	var first *place
	for _, m := range members {
		if m.here {
			rows = append(rows, []string{strings.Join(m.actors, ", "), c.settings.run.transport + " " + m.addr, "http://" + m.http})
			if first == nil {
				first = m
			}
		}
	}
	fmt.Fprint(c.out, grid([]string{"ACTOR", "ADDRESS", "HTTP"}, rows))
	example := exampleMessage(p)
	fmt.Fprintf(c.out, "\ntalk to it:\n  curl -d %s http://%s/actors/%s\n", shellWord(example), first.http, first.actors[0])
	if host, port, err := net.SplitHostPort(first.addr); err == nil && c.settings.run.transport == "udp" && c.settings.run.codec == "json" {
		frame := fmt.Sprintf(`{"to":%q,"msg":%s}`, first.actors[0], example)
		fmt.Fprintf(c.out, "  echo %s | nc -u -w1 %s %s\n", shellWord(frame), host, port)
	}
	fmt.Fprintf(c.out, "  curl http://%s/metrics\n", first.http)
	if types, _ := codec.MessageTypes(p); len(types) > 0 {
		var all []string
		for _, t := range types {
			all = append(all, t.Name())
		}
		fmt.Fprintf(c.out, "messages: %s\n", strings.Join(all, ", "))
	}
	if folder := c.settings.run.record; folder != "" {
		fmt.Fprintf(c.out, "afterwards, compare with the model:\n  %s replay %s\n", c.program, shellWord(folder))
	}
	fmt.Fprintln(c.out, "it ends with an interrupt (Ctrl-C)")
}

// exampleMessage returns a message as JSON.
func exampleMessage(p actor.Program) string {
	k, err := codec.JSON(p)
	types, _ := codec.MessageTypes(p)
	if err == nil && len(types) > 0 {
		var b []byte
		if b, err = k.Append(nil, codec.Zero(types[0])); err == nil {
			return string(b)
		}
	}
	return "0"
}
