package explorecli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allways-go/allways/cli"
)

// served is a command line that serves a page.
type served struct {
	t     *testing.T
	link  string // the first line that it prints
	stop  context.CancelFunc
	ended chan int
}

// explore runs a command line until the test ends, and waits for its link.
func explore(t *testing.T, args ...string) *served {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	s := &served{t: t, stop: stop, ended: make(chan int, 1)}
	lines := make(firstLine, 1)
	var stderr bytes.Buffer
	go func() { s.ended <- cli.Run(ctx, counter, append([]string{"explore"}, args...), nil, lines, &stderr) }()
	select {
	case s.link = <-lines:
	case code := <-s.ended:
		t.Fatalf("%q ends with exit code %d: %s", args, code, &stderr)
	}
	t.Cleanup(func() {
		stop()
		if code := <-s.ended; code != cli.ExitHolds || stderr.Len() > 0 {
			t.Errorf("%q ends with exit code %d: %s", args, code, &stderr)
		}
	})
	return s
}

// firstLine is a writer that sends the first line.
type firstLine chan string

func (w firstLine) Write(b []byte) (int, error) {
	line, _, _ := strings.Cut(string(b), "\n")
	select {
	case w <- line:
	default:
	}
	return len(b), nil
}

// get returns the status and body of a page of the server.
func (s *served) get(target string) (int, string) {
	s.t.Helper()
	host, _, _ := strings.Cut(strings.TrimPrefix(s.link, "http://"), "/")
	r, err := http.Get("http://" + host + target)
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

// The page, its link and the model are served until the context is done, even with an open stream.
func TestServes(t *testing.T) {
	s := explore(t, "4", "-addr", "127.0.0.1:0")
	if !strings.HasPrefix(s.link, "http://127.0.0.1:") || !strings.Contains(s.link, "/#token=") {
		t.Errorf("link %q", s.link)
	}
	if code, body := s.get("/"); code != 200 || !strings.Contains(body, `id="app"`) {
		t.Errorf("%d %s", code, body)
	}
	code, body := s.get("/api/v1/model")
	var model struct {
		Title  string
		Params []string
	}
	if err := json.Unmarshal([]byte(body), &model); err != nil || code != 200 || strings.Join(model.Params, " ") != "4" {
		t.Errorf("%d %s (%v)", code, body, err)
	}
	if code, body := s.get("/api/v1/export?format=go&path=0:0"); !strings.Contains(body, `counter.Model("4")`) {
		t.Errorf("%d %s", code, body)
	}
	host, _, _ := strings.Cut(strings.TrimPrefix(s.link, "http://"), "/")
	r, err := http.Get("http://" + host + "/api/v1/events")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	s.stop()
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		t.Errorf("the stream does not end properly: %v", err)
	}
}

// A path or a trace file stands in the link.
func TestLink(t *testing.T) {
	if s := explore(t, "-addr", "127.0.0.1:0", "-at", "0:0.0"); !strings.Contains(s.link, "/t/0:0.0#token=") {
		t.Errorf("link %q", s.link)
	}
	file := filepath.Join(t.TempDir(), "x.trace")
	_, text := explore(t, "7", "-addr", "127.0.0.1:0").get("/api/v1/export?path=0:0.0.0&format=trace")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := explore(t, "-addr", "127.0.0.1:0", "-open", file)
	if !strings.Contains(s.link, "/t/0:0.0.0#token=") {
		t.Errorf("link %q", s.link)
	}
	if _, body := s.get("/api/v1/model"); !strings.Contains(body, `"7"`) {
		t.Errorf("the file was made with the parameter 7: %s", body)
	}
}

// If the usual port is taken, another one is used.
func TestUsualPort(t *testing.T) {
	first, second := explore(t), explore(t)
	if first.link == second.link {
		t.Errorf("both serve %s", first.link)
	}
}

// What is wrong is said at the start, with what to do.
func TestMisuse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	folder := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	_, good := explore(t, "-addr", "127.0.0.1:0").get("/api/v1/export?path=0:0.0&format=trace")
	for _, x := range []struct {
		want string
		args []string
	}{
		{"-addr", []string{"-addr", taken.Addr().String()}},
		{"-addr", []string{"-addr", "nonsense"}},
		{"not both", []string{"-open", write("good", good), "-at", "0:"}},
		{"no such file", []string{"-open", filepath.Join(folder, "nothing")}},
		{"trace", []string{"-open", write("nonsense", "nonsense")}},
		{"jump", []string{"-open", write("wrong", strings.ReplaceAll(good, "count\n", "jump\n"))}},
		{"max", []string{"77"}},
	} {
		var stdout, stderr bytes.Buffer
		code := cli.Run(t.Context(), counter, append([]string{"explore"}, x.args...), nil, &stdout, &stderr)
		if code != cli.ExitUsage || !strings.Contains(strings.ToLower(stderr.String()), x.want) || stdout.Len() > 0 {
			t.Errorf("%q: exit code %d, want %d and %q: %s%s", x.args, code, cli.ExitUsage, x.want, &stdout, &stderr)
		}
	}
}
