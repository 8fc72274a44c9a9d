package node

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/codec"
	"github.com/allways-go/allways/actor/node/transport"
)

// tally is a message for clients, and secret one for actors.
type (
	tally  struct{ N int }
	secret struct{ Names []string }
)

// counting is an actor that counts.
type counting struct{}

func (counting) Start(*actor.Context[any], *int)                          {}
func (counting) Receive(_ *actor.Context[any], s *int, _ actor.ID, _ any) { *s++ }

// unstarted returns a node with an actor at which messages wait, since it does not run.
func unstarted(t testing.TB, c codec.Codec) *Node {
	t.Helper()
	sys := actor.NewSystem[any](actor.Config{})
	sys.RegisterMessages(secret{})
	actor.RegisterClientMessages(sys, tally{})
	actor.Spawn(sys, "a", counting{})
	actor.Spawn(sys, "b", counting{})
	n, err := New(Config{
		System: sys, Actors: []string{"a"}, Peers: map[string]string{"a": "x", "b": "y"}, Codec: c, AcceptClients: true,
		Transport: transport.NewNetwork(1, transport.Faults{}).Transport("x"), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// fuzzReceive asserts that frames of peers and strangers are counted once each, and that strangers can send only what
// clients may.
func fuzzReceive(f *testing.F, c codec.Codec) {
	n := unstarted(f, c)
	for _, e := range []envelope{
		{from: 1, to: 0}, {from: 1, to: 0, clock: []uint64{1, 2}}, {from: actor.NoActor, to: 0}, {from: 7, to: -1},
	} {
		for _, m := range []any{tally{1}, secret{[]string{"x"}}} {
			b, err := n.encoding.Append(nil, m)
			if err != nil {
				f.Fatal(err)
			}
			for peer := range 2 {
				f.Add(peer == 0, n.frames.tail(append(n.frames.head(nil, e), b...)))
			}
		}
	}
	f.Fuzz(func(t *testing.T, stranger bool, b []byte) {
		n := unstarted(t, c)
		from := transport.Source{Peer: -1, Addr: "192.0.2.1:1"}
		if !stranger {
			from = transport.Source{Peer: 1, Addr: "y"}
		}
		n.receive(from, b)
		dropped := int64(0)
		for _, x := range n.Stats().Dropped {
			dropped += x
		}
		waiting := n.processes[0].waiting
		if int64(len(waiting))+dropped != 1 {
			t.Fatalf("%q: %d wait, %v", b, len(waiting), n.Stats().Dropped)
		}
		if len(waiting) == 0 {
			return
		}
		m := <-waiting
		got, err := n.program.Messages().Of(m.content)
		if _, ok := got.(tally); err != nil || stranger && (!ok || m.guest == nil) {
			t.Errorf("%q of a stranger is %v, %v", b, got, err)
		}
	})
}

func FuzzReceiveJSON(f *testing.F) { fuzzReceive(f, codec.JSON) }
func FuzzReceiveCBOR(f *testing.F) { fuzzReceive(f, codec.CBOR) }

// FuzzHTTP asserts that only a request with the right host, origin and content type brings a message to an actor.
func FuzzHTTP(f *testing.F) {
	f.Add("localhost", "", "application/json", "a?wait=0", []byte(`{"type":"tally","value":{"N":1}}`))
	f.Add("evil.example", "http://evil.example", "text/plain", "b?wait=x", []byte(`{"type":"secret"}`))
	f.Add("[::1]:1", "null", "application/json; charset=utf-8", "a?wait=0", []byte(`{"type":"tally"}`))
	f.Fuzz(func(t *testing.T, host, origin, content, path string, body []byte) {
		n := unstarted(t, codec.JSON)
		r := httptest.NewRequest("POST", "/actors/a?wait=0", bytes.NewReader(body))
		r.URL.Path, r.URL.RawQuery = "/actors/a", "wait=0"
		if len(path) > 1 && path[0] == 'b' {
			r.URL.Path = "/actors/" + path
		}
		r.Host, r.Header = host, http.Header{"Content-Type": {content}, "Origin": {origin}}
		w := httptest.NewRecorder()
		n.Handler().ServeHTTP(w, r)
		if accepted := w.Code == http.StatusAccepted; accepted != (len(n.processes[0].waiting) == 1) {
			t.Errorf("status %d, and %d messages wait", w.Code, len(n.processes[0].waiting))
		}
		if name := hostOf(host); w.Code == http.StatusAccepted && (origin != "" && hostOf(origin) == name || name == "") {
			t.Errorf("%q and %q are accepted", host, origin)
		}
	})
}
