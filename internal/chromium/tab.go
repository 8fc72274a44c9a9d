package chromium

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Window says how a page is shown.
type Window struct {
	Width, Height int // 0 means 1440 by 900
	Dark          bool
}

// Tab is a page in a fresh profile. Every method fails the test when it cannot do what it is for.
type Tab struct {
	t       testing.TB
	b       *Browser
	session string

	mu       sync.Mutex
	problems []string
	requests []string
}

// Tab opens an empty page, which closes when the test ends.
func (b *Browser) Tab(t testing.TB, w Window) *Tab {
	t.Helper()
	if w.Width == 0 {
		w.Width, w.Height = 1440, 900
	}
	var profile struct {
		ID string `json:"browserContextId"`
	}
	var target struct {
		ID string `json:"targetId"`
	}
	var session struct {
		ID string `json:"sessionId"`
	}
	must(t, b.call("", "Target.createBrowserContext", object{}, &profile))
	t.Cleanup(func() {
		must(t, b.call("", "Target.disposeBrowserContext", object{"browserContextId": profile.ID}, nil))
	})
	must(t, b.call("", "Target.createTarget", object{"url": "about:blank", "browserContextId": profile.ID}, &target))
	must(t, b.call("", "Target.attachToTarget", object{"targetId": target.ID, "flatten": true}, &session))
	tab := &Tab{t: t, b: b, session: session.ID}
	b.mu.Lock()
	b.tabs[tab.session] = tab
	b.mu.Unlock()
	for _, domain := range []string{"Page", "Runtime", "Network", "Log"} {
		tab.call(domain+".enable", object{}, nil)
	}
	tab.call("Emulation.setFocusEmulationEnabled", object{"enabled": true}, nil)
	tab.Look(w)
	return tab
}

// object is an argument of a call.
type object map[string]any

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (tab *Tab) call(method string, params object, result any) {
	tab.t.Helper()
	must(tab.t, tab.b.call(tab.session, method, params, result))
}

// notice keeps what a tab tells of requests and of what went wrong.
func (tab *Tab) notice(m message) {
	var p struct {
		Request struct{ URL string }
		Type    string
		Args    []struct {
			Value       any
			Description string
		}
		ExceptionDetails struct {
			Text      string
			Exception struct{ Description string }
		}
		Entry struct{ Level, Text, URL string }
	}
	if json.Unmarshal(m.Params, &p) != nil {
		return
	}
	tab.mu.Lock()
	defer tab.mu.Unlock()
	switch {
	case m.Method == "Network.requestWillBeSent":
		tab.requests = append(tab.requests, p.Request.URL)
	case m.Method == "Runtime.consoleAPICalled" && slices.Contains([]string{"error", "warning", "assert"}, p.Type):
		tab.problems = append(tab.problems, fmt.Sprintf("console.%s: %v", p.Type, p.Args))
	case m.Method == "Runtime.exceptionThrown":
		d := p.ExceptionDetails
		tab.problems = append(tab.problems, d.Text+" "+d.Exception.Description)
	case m.Method == "Log.entryAdded" && p.Entry.Level == "error":
		tab.problems = append(tab.problems, p.Entry.Text+" "+p.Entry.URL)
	}
}

// Problems returns the errors of the page and its console so far, and forgets them.
func (tab *Tab) Problems() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	out := tab.problems
	tab.problems = nil
	return out
}

// Requests returns the addresses that the page has asked for.
func (tab *Tab) Requests() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return slices.Clone(tab.requests)
}

// Look changes the size of the page and its colours.
func (tab *Tab) Look(w Window) {
	tab.t.Helper()
	tab.call("Emulation.setDeviceMetricsOverride", object{
		"width": w.Width, "height": w.Height, "deviceScaleFactor": 1, "mobile": false,
	}, nil)
	scheme := "light"
	if w.Dark {
		scheme = "dark"
	}
	tab.call("Emulation.setEmulatedMedia", object{"features": []object{
		{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"},
	}}, nil)
}

// Open loads a page and waits until its documents and scripts are there.
func (tab *Tab) Open(url string) {
	tab.t.Helper()
	var r struct{ ErrorText string }
	tab.call("Page.navigate", object{"url": url}, &r)
	if r.ErrorText != "" {
		tab.t.Fatalf("%s: %s", url, r.ErrorText)
	}
	tab.Wait(`document.readyState === "complete"`)
}

// Eval returns the value of an expression of JavaScript, once it is there if it is a promise.
func (tab *Tab) Eval(expression string) any {
	tab.t.Helper()
	v, err := tab.eval(expression)
	if err != nil {
		tab.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

func (tab *Tab) eval(expression string) (any, error) {
	var r struct {
		Result           struct{ Value any }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	err := tab.b.call(tab.session, "Runtime.evaluate", object{
		"expression": expression, "returnByValue": true, "awaitPromise": true, "userGesture": true,
	}, &r)
	if err == nil && r.ExceptionDetails != nil {
		err = fmt.Errorf("%s %s", r.ExceptionDetails.Text, r.ExceptionDetails.Exception.Description)
	}
	return r.Result.Value, err
}

// waiter looks at a condition whenever the page has changed. The timer is for conditions that change
// without the page, such as its address.
const waiter = `new Promise((done, failed) => {
	const end = performance.now() + %d;
	const look = () => {
		if (%s) { stop(); done(true); }
		else if (performance.now() > end) { stop(); done(false); }
	};
	const observer = new MutationObserver(look);
	const timer = setInterval(look, 50);
	const stop = () => { observer.disconnect(); clearInterval(timer); };
	observer.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
	look();
})`

// Wait waits until an expression of JavaScript is true.
func (tab *Tab) Wait(condition string) {
	tab.t.Helper()
	tab.WaitLong(condition, 1)
}

// WaitLong waits a number of times as long as Wait does, for what takes work.
func (tab *Tab) WaitLong(condition string, times int) {
	tab.t.Helper()
	var v any
	var err error
	for range times + 2 { // a page that is left fails twice at most
		v, err = tab.eval(fmt.Sprintf(waiter, (patience * 3 / 4).Milliseconds(), condition))
		if v == true {
			return
		}
		if err == nil {
			times--
		}
		if times == 0 {
			break
		}
	}
	text, _ := tab.eval("location.href + '\\n' + document.body?.innerText")
	tab.t.Fatalf("waited in vain for %s (%v)\nproblems: %s\n%v", condition, err, tab.Problems(), text)
}

// CPU returns the milliseconds of processor that pages have used so far, whatever else the machine
// does. Open pages besides this one count, too.
func (tab *Tab) CPU() float64 {
	tab.t.Helper()
	var r struct {
		ProcessInfo []struct {
			Type    string
			CPUTime float64
		}
	}
	must(tab.t, tab.b.call("", "SystemInfo.getProcessInfo", object{}, &r))
	sum := 0.0
	for _, p := range r.ProcessInfo {
		if p.Type == "renderer" {
			sum += 1000 * p.CPUTime
		}
	}
	return sum
}

// Screenshot writes a picture of the page as PNG.
func (tab *Tab) Screenshot(file string) {
	tab.t.Helper()
	var r struct{ Data []byte }
	tab.call("Page.captureScreenshot", object{"format": "png"}, &r)
	must(tab.t, os.WriteFile(file, r.Data, 0o644))
}

// Quoted returns a string as JavaScript writes it.
func Quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic("chromium: " + err.Error()) // no string fails
	}
	return strings.NewReplacer("\u2028", `\u2028`, "\u2029", `\u2029`).Replace(string(b))
}
