package node

import (
	"context"
	"encoding/json"
	"errors"
	"expvar"
	"fmt"
	"io"
	"net/http"
	"time"
)

// The time for which a client waits for an answer if it does not say, and at most.
const (
	usualWait   = 5 * time.Second
	longestWait = time.Minute
)

// Handler returns what [Config.HTTP] serves, for programs with a server of their own. It has no protection against strangers:
// whoever reaches it may send messages to actors.
//
//	POST /actors/NAME?wait=5s  a message, as JSON if that can hold it; the answer is what is sent back first, or 504. wait=0 does not wait.
//	GET /health                200 while the node runs, else 503
//	GET /metrics               counters in the text format of Prometheus
//	GET /debug/vars            counters as JSON, with those of package expvar
func (n *Node) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /actors/{name}", n.servePost)
	mux.HandleFunc("GET /health", n.serveHealth)
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		n.writeMetrics(w)
	})
	mux.HandleFunc("GET /debug/vars", n.serveVars)
	return mux
}

// HTTPAddr returns the address on which clients are served, once the node has started.
func (n *Node) HTTPAddr() string { return n.address }

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
	if wait == 0 {
		if err := n.tellContent(p, content); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusAccepted)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	n.writeAnswer(w, ctx, p, content)
}

func waitOf(r *http.Request) (time.Duration, error) {
	text := r.URL.Query().Get("wait")
	if text == "" {
		return usualWait, nil
	}
	wait, err := time.ParseDuration(text)
	if err != nil || wait < 0 || wait > longestWait {
		return 0, fmt.Errorf("wait is %q: want a time from 0s to %v", text, longestWait)
	}
	return wait, nil
}

func (n *Node) readMessage(w http.ResponseWriter, r *http.Request) (content string, code int, err error) {
	if n.public == nil {
		return "", http.StatusNotImplemented, errors.New("messages of this system have no codec")
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(n.config.MaxMessage)))
	if err != nil {
		return "", http.StatusRequestEntityTooLarge, err
	}
	m, err := n.public.Decode(b)
	if err == nil {
		content, err = n.program.Content(m)
	}
	return content, http.StatusBadRequest, err
}

func (n *Node) writeAnswer(w http.ResponseWriter, ctx context.Context, p *process, content string) {
	answer, err := n.askContent(ctx, p, content)
	if err != nil {
		code := http.StatusServiceUnavailable
		if errors.Is(err, ErrNoAnswer) {
			code = http.StatusGatewayTimeout
		}
		http.Error(w, err.Error(), code)
		return
	}
	m, err := n.program.Message(answer)
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
		Inbox  map[string]int `json:"inbox"` // messages that wait, by actor
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

// serveVars is what expvar serves, and this node.
func (n *Node) serveVars(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	fmt.Fprintf(w, "{\n\"allways\": %s", n)
	expvar.Do(func(v expvar.KeyValue) { fmt.Fprintf(w, ",\n%q: %s", v.Key, v.Value) })
	fmt.Fprint(w, "\n}\n")
}
