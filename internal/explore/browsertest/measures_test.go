package browsertest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/chromium"
	"github.com/allways-go/allways/internal/longtest"
)

// Times depend on the machine and what else it does, so they are reported and not asserted.
func measures(t *testing.T, b *chromium.Browser) {
	longtest.Run(t)
	t.Run("page", measurePage)
	t.Run("steps", func(t *testing.T) { measureSteps(t, b) })
	t.Run("many actors", func(t *testing.T) { measureActors(t, b) })
	t.Run("scrolling", func(t *testing.T) { measureScrolling(t, b) })
}

// What the page weighs when it is compressed.
func measurePage(t *testing.T) {
	files, err := filepath.Glob("../page/*")
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(text)
	}
	w.Close()
	t.Logf("the page has %d bytes, compressed with gzip", zipped.Len())
	if zipped.Len() > maxPicture {
		t.Error("more than 150 KB")
	}
}

// timed presses a key as the page sees it, and measures the time until the state that follows is
// drawn.
const timed = `new Promise((done) => {
	const start = performance.now();
	const was = document.querySelector("[aria-label=Steps] [aria-selected=true]")?.id;
	const look = () => {
		if (document.querySelector(".app")?.dataset.ready !== "true") return;
		if (document.querySelector("[aria-label=Steps] [aria-selected=true]")?.id === was) return;
		observer.disconnect();
		requestAnimationFrame(() => done(performance.now() - start));
	};
	const observer = new MutationObserver(look);
	observer.observe(document, {subtree: true, childList: true, attributes: true});
	window.dispatchEvent(new KeyboardEvent("keydown", {key: "%s", bubbles: true}));
})`

// The first paint, and a step on a model with a million states that were searched.
func measureSteps(t *testing.T, b *chromium.Browser) {
	s := serve(t, harmless(1413))
	p := visit(t, b, s, "/", chromium.Window{})
	ready := p.Eval("performance.now()")
	paint := p.Eval(`performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? -1`)
	t.Logf("first paint after %.0f ms, ready after at most %.0f ms", paint, ready)
	p.click("button", "Search all states")
	p.WaitLong(`document.querySelector("header").innerText.includes("all states searched")`, 20)
	t.Log(strings.ReplaceAll(p.Eval(`document.querySelector("header").innerText`).(string), "\n", " "))
	p.steps("1", 20) // scripts are compiled as they are used first
	for _, drawing := range []string{"Graph", "Coverage"} {
		p.click("tab", drawing)
		if drawing == "Graph" {
			p.Wait(`document.querySelectorAll(".canvas .node").length === 300`)
		}
		p.Press("G")
		p.ready()
		t.Log(drawing+", new steps:", p.steps("1", 40))
		t.Log(drawing+", steps of the path:", p.steps("k", 40))
	}
}

// steps presses a key a number of times and tells what that takes.
func (p *page) steps(key string, n int) string {
	sum, most, used := 0.0, 0.0, p.CPU()
	for range n {
		d := p.Eval(fmt.Sprintf(timed, key)).(float64)
		sum, most = sum+d, max(most, d)
	}
	return fmt.Sprintf(
		"key %s: a step takes %.1f ms on average and %.1f ms at most; it costs the page %.1f ms of processor",
		key, sum/float64(n), most, (p.CPU()-used)/float64(n))
}

// filtered writes into the filter of the state, and measures the time until the tree is drawn anew.
const filtered = `new Promise((done) => {
	const field = document.querySelector("[aria-label='Filter parts of the state']");
	const start = performance.now();
	field.value = %q;
	field.dispatchEvent(new Event("input", {bubbles: true}));
	requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
})`

// maxRows is more lines of a state, and more elements of a page, than a window has room for.
const maxRows = 150

// A system of 1,000 actors: opened, stepped through, and filtered.
func measureActors(t *testing.T, b *chromium.Browser) {
	names := make([]string, 1000)
	for i := range names {
		names[i] = fmt.Sprintf("actor-%d", i)
	}
	p := visit(t, b, serve(t, chatters(names...)), "/", chromium.Window{})
	t.Logf("ready after at most %.0f ms", p.Eval("performance.now()"))
	p.steps("1", 3)
	for _, key := range []string{"1", "k"} {
		t.Log(p.steps(key, 10))
	}
	for _, text := range []string{"actor-7", "actor-77", ""} {
		t.Logf("filter %q: drawn after %.1f ms", text, p.Eval(fmt.Sprintf(filtered, text)))
	}
	const drawn = `document.querySelectorAll("[role=treeitem]").length`
	if n := p.Eval(drawn).(float64); n > maxRows {
		t.Errorf("%v lines of the state are drawn, more than are seen", n)
	}
	t.Logf("the page has %v elements", p.Eval(`document.querySelectorAll("*").length`))
}

// scrolled scrolls the list of steps from end to end, two thousand rows in a frame.
const scrolled = `new Promise((done) => {
	const list = document.querySelector("[role=listbox][aria-label=Steps]");
	const times = [];
	let last = performance.now();
	list.scrollTop = 0;
	const frame = (now) => {
		times.push(now - last);
		last = now;
		list.scrollTop += %d;
		if (times.length < 120) requestAnimationFrame(frame);
		else {
			times.sort((a, b) => a - b);
			done([times[60], times[114], times[119], list.scrollTop]);
		}
	};
	requestAnimationFrame(frame);
})`

// Scrolling through a trace file of 100,000 steps.
func measureScrolling(t *testing.T, b *chromium.Browser) {
	const steps = 100_000
	s := serve(t, counter(steps))
	file := filepath.Join(t.TempDir(), "long.trace")
	r, err := http.Get("http://" + s.addr + "/api/v1/export?format=trace&path=0:0" + strings.Repeat(".0", steps-1))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %.200s (%v)", r.Status, text, err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	p := visit(t, b, s, "/", chromium.Window{})
	p.click("button", "Save or open a trace")
	p.Wait(`!!document.querySelector("input[type=file]")`)
	p.Choose(`document.querySelector("input[type=file]")`, file)
	p.at(steps)
	for _, by := range []int{100, 20_000} {
		used := p.CPU()
		times := p.Eval(fmt.Sprintf(scrolled, by)).([]any)
		t.Logf("scrolling %d pixels a frame: a frame takes %.1f ms, 95%% at most %.1f ms, the longest %.1f ms; "+
			"it costs the page %.1f ms of processor", by, times[0], times[1], times[2], (p.CPU()-used)/120)
		p.ready()
	}
	for _, key := range []string{"k", "j"} {
		t.Logf("key %s: a step takes %.1f ms", key, p.Eval(fmt.Sprintf(timed, key)))
	}
}
