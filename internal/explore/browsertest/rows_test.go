package browsertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/internal/chromium"
)

// chatter is an actor that sends numbers to itself, to count, and logs them.
type chatter struct{ first int }

func (k chatter) Start(c *actor.Context[int], _ *int) { c.Send(c.Self(), k.first) }

func (k chatter) Receive(c *actor.Context[int], n *int, _ actor.ID, m int) {
	*n = m
	c.Log("%s counts %d", c.Name(c.Self()), m)
	if m < 30 {
		c.Send(c.Self(), m+1)
	}
}

// chatters are actors that count for themselves.
func chatters(names ...string) *actor.System[int] {
	sys := actor.NewSystem[int](actor.Config{})
	for _, name := range names {
		actor.Spawn(sys, name, chatter{1})
	}
	return sys
}

// counted is a path on which ann counts, then bob, then both in turn. An actor that is done takes no step.
func counted(ann, bob, both int) string {
	steps := strings.Repeat(".0", ann) + strings.Repeat(".1", bob) + strings.Repeat(".0.1", both)
	return "/t/0:" + strings.TrimPrefix(steps, ".")
}

// What actors logged is read by step, filtered, and leads to its steps.
func log(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, chatters("ann", "bob")), counted(5, 5, 0)+"?tab=log", chromium.Window{})
	p.says("Drawings", "10 lines")
	p.says("Drawings", "ann counts 5")
	p.Click(`[...document.querySelectorAll(".entry button")].find((e) => e.innerText.includes("ann counts 3"))`)
	p.at(3)
	p.Eval(`document.querySelector("[aria-label='Filter the log']").focus()`)
	p.Type("bob")
	p.says("Drawings", "5 of 10 lines")
	p.Press("Escape", "1") // another run from here on: the lines of the steps that both share stay
	p.at(4)
	p.Press("2")
	p.at(5)
	p.Eval(`document.querySelector("[aria-label='Filter the log']").select()`)
	p.Press("Backspace")
	p.says("Drawings", "5 lines")
	p.says("Drawings", "bob counts 1")
}

// A link restores the lanes, the followed parts, the base of comparison, bookmarks and the size of the drawing.
func links(t *testing.T, b *chromium.Browser) {
	s := serve(t, chatters("ann", "bob", "cid"))
	p := visit(t, b, s, counted(3, 3, 0), chromium.Window{})
	const lanes = `[...document.querySelectorAll(".lane .name")].map((e) => e.innerText).join()`
	p.Eval(`document.querySelector(".lane .name").focus()`)
	p.Press("Delete")
	p.Wait(lanes + ` === "bob,cid"`)
	p.Eval(`document.activeElement.blur()`)
	p.Press("k", "b", "p", "m")
	p.at(5)
	p.Wait(`document.querySelector(".grid.large") !== null`)
	p.Press("m")
	p.Click(`[...document.querySelectorAll("[role=treeitem]")].find((e) => e.innerText.includes("bob"))`)
	p.click("button", "follow")
	p.Press("Escape", "m")
	link := p.Eval(`location.pathname + location.search`).(string)
	other := visit(t, b, s, link, chromium.Window{})
	other.at(5)
	other.Wait(lanes + ` === "bob,cid"`)
	other.Wait(`document.querySelector(".grid.large") !== null`)
	other.Wait(`document.querySelector("#step-5 .mark.on") !== null`)
	other.Press("m")
	other.says("State", "compared with step 5")
	other.Wait(`document.querySelector(".follow")?.innerText.includes("bob")`)
	if again := other.Eval(`location.pathname + location.search`); strings.ReplaceAll(link, "&large=", "") != again {
		t.Errorf("the link %s becomes %s", link, again)
	}
	for _, wrong := range []string{"lanes=9.x.1", "base=77", "base=other", "marks=1000", "tab=nothing", "pin=]["} {
		other.open(counted(3, 0, 0) + "?" + wrong)
		other.at(3)
	}
}

// Steps are marked, found again and kept on every run that shares them.
func bookmarks(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, chatters("ann", "bob")), counted(4, 4, 0), chromium.Window{})
	for _, x := range []struct {
		key string
		at  int
	}{{"b", 8}, {"g", 0}, {"j", 1}, {"j", 2}, {"b", 2}, {"B", 8}, {"B", 2}, {"2", 3}, {"B", 2}} {
		p.Press(x.key)
		p.at(x.at)
	}
	p.length(3)
	p.address("marks=2")
	p.Press("b")
	p.Wait(`document.querySelector(".mark.on") === null && !location.search.includes("marks")`)
	p.Press("x")
	p.Wait(`document.activeElement?.innerText?.includes("Trace file")`)
}

// Steps of one actor that follow each other are one row, which opens; what is selected is always seen.
func folds(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, chatters("ann", "bob")), counted(10, 10, 2), chromium.Window{})
	const shown = `[...document.querySelectorAll("#steps .number")].map((e) => e.textContent).join(" ")`
	p.click("button", "Steps of one actor as one row")
	p.Wait(shown + ` === "0 1 11 21 22 23 24"`)
	p.says("Steps", "10 steps of ann")
	p.Click(`document.querySelector(".step.folded button")`)
	p.Wait(shown + ` === "0 1 2 3 4 5 6 7 8 9 10 11 21 22 23 24"`)
	p.Press("g", "PageDown", "k", "k", "k", "k", "k")
	p.at(15)
	p.Wait(shown + `.includes("10 11 15 16 21")`)
	p.click("button", "Steps of one actor as one row")
	p.Wait(shown + `.includes("12 13 14 15 16")`)
}

// apart is how far the rows of the list and those of the diagram are apart, at most, in pixels; -1 if too few are
// seen.
const apart = `(() => {
	const middle = (e) => e.getBoundingClientRect().y + e.getBoundingClientRect().height / 2;
	const drawn = new Map([...document.querySelectorAll(".sequence svg > .number")]
		.filter((e) => /\d/.test(e.textContent)).map((e) => [Number(e.textContent), middle(e)]));
	const all = [...document.querySelectorAll("#steps .step")]
		.map((e) => [Number(e.querySelector(".number").textContent), middle(e)])
		.filter(([n]) => drawn.has(n)).map(([n, y]) => Math.abs(y - drawn.get(n)));
	return all.length < 5 ? -1 : Math.max(...all);
})()`

// Where the list of steps and the sequence diagram stand side by side, their rows have one height, also after
// scrolling.
func rows(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, chatters("ann", "bob")), counted(28, 28, 1), chromium.Window{Width: 2400, Height: 700})
	check := func(when string) {
		t.Helper()
		p.Wait(apart + ` >= 0 && ` + apart + ` < 4 /* ` + when + ` */`)
	}
	check("at the end")
	p.Press("g")
	p.at(0)
	check("at the start")
	for _, by := range []string{"#steps", ".sequence"} {
		p.Eval(fmt.Sprintf(`document.querySelector(%q).scrollTop = 400`, by))
		p.Wait(`document.querySelector("#steps").scrollTop === document.querySelector(".sequence").scrollTop`)
		check("after scrolling " + by)
		p.Eval(fmt.Sprintf(`document.querySelector(%q).scrollTop = 1e6`, by))
		check("after scrolling to the end")
	}
	p.Look(chromium.Window{Width: 1200, Height: 900})
	p.Wait(`getComputedStyle(document.querySelector("#steps")).getPropertyValue("--lead") === "0px"`)
	p.Press("m")
	check("with the drawing alone")
}

// redrawn counts the changes of the drawn graph in a step, by a key. Moving it into view is one.
const redrawn = `new Promise((done) => {
	let changes = 0;
	const canvas = document.querySelector(".canvas .whole");
	const observer = new MutationObserver((all) => { changes += all.length; });
	observer.observe(canvas, {subtree: true, childList: true, attributes: true});
	const was = %s;
	const app = new MutationObserver(() => {
		if (document.querySelector(".app").dataset.ready !== "true" || %s === was) return;
		app.disconnect();
		requestAnimationFrame(() => requestAnimationFrame(() => { observer.disconnect(); done(changes); }));
	});
	app.observe(document, {subtree: true, childList: true, attributes: true});
	window.dispatchEvent(new KeyboardEvent("keydown", {key: "%s", bubbles: true}));
})`

// A step redraws what is marked in a graph, and not its 300 states.
func marks(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, harmless(200)), "/?tab=graph", chromium.Window{})
	p.says("Drawings", "300 states")
	p.Wait(`document.querySelectorAll(".canvas .node").length === 300`)
	for _, key := range []string{"1", "2", "1", "k", "j", "k"} {
		n := p.Eval(fmt.Sprintf(redrawn, selected, selected, key)).(float64)
		if n > 1 {
			t.Errorf("key %s: %v changes of the graph", key, n)
		}
		p.ready()
	}
	if n := p.Eval(`document.querySelectorAll(".ring").length`).(float64); n != 5 {
		t.Errorf("%v marks, want those of 4 states, and one of the selected", n)
	}
}
