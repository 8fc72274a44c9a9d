package allways_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/allways-go/allways"
)

// odometer counts in any of three digits, up to 9; a digit that is full has no effect, and "break"
// panics.
func odometer() allways.Funcs[[3]int, string] {
	return allways.Funcs[[3]int, string]{
		InitFunc: func() [][3]int { return [][3]int{{}, {9, 9, 9}} },
		ActionsFunc: func(dst []string, s [3]int) []string {
			if s == [3]int{9, 9, 9} {
				return dst
			}
			dst = append(dst, "ones", "tens", "hundreds")
			if s[0] == 3 {
				dst = append(dst, "break")
			}
			return dst
		},
		NextFunc: func(s [3]int, a string) ([3]int, bool) {
			digit := slices.Index([]string{"ones", "tens", "hundreds"}, a)
			if digit < 0 {
				panic("it broke")
			}
			if s[digit] == 9 {
				return s, false
			}
			s[digit]++
			return s, true
		},
		Props: []allways.Property[[3]int]{
			allways.Always("below 999", func(s [3]int) bool { return s != [3]int{9, 9, 9} }),
		},
	}
}

func stepperOf[S, A any](t *testing.T, m allways.Model[S, A]) *allways.Stepper[S, A] {
	t.Helper()
	s, err := allways.NewStepper(m)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func parsed[S, A any](t *testing.T, s *allways.Stepper[S, A], encoded string) *allways.Path[S, A] {
	t.Helper()
	p, err := s.ParsePath(encoded)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Iterators yield positions and values, may be left early, and begin anew each time.
func TestIterators(t *testing.T) {
	p := parsed(t, stepperOf(t, odometer()), "0:0.1.1.2")
	for stop := range 6 {
		var states []string
		for i, s := range p.States() {
			if i == stop {
				break
			}
			states = append(states, fmt.Sprint(i, s))
		}
		if want := []string{
			"0 [0 0 0]", "1 [1 0 0]", "2 [1 1 0]", "3 [1 2 0]", "4 [1 2 1]",
		}[:min(stop, 5)]; !slices.Equal(states, want) {
			t.Errorf("left at %d: states %q, want %q", stop, states, want)
		}
		var steps []string
		for i, s := range p.Steps() {
			if i == stop {
				break
			}
			steps = append(steps, fmt.Sprintf("%d %v %s#%d %v", i, s.Before, s.Text, s.Index, s.After))
		}
		all := []string{
			"0 [0 0 0] ones#0 [1 0 0]", "1 [1 0 0] tens#1 [1 1 0]", "2 [1 1 0] tens#1 [1 2 0]",
			"3 [1 2 0] hundreds#2 [1 2 1]",
		}
		if want := all[:min(stop, 4)]; !slices.Equal(steps, want) {
			t.Errorf("left at %d: steps %q, want %q", stop, steps, want)
		}
	}
	for range parsed(t, stepperOf(t, odometer()), "0:").Steps() {
		t.Error("a path without steps has one")
	}
}

// What a path tells of its steps belongs to the caller.
func TestActionsAreACopy(t *testing.T) {
	p := parsed(t, stepperOf(t, odometer()), "0:0.1")
	p.Actions()[0] = "changed"
	if got := p.Actions(); !slices.Equal(got, []string{"ones", "tens"}) {
		t.Errorf("actions %q", got)
	}
	if p.ActionText(1) != "tens" || p.StateText(1) != "[1 0 0]" || string(p.StateJSON(2)) != "[1,1,0]" {
		t.Errorf("texts %q, %q, %q", p.ActionText(1), p.StateText(1), p.StateJSON(2))
	}
}

// trunk is a path with what it must be.
type trunk struct {
	path    *allways.Path[[3]int, string]
	indexes []int
}

func (k *trunk) check(t *testing.T) {
	t.Helper()
	var text []string
	state := [3]int{}
	for i, s := range k.path.States() {
		if s != state {
			t.Fatalf("%v: state %d is %v, want %v", k.indexes, i, s, state)
		}
		if i < len(k.indexes) {
			state[k.indexes[i]]++
			text = append(text, fmt.Sprint(k.indexes[i]))
		}
	}
	if k.path.Len() != len(k.indexes) || k.path.Last() != state || k.path.Encode() != "0:"+strings.Join(text, ".") {
		t.Fatalf("%v became %s", k.indexes, k.path.Encode())
	}
}

// Paths that grow out of one another share memory, and yet none disturbs another, in whatever order
// they grow.
func TestExtensionsDoNotDisturb(t *testing.T) {
	for seed := range uint64(60) {
		stepper, r := stepperOf(t, odometer()), rand.New(rand.NewPCG(seed, 40))
		start, err := stepper.Start(0)
		if err != nil {
			t.Fatal(err)
		}
		all := []trunk{{start, nil}}
		for range 120 {
			from := all[r.IntN(len(all))]
			if r.IntN(2) == 0 {
				from = all[len(all)-1] // long ones, too
			}
			index := r.IntN(3)
			if from.path.Last()[index] == 9 {
				continue
			}
			q, err := stepper.Extend(from.path, index)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, trunk{q, append(slices.Clone(from.indexes), index)})
		}
		for i := range all {
			all[i].check(t)
		}
	}
}

// Goroutines that extend one path at the same moment all get what they asked for.
func TestConcurrentExtensions(t *testing.T) {
	stepper := stepperOf(t, odometer())
	const goroutines = 4
	for round := range 200 {
		p := parsed(t, stepper, "0:0.0"+strings.Repeat(".1", round%7))
		var paths [goroutines]*allways.Path[[3]int, string]
		var wg sync.WaitGroup
		for g := range goroutines {
			wg.Go(func() {
				q, err := stepper.Extend(p, g%3)
				for range 2 {
					if err == nil {
						q, err = stepper.Extend(q, (g+1)%3)
					}
				}
				if err != nil {
					t.Error(err)
				}
				paths[g] = q
			})
		}
		wg.Wait()
		indexes := append([]int{0, 0}, slices.Repeat([]int{1}, round%7)...)
		for g, q := range paths {
			k := trunk{q, append(slices.Clone(indexes), g%3, (g+1)%3, (g+1)%3)}
			k.check(t)
		}
	}
}

// A lasso and the path that it was made of are two; extending a lasso makes a path without a cycle.
func TestLoopsAreCopies(t *testing.T) {
	m := traffic()
	m.ActionNameFunc = nil
	stepper := stepperOf(t, m)
	p := parsed(t, stepper, "0:0.0.0")
	lasso, err := stepper.CloseLoop(p, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := p.Loop(); ok || p.Encode() != "0:0.0.0" {
		t.Errorf("the path became %s", p.Encode())
	}
	if start, ok := lasso.Loop(); !ok || start != 0 || lasso.Encode() != "0:0.0.0@0" {
		t.Errorf("the lasso is %s", lasso.Encode())
	}
	longer, err := stepper.Extend(lasso, 0)
	if err != nil || longer.Encode() != "0:0.0.0.0" {
		t.Errorf("the lasso and a step more: %v, %v", longer, err)
	}
	if again := parsed(t, stepper, lasso.Encode()); again.String() != lasso.String() ||
		!strings.Contains(again.String(), "back to the start of the cycle, after 3 steps") {
		t.Errorf("read again:\n%s", again)
	}
}

// A state without parts has no path: reports call it "state".
func TestChangeOfANumber(t *testing.T) {
	p, err := stepperOf(t, chainModel(2)).Start(0)
	if err == nil {
		p, err = stepperOf(t, chainModel(2)).Extend(p, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	if want := "        ~  state  0 → 1\n"; !strings.Contains(p.String(), want) {
		t.Errorf("want %q in\n%s", want, p)
	}
	if want := []allways.Change{{Path: ".", Before: "0", After: "1"}}; !reflect.DeepEqual(p.Step(0).Diff, want) {
		t.Errorf("%+v, want %+v", p.Step(0).Diff, want)
	}
}

func second[T any](_ T, err error) error { return err }

func notEnabled(step int, expected, state string, enabled ...string) allways.ReplayError {
	return allways.ReplayError{
		Step: step, Expected: expected, Problem: "it is not enabled", State: state, Enabled: enabled,
	}
}

func withoutEffect(step int, expected, state string, enabled ...string) allways.ReplayError {
	e := notEnabled(step, expected, state, enabled...)
	e.Problem = "it has no effect there"
	return e
}

// A step that does not fit is reported with its number, what was expected, where that was, and what
// is enabled there.
func TestReplayErrors(t *testing.T) {
	stepper := stepperOf(t, odometer())
	full := "0:" + strings.TrimSuffix(strings.Repeat("1.", 9), ".")
	enabled := []string{"0 ones", "1 tens", "2 hundreds"}
	for _, c := range []struct {
		name string
		err  error
		want allways.ReplayError
		text string
	}{
		{"index too high", second(stepper.ParsePath("0:0.7.1")),
			notEnabled(1, "action 7", "[1 0 0]", enabled...),
			"replay does not fit at step 2: expected action 7: it is not enabled; enabled: 0 ones, 1 tens, 2 hundreds"},
		{"negative index", second(stepper.Extend(parsed(t, stepper, "0:"), -1)),
			notEnabled(0, "action -1", "[0 0 0]", enabled...),
			"replay does not fit at step 1: expected action -1: it is not enabled; enabled: 0 ones, 1 tens, 2 hundreds"},
		{"no effect", second(stepper.ParsePath(full + ".1")),
			withoutEffect(9, "action 1", "[0 9 0]", "0 ones", "1 tens (no effect)", "2 hundreds"),
			"replay does not fit at step 10: expected action 1: it has no effect there; " +
				"enabled: 0 ones, 1 tens (no effect), 2 hundreds"},
		{"text without effect", second(stepper.ExtendByText(parsed(t, stepper, full), "tens", -1)),
			withoutEffect(9, "tens", "[0 9 0]", "0 ones", "1 tens (no effect)", "2 hundreds"),
			"replay does not fit at step 10: expected tens: it has no effect there; " +
				"enabled: 0 ones, 1 tens (no effect), 2 hundreds"},
		{"beside a panic", second(stepper.ParsePath("0:0.0.0.9")),
			notEnabled(3, "action 9", "[3 0 0]", "0 ones", "1 tens", "2 hundreds", "3 break (panics)"),
			"replay does not fit at step 4: expected action 9: it is not enabled; enabled: 0 ones, 1 tens, 2 hundreds, 3 break (panics)"},
		{"terminal", second(stepper.ParsePath("1:0")),
			allways.ReplayError{Step: 0, Expected: "action 0", Problem: "nothing is enabled", State: "[9 9 9]"},
			"replay does not fit at step 1: expected action 0: nothing is enabled"},
		{"text", second(stepper.Path(0, "tens", "thousands")),
			notEnabled(1, "thousands", "[0 1 0]", enabled...),
			"replay does not fit at step 2: expected thousands: it is not enabled; enabled: 0 ones, 1 tens, 2 hundreds"},
		{"initial state", second(stepper.ParsePath("2:0")),
			allways.ReplayError{
				Expected: "initial state 2", Problem: "the model's initial states are numbered from 0 to 1",
			},
			"replay does not fit at its start: expected initial state 2: the model's initial states are numbered from 0 to 1"},
		{"no cycle", second(stepper.ParsePath("0:0.1@0")),
			allways.ReplayError{
				Step: 2, Expected: "a cycle back to the state after step 0", Problem: "the last state is another one",
			},
			"replay does not fit at step 3: expected a cycle back to the state after step 0: the last state is another one"},
		{"cycle without steps", second(stepper.ParsePath("0:0.1@2")),
			allways.ReplayError{
				Step: 2, Expected: "a cycle back to the state after step 2", Problem: "the last state is another one",
			},
			"replay does not fit at step 3: expected a cycle back to the state after step 2: the last state is another one"},
	} {
		e, ok := errors.AsType[*allways.ReplayError](c.err)
		if !ok || !reflect.DeepEqual(*e, c.want) || c.err.Error() != c.text {
			t.Errorf("%s: %+v, %v\nwant %+v, %s", c.name, e, c.err, c.want, c.text)
		}
	}
}

// An action that panics is the model's fault and not the recording's, and text that is no path at
// all is neither.
func TestOtherPathErrors(t *testing.T) {
	stepper := stepperOf(t, odometer())
	if _, err := stepper.ParsePath("0:0.0.0.3"); !isKind(err, allways.ErrorPanic) {
		t.Errorf("a step that panics: %v", err)
	}
	if _, err := stepper.Path(0, "ones", "ones", "ones", "break"); !isKind(err, allways.ErrorPanic) {
		t.Errorf("an action that panics: %v", err)
	}
	for text, want := range map[string]string{
		"":       `path "": want INIT:INDEX.INDEX... such as 0:3.1.4`,
		"x:1":    `path "x:1": "x" is no index of an initial state`,
		"0:1..2": `path "0:1..2": "" is no index of an action`,
		"0:1.y":  `path "0:1.y": "y" is no index of an action`,
		"0:1@z":  `path "0:1@z": "z" is no index of a state`,
	} {
		if _, err := stepper.ParsePath(text); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if _, err := stepper.Evaluate(parsed(t, stepper, "0:"), "unknown"); err == nil ||
		err.Error() != `the model has no property "unknown"; it has "below 999"` {
		t.Errorf("an unknown property: %v", err)
	}
}

func isKind(err error, kind allways.ErrorKind) bool {
	e, ok := errors.AsType[*allways.ModelError](err)
	return ok && e.Kind == kind
}

// Where several actions have one text, the hint says which of them is meant, and without a fitting
// hint it is the first that has an effect.
func TestExtendTextHint(t *testing.T) {
	m := allways.Funcs[int, int]{
		InitFunc:         func() []int { return []int{0} },
		ActionsFunc:      func(dst []int, s int) []int { return append(dst, 0, 1, 2, 3) },
		NextFunc:         func(s, a int) (int, bool) { return 10*s + a, a != 0 },
		FormatActionFunc: func(a int) string { return []string{"odd", "odd", "even", "odd"}[a] },
	}
	stepper := stepperOf(t, m)
	start, err := stepper.Start(0)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text       string
		hint, want int
	}{{"odd", 3, 3}, {"odd", 1, 1}, {"odd", 2, 1}, {"odd", 0, 1}, {"odd", -1, 1}, {"even", 3, 2}} {
		if p, err := stepper.ExtendByText(start, c.text, c.hint); err != nil || p.Last() != c.want {
			t.Errorf("%s, hint %d: %v, %v; want %d", c.text, c.hint, p, err, c.want)
		}
	}
}
