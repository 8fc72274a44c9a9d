package allwaystest

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways"
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
	z := &fuzzer[S, A]{stepper: newStepper(f, m), name: f.Name()}
	if s.path != "" {
		replayPath(f, z.stepper, s.path)
		f.SkipNow()
	}
	z.findInits(f, m)
	for _, seed := range [][]byte{nil, make([]byte, 32),
		[]byte("\x01\x02\x03\x05\x08\x0d\x15\x22\x37\x59\x90\xe9")} {
		f.Add(seed)
	}
	for _, file := range filesOf(f, filepath.Join(storeFolder(f), "*.trace")) {
		z.addStored(f, file)
	}
	f.Fuzz(z.run)
}

type fuzzer[S, A any] struct {
	stepper *allways.Stepper[S, A]
	name    string // name of the fuzz test
	inits   []int  // indexes of the initial states inside the boundary
}

// findInits finds the initial states inside the boundary.
func (z *fuzzer[S, A]) findInits(f *testing.F, m allways.Model[S, A]) {
	f.Helper()
	states, err := z.stepper.Init()
	if err != nil {
		f.Fatal(err)
	}
	within := func(S) bool { return true }
	switch b := m.(type) {
	case allways.Bounded[S]:
		within = b.Within
	case allways.Funcs[S, A]:
		if b.WithinFunc != nil {
			within = b.WithinFunc
		}
	}
	for i, s := range states {
		if within(s) {
			z.inits = append(z.inits, i)
		}
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
func (z *fuzzer[S, A]) run(t *testing.T, data []byte) {
	p := z.start(t, &data)
	if p == nil {
		return
	}
	for p.Len() < maxFuzzSteps {
		choices, err := z.choices(p)
		if err != nil {
			z.fail(t, p, err)
		}
		if len(choices) == 0 {
			break
		}
		k, ok := pick(&data, len(choices))
		if !ok {
			break
		}
		q, err := z.stepper.Extend(p, choices[k])
		if err != nil {
			z.fail(t, p, err)
		}
		p = q
	}
	z.evaluate(t, p)
}

// start chooses an initial state. It returns nil if there is none, or no data.
func (z *fuzzer[S, A]) start(t *testing.T, data *[]byte) *allways.Path[S, A] {
	t.Helper()
	i, n := 0, len(z.inits)
	switch {
	case n == 0:
		return nil
	case n > 1:
		k, ok := pick(data, n)
		if !ok {
			return nil
		}
		i = k
	}
	p, err := z.stepper.Start(z.inits[i])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// choices returns the indexes of the steps that may follow p, or the first error of the model.
func (z *fuzzer[S, A]) choices(p *allways.Path[S, A]) (out []int, err error) {
	enabled, err := z.stepper.Transitions(p.Last())
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
func (z *fuzzer[S, A]) evaluate(t *testing.T, p *allways.Path[S, A]) {
	t.Helper()
	for _, prop := range z.stepper.Properties() {
		v, err := z.stepper.Evaluate(p, prop.Name())
		if err != nil {
			z.fail(t, p, err)
		}
		if v != allways.Violated {
			continue
		}
		p, err = z.shorten(p, prop.Name())
		if err != nil {
			z.fail(t, p, err)
		}
		t.Errorf("%s property %q is violated after %s\n\n%s\n  replay  %s\n",
			prop.Kind(), prop.Name(), steps(p.Len()), indented(p.String()), z.command(p))
		return
	}
}

// shorten returns the shortest prefix of p that violates the property.
func (z *fuzzer[S, A]) shorten(p *allways.Path[S, A], property string) (*allways.Path[S, A], error) {
	q, err := z.stepper.Start(p.InitIndex())
	if err != nil {
		return p, err
	}
	for _, st := range p.Steps() {
		if v, err := z.stepper.Evaluate(q, property); v == allways.Violated || err != nil {
			return q, err
		}
		if q, err = z.stepper.Extend(q, st.Index); err != nil {
			return p, err
		}
	}
	return q, nil
}

// fail stops the test with an error of the model after p.
func (z *fuzzer[S, A]) fail(t *testing.T, p *allways.Path[S, A], err error) {
	t.Helper()
	t.Fatalf("after %s: %s\n%s\n  replay  %s\n", steps(p.Len()), errorText(err), indented(p.String()), z.command(p))
}

func (z *fuzzer[S, A]) command(p *allways.Path[S, A]) string {
	name, _, _ := strings.Cut(z.name, "/")
	return (&Options{}).command(name, p.Encode())
}

// addStored adds a stored trace as a seed, if it still fits the model.
func (z *fuzzer[S, A]) addStored(f *testing.F, file string) {
	f.Helper()
	stored := load(f, file, trace.Header{Types: z.stepper.TypesHash()})
	p, err := trace.Replay(z.stepper, stored)
	if err != nil {
		f.Logf("%s is not used as a seed: %v", file, err)
		return
	}
	f.Add(z.input(p))
}

// input returns the input that chooses p, up to the first error of the model.
func (z *fuzzer[S, A]) input(p *allways.Path[S, A]) (data []byte) {
	if len(z.inits) > 1 {
		data = unpick(data, slices.Index(z.inits, p.InitIndex()), len(z.inits))
	}
	q, err := z.stepper.Start(p.InitIndex())
	for _, st := range p.Steps() {
		var choices []int
		if err == nil {
			choices, err = z.choices(q)
		}
		if err != nil {
			break
		}
		data = unpick(data, slices.Index(choices, st.Index), len(choices))
		q, err = z.stepper.Extend(q, st.Index)
	}
	return data
}
