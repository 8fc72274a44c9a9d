package actorcli

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node"
	"github.com/allways-go/allways/actor/node/codec"
	"github.com/allways-go/allways/actor/node/record"
	"github.com/allways-go/allways/actor/node/storage"
	"github.com/allways-go/allways/actor/node/transport"
	"github.com/allways-go/allways/cli"
)

// settings are what the flags of the verb run are set to.
type settings struct {
	nodes     string
	peers     string
	transport string
	tls       string
	codec     string
	data      string
	record    string
	fileSize  int
	files     int
	optional  bool
	strict    bool
	host      string
	port      int
	http      string
	httpTLS   string
	token     string
	stop      bool
}

// flags returns the flags of the verb run, bound to the settings.
func (s *settings) flags() []cli.Param {
	all := []cli.Param{
		cli.Text("node", &s.nodes, "",
			"`actors` that this process hosts, such as server-1,server-2 or server-* (default all)"),
		cli.Text("peers", &s.peers, "", "`file` of lines with an actor and its address, such as: server-1 10.0.0.1:7000"),
		cli.Choice("transport", &s.transport, "`how` messages travel", "udp", "tcp"),
		cli.Text("tls", &s.tls, "",
			"`folder` with cert.pem, key.pem and ca.pem, for mutual TLS between the actors; needs tcp"),
		cli.Choice("codec", &s.codec, "`how` messages are written", "json", "cbor"),
		cli.Text("data", &s.data, "", "`folder` for stable storage (default none: a node that ends loses its state)"),
		cli.Text("record", &s.record, "",
			"`folder` in which to record what actors handle; replay compares it with the model, "+
				"for which a second run is a restart after crashes"),
		cli.Int("record-size", &s.fileSize, 64, 1, 1<<20, "`MiB` after which a recording begins another file"),
		cli.Int("record-files", &s.files, 16, 2, 1<<20,
			"`files` kept of each recording; replay begins at a snapshot if older ones are deleted"),
		cli.Bool("record-optional", &s.optional, "go on without a recording that cannot be written, as on a full disk"),
		cli.Bool("strict", &s.strict, "refuse to run what the model does not cover, such as losses, instead of warning"),
		cli.Text("host", &s.host, "127.0.0.1", "`host` to listen on"),
		cli.Int("port", &s.port, 7000, 1, 60_000,
			"`port` of the first actor; the others follow"),
		cli.Text("http", &s.http, "",
			"`address` at which the first actor serves clients over HTTP; the ports of the others follow; off for none "+
				"(default 127.0.0.1 with a port 100 above -port)"),
		cli.Text("http-tls", &s.httpTLS, "",
			"`folder` with cert.pem, key.pem and ca.pem, for mutual TLS with clients over HTTP"),
		cli.Text("token", &s.token, "", "`file` with the secret that clients over HTTP must send as a bearer token"),
		cli.Bool("stop-on-panic", &s.stop, "end when a handler panics on a message from outside, which is otherwise dropped"),
	}
	for i, p := range all {
		all[i] = p.Flag()
	}
	return all
}

// config returns what a node runs.
func (s *settings) config(p actor.Program, members []*member, m *member) (node.Config, error) {
	config := node.Config{
		System: p, Actors: m.actors, Peers: map[string]string{}, Codec: codec.JSON, Record: s.record, HTTP: m.http,
		RecordLimits:   record.Limits{FileBytes: int64(s.fileSize) << 20, Files: s.files},
		RecordOptional: s.optional, Strict: s.strict, Acknowledged: true,
		AcceptClients: s.transport == "udp",
		StopOnPanic:   s.stop, MaxConns: connections(members),
	}
	for _, o := range members {
		for _, name := range o.actors {
			config.Peers[name] = o.addr
		}
	}
	if s.codec == "cbor" {
		config.Codec = codec.CBOR
	}
	if s.data != "" {
		config.Storage = storage.Dir(s.data)
	}
	if err := s.secure(&config); err != nil {
		return config, err
	}
	var err error
	config.Transport, err = s.open(m.addr)
	return config, err
}

// connections returns how many connections of strangers each node of this process may hold: they share its files.
func connections(members []*member) int {
	const all, least = 256, 8
	here := 0
	for _, m := range members {
		if m.here {
			here++
		}
	}
	return max(all/here, least)
}

// secure says who may be a client over HTTP.
func (s *settings) secure(config *node.Config) (err error) {
	if s.httpTLS != "" {
		if config.HTTPTLS, err = loadTLS(s.httpTLS); err != nil {
			return fmt.Errorf("-http-tls: %w", err)
		}
	}
	if s.token == "" {
		return nil
	}
	b, err := os.ReadFile(s.token)
	if err != nil {
		return fmt.Errorf("-token: %w", err)
	}
	if config.HTTPToken = strings.TrimSpace(string(b)); config.HTTPToken == "" {
		return fmt.Errorf("-token: %s holds no secret", s.token)
	}
	return nil
}

// open returns a transport that listens at an address.
func (s *settings) open(addr string) (transport.Transport, error) {
	switch {
	case s.tls != "" && s.transport != "tcp":
		return nil, errors.New("-tls needs -transport tcp")
	case s.tls != "":
		config, err := loadTLS(s.tls)
		if err != nil {
			return nil, fmt.Errorf("-tls: %w", err)
		}
		return transport.TLS(addr, config), nil
	case s.transport == "tcp":
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
