package browsertest

import (
	"fmt"
	"testing"

	"github.com/allways-go/allways/internal/chromium"
)

// drawings are the tabs of a system of actors.
var drawings = []string{"Graph", "History", "Log", "Coverage", "Growth", "Sequence"}

// faults lists what is wrong with the layout: panels that overlap or leave the window, a page that
// scrolls sideways.
const faults = `(() => {
	const out = [];
	const root = document.documentElement;
	if (root.scrollWidth > innerWidth) out.push("the page scrolls sideways: " + root.scrollWidth);
	if (root.scrollHeight > innerHeight + 1) out.push("the page scrolls: " + root.scrollHeight);
	const panels = [...document.querySelectorAll("header, section.panel, form.find")]
		.map((e) => [e, e.getBoundingClientRect()]);
	for (const [e, r] of panels) {
		const name = e.getAttribute("aria-label") ?? e.tagName;
		if (r.width < 100 || r.height < 20) out.push(name + " is too small: " + r.width + " by " + r.height);
		if (r.right > innerWidth + 1 || r.bottom > innerHeight + 1) out.push(name + " leaves the window");
		for (const [f, q] of panels) {
			if (e === f || e.contains(f) || f.contains(e)) continue;
			const beside = r.left > q.right - 1 || q.left > r.right - 1;
			if (!beside && r.top < q.bottom - 1 && q.top < r.bottom - 1)
				out.push(name + " overlaps " + (f.getAttribute("aria-label") ?? f.tagName));
		}
	}
	for (const e of document.querySelectorAll(".panel > h2, .heads"))
		if (e.scrollWidth > e.clientWidth) out.push("a head is too narrow: " + e.innerText.slice(0, 40));
	return out.join("; ");
})()`

// faint lists texts with less contrast than 4.5 to 1, or 3 to 1 where they are large.
const faint = `(() => {
	const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
	const rgba = (c) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1);
		return [...canvas.getImageData(0, 0, 1, 1).data]; };
	const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
	const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
	const over = (top, below) => top.map((v, i) => i < 3 ? (v * top[3] + below[i] * (255 - top[3])) / 255 : 255);
	const ground = (e) => e ? over(rgba(getComputedStyle(e).backgroundColor), ground(e.parentElement)) :
		matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0, 255] : [255, 255, 255, 255];
	const out = new Set();
	for (const e of document.querySelectorAll("#app *:not(svg *)")) {
		const own = [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join("");
		if (!own || e.offsetParent === null || e.closest("[disabled], [aria-hidden=true], .disabled")) continue;
		const style = getComputedStyle(e);
		const below = ground(e);
		const [a, b] = [light(over(rgba(style.color), below)), light(below)].sort((x, y) => y - x);
		const large = parseFloat(style.fontSize) >= 18.66;
		const contrast = (a + 0.05) / (b + 0.05);
		if (contrast < (large ? 3 : 4.5)) out.add(own.slice(0, 30) + " (" + contrast.toFixed(2) + ")");
	}
	return [...out].join("; ");
})()`

// nameless lists what can be used and has no name.
const nameless = `["button", "input", "select", "a", "[role=tab]", "[tabindex]", "svg[role=img]"]
	.flatMap((kind) => [...document.querySelectorAll("#app " + kind)])
	.filter((e) => e.offsetParent !== null || e instanceof SVGElement)
	.filter((e) => !(e.getAttribute("aria-label") || e.labels?.[0]?.innerText.trim() || e.textContent.trim() || e.title))
	.map((e) => e.outerHTML.slice(0, 120)).join("; ")`

// fits demands that the drawings fit every window, and are readable in both colours.
func (p *page) fits(tabs ...string) {
	p.t.Helper()
	for _, w := range []chromium.Window{
		{Width: 1024, Height: 700}, {Width: 1440, Height: 900, Dark: true}, {Width: 2560, Height: 1400, Dark: true},
		{Width: 1440, Height: 900},
	} {
		p.Look(w)
		p.Wait(fmt.Sprintf("innerWidth === %d", w.Width))
		for _, tab := range tabs {
			p.click("tab", tab)
			if text := p.Eval(faults); text != "" {
				p.t.Errorf("%d wide, %s: %s", w.Width, tab, text)
			}
			if text := p.Eval(faint); text != "" {
				p.t.Errorf("%d wide, dark %t, %s: too little contrast: %s", w.Width, w.Dark, tab, text)
			}
		}
	}
}

// The page fits every window from narrow to wide, and is readable in both colours.
func looks(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, replicas(2)), "/t/0:0.1.0.1", chromium.Window{})
	p.fits(drawings...)
	light := p.Eval(`getComputedStyle(document.body).backgroundColor`)
	p.click("button", "Colours: system")
	p.click("button", "Colours: dark")
	p.click("button", "Colours: light")
	p.Look(chromium.Window{Width: 1440, Height: 900, Dark: true})
	if dark := p.Eval(`getComputedStyle(document.body).backgroundColor`); dark == light {
		t.Errorf("dark and light are both %v", light)
	}
}

// All that can be used has a name, and the keyboard reaches it.
func names(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, replicas(2)), "/t/0:0.1.0.1", chromium.Window{})
	for _, tab := range drawings {
		p.click("tab", tab)
		if text := p.Eval(nameless); text != "" {
			t.Errorf("%s: no name: %s", tab, text)
		}
	}
	p.Eval(`document.activeElement.blur()`)
	reached := map[any]bool{}
	for range 60 {
		p.Press("Tab")
		const focused = `document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent.trim()`
		reached[p.Eval(focused)] = true
	}
	for _, name := range []string{
		"Search all states", "Save or open a trace", "Keys", "Find", "Sequence", "Steps", "State",
	} {
		if !reached[name] {
			t.Errorf("the key Tab does not reach %q", name)
		}
	}
}

// The checks of looks and names see what they are for.
func sights(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, replicas(2)), "/", chromium.Window{})
	for _, x := range []struct{ name, change, check string }{
		{"faint text", `app.append(Object.assign(document.createElement("p"), {textContent: "faint"}));
			app.lastChild.style.cssText = "color: #bbb; background: #fff"`, faint},
		{"a button without a name", `app.append(document.createElement("button"))`, nameless},
		{"a button that no key reaches", `app.append(document.createElement("button")); app.lastChild.tabIndex = -1`,
			unreached},
		{"two tabs in the order", `document.querySelector("[role=tab][tabindex='-1']").tabIndex = 0`, unreached},
		{"a wide page", `app.append(document.createElement("hr")); app.lastChild.style.width = "3000px"`, faults},
		{"panels that overlap", `document.querySelector("section.panel").style.cssText = "width: 900px; position: fixed"`,
			faults},
	} {
		if text := p.Eval(x.check); text != "" {
			t.Errorf("%s is seen too early: %v", x.name, text)
		}
		p.Eval(`{ const app = document.getElementById("app"); ` + x.change + ` }`)
		if text := p.Eval(x.check); text == "" {
			t.Errorf("%s is not seen", x.name)
		}
		p.open("/")
	}
}

// unreached lists what the keyboard cannot use: what reacts to clicks as a button does and cannot have the focus, and
// widgets of a role without what the role needs.
const unreached = `(() => {
	const out = [];
	const say = (e, what) => out.push(what + ": " + e.outerHTML.slice(0, 100));
	const shown = (e) => e.offsetParent !== null;
	const all = (kind) => [...document.querySelectorAll("#app " + kind)].filter(shown);
	for (const e of all("[tabindex]"))
		if (e.tabIndex > 0) say(e, "a positive place in the order");
	for (const e of all("button, a, input, select")) {
		if (e.tabIndex < 0 && !e.closest("[role=tablist], [role=listbox], .lane, .step")) say(e, "never in the order");
	}
	for (const list of all("[role=tablist]")) {
		const tabs = [...list.querySelectorAll("[role=tab]")];
		if (tabs.filter((t) => t.tabIndex === 0).length !== 1) say(list, "not one tab in the order");
		const chosen = tabs.filter((t) => t.getAttribute("aria-selected") === "true");
		if (chosen.length !== 1) say(list, "not one tab is selected");
		for (const t of tabs)
			if (!document.getElementById(t.getAttribute("aria-controls"))) say(t, "controls nothing");
	}
	for (const e of all("[aria-activedescendant]")) {
		if (!document.getElementById(e.getAttribute("aria-activedescendant"))) say(e, "the active part is not there");
		if (e.tabIndex < 0) say(e, "cannot have the focus");
	}
	for (const [of, part] of [["listbox", "option"], ["tree", "treeitem"], ["list", "listitem"]]) {
		for (const e of all("[role=" + of + "]"))
			if (!e.querySelector("[role=" + part + "]")) say(e, "has no " + part);
	}
	for (const e of all("[role=separator]"))
		if (!e.hasAttribute("aria-valuenow") && e.tabIndex >= 0) say(e, "has no value");
	for (const e of all("[aria-expanded], [aria-pressed], [aria-haspopup]")) {
		if (!e.matches("button, a, input, select, [role=treeitem], [role=combobox]")) say(e, "has a state, and is nothing");
	}
	return out.join("; ");
})()`

// order demands that the focus goes through the page as it is read: from the header to the question at the foot, and
// within a panel from its head to its foot.
const order = `[...document.querySelectorAll("#app :is(button, a, input, select, [tabindex])")]
	.filter((e) => e.offsetParent !== null && e.tabIndex >= 0 && !e.disabled)
	.map((e) => e.closest("header") ? 0 : e.closest("main") ? 1 : e.closest("[role=search]") ? 2 : 1)
	.every((place, i, all) => i === 0 || all[i - 1] <= place)`

// What can be used is used by keys: it is in the order of the page, and widgets have what their roles need.
func access(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, replicas(2)), "/t/0:0.1.0.1", chromium.Window{})
	for _, tab := range drawings {
		p.click("tab", tab)
		p.ready()
		if text := p.Eval(unreached); text != "" {
			t.Errorf("%s: %s", tab, text)
		}
		if p.Eval(order) != true {
			t.Errorf("%s: the focus jumps about the page", tab)
		}
	}
	p.Eval(`document.querySelector("[role=tab][aria-selected=true]").focus()`)
	for range drawings {
		was := p.Eval(`document.activeElement.id`)
		p.Press("ArrowRight")
		p.Wait(`document.activeElement.role === "tab" && document.activeElement.tabIndex === 0 &&
			document.activeElement.getAttribute("aria-selected") === "true" && document.activeElement.id !== ` +
			chromium.Quoted(was.(string)))
	}
}
