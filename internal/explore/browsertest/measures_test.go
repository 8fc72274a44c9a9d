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
	for _, x := range []struct{ drawing, key string }{
		{"Graph", "1"}, {"Graph", "k"}, {"Coverage", "1"}, {"Coverage", "k"},
	} {
		p.click("tab", x.drawing)
		sum, most := 0.0, 0.0
		const n = 40
		used := p.CPU()
		for range n {
			d := p.Eval(fmt.Sprintf(timed, x.key)).(float64)
			sum, most = sum+d, max(most, d)
		}
		t.Logf("%s, key %s: a step takes %.1f ms on average and %.1f ms at most; it costs the page %.1f ms of processor",
			x.drawing, x.key, sum/n, most, (p.CPU()-used)/n)
	}
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
