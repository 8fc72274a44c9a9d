package browsertest

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/chromium"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore"
	"github.com/allways-go/allways/internal/explore/recorded"
	"github.com/allways-go/allways/trace"
)

// token is the token of all servers here.
const token = "secret"

// server serves a model on a loopback address, where it can be stopped and another one be started.
type server struct {
	t    *testing.T
	addr string
	stop func()

	recording *recorded.Run // nil for none
}

// serve serves a model on a free port until the test ends.
func serve[S, A any](t *testing.T, m allways.Model[S, A]) *server {
	t.Helper()
	return serveBeside(t, m, nil)
}

// serveBeside serves a model with a recording beside it.
func serveBeside[S, A any](t *testing.T, m allways.Model[S, A], r *recorded.Run) *server {
	t.Helper()
	s := &server{t: t, addr: "127.0.0.1:0", recording: r}
	restart(s, m)
	t.Cleanup(func() { s.stop() })
	return s
}

// restart serves a model at the address that a server had.
func restart[S, A any](s *server, m allways.Model[S, A]) {
	s.t.Helper()
	e := erased.Of(m)
	if err := e.Compile(); err != nil {
		s.t.Fatal(err)
	}
	l, err := net.Listen("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	s.addr = l.Addr().String()
	handler := explore.New(e, explore.Options{
		Title: "a model", Header: trace.Header{Model: "model"}, Token: token, Check: allways.Options{Workers: 1},
		Recording: s.recording,
		Source:    explore.Source{Package: "models", Model: "model()"},
	})
	web := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	done := make(chan error, 1)
	go func() { done <- web.Serve(l) }()
	s.stop = func() {
		handler.Close()
		web.Close() // its error is that of the connections that it cuts off
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			s.t.Error(err)
		}
		s.stop = func() {}
	}
}

// page is the explorer in a tab.
type page struct {
	*chromium.Tab
	t      *testing.T
	server *server
	down   bool // the server was stopped: failed requests are as they should be
	// refused is a call that the server refuses, as it should; empty for none.
	refused string
}

// visit opens a link of a server, with the token.
func visit(t *testing.T, b *chromium.Browser, s *server, target string, w chromium.Window) *page {
	t.Helper()
	p := &page{Tab: b.Tab(t, w), t: t, server: s}
	t.Cleanup(p.clean)
	p.open(target)
	return p
}

// open opens a link anew, also where only its fragment differs from the address of the page.
func (p *page) open(target string) {
	p.t.Helper()
	p.Open("about:blank")
	p.Open("http://" + p.server.addr + target + "#token=" + token)
	p.ready()
}

// ready waits until the page shows a state and nothing is under way.
func (p *page) ready() {
	p.t.Helper()
	p.Wait(`document.querySelector(".app")?.dataset.ready === "true"`)
}

// clean demands what holds for every journey.
func (p *page) clean() {
	for _, problem := range p.Problems() {
		if p.down && strings.Contains(problem, "net::ERR_") {
			continue
		}
		if p.refused != "" && strings.Contains(problem, "status of 400") && strings.Contains(problem, p.refused) {
			continue
		}
		p.t.Errorf("the page complains: %s", problem)
	}
	for _, url := range p.Requests() {
		inside := strings.HasPrefix(url, "http://"+p.server.addr+"/") || strings.HasPrefix(url, "data:")
		if !inside && url != "about:blank" {
			p.t.Errorf("a request left the server: %s", url)
		}
	}
}

// element is an expression for the element of a role whose name or text contains a string.
func element(role, name string) string {
	tags := map[string]string{
		"button": "button, [role=button]", "tab": "[role=tab]", "option": "[role=option]", "link": "a",
		"region": "section[aria-label]", "checkbox": "input[type=checkbox]",
	}
	return fmt.Sprintf(`[...document.querySelectorAll(%s)].find((e) => e.offsetParent !== null &&
		(e.getAttribute("aria-label") ?? e.labels?.[0]?.innerText ?? e.textContent).includes(%s))`,
		chromium.Quoted(tags[role]), chromium.Quoted(name))
}

// says waits until a region shows a text.
func (p *page) says(region, text string) {
	p.t.Helper()
	p.Wait(fmt.Sprintf(`(%s)?.innerText.replace(/\s+/g, " ").includes(%s)`,
		element("region", region), chromium.Quoted(text)))
}

// selected is the number of the selected step.
const selected = `document.querySelector("[aria-label=Steps] [role=option][aria-selected=true] .number")?.textContent`

// at waits until a step is selected, and the page is ready.
func (p *page) at(step int) {
	p.t.Helper()
	p.Wait(fmt.Sprintf(`%s === "%d"`, selected, step))
	p.ready()
}

// length waits until the path has a number of steps.
func (p *page) length(steps int) {
	p.t.Helper()
	p.says("Steps", fmt.Sprintf("of %d", steps))
}

// click clicks on the element of a role with a name.
func (p *page) click(role, name string) {
	p.t.Helper()
	p.Wait("!!" + element(role, name))
	p.Click(element(role, name))
}

// search starts the search and waits for a text among the properties.
func (p *page) search(text string) {
	p.t.Helper()
	p.click("button", "Search all states")
	p.says("Properties", text)
}

// address waits until the address of the page contains a text.
func (p *page) address(text string) {
	p.t.Helper()
	p.Wait(fmt.Sprintf(`(location.pathname + location.search).includes(%s)`, chromium.Quoted(text)))
}

// alert waits until a notice contains a text.
func (p *page) alert(text string) {
	p.t.Helper()
	p.Wait(fmt.Sprintf(`[...document.querySelectorAll("[role=alert]")].some((e) => e.innerText.includes(%s))`,
		chromium.Quoted(text)))
}
