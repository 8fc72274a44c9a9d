package node_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node"
	"github.com/allways-go/allways/actor/node/internal/testcert"
	"github.com/allways-go/allways/actor/node/transport"
)

// fragile counts numbers, panics on negative ones, after it has changed its state, and answers with the count.
var fragile = script{receive: func(c *ctx, s *state, from actor.ID, m msg) {
	s.N++
	c.Save(number{s.N})
	c.Send(from, reply{s.N})
	if m.(number).N < 0 {
		panic("a negative number")
	}
}}

const seven = `{"type":"number","value":{"N":7}}`

// post sends a message to a as a client with the token secret.
func post(t *testing.T, n *node.Node, body string, change func(*http.Request)) (int, string) {
	t.Helper()
	r, err := http.NewRequest("POST", "http://"+n.HTTPAddr()+"/actors/a", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer secret"}}
	if change != nil {
		change(r)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(b)
}

// Requests that only a stranger would make are refused and counted.
func TestHTTPRefused(t *testing.T) {
	n, _ := launch(t, node.Config{
		System: system(echo), HTTP: "127.0.0.1:0", HTTPHosts: []string{"node1.example"}, HTTPToken: "secret",
	})
	_, port, _ := net.SplitHostPort(n.HTTPAddr())
	header := func(key, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(key, value) }
	}
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	for _, c := range []struct {
		what, body string
		change     func(*http.Request)
		code       int
		want       string
	}{
		{"nothing wrong", seven, nil, 200, `"N":7`},
		{"charset", seven, header("Content-Type", "application/json; charset=utf-8"), 200, ""},
		{"known host", seven, host("node1.example:80"), 200, ""},
		{"localhost", seven, host("LOCALHOST:" + port), 200, ""},
		{"IPv6", seven, host("[::1]:80"), 200, ""},
		{"same origin", seven, header("Origin", "http://"+n.HTTPAddr()), 200, ""},
		{"unknown host", seven, host("evil.example:" + port), 403, "Config.HTTPHosts"},
		{"unknown address", seven, host("192.0.2.1"), 403, "Config.HTTPHosts"},
		{"other origin", seven, header("Origin", "http://evil.example"), 403, "another site"},
		{"no origin", seven, header("Origin", "null"), 403, "another site"},
		{"other site", seven, header("Sec-Fetch-Site", "cross-site"), 403, "another site"},
		{"form", seven, header("Content-Type", "application/x-www-form-urlencoded"), 415, "want application/json"},
		{"no content type", seven, func(r *http.Request) { r.Header.Del("Content-Type") }, 415, "want application/json"},
		{"no token", seven, func(r *http.Request) { r.Header.Del("Authorization") }, 401, "Bearer TOKEN"},
		{"wrong token", seven, header("Authorization", "Bearer Secret"), 401, ""},
		{"wrong scheme", seven, header("Authorization", "Basic secret"), 401, ""},
		{"undeclared", `{"type":"reply","value":{"N":7}}`, nil, 403, "actor.RegisterClientMessages"},
		{"long", `{"type":"` + strings.Repeat("x", 5000) + `"}`, nil, 400, "bytes)"},
	} {
		if code, body := post(t, n, c.body, c.change); code != c.code || !strings.Contains(body, c.want) || len(body) > 400 {
			t.Errorf("%s: %d %s; want %d %s", c.what, code, body, c.code, c.want)
		}
	}
	if d := n.Stats().Dropped; d["refused_client"] != 10 || d["undeclared"] != 1 || d["bad_message"] != 1 {
		t.Error(d)
	}
}

// With mutual TLS, only clients with a certificate are heard.
func TestHTTPS(t *testing.T) {
	ca := testcert.New()
	n, _ := launch(t, node.Config{System: system(echo), HTTP: ":0", HTTPTLS: ca.Config("a")})
	if host, _, _ := net.SplitHostPort(n.HTTPAddr()); host != "127.0.0.1" {
		t.Errorf("without a host, it listens at %s", n.HTTPAddr())
	}
	for _, certificate := range []bool{true, false} {
		config := ca.Config("client")
		config.ServerName = "a"
		if !certificate {
			config.Certificates = nil
		}
		client := http.Client{Transport: &http.Transport{TLSClientConfig: config}}
		answer, err := client.Post("https://"+n.HTTPAddr()+"/actors/a", "application/json", strings.NewReader(seven))
		if (err == nil) != certificate {
			t.Errorf("with a certificate: %t: %v", certificate, err)
		}
		if err == nil {
			answer.Body.Close()
		}
		client.CloseIdleConnections()
	}
	plain, err := tls.Dial("tcp", n.HTTPAddr(), &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12})
	if err == nil {
		plain.Close()
		t.Error("an old version of TLS is accepted")
	}
}

// Connections that say nothing, or too little, keep no client out, and a client that waits keeps its place.
func TestHTTPSilent(t *testing.T) {
	mute := script{receive: func(*ctx, *state, actor.ID, msg) {}}
	n, _ := launch(t, node.Config{System: system(echo, mute), HTTP: "127.0.0.1:0", MaxConns: 8})
	waits := make(chan int)
	go func() {
		code, _ := request(t, "POST", "http://"+n.HTTPAddr()+"/actors/b?wait=300ms", seven)
		waits <- code
	}()
	until(t, n, func(s node.Stats) bool { return s.Events >= 3 })
	for i := range 40 {
		c, err := net.Dial("tcp", n.HTTPAddr())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprint(c, strings.Repeat("POST /actors/a HTTP/1.1\r\nHost: localhost\r\n", i%2))
	}
	if code, body := request(t, "POST", "http://"+n.HTTPAddr()+"/actors/a", seven); code != 200 {
		t.Errorf("%d %s", code, body)
	}
	if code := <-waits; code != 504 {
		t.Errorf("a client that waits gets %d", code)
	}
	if n.Stats().Problems < 30 {
		t.Error(n.Stats())
	}
}

// A handler that panics on a message from outside leaves the actor as it was, and the node goes on.
func TestPanicOutside(t *testing.T) {
	var log bytes.Buffer
	network := transport.NewNetwork(1, transport.Faults{})
	peers := map[string]string{"a": "x", "b": "y"}
	sender := script{receive: func(c *ctx, s *state, from actor.ID, m msg) {
		if m, ok := m.(number); ok {
			c.Send(0, m)
		}
	}}
	run := func(name string, log *slog.Logger) *node.Node {
		n, _ := launch(t, node.Config{
			System: system(fragile, sender), Actors: []string{name}, Peers: peers, Transport: network.Transport(peers[name]),
			Log: log, HTTP: "127.0.0.1:0",
		})
		return n
	}
	a, b := run("a", slog.New(slog.NewTextHandler(&log, nil))), run("b", quiet)
	var h *node.HandlerError
	if _, err := a.Ask(t.Context(), "a", number{-1}); !errors.As(err, &h) || h.Handler != "Receive" {
		t.Errorf("a client gets %v", err)
	}
	code, body := request(t, "POST", "http://"+a.HTTPAddr()+"/actors/a", `{"type":"number","value":{"N":-7}}`)
	if code != 500 || strings.Contains(body, "negative") {
		t.Error(code, body)
	}
	if err := b.Tell("b", number{-1}); err != nil {
		t.Fatal(err)
	}
	until(t, a, func(s node.Stats) bool { return s.Dropped["handler_panic"] == 3 })
	if answer, err := a.Ask(t.Context(), "a", number{1}); err != nil || answer != (reply{1}) {
		t.Errorf("%v, %v; no message before has had an effect", answer, err)
	}
	if !strings.Contains(log.String(), "a negative number") || !strings.Contains(log.String(), "strangers_test.go") {
		t.Error(log.String())
	}
}

// A handler that panics on a message from within the process, or on a timer, ends the node.
func TestPanicInside(t *testing.T) {
	for name, first := range map[string]script{
		"message": {start: func(c *ctx, s *state) { c.Send(0, number{-1}) }},
		"timer": {
			start:   func(c *ctx, s *state) { c.SetTimer("t", 0, 0) },
			timeout: func(*ctx, *state, string) { panic("time") },
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				err := node.Run(t.Context(), node.Config{System: system(fragile, first), Log: quiet})
				var h *node.HandlerError
				if !errors.As(err, &h) {
					t.Error(err)
				}
			})
		})
	}
}

// Clients over a network fill at most a part of an inbox, those at one address less, and none that of actors.
func TestGuestsFillNoInbox(t *testing.T) {
	network := transport.NewNetwork(1, transport.Faults{})
	hold := make(chan struct{})
	slow := script{receive: func(c *ctx, s *state, from actor.ID, m msg) {
		if m.(number).N == 0 {
			<-hold
		}
	}}
	n, _ := launch(t, node.Config{
		System: system(slow, echo), Actors: []string{"a"}, Peers: map[string]string{"a": "x", "b": "y"},
		Transport: network.Transport("x"), AcceptClients: true, InboxSize: 80,
	})
	if err := n.Tell("a", number{0}); err != nil {
		t.Fatal(err)
	}
	until(t, n, func(s node.Stats) bool { return s.Clients == 1 && s.Waiting == 0 })
	for i, c := range []struct {
		addr  string
		sent  int
		limit int // messages of all that wait then
	}{{"1.1.1.1:1", 30, 10}, {"1.1.1.1:2", 30, 10}, {"2.2.2.2:1", 5, 15}, {"3.3.3.3:1", 30, 25}, {"4.4.4.4:1", 30, 35},
		{"5.5.5.5:1", 30, 40}, {"6.6.6.6:1", 30, 40}} {
		guest := network.Transport(c.addr)
		if err := guest.Open(transport.Options{Receive: func(transport.Source, []byte) {}}); err != nil {
			t.Fatal(err)
		}
		for range c.sent {
			if err := guest.Send("x", []byte(`{"to":"a","msg":{"type":"number","value":{"N":1}}}`)); err != nil {
				t.Fatal(err)
			}
		}
		sent := int64(1)
		for _, d := range []int{30, 30, 5, 30, 30, 30, 30}[:i+1] {
			sent += int64(d)
		}
		until(t, n, func(s node.Stats) bool { return s.Clients == sent })
		until(t, n, func(s node.Stats) bool { return s.Waiting == c.limit })
		guest.Close()
	}
	for range 40 { // the program itself is no stranger
		if err := n.Tell("a", number{1}); err != nil {
			t.Fatal(err)
		}
	}
	if err := n.Tell("a", number{1}); err == nil {
		t.Error("the inbox has no bound")
	}
	close(hold)
	until(t, n, func(s node.Stats) bool { return s.Waiting == 0 })
}

// Vector clocks that cannot be those of their senders are refused and counted, as are those of clients.
func TestClocks(t *testing.T) {
	network := transport.NewNetwork(1, transport.Faults{})
	peers := map[string]string{"a": "x", "b": "y", "c": "z"}
	n, _ := launch(t, node.Config{
		System: system(echo, echo, echo), Actors: []string{"a"}, Peers: peers, Transport: network.Transport("x"),
		AcceptClients: true, Record: t.TempDir(),
	})
	liar := network.Transport("y")
	if err := liar.Open(transport.Options{Receive: func(transport.Source, []byte) {}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { liar.Close() })
	refused, taken := int64(0), int64(0)
	for _, c := range []struct {
		clock string
		ok    bool
	}{
		{"[18446744073709551615,9,18446744073709551614]", false}, // knows more of a than a has done
		{"[1,0,0]", false}, // has done nothing itself
		{"[1,5,3]", true},
		{"[1,5,4]", false},                     // another clock at the same step
		{"[1,4,9]", false},                     // knew more before
		{"[0,3,2]", true},                      // overtaken
		{"[1,9,18446744073709551614]", true},   // might be true
		{"[0,10,18446744073709551614]", false}, // has forgotten
		{"[1,9,18446744073709551614]", true},
		{"[0,4294967305,4]", true}, // restarted after a gap in its recording
		{"[0,4294967306,5]", true},
	} {
		frame := fmt.Sprintf(`{"from":"b","to":"a","clock":%s,"msg":{"type":"number","value":{"N":1}}}`, c.clock)
		if err := liar.Send("x", []byte(frame)); err != nil {
			t.Fatal(err)
		}
		if taken++; !c.ok {
			refused++
		}
		until(t, n, func(s node.Stats) bool { return s.In == taken && s.Dropped["bad_clock"]+s.Events-1 == taken })
		if got := n.Stats().Dropped["bad_clock"]; got != refused {
			t.Fatalf("%s: %d refused, want %d", c.clock, got, refused)
		}
	}
	guest := network.Transport("elsewhere")
	if err := guest.Open(transport.Options{Receive: func(transport.Source, []byte) {}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { guest.Close() })
	guest.Send("x", []byte(`{"to":"a","clock":[0,0,0],"msg":{"type":"number","value":{"N":1}}}`))
	until(t, n, func(s node.Stats) bool { return s.Dropped["bad_clock"] == refused+1 })
}

// What actors log is bounded, too.
func TestLogBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		sys := system(script{receive: func(c *ctx, s *state, from actor.ID, m msg) { c.Log(strings.Repeat("x", 10_000)) }})
		n, stop := launch(t, node.Config{System: sys, Log: slog.New(slog.NewTextHandler(&log, nil))})
		for range 1000 {
			if err := n.Tell("a", number{1}); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		time.Sleep(2 * time.Second)
		n.Tell("a", number{1})
		synctest.Wait()
		stop()
		lines := strings.Count(log.String(), "\n")
		if lines > 110 || log.Len() > 110*500 || !strings.Contains(log.String(), "skipped=900") {
			t.Errorf("%d lines, %d bytes: %s", lines, log.Len(), log.String()[log.Len()-500:])
		}
	})
}

// Ids of clients are not in order, and none comes twice.
func TestClientIDs(t *testing.T) {
	var mu = make(chan struct{}, 1)
	seen := map[actor.ID]bool{}
	high := 0
	sys := system(script{}, script{receive: func(c *ctx, s *state, from actor.ID, m msg) {
		mu <- struct{}{}
		defer func() { <-mu }()
		if seen[from] || int(from)%2 != 1 {
			t.Errorf("id %d: seen %t", from, seen[from])
		}
		if seen[from] = true; from > 1<<60 {
			high++
		}
	}})
	for range 4 {
		n, stop := launch(t, node.Config{System: sys, Actors: []string{"b"}})
		for range 50 {
			if err := n.Tell("b", number{1}); err != nil {
				t.Fatal(err)
			}
		}
		until(t, n, func(s node.Stats) bool { return s.Events == 51 })
		stop()
	}
	if high < 100 {
		t.Errorf("only %d of 200 ids are large", high)
	}
}
