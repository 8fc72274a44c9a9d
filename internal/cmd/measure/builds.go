package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/allways-go/allways/internal/sources"
)

// program is a generated package that checks a number of models.
type program struct {
	dir    string // folder of the generated files
	module *sources.Module
	rounds int // number of builds so far, each with a text that is new to the build cache
}

// builds prints what it costs to compile and link packages that use the module: a first model, each
// further one, and an example of a plain model with its command line.
func builds(w io.Writer, m *sources.Module) error {
	section(w, "Programs that use the module")
	dir, err := os.MkdirTemp("", "measure")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p := &program{dir: dir, module: m}
	var seconds [3]time.Duration
	var bytes [3]int64
	for i, models := range []int{0, 1, 6} {
		if seconds[i], err = p.compile(models); err != nil {
			return err
		}
		if bytes[i], err = p.link(models); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "compile  a package with one model: %.2f s of CPU; each further model type: %.2f s\n",
		(seconds[1] - seconds[0]).Seconds(), (seconds[2]-seconds[1]).Seconds()/5)
	fmt.Fprintf(w, "size     a program without models: %.2f MB; with one model: %.2f MB; each further: %.3f MB\n",
		mega(bytes[0]), mega(bytes[1]), mega(bytes[2]-bytes[1])/5)
	for _, rel := range []string{"examples/twophase", "examples/paxos"} {
		if m.Package(rel) == nil {
			continue
		}
		out := filepath.Join(dir, "example")
		if _, err := p.run("build", "-o", out, "./"+rel); err != nil {
			return err
		}
		info, err := os.Stat(out)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "size     %s: %.2f MB\n", rel, mega(info.Size()))
	}
	return nil
}

func mega(bytes int64) float64 { return float64(bytes) / 1e6 }

// compile returns the CPU time that it takes to compile a package with a number of models,
// everything that it imports being compiled already: the least of some rounds.
func (p *program) compile(models int) (least time.Duration, err error) {
	for range 4 {
		p.rounds++
		took, err := p.build(models, "measured", "-o", os.DevNull)
		if err != nil {
			return 0, err
		}
		if least == 0 || took < least {
			least = took
		}
	}
	return least, nil
}

// link returns the size of a program with a number of models.
func (p *program) link(models int) (int64, error) {
	out := filepath.Join(p.dir, "program")
	if _, err := p.build(models, "main", "-o", out); err != nil {
		return 0, err
	}
	info, err := os.Stat(out)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// build builds a generated package. The go command sees it in a folder of the module that does not
// exist, so that nothing is written into the module, and its versions of other modules hold.
func (p *program) build(models int, name string, flags ...string) (time.Duration, error) {
	text := filepath.Join(p.dir, "models.go")
	if err := os.WriteFile(text, []byte(p.source(models, name)), 0o644); err != nil {
		return 0, err
	}
	const folder = "zz_measured"
	overlay, err := json.Marshal(map[string]any{
		"Replace": map[string]string{filepath.Join(p.module.Dir, folder, "models.go"): text},
	})
	if err != nil {
		return 0, err
	}
	file := filepath.Join(p.dir, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o644); err != nil {
		return 0, err
	}
	return p.run(append(append([]string{"build", "-overlay", file}, flags...), "./"+folder)...)
}

// run runs the go command, and returns the CPU time that it took.
func (p *program) run(args ...string) (time.Duration, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = p.module.Dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}

// source returns the text of a package with a number of models, whose states have different types,
// and which are checked.
func (p *program) source(models int, name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n\n", name)
	if models > 0 {
		fmt.Fprintf(&b, "import (\n\t\"context\"\n\n\t%q\n)\n\n", p.module.Path)
	}
	fmt.Fprintf(&b, "// Round %d of %d.\nconst Round = %d\n", p.rounds, os.Getpid(), p.rounds*1_000_000+os.Getpid())
	for i := range models {
		fmt.Fprintf(&b, model, i, i+1)
	}
	b.WriteString("\nfunc Check() {\n")
	for i := range models {
		fmt.Fprintf(&b, "\tallways.Check(context.Background(), Model%d{}, allways.Options{})\n", i)
	}
	b.WriteString("}\n")
	if name == "main" {
		b.WriteString("\nfunc main() { Check() }\n")
	}
	return b.String()
}

// model is the text of a model, for a number, and for how many counters it has.
const model = `
type State%[1]d struct {
	Counters [%[2]d]uint8
	Log      []string
}

type Action%[1]d struct{ Counter uint8 }

type Model%[1]d struct{}

func (Model%[1]d) Init() []State%[1]d { return []State%[1]d{{}} }

func (Model%[1]d) Actions(dst []Action%[1]d, s State%[1]d) []Action%[1]d {
	for i := range s.Counters {
		dst = append(dst, Action%[1]d{uint8(i)})
	}
	return dst
}

func (Model%[1]d) Next(s State%[1]d, a Action%[1]d) (State%[1]d, bool) {
	s.Counters[a.Counter]++
	return s, s.Counters[a.Counter] < 3
}

func (Model%[1]d) Properties() []allways.Property[State%[1]d] {
	return []allways.Property[State%[1]d]{
		allways.Always("small", func(s State%[1]d) bool { return s.Counters[0] < 3 }),
	}
}
`
