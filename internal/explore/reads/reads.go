package reads

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/usercode"
	"github.com/allways-go/allways/internal/watch"
)

// Kind says what an experiment has shown of a part.
type Kind string

// The kinds of findings.
const (
	Read     Kind = "read"     // the property has read it: without it, it fails
	Decides  Kind = "decides"  // a change of it alone changes the verdict
	Fails    Kind = "fails"    // a change of it alone makes the property panic
	Together Kind = "together" // a change of all such parts together changes the verdict, and of fewer does not
)

// Finding is what an experiment has shown of a part.
type Finding struct {
	Path string
	Kind Kind
	With string // value with which the verdict is another one; empty of a part that was read
}

// Result is what a verdict depends on.
type Result struct {
	Holds    bool
	Findings []Finding
	Exact    bool // the findings of kind Read are all that the property has read
	Tried    int  // altered states that the property has judged
	Cut      string
}

// Limits bound the experiments.
type Limits struct {
	Trials int
	Time   time.Duration
}

// The reasons why experiments end early.
const (
	cutTrials = "limit of trials"
	cutTime   = "limit of time"
	cutStuck  = "the property did not return on an altered state"
)

// maxParts bounds the parts of a state that are altered.
const maxParts = 20_000

// Find finds what the verdict of a property depends on in the i-th state of a path.
func Find(ctx context.Context, p *erased.Path, i int, property string, l Limits) (Result, error) {
	trial, err := erased.NewTrial(p, i, property)
	if err != nil {
		return Result{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, l.Time)
	defer cancel()
	w := watch.New()
	defer context.AfterFunc(ctx, w.End)()
	x := &experiment{ctx: ctx, trial: trial, most: l.Trials, property: property}
	var failed error
	if stuck := usercode.Aside(w, func() { failed = x.run(p, i) }, nil); stuck != nil {
		x.end(cutStuck)
		return x.result(), nil
	}
	return x.result(), failed
}

// outcome is what a property makes of a state.
type outcome int

const (
	broken outcome = iota
	kept
	failed
)

// experiment alters one state. A property that never returns leaves it behind on its goroutine, so what it has
// found is guarded.
type experiment struct {
	ctx   context.Context
	trial *erased.Trial
	most  int
	was   outcome // verdict on the state as it is
	known *values
	roots []*part

	property string

	mu    sync.Mutex
	ended bool
	found Result
}

func (x *experiment) result() Result {
	x.mu.Lock()
	defer x.mu.Unlock()
	out := x.found
	out.Findings = slices.Clone(out.Findings)
	return out
}

// end ends the experiment, and says why unless it was said.
func (x *experiment) end(cut string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.ended = true; x.found.Cut == "" {
		x.found.Cut = cut
	}
}

func (x *experiment) add(f Finding) {
	x.mu.Lock()
	defer x.mu.Unlock()
	same := func(g Finding) bool { return g.Path == f.Path && g.Kind == f.Kind }
	if !x.ended && !slices.ContainsFunc(x.found.Findings, same) {
		x.found.Findings = append(x.found.Findings, f)
	}
}

// more reports whether another trial is allowed, and counts it.
func (x *experiment) more() bool {
	cut := ""
	switch {
	case x.ctx.Err() != nil:
		cut = cutTime
	case x.found.Tried >= x.most: // only this goroutine writes it
		cut = cutTrials
	}
	if cut != "" {
		x.end(cut)
		return false
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.found.Tried++
	return !x.ended
}

func (x *experiment) judge() outcome {
	switch holds, err := x.trial.Holds(); {
	case err != nil:
		return failed
	case holds:
		return kept
	}
	return broken
}

// run makes the experiment.
func (x *experiment) run(p *erased.Path, i int) error {
	holds, err := x.trial.Holds()
	if err != nil {
		return err
	}
	x.mu.Lock()
	x.found.Holds, x.found.Exact = holds, len(x.trial.Units) > 0
	x.mu.Unlock()
	if x.was = broken; holds {
		x.was = kept
	}
	read := x.readUnits()
	w := &walker{name: x.trial.Name, left: maxParts}
	for _, r := range x.trial.Parts {
		if r.Unit < 0 || read[r.Unit] {
			x.roots = append(x.roots, w.root(r))
		}
	}
	x.known = gather(x.ctx, p, i, w.name, read)
	decided := false
	for _, r := range x.roots {
		decided = x.vary(r, w) || decided
	}
	if !decided {
		x.together(p, i, w)
	}
	return nil
}

// readUnits finds which units the property reads: it fails without them.
func (x *experiment) readUnits() (read map[int]bool) {
	read = map[int]bool{}
	for n, unit := range x.trial.Units {
		if !x.more() {
			read[n] = true // for all that is known
			continue
		}
		was := reflect.New(unit.Type()).Elem()
		was.Set(unit)
		unit.SetZero()
		read[n] = x.judge() == failed
		unit.Set(was)
	}
	first := -1
	for _, p := range x.trial.Parts {
		if p.Unit > first && read[p.Unit] {
			x.add(Finding{Path: unitPath(p), Kind: Read})
		}
		first = max(first, p.Unit)
	}
	return read
}

// unitPath returns the path of a unit by its first part: that of the actor, the history or the messages.
func unitPath(p erased.Part) (path string) {
	for _, k := range p.Keys[:min(2, len(p.Keys))] {
		if _, index := k.(int); !index {
			path = join(path, k)
		}
	}
	return path
}

// vary alters a part, and all inside of it, and reports whether the verdict depends on one of them. A part is altered
// as a whole only if it depends on nothing smaller.
func (x *experiment) vary(p *part, w *walker) (decided bool) {
	for _, q := range p.inside {
		decided = x.vary(q, w) || decided
	}
	switch {
	case decided || p.path == "" && len(p.inside) > 0:
		return decided
	case slices.ContainsFunc(x.found.Findings, func(f Finding) bool { return f.Kind == Decides && p.around(f) }):
		return true // of the messages in flight, one alone
	}
	return x.alter(p, w)
}

// alter gives a part other values, until one changes the verdict.
func (x *experiment) alter(p *part, w *walker) bool {
	fails := false
	try := func(with string, change, undo func()) (decided bool) {
		if !x.more() {
			return false
		}
		change()
		now := x.judge()
		undo()
		fails = fails || now == failed
		if decided = now != x.was && now != failed; decided {
			x.add(Finding{p.path, Decides, with})
		}
		return decided
	}
	was := reflect.New(p.value.Type()).Elem()
	was.Set(p.value)
	for _, v := range x.known.others(p) {
		change := func() { p.value.Set(v); p.commit() }
		if try(brief(w.text(v)), change, func() { p.value.Set(was); p.commit() }) {
			return true
		}
	}
	if p.remove != nil && try("absent", p.remove, p.commit) {
		return true
	}
	if fails && !slices.ContainsFunc(x.found.Findings, p.around) {
		x.add(Finding{p.path, Fails, ""})
	}
	return false
}

// around reports whether a finding is one of something inside the part.
func (p *part) around(f Finding) bool {
	rest, ok := strings.CutPrefix(f.Path, p.path)
	return ok && (strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "["))
}

// maxText bounds the text of a value.
const maxText = 120

func brief(text string) string {
	if len(text) <= maxText {
		return text
	}
	return strings.ToValidUTF8(text[:maxText], "") + "…"
}
