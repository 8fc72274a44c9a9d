package browsertest

import (
	"bufio"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/chromium"
	"github.com/allways-go/allways/internal/freeport"
	"github.com/allways-go/allways/internal/longtest"
)

var update = flag.Bool("update", false, "write the pictures in docs/images")

// maxPicture is the size of a picture, in bytes, that a repository can bear.
const maxPicture = 150_000

// picture is a view of an example, as a person gets there.
type picture struct {
	name   string // of the file
	args   []string
	dark   bool
	prompt func(*page)
	run    []string // arguments of the verb run, whose processes are recorded and laid beside the model; nil for none
}

var pictures = []picture{
	{name: "paxos", args: []string{"paxos", "broken", "-search"}, prompt: func(p *page) {
		p.found("counterexample")
		p.says("Properties", "broken here")
		p.says("State", "because of")
	}},
	{name: "raft", args: []string{"raft", "broken", "-search"}, dark: true, prompt: tour},
	{name: "twophase", args: []string{"twophase", "2", "-search"}, prompt: func(p *page) {
		p.found("witness")
		p.click("tab", "Graph")
		p.says("Drawings", "all of them")
	}},
	{name: "lasso", args: []string{"termination", "2", "1", "impatient", "-search"}, prompt: func(p *page) {
		p.found("counterexample")
		p.says("Steps", "↻")
		p.Press("G")
	}},
	{name: "growth", args: []string{"paxos", "2", "-search"}, prompt: func(p *page) {
		p.WaitLong(`document.querySelector("header").innerText.includes("all states searched")`, 20)
		p.click("tab", "Growth")
		p.says("Drawings", "were looked at")
	}},
	{name: "recording", args: []string{"abd", "abd", "-readers", "1"}, run: []string{"broken"}, dark: true,
		prompt: func(p *page) { p.says("Drawings", "leaves the model at event") }},
}

// tour is the tour of docs/explorer.md: who made two leaders?
func tour(p *page) {
	p.found("counterexample, 8 steps")
	p.at(8)
	p.says("Properties", "broken here")
	p.says("State", `Role "candidate" → "leader"`)
	for _, part := range []string{"server-1.Role", "server-1.Durable.Term", "server-2.Role", "server-2.Durable.Term"} {
		p.says("State", "◆ "+part)
	}
	p.Press("k", "k")
	p.at(6)
	p.says("Steps", "restart server-3")
	p.says("State", `Voted "server-1" → "NoActor"`)
	p.Press("j")
	p.at(7)
	p.says("State", `Voted "NoActor" → "server-2"`)
	p.Press("k")
	p.at(6)
	link := p.Eval("location.href").(string)
	for _, question := range []string{
		`count(actors, Role == "leader") > 1`, `actors["server-3"].Durable.Voted == "NoActor" && has(action, "restart")`,
		`any(inFlight, from == "server-3" && to == "server-2")`,
	} {
		p.Press("/")
		p.Eval(`document.getElementById("find").select()`)
		p.Type(question)
		p.Press("Enter")
		p.Wait(`document.querySelector("[role=search]").innerText.includes("1 of")`)
		p.ready()
		p.Eval(`document.activeElement.blur()`)
	}
	p.Open(link)
	p.at(6)
	p.Press("i")
	p.says("Steps", "⚑")
	p.says("Steps", "nearest good run")
	p.Press("G")
	p.at(8)
	p.says("State", "because of")
}

// The pictures of the documents are made by going there, so they show what there is.
func takePictures(t *testing.T, b *chromium.Browser) {
	if !*update {
		longtest.Run(t)
	}
	folder := t.TempDir()
	if *update {
		folder = filepath.Join("..", "..", "..", "docs", "images")
	}
	bin := t.TempDir()
	for _, x := range pictures {
		t.Run(x.name, func(t *testing.T) {
			program := filepath.Join(bin, x.args[0])
			build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../../../examples/"+x.args[0])
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			args := x.args[1:]
			if x.run != nil {
				args = append(slices.Clone(args), "-recording", processes(t, program, x.run...))
			}
			link := run(t, program, args...)
			host, _, _ := strings.Cut(strings.TrimPrefix(link, "http://"), "/")
			p := &page{Tab: b.Tab(t, chromium.Window{Width: 1360, Height: 850, Dark: x.dark}), t: t, server: &server{addr: host}}
			t.Cleanup(p.clean)
			p.Open(link)
			p.ready()
			x.prompt(p)
			p.ready()
			p.still()
			file := filepath.Join(folder, "explorer-"+x.name+".png")
			p.Screenshot(file)
			shrink(t, file)
			if info, err := os.Stat(file); err != nil || info.Size() > maxPicture {
				t.Errorf("%v has more than %d bytes (%v)", file, maxPicture, err)
			}
		})
	}
}

// processes runs a program with the verb run for a second, and returns the folder with what it has recorded.
func processes(t *testing.T, program string, args ...string) (folder string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "recordings")
	_, port, _ := strings.Cut(freeport.Addr(t, "tcp"), ":")
	flags := []string{"-record", folder, "-transport", "tcp", "-http", "off", "-port", port, "-timeout", "1s", "-quiet"}
	c := exec.CommandContext(t.Context(), program, append(append([]string{"run"}, args...), flags...)...)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return folder
}

// run starts a program with the verb explore and returns the link that it prints. The program ends
// with the test.
func run(t *testing.T, program string, args ...string) string {
	t.Helper()
	c := exec.Command(program, append(append([]string{"explore"}, args...), "-addr", "127.0.0.1:0")...)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Signal(os.Interrupt)
		if err := c.Wait(); err != nil {
			t.Errorf("%s: %v", program, err)
		}
	})
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("it prints no link")
	}
	return lines.Text()
}

// found waits until the search has found a counterexample or a witness, and opens it.
func (p *page) found(what string) {
	p.t.Helper()
	p.WaitLong("!!"+element("button", what), 20)
	p.click("button", what)
}

// still closes messages and waits until nothing moves: two frames, one after the other.
func (p *page) still() {
	p.t.Helper()
	p.Eval(`document.querySelectorAll(".toast button[aria-label]").forEach((b) => b.click())`)
	p.Wait(`!document.querySelector(".toast")`)
	p.Eval(`document.activeElement.blur()`)
	p.Eval(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`)
}
