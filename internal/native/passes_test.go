package native_test

import (
	"slices"
	"testing"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/native"
)

// forgetting is a model whose space forgets. Its searches are right, as far as it is asked.
type forgetting struct {
	counter
	honest  bool
	learner learner
	made    *int // counts workers; nil: they are not counted
}

func (m forgetting) NativeSpace(bool, int64, []engine.Atom) (engine.Native, error) {
	return forgetful{honest: m.honest, learner: m.learner, made: m.made}, nil
}
func (forgetting) Symmetric() bool                 { return false }
func (forgetting) Same(a, b any) bool              { return a == b }
func (forgetting) Hold(s, held any) any            { return s }
func (forgetting) Copy(s, earlier, copied any) any { return s }

type forgetful struct {
	engine.Native
	honest  bool
	learner learner
	made    *int // counts workers; nil: they are not counted
}

func (forgetful) Forgets() bool   { return true }
func (forgetful) Begin(bool)      {}
func (sp forgetful) Honest() bool { return sp.honest }
func (forgetful) Memory() int64   { return 0 }
func (sp forgetful) NewWorker(func(string) uint16) engine.NativeWorker {
	if sp.made != nil {
		*sp.made++
	}
	return sp.learner
}

type learner struct {
	engine.NativeWorker
	wrong, wasteful func() bool // nil: never
}

func (l learner) Learn() bool       { return l.wrong != nil && l.wrong() }
func (learner) Whole() engine.Whole { return whole{} }
func (l learner) Review() bool      { return l.wasteful != nil && l.wasteful() }
func (learner) Call() uint64        { return 0 }

// whole finds no runs.
type whole struct{ engine.Whole }

func (whole) Initial() ([]uint32, error)                     { return nil, nil }
func (whole) Successors([]uint32, func([]uint32, bool) bool) {}
func (whole) After([]uint32, int) []uint32                   { return nil }

func panicked() *engine.Discovery {
	return &engine.Discovery{
		Property: -1, Err: &engine.Misbehaviour{Kind: engine.ErrorPanic, Tolerable: true},
		Trail: &engine.Trail{States: [][]uint32{nil}, Act: -1},
	}
}

// TestUnsurePass: a pass is not complete, and what it says of the model does not count, if it has ended before it was
// known whether it was right.
func TestUnsurePass(t *testing.T) {
	for _, c := range []struct {
		name   string
		honest bool
		out    engine.Outcome    // of the search
		ends   engine.StopReason // why the run ends when the search is over
		reason engine.StopReason
		broken bool // whether the misbehaviour counts
	}{
		{name: "complete"},
		{name: "late", honest: true, ends: engine.StopReasonTime, reason: engine.StopReasonTime},
		{name: "late, ordered", ends: engine.StopReasonTime, reason: engine.StopReasonTime},
		{
			name: "cut", out: engine.Outcome{StopReason: engine.StopReasonMemory}, ends: engine.StopReasonTime,
			reason: engine.StopReasonMemory,
		},
		{
			name: "a panic", out: engine.Outcome{StopReason: engine.StopReasonModel, Misbehaviour: panicked()},
			reason: engine.StopReasonModel, broken: true,
		},
		{
			name: "a panic, late", out: engine.Outcome{StopReason: engine.StopReasonModel, Misbehaviour: panicked()},
			ends: engine.StopReasonTime, reason: engine.StopReasonTime,
		},
		{
			name: "a panic without memory", reason: engine.StopReasonMemory,
			out: engine.Outcome{StopReason: engine.StopReasonMemory, Misbehaviour: panicked()},
		},
		{
			name: "a panic without memory, no order", honest: true, reason: engine.StopReasonMemory, broken: true,
			out: engine.Outcome{StopReason: engine.StopReasonMemory, Misbehaviour: panicked()},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			sp := spaceOf(t, forgetting{honest: c.honest})
			b := engine.NewBudget(t.Context(), sp, engine.Limits{})
			defer b.Close()
			search := func(engine.Space, *engine.Config) (*engine.Outcome, error) {
				if c.ends != engine.StopReasonNone {
					b.End(c.ends)
				}
				o := c.out
				o.Discoveries = map[int]*engine.Discovery{}
				return &o, nil
			}
			out, err := native.Search(sp, &engine.Config{Budget: b}, search, false)
			if err != nil {
				t.Fatal(err)
			}
			if out.StopReason != c.reason || (out.Misbehaviour != nil) != c.broken {
				t.Errorf("reason %d, misbehaviour %v; want %d, %t", out.StopReason, out.Misbehaviour, c.reason, c.broken)
			}
		})
	}
}

// TestPassNotNeeded: a pass that would only forget more does not cost what the one before it has shown.
func TestPassNotNeeded(t *testing.T) {
	number := 0
	sp := spaceOf(t, forgetting{learner: learner{
		wrong: func() bool { return number == 1 }, wasteful: func() bool { return number == 2 },
	}})
	b := engine.NewBudget(t.Context(), sp, engine.Limits{})
	defer b.Close()
	search := func(engine.Space, *engine.Config) (*engine.Outcome, error) {
		number++
		out := &engine.Outcome{Distinct: int64(number), Discoveries: map[int]*engine.Discovery{}}
		if number == 3 {
			b.End(engine.StopReasonTime)
			out.StopReason = engine.StopReasonTime
		}
		return out, nil
	}
	out, err := native.Search(sp, &engine.Config{Budget: b}, search, false)
	if err != nil {
		t.Fatal(err)
	}
	if number != 3 || out.Distinct != 2 || out.Passes != 2 || out.StopReason != engine.StopReasonNone {
		t.Errorf("%d passes, outcome of pass %d, reason %d; want that of the second of three", number, out.Distinct,
			out.StopReason)
	}
}

// TestSearchAfterAnother: a search knows what the passes of the one before it have taught, true or not. So it looks at
// that again, and counts what it would count alone.
func TestSearchAfterAnother(t *testing.T) {
	number, reviews := 0, 0
	sp := spaceOf(t, forgetting{learner: learner{wasteful: func() bool { reviews++; return number == 2 }}})
	b := engine.NewBudget(t.Context(), sp, engine.Limits{})
	defer b.Close()
	search := func(engine.Space, *engine.Config) (*engine.Outcome, error) {
		number++
		out := &engine.Outcome{Distinct: int64(number), Discoveries: map[int]*engine.Discovery{}}
		if number == 1 {
			out.StopReason = engine.StopReasonCondition
		}
		return out, nil
	}
	for i, want := range []int64{1, 3} {
		out, err := native.Search(sp, &engine.Config{Budget: b}, search, false)
		if err != nil {
			t.Fatal(err)
		}
		if out.Distinct != want || reviews != i {
			t.Errorf("search %d has the outcome of pass %d after %d reviews, want %d, %d", i, out.Distinct, reviews, want, i)
		}
	}
}

// TestRetracer: trails that a visitor asks for take one worker, since the space keeps all of them.
func TestRetracer(t *testing.T) {
	made, shown := 0, 0
	sp := spaceOf(t, forgetting{honest: true, made: &made})
	b := engine.NewBudget(t.Context(), sp, engine.Limits{})
	defer b.Close()
	search := func(_ engine.Space, c *engine.Config) (*engine.Outcome, error) {
		for range 10 {
			if c.Visit != nil {
				c.Visit(&engine.Visit{Trail: func() *engine.Trail { return &engine.Trail{States: [][]uint32{nil}, Act: -1} }})
			}
		}
		return &engine.Outcome{Discoveries: map[int]*engine.Discovery{}}, nil
	}
	visit := func(v *engine.Visit) {
		v.Trail()
		shown++
	}
	if _, err := native.Search(sp, &engine.Config{Budget: b, Visit: visit}, search, false); err != nil {
		t.Fatal(err)
	}
	if shown != 10 || made != 3 { // one for each pass that learns, and one for all trails
		t.Errorf("%d states are shown with %d workers, want 10 and 3", shown, made)
	}
}

// TestJudgedEarly: a search that grows level by level is judged when it has 16 states, and when it, or one after it,
// has 32 times as many; one that does not count its states, at once.
func TestJudgedEarly(t *testing.T) {
	for _, c := range []struct {
		name   string
		levels [][]int64 // states of each pass after its levels
		want   []int64   // states when a pass was judged, the last one at its end
	}{
		{"small", [][]int64{{1, 15}}, []int64{15}},
		{"grows", [][]int64{{1, 15, 16, 17, 511, 512, 513}}, []int64{16, 512, 513}},
		{"wrong", [][]int64{{1, 20, 30}, {1, 20, 639, 640, 700}}, []int64{20, 640, 700}},
		{"sets", [][]int64{{0}}, []int64{0, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var judged []int64
			number := 0
			var b *engine.Budget
			sp := spaceOf(t, forgetting{honest: true, learner: learner{wrong: func() bool {
				judged = append(judged, b.Distinct.Load())
				return number < len(c.levels)
			}}})
			b = engine.NewBudget(t.Context(), sp, engine.Limits{})
			defer b.Close()
			search := func(_ engine.Space, cfg *engine.Config) (*engine.Outcome, error) {
				number++
				for _, n := range c.levels[number-1] {
					if b.Distinct.Store(n); cfg.Stop(0, nil) {
						break
					}
				}
				return &engine.Outcome{Discoveries: map[int]*engine.Discovery{}}, nil
			}
			if _, err := native.Search(sp, &engine.Config{Budget: b}, search, true); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(judged, c.want) {
				t.Errorf("judged with %d states, want %d", judged, c.want)
			}
		})
	}
}
