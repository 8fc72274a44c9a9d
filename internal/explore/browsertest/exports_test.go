package browsertest

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/chromium"
)

// export returns what an item of the menu saves, and the name of its file.
func (p *page) export(name string) (text, file string) {
	p.t.Helper()
	p.click("button", "Save or open a trace")
	p.Wait("!!" + element("link", name))
	file, _ = p.Eval(element("link", name) + `.download`).(string)
	text, _ = p.Eval(`fetch(` + element("link", name) + `.href).then((r) => r.text())`).(string)
	p.Press("Escape")
	return text, file
}

// A saved page shows its path from a file, without a server, and asks for nothing else.
func savedPage(t *testing.T, b *chromium.Browser) {
	s := serve(t, replicas(2))
	served := visit(t, b, s, "/t/0:0.1.0.1", chromium.Window{})
	text, name := served.export("Page without a server")
	if name != "model.html" {
		t.Errorf("the file is called %s", name)
	}
	file := filepath.Join(t.TempDir(), "saved.html")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	served.down = true
	s.stop()
	p := &page{Tab: b.Tab(t, chromium.Window{}), t: t, server: s}
	address := (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()
	p.Open(address)
	p.ready()
	p.Wait(`document.querySelector("header").innerText.includes("saved page")`)
	p.length(4)
	p.at(4) // what the path leads to is what it was saved for
	p.says("Properties", "undecided")
	p.Press("k")
	p.at(3)
	p.says("State", "server-1")
	p.says("Steps", "client-1")
	p.click("tab", "History")
	p.Wait(`document.querySelector("[role=tabpanel]").innerText.includes("write(A)")`)
	if problems := p.Problems(); len(problems) > 0 {
		t.Errorf("the page complains: %q", problems)
	}
	for _, to := range p.Requests() {
		if !strings.HasPrefix(to, address) && to != "about:blank" && !strings.HasPrefix(to, "data:") {
			t.Errorf("the page asks for %s", to)
		}
	}
}

// A path is saved as a Go test of the package that makes the model.
func goTest(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, counter(3)), "/t/0:1.1.1", chromium.Window{})
	text, name := p.export("Go test")
	want := "func TestModelFewerThanThreeReds(t *testing.T) {\n\tm := model()\n" +
		"\tallwaystest.Regression(t, m, `allways trace 1\n"
	if name != "model_test.go" || !strings.HasPrefix(text, "package models\n") || !strings.Contains(text, want) {
		t.Errorf("%s:\n%s", name, text)
	}
}

// Properties and predicates are chosen by name, and stand in longer questions.
func questions(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, counter(4)), "/", chromium.Window{})
	p.click("button", "Questions to choose from")
	p.click("option", `named("two blues")`)
	p.Press("Enter")
	p.at(2)
	p.address("/t/0:0.0")
	p.Eval(`document.getElementById("find").select()`)
	p.Type(`after(Red == 2, named("two blues"))`)
	p.Press("Enter")
	p.at(4)
	p.address("/t/0:0.0.1.1")
}

// A drawing is saved as a picture.
func savedPicture(t *testing.T, b *chromium.Browser) {
	p := visit(t, b, serve(t, replicas(2)), "/t/0:0.1.0.1", chromium.Window{})
	p.Eval(`HTMLAnchorElement.prototype.click = function () { window.saved = this; }`)
	p.click("button", "Save or open a trace")
	p.click("link", "Save as Drawing (PNG)")
	p.Wait(`window.saved?.download === "model.png"`)
	p.Eval(`window.picture = new Image(); window.picture.src = window.saved.href`)
	p.Wait(`window.picture.complete && window.picture.naturalWidth > 400 && window.picture.naturalHeight > 200`)
	p.Eval(`(() => {
		const canvas = document.createElement("canvas");
		canvas.width = window.picture.width;
		canvas.height = window.picture.height;
		const pen = canvas.getContext("2d");
		pen.drawImage(window.picture, 0, 0);
		const all = pen.getImageData(0, 0, canvas.width, canvas.height).data;
		window.colours = new Set(Array.from({ length: all.length / 4 }, (_, i) => all.slice(4 * i, 4 * i + 4).join())).size;
	})()`)
	p.Wait(`window.colours > 3`) // it is not blank
}
