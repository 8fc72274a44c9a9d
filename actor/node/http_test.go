package node_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node"
)

// request returns the status and the body of an answer.
func request(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
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

func TestHTTP(t *testing.T) {
	mute := script{receive: func(*ctx, *state, actor.ID, msg) {}}
	n, stop := launch(t, node.Config{System: system(echo, mute), MaxMessage: 500})
	server := httptest.NewServer(n.Handler())
	defer server.Close()
	do := func(method, path, body string) (int, string) {
		t.Helper()
		return request(t, method, server.URL+path, body)
	}
	seven := `{"type":"number","value":{"N":7}}`
	for _, c := range []struct {
		method, path, body string
		code               int
		want               string
	}{
		{"POST", "/actors/a", seven, 200, `{"type":"reply","value":{"N":7}}` + "\n"},
		{"POST", "/actors/b?wait=0", seven, 202, ""},
		{"POST", "/actors/b?wait=1ms", seven, 504, "there was no answer"},
		{"POST", "/actors/c", seven, 404, `no actor "c" is hosted here`},
		{"POST", "/actors/a", "{}", 400, "no message type"},
		{"POST", "/actors/a", `{"type":"number","value":{"M":7}}`, 400, "unknown field"},
		{"POST", "/actors/a?wait=forever", seven, 400, "want a duration"},
		{"POST", "/actors/a?wait=1h", seven, 400, "want a duration"},
		{"POST", "/actors/a", strings.Repeat(" ", 501), 413, "too large"},
		{"GET", "/actors/a", "", 405, ""},
		{"GET", "/health", "", 200, `{"status":"ok","inbox":{"a":0,"b":0}}`},
		{"GET", "/metrics", "", 200, "\nallways_messages_clients_total 3\n"},
		{"GET", "/metrics", "", 200, `allways_dropped_total{reason="full_inbox"} 0`},
	} {
		if code, body := do(c.method, c.path, c.body); code != c.code || !strings.Contains(body, c.want) {
			t.Errorf("%s %s %s: %d %s; want %d %s", c.method, c.path, c.body, code, body, c.code, c.want)
		}
	}
	_, vars := do("GET", "/debug/vars", "")
	var all struct {
		Allways node.Stats `json:"allways"`
	}
	if err := json.Unmarshal([]byte(vars), &all); err != nil || all.Allways.Clients != 3 {
		t.Errorf("%v: %s", err, vars)
	}
	stop()
	if code, body := do("GET", "/health", ""); code != 503 {
		t.Errorf("the health of a node that has stopped: %d %s", code, body)
	}
	if code, body := do("POST", "/actors/a", seven); code != 504 {
		t.Errorf("a node that has stopped answers: %d %s", code, body)
	}
}
