package allwaystest

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/trace"
)

// Fuzz fuzzes m. The bytes of an input choose the initial state and then, step by step, one of the
// enabled actions that have an effect and stay inside the boundary.
//
// A run fails if it violates an [allways.Always], [allways.AlwaysStep] or [allways.NoDeadlock]
// property, if it ends without satisfying an [allways.Eventually] property, or if a method of m
// panics. It is printed up to the violation, with a command that replays it. The traces in
// testdata/allways/TEST/*.trace, where TEST is the name of f, are seeds.
func Fuzz[S, A any](f *testing.F, m allways.Model[S, A]) {
	f.Helper()
	s, err := readSettings()
	if err != nil {
		f.Fatal(err)
	}
	z := &fuzzer{model: erased.Of(m), name: f.Name()}
	compile(f, z.model)
	s.ready(f)
	if s.path != "" {
		replayPath(f, z.model, s, labels{})
		f.SkipNow()
	}
	z.findInits(f)
	for _, seed := range [][]byte{nil, make([]byte, 32),
		[]byte("\x01\x02\x03\x05\x08\x0d\x15\x22\x37\x59\x90\xe9")} {
		f.Add(seed)
	}
	for _, file := range filesOf(f, filepath.Join(storeFolder(f), "*.trace")) {
		z.addStored(f, file)
	}
	f.Fuzz(z.run)
}

type fuzzer struct {
	model *erased.Model
	name  string         // name of the fuzz test
	inits []*erased.Path // paths without steps from the initial states inside the boundary
}

// findInits finds the initial states inside the boundary.
func (z *fuzzer) findInits(f *testing.F) {
	f.Helper()
	var err error
	if z.inits, err = z.model.Init(); err != nil {
		f.Fatal(err)
	}
}

// maxFuzzSteps is the maximum length of a run, so that a long input cannot stall the fuzzer.
const maxFuzzSteps = 10_000

// pick takes a number below n from data: one byte, or two if one cannot express all choices. It
// returns false if data is used up. A single choice takes a byte too, so that a run is not longer
// than its input.
func pick(data *[]byte, n int) (int, bool) {
	d := *data
	switch {
	case n <= 1<<8 && len(d) >= 1:
		*data = d[1:]
		return int(d[0]) % n, true
	case n > 1<<8 && len(d) >= 2:
		*data = d[2:]
		return (int(d[0])<<8 | int(d[1])) % n, true
	}
	return 0, false
}

// unpick appends the bytes that pick reads as i.
func unpick(data []byte, i, n int) []byte {
	if n <= 1<<8 {
		return append(data, byte(i))
	}
	return append(data, byte(i>>8), byte(i))
}

// run runs the model as data chooses.
func (z *fuzzer) run(t *testing.T, data []byte) {
	p := z.start(&data)
	if p == nil {
		return
	}
	for p.Len() < maxFuzzSteps {
		indexes, err := choices(p)
		if err != nil {
			z.fail(t, p, err)
		}
		if len(indexes) == 0 {
			break
		}
		k, ok := pick(&data, len(indexes))
		if !ok {
			break
		}
		q, err := p.Extend(indexes[k])
		if err != nil {
			z.fail(t, p, err)
		}
		p = q
	}
	z.evaluate(t, p)
}

// start chooses an initial state. It returns nil without initial states or without data.
func (z *fuzzer) start(data *[]byte) *erased.Path {
	switch n := len(z.inits); n {
	case 0:
		return nil
	case 1:
		return z.inits[0]
	default:
		k, ok := pick(data, n)
		if !ok {
			return nil
		}
		return z.inits[k]
	}
}

// choices returns the indexes of the steps that may follow p, or the first error of the model.
func choices(p *erased.Path) (out []int, err error) {
	enabled, err := p.Transitions()
	for _, e := range enabled {
		if e.Err != nil {
			return nil, e.Err
		}
		if e.Effect && e.Within {
			out = append(out, e.Index)
		}
	}
	return out, err
}

// evaluate fails if p violates a property.
func (z *fuzzer) evaluate(t *testing.T, p *erased.Path) {
	t.Helper()
	for _, prop := range z.model.Properties() {
		v, err := p.Evaluate(prop.Name)
		if err != nil {
			z.fail(t, p, err)
		}
		if v != allways.Violated {
			continue
		}
		p, err = z.shorten(p, prop.Name)
		if err != nil {
			z.fail(t, p, err)
		}
		t.Errorf("%s property %q is violated after %s\n\n%s\n  replay  %s\n",
			prop.Kind, prop.Name, steps(p.Len()), indented(runText(p)), z.command(p))
		return
	}
}

// shorten returns the shortest prefix of p that violates the property.
func (z *fuzzer) shorten(p *erased.Path, property string) (*erased.Path, error) {
	q, err := z.model.Start(p.InitIndex())
	if err != nil {
		return p, err
	}
	for i := range p.Len() {
		if v, err := q.Evaluate(property); v == allways.Violated || err != nil {
			return q, err
		}
		if q, err = q.Extend(p.Step(i).Index); err != nil {
			return p, err
		}
	}
	return q, nil
}

// fail stops the test with an error of the model after p.
func (z *fuzzer) fail(t *testing.T, p *erased.Path, err error) {
	t.Helper()
	t.Fatalf("after %s: %s\n%s\n  replay  %s\n", steps(p.Len()), errorText(err), indented(runText(p)), z.command(p))
}

func (z *fuzzer) command(p *erased.Path) string {
	name, _, _ := strings.Cut(z.name, "/")
	return (&labels{}).replayCommand(name, p.Encode())
}

// addStored adds a stored trace as a seed, if it still fits the model.
func (z *fuzzer) addStored(f *testing.F, file string) {
	f.Helper()
	stored := load(f, file, trace.Header{Types: z.model.TypesHash()})
	p, err := z.model.Replay(stored)
	if err != nil {
		f.Logf("%s is not used as a seed: %v", file, err)
		return
	}
	f.Add(z.input(p))
}

// input returns the input that chooses p, up to the first error of the model.
func (z *fuzzer) input(p *erased.Path) (data []byte) {
	if len(z.inits) > 1 {
		first := func(q *erased.Path) bool { return q.InitIndex() == p.InitIndex() }
		data = unpick(data, slices.IndexFunc(z.inits, first), len(z.inits))
	}
	q, err := z.model.Start(p.InitIndex())
	for i := range p.Len() {
		var indexes []int
		if err == nil {
			indexes, err = choices(q)
		}
		if err != nil {
			break
		}
		index := p.Step(i).Index
		data = unpick(data, slices.Index(indexes, index), len(indexes))
		q, err = q.Extend(index)
	}
	return data
}
