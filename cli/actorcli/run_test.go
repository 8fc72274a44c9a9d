package actorcli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
	"github.com/allways-go/allways/cli"
)

// copyServer is a register on one server.
type copyServer struct{}

func (copyServer) Start(*actor.Context[register.Msg], *register.Value) {}
func (copyServer) Receive(c *actor.Context[register.Msg], s *register.Value, from actor.ID, m register.Msg) {
	switch m := m.(type) {
	case register.Put:
		if m.Value == "bomb" {
			panic("it explodes")
		}
		*s = m.Value
		c.Send(from, register.PutOK{Request: m.Request})
	case register.Get:
		c.Send(from, register.GetOK{Request: m.Request, Value: *s})
	}
}

var copies = cli.App[int]{
	Name: "copies",
	Params: func(servers *int) []cli.Param {
		return []cli.Param{cli.Int("servers", servers, 1, 1, 9, "servers")}
	},
	Variants: []cli.Variant[int]{{Name: "copies"}},
	Build:    func(servers int) (cli.Instance, error) { return cli.NewInstance(copiesOn(servers)), nil },
	Verbs:    Verbs,
}

func copiesOn(servers int) *actor.System[register.Msg] {
	sys := actor.NewSystem[register.Msg](actor.Config{})
	for i := range servers {
		actor.Spawn(sys, fmt.Sprint("server-", i+1), copyServer{})
	}
	register.Clients(sys, 2, register.Client{Puts: 1})
	return sys
}

// watched is a writer that tells when a text was written.
type watched struct {
	mu   sync.Mutex
	b    bytes.Buffer
	text string
	seen chan struct{}
}

func (w *watched) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := strings.Contains(w.b.String(), w.text)
	w.b.Write(b)
	if !before && strings.Contains(w.b.String(), w.text) {
		close(w.seen)
	}
	return len(b), nil
}

// freePort returns a port from which on three are free, for udp and tcp, as are those of HTTP. It is not
// among those that systems give away themselves, and rarely the same twice.
func freePort(t *testing.T) int {
	t.Helper()
	for {
		port := 10_000 + rand.IntN(20_000)
		if free(port) && free(port+httpPorts) {
			return port
		}
	}
}

// free reports whether three ports are free.
func free(port int) bool {
	for i := range 3 {
		addr := fmt.Sprint("127.0.0.1:", port+i)
		l, err := net.Listen("tcp", addr)
		if err != nil {
			return false
		}
		l.Close()
		c, err := net.ListenPacket("udp", addr)
		if err != nil {
			return false
		}
		c.Close()
	}
	return true
}

// startRun runs a command line until it is stopped, and waits for an output.
func startRun(t *testing.T, until string, args ...string) (stop func() (code int, stdout string)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out := &watched{text: until, seen: make(chan struct{})}
	var stderr bytes.Buffer
	done := make(chan int, 1)
	go func() { done <- cli.Run(ctx, copies, args, nil, out, &stderr) }()
	select {
	case <-out.seen:
	case code := <-done:
		t.Fatalf("%q exits with %d: %s", args, code, stderr.String())
	case <-time.After(10 * time.Second):
		t.Fatalf("%q prints only %q", args, out.b.String())
	}
	return func() (int, string) {
		cancel()
		return <-done, out.b.String()
	}
}

func post(t *testing.T, url, body string) string {
	t.Helper()
	r, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(r.StatusCode, " ", strings.TrimSpace(string(b)))
}

// TestRun runs a whole cluster, talks to it, and compares what was recorded with the model.
func TestRun(t *testing.T) {
	for _, flags := range []string{"-transport udp", "-transport tcp -codec cbor"} {
		t.Run(flags, func(t *testing.T) {
			port, folder := freePort(t), filepath.Join(t.TempDir(), "recorded")
			args := append([]string{"run", "1", "-record", folder, "-port", fmt.Sprint(port)}, strings.Fields(flags)...)
			stop := startRun(t, "Ctrl-C", args...)
			url := fmt.Sprintf("http://127.0.0.1:%d/actors/server-1", port+httpPorts)
			got := post(t, url, `{"type":"Put","value":{"Request":9,"Value":"X"}}`)
			if got != `200 {"type":"PutOK","value":{"Request":9}}` {
				t.Error(got)
			}
			got = post(t, url, `{"type":"Get","value":{"Request":10}}`)
			if !strings.HasPrefix(got, `200 {"type":"GetOK","value":{"Request":10,`) {
				t.Error(got)
			}
			code, text := stop()
			if code != cli.ExitHolds ||
				!strings.Contains(text, "curl -H 'Content-Type: application/json' -d '"+
					`{"type":"Put","value":{"Request":0,"Value":""}}' http://127.0.0.1:`) {
				t.Errorf("exit %d, and it prints\n%s", code, text)
			}
			var out, errs bytes.Buffer
			code = cli.Run(t.Context(), copies, []string{"replay", folder}, nil, &out, &errs)
			if !strings.Contains(out.String(), "2 messages from outside") || strings.Contains(out.String(), "diverges") {
				t.Errorf("exit %d: %s %s", code, out.String(), errs.String())
			}
			if e := exploreRecording(t, folder); e.Divergence != nil || !strings.Contains(e.Cut, "from outside the system") {
				t.Errorf("%+v", e)
			}
		})
	}
}

// TestRunMembers runs the actors of a system in two processes, by a file of peers.
func TestRunMembers(t *testing.T) {
	port, dir := freePort(t), t.TempDir()
	peers := filepath.Join(dir, "peers")
	text := fmt.Sprintf("# addresses\nserver-1 127.0.0.1:%d\n"+
		"client-1 127.0.0.1:%d # both clients\nclient-2 127.0.0.1:%[2]d\n", port+20, port+21)
	if err := os.WriteFile(peers, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	common := []string{"run", "-peers", peers, "-record", filepath.Join(dir, "rec"),
		"-data", filepath.Join(dir, "data"), "-port", fmt.Sprint(port), "-transport", "tcp", "-node"}
	server := startRun(t, "Ctrl-C", append(common, "server-*")...)
	clients := startRun(t, "client-1, client-2", append(common, "client-1,client-2")...)
	files := func() string {
		b, _ := os.ReadFile(filepath.Join(dir, "rec", "client-2.ndjson"))
		return string(b)
	}
	for range 1000 {
		if strings.Contains(files(), "GetOK") {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	clients()
	server()
	var out, errs bytes.Buffer
	args := []string{"replay", "-json", filepath.Join(dir, "rec")}
	if code := cli.Run(t.Context(), copies, args, nil, &out, &errs); code != cli.ExitHolds {
		t.Fatalf("exit %d: %s %s", code, out.String(), errs.String())
	}
	var e struct {
		Conforms bool
		Steps    int
	}
	if err := json.Unmarshal(out.Bytes(), &e); err != nil || !e.Conforms || e.Steps < 7 {
		t.Errorf("%+v, %v: %s", e, err, out.String())
	}
}

// A handler that panics ends the process with the exit code of a model that misbehaves, if that is asked for.
func TestRunPanics(t *testing.T) {
	port := freePort(t)
	stop := startRun(t, "Ctrl-C", "run", "-stop-on-panic", "-port", fmt.Sprint(port))
	post(t, fmt.Sprintf("http://127.0.0.1:%d/actors/server-1?wait=0", port+httpPorts),
		`{"type":"Put","value":{"Value":"bomb"}}`)
	for range 500 {
		if _, err := net.DialTimeout("tcp", fmt.Sprint("127.0.0.1:", port+httpPorts), time.Second); err != nil {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if code, _ := stop(); code != cli.ExitModel {
		t.Errorf("exit %d, want %d", code, cli.ExitModel)
	}
}

// Clients are served at another address, with a secret, or not at all.
func TestRunClients(t *testing.T) {
	port := freePort(t)
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	clients := fmt.Sprint("127.0.0.1:", freePort(t))
	stop := startRun(t, "Ctrl-C", "run", "-port", fmt.Sprint(port), "-http", clients, "-token", token)
	url := "http://" + clients + "/actors/server-1"
	if got := post(t, url, `{"type":"Get","value":{}}`); !strings.HasPrefix(got, "401 ") {
		t.Error(got)
	}
	r, err := http.NewRequest("POST", url, strings.NewReader(`{"type":"Get","value":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer secret"}}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Body.Close(); answer.StatusCode != http.StatusOK {
		t.Error(answer.Status)
	}
	if _, text := stop(); !strings.Contains(text, `curl -H "Authorization: Bearer $(cat `+token+`)" -H 'Content-Type`) {
		t.Error(text)
	}
	stop = startRun(t, "Ctrl-C", "run", "-port", fmt.Sprint(port), "-http", "off")
	if c, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", port+httpPorts)); err == nil {
		c.Close()
		t.Error("clients are served")
	}
	if _, text := stop(); strings.Contains(text, "curl") || !strings.Contains(text, "nc -u") {
		t.Error(text)
	}
}

func TestRunUsage(t *testing.T) {
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "peers")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct{ args, want string }{
		{"-node carol", "none of the actors server-1, client-1, client-2"},
		{"-peers /no/such/file", "no such file"},
		{"-peers " + file("server-1"), "line 1: want an actor and its address"},
		{"-peers " + file("server-1 a:1\nserver-1 b:1"), "line 2: server-1 has an address already"},
		{"-peers " + file("server-1 a:1"), "no address of client-1"},
		{"-peers " + file("server-1 a:1\nclient-1 a:1\nclient-2 a:1\nx a:1"), "names more"},
		{"-tls /tmp", "-tls needs -transport tcp"},
		{"-tls /no/such -transport tcp", "no such file"},
		{"-transport pigeon", "want udp or tcp"},
		{"-http 7100", "want a host and a port"},
		{"-http :7100", "want a host and a port"},
		{"-http-tls /no/such", "no such file"},
		{"-token /no/such", "no such file"},
		{"-token " + file(" \n"), "holds no secret"},
	} {
		var out, errs bytes.Buffer
		code := cli.Run(t.Context(), copies, append([]string{"run"}, strings.Fields(c.args)...), nil, &out, &errs)
		if code != cli.ExitUsage || !regexp.MustCompile(regexp.QuoteMeta(c.want)).MatchString(errs.String()) {
			t.Errorf("run %s: exit %d, %s; want %s", c.args, code, errs.String(), c.want)
		}
	}
	counter := cli.App[int]{
		Name: "counter", Variants: []cli.Variant[int]{{Name: "counter"}}, Verbs: Verbs,
		Build: func(int) (cli.Instance, error) {
			return cli.NewInstance(allways.Funcs[int, int]{
				InitFunc:    func() []int { return []int{0} },
				ActionsFunc: func(dst []int, _ int) []int { return dst },
				NextFunc:    func(s, _ int) (int, bool) { return s, true },
			}), nil
		},
	}
	var out, errs bytes.Buffer
	code := cli.Run(t.Context(), counter, []string{"run"}, nil, &out, &errs)
	if code != cli.ExitUsage || !strings.Contains(errs.String(), "not a system of actors") {
		t.Errorf("a model that is no system runs: exit %d, %s", code, &errs)
	}
}

// Recordings of another model are refused as that, and not for their parameters, which this model need not have.
func TestReplayOtherModel(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"model.json": `{"Model": "other", "Params": ["1", "2", "3"]}`, "server-1.ndjson": "",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var stderr bytes.Buffer
	code := cli.Run(t.Context(), copies, []string{"replay", folder}, nil, io.Discard, &stderr)
	if code != cli.ExitUsage || !strings.Contains(stderr.String(), "of the model other, and this is copies") {
		t.Errorf("exit %d, %s", code, &stderr)
	}
}

// What keeps a node from starting is a mistake of the user, such as an address in use. It is said once.
func TestAddressInUse(t *testing.T) {
	l, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.LocalAddr().String())
	var stderr bytes.Buffer
	args := []string{"run", "-port", port, "-quiet"}
	if code := cli.Run(t.Context(), copies, args, nil, io.Discard, &stderr); code != cli.ExitUsage {
		t.Errorf("exit code %d, want %d\n%s", code, cli.ExitUsage, &stderr)
	}
	if strings.Contains(stderr.String(), "client-") {
		t.Errorf("more nodes were tried when the first one had failed:\n%s", &stderr)
	}
}
