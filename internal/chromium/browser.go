// Package chromium drives a headless Chromium in tests, over its debugging protocol. It speaks the
// protocol through two pipes and needs no other module; see
// https://chromedevtools.github.io/devtools-protocol.
//
// Without a Chromium on this machine, [Start] skips the test.
package chromium

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// names are the programs that are looked for.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// flags keep Chromium from showing windows and from calling home. Only pages of the test are opened,
// so it runs without its sandbox, which needs rights that containers do not give.
var flags = []string{
	"--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
	"--disable-default-apps", "--disable-dev-shm-usage", "--no-default-browser-check", "--hide-scrollbars",
	"--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows",
	"--disable-background-timer-throttling",
	"--font-render-hinting=none", "--force-color-profile=srgb", "--mute-audio", "about:blank",
}

// patience is how long a call or a condition may take before the test fails.
const patience = 60 * time.Second

// Browser is a Chromium that runs until the test ends.
type Browser struct {
	in  *os.File
	cmd *exec.Cmd

	mu      sync.Mutex
	calls   int
	waiting map[int]chan message
	tabs    map[string]*Tab // tabs that are open, by session
	gone    chan struct{}   // closed when Chromium has ended
}

// message is what the protocol sends in both directions.
type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// Start starts a browser with an empty profile. The test is skipped if there is no Chromium.
func Start(t testing.TB) *Browser {
	t.Helper()
	program := find()
	if program == "" {
		t.Skip("there is no Chromium here; on Debian, apt-get install chromium")
	}
	theirIn, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, append([]string{"--user-data-dir=" + t.TempDir()}, flags...)...)
	cmd.ExtraFiles = []*os.File{theirIn, theirOut} // 3 and 4
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	theirIn.Close() // Chromium holds its copies
	theirOut.Close()
	b := &Browser{in: in, cmd: cmd, waiting: map[int]chan message{}, tabs: map[string]*Tab{}, gone: make(chan struct{})}
	go b.read(out)
	t.Cleanup(b.close)
	return b
}

func find() string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// close ends the browser, by force if it does not end when it is asked to.
func (b *Browser) close() {
	b.send("", "Browser.close", nil) // an error means that it has ended
	timer := time.AfterFunc(patience, func() { b.cmd.Process.Kill() })
	defer timer.Stop()
	b.cmd.Wait() // its exit code does not matter
	<-b.gone
	b.in.Close()
}

// read hands out what Chromium sends.
func (b *Browser) read(out *os.File) {
	defer out.Close()
	defer close(b.gone)
	r := bufio.NewReaderSize(out, 1<<20)
	for {
		text, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var m message
		if json.Unmarshal(text[:len(text)-1], &m) != nil {
			return
		}
		b.mu.Lock()
		answer, tab := b.waiting[m.ID], b.tabs[m.Session]
		delete(b.waiting, m.ID)
		b.mu.Unlock()
		switch {
		case m.ID != 0 && answer != nil:
			answer <- m
		case m.ID == 0 && tab != nil:
			tab.notice(m)
		}
	}
}

// send begins a call and returns where its answer comes.
func (b *Browser) send(session, method string, params any) (chan message, error) {
	p, err := json.Marshal(params)
	if err != nil {
		return nil, err
	}
	answer := make(chan message, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	text, err := json.Marshal(message{ID: b.calls, Session: session, Method: method, Params: p})
	if err != nil {
		return nil, err
	}
	b.waiting[b.calls] = answer
	_, err = b.in.Write(append(text, 0))
	return answer, err
}

// call makes a call and decodes its answer, unless result is nil.
func (b *Browser) call(session, method string, params, result any) error {
	answer, err := b.send(session, method, params)
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case m := <-answer:
		if m.Error != nil {
			return fmt.Errorf("%s: %s", method, m.Error.Message)
		}
		if result == nil {
			return nil
		}
		return json.Unmarshal(m.Result, result)
	case <-b.gone:
		return fmt.Errorf("%s: the browser has ended", method)
	case <-timer.C:
		return fmt.Errorf("%s: no answer within %v", method, patience)
	}
}
