package explore

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore/background"
	"github.com/allways-go/allways/internal/explore/guard"
	"github.com/allways-go/allways/trace"
)

// tally is the state of a counter of two parts.
type tally struct {
	Red, Blue int
	Log       []string
}

func counter(limit int) allways.Model[tally, string] {
	return allways.Funcs[tally, string]{
		InitFunc: func() []tally { return []tally{{}} },
		ActionsFunc: func(dst []string, s tally) []string {
			if s.Red+s.Blue < limit {
				dst = append(dst, "red", "blue", "nothing", "refused")
			}
			return dst
		},
		NextFunc: func(s tally, a string) (tally, bool) {
			log := append([]string(nil), s.Log...)
			switch a {
			case "red":
				return tally{s.Red + 1, s.Blue, append(log, a)}, true
			case "blue":
				return tally{s.Red, s.Blue + 1, append(log, a)}, true
			}
			return s, a == "nothing"
		},
		Props: []allways.Property[tally]{
			allways.Always("fewer than three reds", func(s tally) bool { return s.Red < 3 }),
			allways.Sometimes("two blues", func(s tally) bool { return s.Blue == 2 }),
			allways.AlwaysStep("counts up", func(a tally, _ string, b tally) bool { return b.Red+b.Blue >= a.Red+a.Blue }),
		},
	}
}

// serve returns a server of a model and what asks it.
func serve[S, A any](t *testing.T, m allways.Model[S, A], asked ...allways.NamedPredicate[S]) (*Server, client) {
	t.Helper()
	e := erased.Of(m, asked...)
	if err := e.Compile(); err != nil {
		t.Fatal(err)
	}
	s := New(e, Options{
		Title: "a title", Header: trace.Header{Model: "m"}, Token: "secret", Hosts: []string{"models.example"},
		Source: Source{Package: "main", Model: "counter(4)"},
	})
	t.Cleanup(s.Close)
	return s, client{t, s}
}

// client asks a server without a network.
type client struct {
	t *testing.T
	h http.Handler
}

func (c client) do(method, target, body string, header ...string) *http.Response {
	r := httptest.NewRequest(method, "http://localhost:7357"+target, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		} else {
			r.Header.Set(header[i], header[i+1])
		}
	}
	w := httptest.NewRecorder()
	c.h.ServeHTTP(w, r)
	return w.Result()
}

// post sends a body with the token.
func (c client) post(call, body string) *http.Response {
	return c.do("POST", "/api/v1/"+call, body, guard.TokenHeader, "secret")
}

// get returns the body of an answer with a status.
func (c client) get(status int, call string, query ...string) []byte {
	c.t.Helper()
	v := url.Values{}
	for i := 0; i < len(query); i += 2 {
		v.Set(query[i], query[i+1])
	}
	r := c.do("GET", "/api/v1/"+call+"?"+v.Encode(), "")
	b, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != status {
		c.t.Fatalf("%s %v: %s, want %d: %s", call, query, r.Status, status, b)
	}
	return b
}

func decoded[T any](t *testing.T, b []byte) (v T) {
	t.Helper()
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	return v
}

var times = regexp.MustCompile(`"(elapsed|rate|memory|revision)": [0-9.e+]+`)

// Golden answers of all calls that look at a model.
func TestAnswers(t *testing.T) {
	_, c := serve(t, counter(4))
	for name, call := range map[string][]string{
		"model":       {"model"},
		"state":       {"state", "path", "0:0.1"},
		"trace":       {"trace", "path", "0:0.0.0"},
		"window":      {"trace", "path", "0:0.0.0.1", "from", "2", "count", "1"},
		"find":        {"find", "scope", "all", "expr", "Red == 1 && Blue == 1"},
		"breaks":      {"find", "path", "0:1", "breaks", "fewer than three reds"},
		"satisfies":   {"find", "scope", "all", "satisfies", "two blues"},
		"on trace":    {"find", "scope", "trace", "path", "0:0.0.1", "expr", "has(Log, \"blue\")"},
		"graph":       {"graph", "depth", "2", "group", "Red"},
		"history":     {"history", "path", "0:0"},
		"reads":       {"reads", "path", "0:0.0.0", "property", "fewer than three reds"},
		"status":      {"status"},
		"export text": {"export", "path", "0:0.1", "format", "text"},
		"export itf":  {"export", "path", "0:0", "format", "itf"},
		"export go":   {"export", "path", "0:0.0.0", "format", "go"},
	} {
		t.Run(name, func(t *testing.T) {
			got := c.get(200, call[0], call[1:]...)
			var indented bytes.Buffer
			if json.Indent(&indented, got, "", "  ") == nil {
				got = append(indented.Bytes(), '\n')
			}
			got = times.ReplaceAll(got, []byte(`"$1": 0`))
			golden(t, strings.ReplaceAll(name, " ", "-"), got)
		})
	}
}

// golden compares an answer with a file.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What is asked wrongly is answered with what is wrong.
func TestProblems(t *testing.T) {
	_, c := serve(t, counter(4))
	for _, x := range []struct {
		status int
		want   string
		call   []string
	}{
		{404, "replay does not fit", []string{"state", "path", "0:9"}},
		{404, "replay does not fit", []string{"state", "path", "7:"}},
		{400, "want INIT", []string{"state", "path", "nonsense"}},
		{400, "want INIT", []string{"state", "path", ""}},
		{400, "from must be a number", []string{"trace", "path", "0:", "from", "-1"}},
		{400, "count must be a number", []string{"trace", "path", "0:", "count", "99999999"}},
		{400, "want trace, forward or all", []string{"find", "path", "0:", "scope", "moon", "expr", "true"}},
		{400, "true or false", []string{"find", "scope", "all", "expr", "Red"}},
		{400, "cannot read", []string{"find", "scope", "all", "expr", "Red =="}},
		{400, "not for both", []string{"find", "scope", "all", "expr", "true", "breaks", "x"}},
		{400, "not for both", []string{"find", "scope", "all", "breaks", "x", "satisfies", "x"}},
		{400, "no property", []string{"find", "scope", "all", "breaks", "x"}},
		{400, "want go, html, itf, json", []string{"export", "path", "0:", "format", "exe"}},
		{400, "no property", []string{"reads", "path", "0:", "property", "x"}},
		{400, "sequence diagrams", []string{"export", "path", "0:", "format", "svg"}},
	} {
		p := decoded[problemJSON](t, c.get(x.status, x.call[0], x.call[1:]...))
		if !strings.Contains(p.Error, x.want) || p.Error == "" {
			t.Errorf("%v: %q, want %q", x.call, p.Error, x.want)
		}
	}
	p := decoded[problemJSON](t, c.get(404, "state", "path", "0:0.1.9"))
	if p.Step != 2 || len(p.Enabled) != 4 {
		t.Errorf("%+v", p)
	}
}

// Strangers' pages, names of other hosts and callers without the token are refused.
func TestSafety(t *testing.T) {
	_, c := serve(t, counter(4))
	for _, x := range []struct {
		name   string
		status int
		header []string
	}{
		{"plain", 200, nil},
		{"localhost", 200, []string{"Host", "localhost"}},
		{"IPv6", 200, []string{"Host", "[::1]:7357"}},
		{"a name that is allowed", 200, []string{"Host", "models.example:80"}},
		{"rebinding", 421, []string{"Host", "evil.example:7357"}},
		{"an address of the network", 421, []string{"Host", "192.168.1.7"}},
		{"no name", 421, []string{"Host", ""}},
		{"own origin", 200, []string{"Origin", "http://localhost:7357"}},
		{"another origin", 403, []string{"Origin", "http://evil.example"}},
		{"another port", 403, []string{"Origin", "http://localhost:1"}},
		{"a file", 403, []string{"Origin", "null"}},
		{"another site", 403, []string{"Sec-Fetch-Site", "cross-site"}},
		{"a sibling", 403, []string{"Sec-Fetch-Site", "same-site"}},
	} {
		if r := c.do("GET", "/api/v1/status", "", x.header...); r.StatusCode != x.status {
			t.Errorf("%s: %s, want %d", x.name, r.Status, x.status)
		}
	}
	for _, token := range []string{"", "wrong", "secre"} {
		if r := c.do("POST", "/api/v1/search", `{"do":"start"}`, guard.TokenHeader, token); r.StatusCode != 403 {
			t.Errorf("token %q: %s", token, r.Status)
		}
	}
	r := c.do("GET", "/", "")
	csp := r.Header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	for _, target := range []string{"/t/0:0.1.2", "/t/0:?at=3"} {
		r := c.do("GET", target, "")
		if kind := r.Header.Get("Content-Type"); r.StatusCode != 200 || !strings.HasPrefix(kind, "text/html") {
			t.Errorf("%s: %s", target, r.Status)
		}
	}
	for _, target := range []string{"/../server.go", "/nothing", "/api/v1/nothing"} {
		if r := c.do("GET", target, ""); r.StatusCode == 200 {
			t.Errorf("%s: %s", target, r.Status)
		}
	}
}

// The search runs in the background and tells its verdicts.
func TestSearch(t *testing.T) {
	s, c := serve(t, counter(4))
	first := decoded[background.Status](t, c.get(200, "status"))
	if first.State != background.Idle || len(first.Properties) != 3 {
		t.Errorf("%+v", first)
	}
	for do, status := range map[string]int{"dance": 400, "pause": 200, "resume": 200, "stop": 200} {
		if r := c.post("search", `{"do":"`+do+`"}`); r.StatusCode != status {
			t.Errorf("%s: %s", do, r.Status)
		}
	}
	if r := c.post("search", `{"do":"start"}`); r.StatusCode != 200 {
		t.Errorf("%s", r.Status)
	}
	got, news := s.host.search.Now()
	for got.State != background.Ended {
		<-news
		got, news = s.host.search.Now()
	}
	red := got.Properties[0]
	if got.Verdict != "violated" || red.Path != "0:0.0.0" || red.Steps != 3 || got.Error != "" {
		t.Errorf("%+v", got)
	}
	page := string(c.get(200, "export", "path", "0:0.0.0", "format", "html"))
	if !strings.Contains(page, `"status":{`) || !strings.Contains(page, `"verdict":"violated"`) {
		t.Error("a saved page does not tell the verdicts")
	}
}

// A trace file leads to its path, also when its actions have moved.
func TestReplay(t *testing.T) {
	_, c := serve(t, counter(4))
	file := c.get(200, "export", "path", "0:0.1.0", "format", "trace")
	r := c.post("replay", string(file))
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := decoded[replayJSON](t, b); got.Path != "0:0.1.0" || got.Warning != "" {
		t.Errorf("%s", b)
	}
	green := strings.Replace(string(file), "blue", "green", 1)
	for body, status := range map[string]int{"": 400, "nonsense": 400, green: 404} {
		if r := c.post("replay", body); r.StatusCode != status {
			t.Errorf("%.20q: %s, want %d", body, r.Status, status)
		}
	}
}
