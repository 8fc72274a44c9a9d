package explore

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allways-go/allways/internal/explore/guard"
)

// A call takes its own method and no other: nothing is changed by a GET, which a link or a picture can send.
func TestMethods(t *testing.T) {
	s, c := serve(t, counter(4))
	for _, e := range s.host.endpoints() {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} {
			if method == e.method {
				continue
			}
			r := c.do(method, e.path, "", guard.TokenHeader, "secret")
			if r.StatusCode != http.StatusMethodNotAllowed && r.StatusCode != http.StatusNotFound {
				t.Errorf("%s %s: %s", method, e.path, r.Status)
			}
		}
		if e.changes == (e.method == "GET") {
			t.Errorf("%s %s: changes %t", e.method, e.path, e.changes)
		}
	}
}

// No address leads out of the embedded page.
func TestFilesOfOthers(t *testing.T) {
	_, c := serve(t, counter(4))
	index, err := page.ReadFile("page/index.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		"/../page.go", "/../../../go.mod", "/..%2fpage.go", "/%2e%2e/page.go", "/%2e%2e%2f%2e%2e%2fgo.mod", `/..\page.go`,
		"/..%5cpage.go", "//etc/passwd", "/etc/passwd", "/./../page.go", "/main.js/../../page.go", "/t/../../page.go",
		"/t/..%2f..%2fpage.go", "/t/%2e%2e/%2e%2e/page.go", "/page/main.js", "/page.go", "/main.js%00", "/t", "/T/0:",
	} {
		u, err := url.ParseRequestURI(path)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("GET", "http://localhost:7357/", nil)
		r.URL, r.RequestURI = u, path
		w := httptest.NewRecorder()
		c.h.ServeHTTP(w, r)
		if w.Code == http.StatusOK && w.Body.String() != string(index) {
			t.Errorf("%s: %.80q", path, w.Body)
		}
	}
}

// What differs from model to model is not kept by browsers; the icon is, which they ask for with each new address.
func TestWhatIsKept(t *testing.T) {
	_, c := serve(t, counter(4))
	for path, want := range map[string]string{
		"/": "no-store", "/main.js": "no-store", "/api/v1/model": "no-store", "/icon.svg": "max-age=3600",
	} {
		if got := c.do("GET", path, "").Header.Get("Cache-Control"); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// watched is a recorder that is read while it is written.
type watched struct {
	mu sync.Mutex
	*httptest.ResponseRecorder
}

func (w *watched) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ResponseRecorder.Write(b)
}

func (w *watched) sent() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.Body.String()
}

// A tab that is forgotten costs nothing: its stream of events is silent while nothing changes, but for a sign of life.
func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := serve(t, counter(4))
		ctx, cancel := context.WithCancel(t.Context())
		w := &watched{ResponseRecorder: httptest.NewRecorder()}
		ended := make(chan error, 1)
		r := httptest.NewRequest("GET", "http://localhost:7357/api/v1/events", nil).WithContext(ctx)
		go func() { ended <- s.host.getEvents(w, r) }()
		synctest.Wait()
		first := w.sent()
		if strings.Count(first, "event: status") != 1 {
			t.Fatalf("%q", first)
		}
		time.Sleep(keepAlive*4 + time.Second) // of the bubble's clock
		synctest.Wait()
		if got := strings.TrimPrefix(w.sent(), first); got != strings.Repeat(": alive\n\n", 4) {
			t.Errorf("in %v without news it sent %q", keepAlive*4, got)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// The page never asks by the clock.
func TestNoPolling(t *testing.T) {
	read := 0
	err := filepath.WalkDir("web/src", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if read++; strings.Contains(string(text), "setInterval") {
			t.Errorf("%s has an interval", path)
		}
		return err
	})
	if err != nil || read < 20 {
		t.Errorf("%d files, %v", read, err)
	}
}
