package allwaystest

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/trace"
)

// Fuzz fuzzes m: the bytes of an input pick the initial state and then, step by step, one of the actions that are
// enabled, have an effect and stay inside the boundary. A run that violates an [allways.Always], [allways.AlwaysStep],
// [allways.NoDeadlock] or, by coming to an end, an [allways.Eventually] fails and is printed up to the violation with the
// command that replays it; so does a method that panics. The traces stored in testdata/allways/TEST/*.trace, where TEST
// is the name of f, are seeds.
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
	for _, seed := range [][]byte{nil, make([]byte, 32), []byte("\x01\x02\x03\x05\x08\x0d\x15\x22\x37\x59\x90\xe9")} {
		f.Add(seed)
	}
	for _, file := range filesOf(f, filepath.Join(storeFolder(f), "*.trace")) {
		z.addStored(f, file)
	}
	f.Fuzz(z.run)
}

type fuzzer[S, A any] struct {
	stepper *allways.Stepper[S, A]
	name    string // of the fuzz test
	inits   []int  // indexes of the initial states inside the boundary
}

// findInits lists the initial states inside the boundary.
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

// maxFuzzSteps bounds a run, so that a long input cannot stall the search for others.
const maxFuzzSteps = 10_000

// pick takes a number below n off data: one byte, or two where one would not reach all choices. It reports false when
// data is used up. A single choice takes a byte as well, so that the length of an input bounds that of its run.
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

// unpick appends what pick reads as i.
func unpick(data []byte, i, n int) []byte {
	if n <= 1<<8 {
		return append(data, byte(i))
	}
	return append(data, byte(i>>8), byte(i))
}

// run makes the run that data picks.
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
	z.judge(t, p)
}

// start picks an initial state; the path is nil when there is none to start from.
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

// choices returns the indexes of the steps that may follow p. The error is the first panic of the model.
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

// judge fails if p violates a property.
func (z *fuzzer[S, A]) judge(t *testing.T, p *allways.Path[S, A]) {
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

// shorten returns the shortest beginning of p that violates the property too.
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

// fail stops with an error of the model after p.
func (z *fuzzer[S, A]) fail(t *testing.T, p *allways.Path[S, A], err error) {
	t.Helper()
	t.Fatalf("after %s: %s\n%s\n  replay  %s\n", steps(p.Len()), errorText(err), indented(p.String()), z.command(p))
}

func (z *fuzzer[S, A]) command(p *allways.Path[S, A]) string {
	name, _, _ := strings.Cut(z.name, "/")
	return (&Options{}).command(name, p.Encode())
}

// addStored makes a stored trace a seed. A trace that is no run any more is none.
func (z *fuzzer[S, A]) addStored(f *testing.F, file string) {
	f.Helper()
	stored := load(f, file, trace.Header{Types: z.stepper.TypesHash()})
	p, err := trace.Replay(z.stepper, stored)
	if err != nil {
		f.Logf("%s is no seed: %v", file, err)
		return
	}
	f.Add(z.input(p))
}

// input returns the bytes that pick p, up to where the model panics.
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
