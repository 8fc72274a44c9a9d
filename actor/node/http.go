package node

import (
	"context"
	"encoding/json"
	"errors"
	"expvar"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/allways-go/allways/actor/node/internal/places"
)

// Times for which a client waits for an answer.
const (
	defaultWait = 5 * time.Second
	maxWait     = time.Minute
)

// Handler returns the handler that serves [Config.HTTP], for programs that have a server already.
//
//	POST /actors/NAME?wait=5s  send a message and return the first answer, or 504 after the wait;
//	                           wait=0 returns 202 at once
//	GET /health                200 while the node runs, otherwise 503
//	GET /metrics               statistics in the text format of Prometheus
//	GET /debug/vars            statistics as JSON, together with the variables of package expvar
//
// Messages are JSON, with the content type application/json; or, if JSON cannot represent them, in
// the encoding of [Config.Codec] with application/octet-stream. Clients may send the types of
// messages that the system names with [actor.RegisterClientMessages], and no others.
//
// A request must have [Config.HTTPToken], if there is one, and must ask for a host that is known:
// see [Config.HTTPHosts]. A browser may not send what a page of another site asks it to.
func (n *Node) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /actors/{name}", n.servePost)
	mux.HandleFunc("GET /health", n.serveHealth)
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		s := n.Stats()
		s.writeMetrics(w)
	})
	mux.HandleFunc("GET /debug/vars", n.serveVars)
	return n.guarded(mux)
}

// HTTPAddr returns the address at which clients are served, once the node has started. It is useful
// if [Config.HTTP] has port 0.
func (n *Node) HTTPAddr() string { return n.address }

// servePost brings a message of a client to an actor.
func (n *Node) servePost(w http.ResponseWriter, r *http.Request) {
	p, err := n.hosted(r.PathValue("name"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	wait, err := waitOf(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	content, code, err := n.readMessage(w, r)
	if err != nil {
		http.Error(w, err.Error(), code)
		return
	}
	if c := places.Of(connOf(r)); c != nil {
		http.NewResponseController(w).SetReadDeadline(time.Time{}) // the client has said all, and waits
		c.Busy(true)
		defer c.Busy(false)
	}
	from := &guest{places.Group(r.RemoteAddr)}
	if wait == 0 {
		if err := n.tellContent(p, content, from); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusAccepted)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	n.writeAnswer(w, ctx, p, content, from)
}

// waitOf returns the time for which a client wants to wait.
func waitOf(r *http.Request) (time.Duration, error) {
	text := r.URL.Query().Get("wait")
	if text == "" {
		return defaultWait, nil
	}
	wait, err := time.ParseDuration(text)
	if err != nil || wait < 0 || wait > maxWait {
		return 0, fmt.Errorf("wait is %q: want a duration from 0s to %v", text, maxWait)
	}
	return wait, nil
}

// readMessage returns the content of the message in a request, or the status code of an error.
func (n *Node) readMessage(w http.ResponseWriter, r *http.Request) (content string, code int, err error) {
	if n.public == nil {
		return "", http.StatusNotImplemented, errors.New("the messages of this system cannot be encoded: set Config.Codec")
	}
	want := "application/json"
	if !n.public.Text() {
		want = "application/octet-stream"
	}
	if got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || got != want {
		n.drop(refusedClient, "from", r.RemoteAddr, "content type", r.Header.Get("Content-Type"))
		return "", http.StatusUnsupportedMediaType, fmt.Errorf("the content type is %q: want %s", bounded(got), want)
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(n.config.MaxMessage)))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		n.drop(tooLarge, "from", r.RemoteAddr)
		return "", http.StatusRequestEntityTooLarge, err
	}
	if err != nil {
		return "", http.StatusBadRequest, err
	}
	content, why, err := n.clientMessage(n.public.Decode, b)
	if err == nil {
		return content, 0, nil
	}
	n.drop(why, "from", r.RemoteAddr, "error", err)
	if code = http.StatusBadRequest; why == undeclared {
		code = http.StatusForbidden
	}
	return "", code, errors.New(bounded(err.Error()))
}

// writeAnswer sends a message to an actor and writes the answer.
func (n *Node) writeAnswer(w http.ResponseWriter, ctx context.Context, p *process, content string, from *guest) {
	answer, err := n.askContent(ctx, p, content, from)
	if _, ok := errors.AsType[*HandlerError](err); ok {
		http.Error(w, "the actor cannot handle this message, which was dropped", http.StatusInternalServerError)
		return
	}
	if err != nil {
		code := http.StatusServiceUnavailable
		if errors.Is(err, ErrNoAnswer) {
			code = http.StatusGatewayTimeout
		}
		http.Error(w, err.Error(), code)
		return
	}
	m, err := n.program.Messages().Of(answer)
	var b []byte
	if err == nil {
		b, err = n.public.Append(nil, m)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if n.public.Text() {
		w.Header().Set("Content-Type", "application/json")
		b = append(b, '\n')
	}
	w.Write(b)
}

func (n *Node) serveHealth(w http.ResponseWriter, _ *http.Request) {
	status := struct {
		Status string         `json:"status"`
		Inbox  map[string]int `json:"inbox"` // waiting messages by actor
	}{"ok", map[string]int{}}
	for _, id := range n.table.hosted {
		status.Inbox[n.table.names[id]] = len(n.processes[id].waiting)
	}
	w.Header().Set("Content-Type", "application/json")
	if !n.running.Load() || int(n.begun.Load()) < len(n.table.hosted) {
		status.Status = "not running"
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	json.NewEncoder(w).Encode(status)
}

// serveVars serves what package expvar does, and this node.
func (n *Node) serveVars(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	fmt.Fprintf(w, "{\n\"allways\": %s", n)
	expvar.Do(func(v expvar.KeyValue) { fmt.Fprintf(w, ",\n%q: %s", v.Key, v.Value) })
	fmt.Fprint(w, "\n}\n")
}
