package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/chromium"
)

// Each journey is what a person does, in a tab of one browser.
func TestJourneys(t *testing.T) {
	b := chromium.Start(t)
	for _, x := range []struct {
		name    string
		journey func(*testing.T, *chromium.Browser)
	}{
		{"keys alone", keys},
		{"counterexample from a link", counterexample},
		{"find", find},
		{"undo and redo", undo},
		{"server restarts", restarts},
		{"model changes", changes},
		{"export and import", files},
		{"saved page", savedPage},
		{"Go test", goTest},
		{"PNG", savedPicture},
		{"questions by name", questions},
		{"lasso", lasso},
		{"progress", progress},
		{"history", history},
		{"graph", graph},
		{"fate", fate},
		{"why", why},
		{"alike", alike},
		{"growth", growth},
		{"what if", whatIf},
		{"recording", recording},
		{"hostile recording", strangeRecording},
		{"forged message", forge},
		{"supposed partition", partition},
		{"log", log},
		{"links", links},
		{"bookmarks", bookmarks},
		{"folds", folds},
		{"rows", rows},
		{"marks", marks},
		{"hostile strings", strangeStrings},
		{"looks", looks},
		{"names", names},
		{"access", access},
		{"sights", sights},
		{"pictures", takePictures},
		{"measures", measures},
	} {
		t.Run(x.name, func(t *testing.T) { x.journey(t, b) })
	}
}

// A run is stepped through, compared and drawn without a mouse.
func keys(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, replicas(2)), "/", chromium.Window{})
	p.at(0)
	for step := range 4 {
		p.Press("1")
		p.at(step + 1)
		p.length(step + 1)
	}
	for _, x := range []struct {
		key string
		at  int
	}{
		{"k", 3}, {"ArrowUp", 2}, {"j", 3}, {"g", 0}, {"G", 4}, {"Home", 0}, {"PageDown", 4}, {"PageUp", 0}, {"ArrowDown", 1},
	} {
		p.Press(x.key)
		p.at(x.at)
	}
	p.Press("d")
	p.Wait(`[...document.querySelectorAll("[aria-label=State] select")].some((s) => s.value === "none")`)
	p.Press("d", "p", "j")
	p.says("State", "compared with step 1")
	p.Press("t")
	p.Wait(`document.querySelector("[role=tab][aria-selected=true]").textContent === "Graph"`)
	p.Press("?")
	p.Wait(`document.querySelector("dialog[open]")?.innerText.includes("next step")`)
	documented(t, p)
	p.Press("Escape")
	p.Wait(`!document.querySelector("dialog[open]")`)
	p.Press("/")
	p.Wait(`document.activeElement?.id === "find"`)
	p.Press("Escape", "g")
	p.at(0)
}

// documented demands that docs/explorer.md has every key of the list that is shown.
func documented(t *testing.T, p *page) {
	text, err := os.ReadFile("../../../docs/explorer.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range p.Eval(`[...document.querySelectorAll("dialog dl > div")].map((e) => [
		[...e.querySelectorAll("kbd")].map((k) => "\x60" + k.textContent + "\x60").join(" "),
		e.querySelector("dd").textContent])`).([]any) {
		key := x.([]any)
		if row := fmt.Sprintf("| %s | %s", key[0], key[1]); !strings.Contains(string(text), row) {
			t.Errorf("docs/explorer.md has no row %q", row)
		}
	}
}

// A link opens a counterexample, and the page says where its promise breaks.
func counterexample(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, replicas(2)), "/t/0:0.1.0.1?at=1", chromium.Window{})
	p.at(1)
	p.length(4)
	p.says("Properties", "kept here")
	p.Press("e")
	p.at(4)
	p.says("Properties", "broken here")
	p.says("Steps", "✗")
}

// States are found by an expression, and results are walked through.
func find(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, counter(4)), "/", chromium.Window{})
	p.Press("/")
	p.Type("Red == 1 && Blue == 2")
	p.Press("Enter")
	p.at(3)
	p.Wait(`document.querySelector("[role=search]").innerText.includes("1 of 1")`)
	p.Press("Escape", "/")
	p.Eval(`document.getElementById("find").select()`)
	p.Type("Red ==")
	p.Press("Enter")
	p.alert("cannot read")
	p.Press("Escape", "g")
	p.at(0)
	p.click("button", "find where it breaks")
	p.at(3)
	p.says("Properties", "broken here")
	if problems := p.Problems(); len(problems) != 1 || !strings.Contains(problems[0], "400") {
		t.Errorf("%q", problems) // the browser notes the wrong expression
	}
}

// Leaving a path is undone and redone, by keys and by the browser.
func undo(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, counter(4)), "/", chromium.Window{})
	p.Press("1")
	p.at(1)
	p.Press("2")
	p.at(2)
	p.address("/t/0:0.1")
	p.Press("u")
	p.at(1)
	p.length(1)
	p.Press("2")
	p.at(2)
	p.Press("u")
	p.length(1)
	p.Press("r")
	p.length(2)
	p.address("/t/0:0.1")
}

// A server that dies is missed, and the page goes on when it comes back. Links outlive it.
func restarts(t *testing.T, b *chromium.Browser) {
	s := serve(t, counter(4))
	p := visit(t, b, s, "/t/0:0.1.0", chromium.Window{})
	p.at(3)
	p.down = true
	s.stop()
	p.alert("does not answer")
	restart(s, counter(4))
	p.Wait(`!document.querySelector("[role=alert]")`)
	p.Press("1")
	p.at(4)
	p.address("/t/0:0.1.0.0")
	link := p.Eval(`location.pathname + location.search`).(string)
	s.stop()
	restart(s, counter(4))
	p.open(link)
	p.at(4)
	p.says("State", "3")
}

// A link of another model says so, and a path that does not fit opens as far as it does.
func changes(t *testing.T, b *chromium.Browser) {
	s := serve(t, counter(9))
	p := visit(t, b, s, "/t/0:0.1.0.0.0", chromium.Window{})
	p.at(5)
	link := p.Eval(`location.pathname + location.search`).(string)
	if !strings.Contains(link, "m=") {
		t.Fatalf("link %s has no fingerprint of the model", link)
	}
	p.down = true
	s.stop()
	restart(s, counter(3))
	p.open(link)
	p.length(3)
	p.alert("3 of 5 steps")
	p.open("/t/0:0?m=anotherone")
	p.alert("has changed")
	p.Problems() // the browser notes the path that does not fit
}

// What was exported is imported again, into another server.
func files(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, replicas(2)), "/t/0:0.1.0.1", chromium.Window{})
	p.click("button", "Save or open a trace")
	p.Wait("!!" + element("link", "Trace file"))
	text, ok := p.Eval(`fetch(` + element("link", "Trace file") + `.href).then((r) => r.text())`).(string)
	if !ok || !strings.Contains(text, "linearizable") && !strings.Contains(text, "Put") {
		t.Fatalf("exported %q", text)
	}
	for _, kind := range []string{"SVG", "Mermaid", "Text", "JSON", "Informal Trace Format"} {
		got := p.Eval(`fetch(` + element("link", kind) + `.href).then((r) => r.text().then((x) => r.ok ? x.length : 0))`)
		if n, _ := got.(float64); n < 50 {
			t.Errorf("%s: %v bytes", kind, got)
		}
	}
	file := filepath.Join(t.TempDir(), "x.trace")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	other := visit(t, b, serve(t, replicas(2)), "/", chromium.Window{})
	other.click("button", "Save or open a trace")
	other.Wait(`!!document.querySelector("input[type=file]")`)
	other.Choose(`document.querySelector("input[type=file]")`, file)
	other.at(4)
	other.address("/t/0:0.1.0.1")
}

// A run without end is shown as one.
func lasso(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, ring()), "/", chromium.Window{})
	p.search("counterexample")
	p.click("button", "counterexample")
	p.length(4)
	p.says("Steps", "↻")
	p.address("@1")
}

// While a search runs, and while it is paused, the page steps; it pauses, resumes and stops it.
func progress(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, endless()), "/", chromium.Window{})
	p.click("button", "Search all states")
	p.Wait(`/checking.* [\d,]+ states/.test(document.querySelector("header").innerText.replace(/\s+/g, " "))`)
	p.Press("1")
	p.at(1)
	p.Press("1")
	p.at(2)
	p.click("button", "Pause")
	p.Wait(`document.querySelector("header").innerText.includes("paused")`)
	p.Press("1")
	p.at(3)
	p.click("button", "Resume")
	p.Wait(`document.querySelector("header").innerText.includes("checking")`)
	p.click("button", "Stop")
	p.Wait(`document.querySelector("header").innerText.includes("stopped")`)
}

// What clients did and saw is drawn, and an operation leads to its step.
func history(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, replicas(2)), "/t/0:0.1.0.1", chromium.Window{})
	p.click("tab", "History")
	p.says("Drawings", "broken at the end of this path")
	p.says("Drawings", "write")
	p.Press("g")
	p.at(0)
	p.Click(`document.querySelector("[role=tabpanel] .op rect")`)
	p.Wait(selected + ` !== "0"`)
}

// A state of the graph leads to its shortest path.
func graph(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, counter(3)), "/", chromium.Window{})
	p.click("tab", "Graph")
	p.says("Drawings", "10 states, all of them")
	p.Click(`[...document.querySelectorAll("[role=tabpanel] .node")].find((n) => n.textContent.includes("breaks"))`)
	p.at(3)
	p.says("Properties", "broken here")
}

// The page says from which step a promise was bound to break.
func fate(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, replicas(2)), "/t/0:0.1.0.1", chromium.Window{})
	p.Press("i")
	p.says("Steps", "⚑")
}

// Where a promise is broken, the page marks the parts of the state that decide it, and keys lead to them.
func why(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, counter(5)), "/t/0:1.0.1.1", chromium.Window{})
	p.says("State", "fewer than three reds does not hold here because of ◆ Red")
	marked := func(part, mark string) {
		t.Helper()
		p.Wait(fmt.Sprintf(`[...document.querySelectorAll("[role=treeitem]")].some((e) =>
			e.innerText.startsWith(%s) && !!e.querySelector(".cause")?.textContent.includes(%s))`,
			chromium.Quoted(part), chromium.Quoted(mark)))
	}
	marked("M", "◆")
	p.Press("w")
	p.Wait(`document.querySelector("[role=treeitem].active .key")?.textContent === "Red"`)
	p.Eval(`document.querySelectorAll(".property")[1].querySelector("button[aria-pressed]").click()`)
	p.says("State", "two blues does not hold here")
	p.Press("k", "k", "k")
	p.at(1)
	p.says("State", "two blues does not hold here")
	p.Eval(`document.querySelectorAll(".property")[1].querySelector("button[aria-pressed]").click()`)
	p.Wait(`!document.querySelector(".depends")`)

	p = visit(t, b, serve(t, replicas(2)), "/t/0:0.1.0.1", chromium.Window{})
	p.says("State", "linearizable does not hold here because of ◆ linearizable")
	p.says("State", "It has read linearizable.")
}

// A good run is shown beside the broken one, and a sentence says in what they differ.
func alike(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, counter(5)), "/t/0:1.1.1", chromium.Window{})
	p.Press("i")
	p.says("Steps", "⚑")
	p.click("button", "nearest good run")
	p.says("Steps", "The other run differs in 1 step: in the place of step 3, red, it takes blue. It goes on for 2 steps.")
	if n := p.Eval(`document.querySelectorAll(".step.instead").length`); n != 2.0 {
		t.Errorf("%v steps differ, and 2 should", n)
	}
	p.click("button", "states")
	p.says("State", "against nearest good run")
	p.click("button", "End the comparison")
	p.Wait(`!document.querySelector(".compared")`)
}

// The picture of what makes a state space large names its units, and a click follows one.
func growth(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, counter(5)), "/", chromium.Window{})
	p.search("violated")
	p.click("tab", "Growth")
	p.says("Drawings", "there would be 16")
	p.Click(`document.querySelector(".block.unit")`)
	p.says("State", "Blue")
	p.Wait(`!!document.querySelector(".follow .strip")`)
	p.Wait(`document.querySelectorAll(".growth tr.unit").length === 2`)
}

// A step that the model does not allow is taken, and the page says so from there on.
func whatIf(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, replicas(2)), "/", chromium.Window{})
	p.click("button", "What if")
	p.Wait(`!!document.querySelector(".supposed")`)
	p.Click(`document.querySelector(".supposed")`)
	p.at(1)
	p.says("Steps", "what if")
	p.Wait(`document.querySelector("header").innerText.includes("outside the model from step 1")`)
	p.address("/t/0:!")
	p.open(p.Eval(`location.pathname + location.search`).(string))
	p.at(1)
	p.says("Steps", "what if")
}

// A message is forged by keys in a dialog, which says what is wrong with it, and is delivered.
func forge(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, replicas(2)), "/t/0:0", chromium.Window{})
	p.refused = "/api/v1/forge"
	p.click("button", "What if")
	p.click("button", "forge")
	p.Wait(`document.querySelector("dialog textarea").value.startsWith('{"type":')`)
	p.Press("Escape")
	p.Wait(`!document.querySelector("dialog")`)
	p.click("button", "forge")
	p.Wait(`document.querySelector("dialog textarea").value !== ""`)
	write := func(message string) {
		p.Eval(`{
			const area = document.querySelector("dialog textarea");
			area.value = ` + chromium.Quoted(message) + `;
			area.dispatchEvent(new Event("input", { bubbles: true }));
			area.focus();
		}`)
	}
	write(`{"type":"Put","value":{"Value":5}}`)
	p.Click(`document.querySelector("dialog button.primary")`)
	p.Wait(`document.querySelector("dialog [role=alert]").textContent.includes("message.Value: want ")`)
	write(`{"type":"Put","value":{"Request":7,"Value":"evil"}}`)
	p.Click(`document.querySelector("dialog button.primary")`)
	p.at(2)
	p.says("Steps", "Put{Request:7 Value:\"evil\"}")
	p.says("Steps", "what if")
	p.address("/t/0:0.!f")
	p.Wait(`!!document.querySelector(".shape.supposed")`)
	p.open(p.Eval(`location.pathname + location.search`).(string))
	p.at(2)
	p.Wait(`document.querySelector("header").innerText.includes("outside the model from step 2")`)
}

// One server is cut off from the others, until the network heals.
func partition(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, replicas(2)), "/", chromium.Window{})
	p.click("button", "What if")
	p.Wait(`!!document.querySelector(".kinds button:disabled[title='no message waits behind another one']")`)
	p.click("button", "partition")
	p.Wait(`document.querySelectorAll(".action.supposed").length === 4`)
	p.Click(`document.querySelector(".action.supposed")`)
	p.at(1)
	p.says("State", "server-1 | server-2 client-1 client-2")
	p.Wait(`!!document.querySelector(".sequence .parted")`)
	p.click("button", "heal")
	p.at(2)
	p.Wait(`document.querySelector("header").innerText.includes("outside the model from step 1")`)
	p.Wait(`document.querySelectorAll(".step .tag.bad").length === 1`)
}

// Whatever a model calls its parts is shown as text.
func strangeStrings(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, hostileSystem()), "/", chromium.Window{})
	for step := range 3 {
		p.Press("1")
		p.at(step + 1)
	}
	for _, tab := range []string{"Graph", "History", "Coverage", "Growth", "Log", "Sequence"} {
		p.click("tab", tab)
	}
	p.click("tab", "Log")
	p.says("Drawings", hostile[0])
	p.click("tab", "Sequence")
	for _, text := range hostile[:3] {
		p.Wait(`document.body.textContent.includes(` + chromium.Quoted(text) + `) ||
			document.body.textContent.includes(JSON.stringify(` + chromium.Quoted(text) + `).slice(1, -1))`)
	}
	p.search("violated")
	p.click("button", "counterexample")
	p.ready()
	if title := p.Eval("document.title"); strings.Contains(title.(string), "markup ran") {
		t.Error("markup of the model ran")
	}
	const markup = `document.querySelectorAll(
		"#app img, #app script, #app svg[onload], #app a[href^='javascript']").length`
	if n := p.Eval(markup); n != 0.0 {
		t.Errorf("%v elements came from text of the model", n)
	}
}
