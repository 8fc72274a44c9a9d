package allways

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/allways-go/allways/internal/beyond"
	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/liveness"
	"github.com/allways-go/allways/internal/native"
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/refine"
	"github.com/allways-go/allways/internal/stategraph"
	"github.com/allways-go/allways/internal/stop"
	"github.com/allways-go/allways/internal/usercode"
	"github.com/allways-go/allways/internal/visited"
	"github.com/allways-go/allways/internal/watch"
)

// Check searches the states of m and returns a verdict on each of its properties. [Options] says
// how.
//
// A violated property is a result, not an error. An error is
//   - a [*ModelError] if the model is broken; the result, if there is one, tells what was learned all the same,
//   - an [*OptionError] if the options cannot be used, without a result,
//   - a [*CallbackError] if a function of the options failed; the result tells what was learned before.
//
// A canceled context or a limit ends the search early with an incomplete result and no error.
//
// The model never runs on the goroutine that calls Check. A method that ends its goroutine by
// runtime.Goexit, as t.FailNow does, is a [*ModelError], and so is one that has not returned within a
// second after the run had to end, because of a limit or its context: then Check returns what it
// knows, and leaves the goroutine of that method and its own tables behind. Without a limit it tells
// of a call that takes more than ten seconds by a warning of package slog and by [Progress.Slow], and
// waits. Two failures end the whole process, since Go lets no code prevent that: maps that
// goroutines write at the same time, and a stack of more than a gigabyte; of the latter, Check mostly
// notices a call that calls itself without end before that, and ends with an error.
func Check[S, A any](ctx context.Context, m Model[S, A], o Options) (*Result[S, A], error) {
	c, err := compileIn(ctx, o.Timeout, func() (*gospace.Model, error) { return compile(m) })
	if err != nil {
		return nil, err
	}
	out, err := check(ctx, c, &settings{Options: o, rule: usualRule})
	return typedResult[S, A](out), err
}

func check(ctx context.Context, c *gospace.Model, s *settings) (*outcome, error) {
	r, err := newRun(ctx, c, s)
	if err != nil {
		return nil, err
	}
	defer r.close()
	out, graph, err := r.search()
	if err != nil {
		if _, ok := errors.AsType[*OptionError](err); !ok && s.Spill != "" {
			err = &OptionError{"Spill", err.Error()} // nothing else is outside of the process
		}
		return nil, err
	}
	if graph != nil {
		defer graph.Close()
	}
	r.record(out)
	passes := newPasses(out)
	r.eventually(passes)
	if err := r.ofRuns(passes, graph); err != nil {
		return nil, err
	}
	return r.finish()
}

// search runs the search for all properties that states and steps decide. It returns the graph of the states, too, if
// there are promises about runs and the search could collect it.
func (r *run) search() (out *engine.Outcome, graph *stateGraph, err error) {
	cfg := r.config()
	switch {
	case r.Strategy == Auto:
		return r.auto()
	case r.Strategy == Symbolic:
		out, err = r.sets(0)
	case r.Strategy == DFS:
		out, err = native.Search(r.space, cfg, engine.DepthFirst, false)
	case len(liveness.Promises(r.model)) > 0 && r.Store == StoreExact && cfg.Steps == 0:
		return r.searchAndCollect(cfg)
	default:
		out, err = native.Search(r.space, cfg, engine.BreadthFirst, true)
	}
	return out, nil, err
}

// run is one run of Check or Simulate.
type run struct {
	*settings
	model  *gospace.Model
	space  gospace.Space
	tracer *gospace.Tracer
	stop   func(decided engine.Mask, m *engine.Misbehaviour) bool
	budget *engine.Budget
	start  time.Time
	out    *outcome
	ledger ledger
	// suspect says that a path was lost, perhaps since two states have one fingerprint, perhaps since symmetry is unsound.
	suspect bool

	searched bool        // the search for all but the eventually-properties was complete
	vacuous  engine.Mask // eventually-properties that all initial states satisfy

	pairs, pairsDone atomic.Int64 // figures of the search for fair runs, for reports of progress

	mu      sync.Mutex // guards the fields below
	phase   string
	waits   string      // a call that takes long, until progress was made of it
	decided engine.Mask // properties that are decided, as far as the search has told
	failure *CallbackError
	quit    func() // ends the progress reporter
	quitted sync.WaitGroup
}

// ledger keeps whether a run is complete, and if not, the reason that came first: later ones are
// consequences, or change nothing. The zero value is a complete run.
type ledger struct{ reason StopReason }

func (l *ledger) complete() bool { return l.reason == StopReasonNone }

// enter notes a reason why the run is not complete.
func (l *ledger) enter(reason StopReason) {
	if l.complete() {
		l.reason = reason
	}
}

// cut notes a reason why a pass of the run is not complete.
func (r *run) cut(reason StopReason, pass string) {
	if r.ledger.complete() && reason != StopReasonNone {
		r.out.StopPass = pass
	}
	r.ledger.enter(reason)
}

func newRun(ctx context.Context, c *gospace.Model, s *settings) (*run, error) {
	if err := s.settle(c); err != nil {
		return nil, err
	}
	if s.Symmetry {
		if err := symmetricRuns(c); err != nil {
			return nil, err
		}
	}
	var space gospace.Space
	err := before(ctx, s.Timeout, func() (err error) {
		if space, err = native.SpaceOf(c, s.Symmetry, s.MaxMemory); err != nil || !s.Symmetry {
			return err
		}
		return refine.SymmetricInits(c, func(i int) *refine.Abstraction { return abstraction(c, i) })
	})
	if err != nil {
		return nil, err
	}
	if n := space.Words(); n > visited.MaxWords {
		return nil, &ModelError{Kind: ErrorType, Where: "the state type", Message: fmt.Sprintf(
			"a state takes %d words of 32 bits, and at most %d are supported: a slice, map, string or pointer takes one, "+
				"and so does an actor or a history of a system", n, visited.MaxWords)}
	}
	r := &run{
		settings: s, model: c, space: space, stop: stop.When(s.Stop).Condition(c), start: time.Now(),
		phase: "search", quit: func() {}, out: &outcome{paths: make([]*gospace.Path, c.Promises)},
	}
	r.budget = engine.NewBudget(ctx, space, engine.Limits{
		MaxDepth: s.MaxDepth, MaxStates: int64(s.MaxStates), MaxGenerated: int64(s.MaxGenerated),
		MaxMemory: s.MaxMemory, Timeout: s.Timeout, Seed: s.hashSeed(), Gate: s.Gate.inner(),
	})
	r.holdAbstractions()
	r.tracer = c.NewTracer(space, r.budget.Watch())
	r.budget.Slow = r.slow
	r.out.Optional, r.out.Seed = c.Optional, s.seed
	for i := range c.Props[:c.Promises] {
		r.out.Properties = append(r.out.Properties, PropertyResult[untyped, untyped]{
			Name: c.Props[i].Name, Kind: PropertyKind(c.Props[i].Kind), Formula: c.Props[i].Runs.Text(),
			Assumes: c.Props[i].Runs.Assumptions(),
		})
	}
	r.report()
	return r, nil
}

func (r *run) close() {
	r.quiet()
	r.budget.Close()
}

func (r *run) config() *engine.Config {
	return &engine.Config{
		Workers: r.Workers, Fingerprints: r.Store == StoreFingerprints, Spill: beyond.Place{Dir: r.Spill},
		Want:  r.model.Kinds(property.Always, property.Sometimes, property.Deadlock),
		Steps: r.model.Kinds(property.Step, property.Refinement), Inits: r.model.Kinds(property.Refinement),
		Stop: r.mayStop, Budget: r.budget, Visit: r.visit(), SampleFirst: gospace.SampleFirst,
		SampleEvery: gospace.SampleEvery,
		Retrace:     func() { r.enterPhase("trace") },
	}
}

// visit adapts the visitor to the engine; nil for none.
func (r *run) visit() func(*engine.Visit) {
	v := &r.Visitor
	if v.states == nil && v.paths == nil {
		return nil
	}
	decode := r.space.Decoder()
	return func(at *engine.Visit) {
		if r.budget.Ended() == engine.StopReasonCallback {
			return
		}
		if v.states != nil && (v.wants == nil || v.wants(at.Depth)) {
			r.callback("Visitor", func() { v.states(decode(at.State), at.Depth) })
		}
		if v.paths == nil {
			return
		}
		if p := r.tracer.Along(at.Trail()); p != nil {
			r.callback("Visitor", func() { v.paths(p) })
		}
	}
}

// record turns the outcome of a search into results.
func (r *run) record(out *engine.Outcome) {
	r.cut(stopReasons[out.StopReason], "search")
	r.searched = r.ledger.complete()
	r.out.Bounded = out.Bounded
	s := &r.out.Stats
	s.Generated, s.Distinct, s.Depth = out.Generated, out.Distinct, out.Depth
	s.Strategy, s.Workers, s.Omission, s.Passes = r.Strategy, r.Workers, out.Omission, out.Passes
	s.Written, s.Read = out.Written, out.Read
	if r.Store == StoreFingerprints {
		r.out.Stats.ExactMemory = r.space.Memory() + visited.ExactSize(out.RecordBytes, out.Distinct)
	}
	r.recordActions(out.NewByName)
	r.recordFindings(out)
}

// recordFindings gives the verdicts that the findings of a search allow.
func (r *run) recordFindings(out *engine.Outcome) {
	r.enterPhase("trace")
	if out.Misbehaviour != nil {
		r.misbehaved(out.Misbehaviour)
	}
	for i := range r.out.Properties {
		if r.simulate || r.out.Properties[i].Kind != KindEventually && r.model.Props[i].Runs == nil {
			r.judge(i, out.Discoveries[i])
		}
	}
}

// judge gives the verdict on a property, given what a search has found.
func (r *run) judge(i int, found *engine.Discovery) {
	p, kind := &r.out.Properties[i], r.model.Props[i].Kind
	switch {
	case found != nil:
		p.Verdict = Verdict(kind.Found())
		if r.show(i, found.Trail); r.out.paths[i] == nil {
			p.Reason = "the path could not be found again within the limits"
		}
	case r.ledger.complete():
		p.Verdict = Verdict(kind.Exhausted())
		p.Within = r.out.Bounded
		if p.Kind == KindSometimes {
			p.Reason = "no reachable state satisfies it"
		}
	default:
		p.Reason = string(r.ledger.reason)
	}
	if p.Within {
		p.Reason = strings.TrimSpace(p.Reason + " within the boundary")
	}
}

// show finds the path that a trail describes, and the actions that it ignores.
func (r *run) show(i int, t *engine.Trail) {
	p := &r.out.Properties[i]
	path := r.tracer.Evidence(t, i)
	r.out.paths[i] = path
	if m := r.tracer.Stuck(); m != nil && r.out.Misbehaviour == nil {
		r.out.Misbehaviour = modelError(m)
	}
	if path == nil && t != nil {
		r.lost(i)
	}
	if p.Kind == KindRefinement && path != nil {
		p.Abstract = r.abstractStep(i, path)
	}
	ofRuns := r.model.Props[i].Runs != nil
	if path == nil || !ofRuns && p.Kind != KindEventually {
		return
	}
	if ofRuns {
		r.explain(i, path)
	} else if start, loops := path.Loop(); loops && start == path.Len()-1 {
		p.Reason = idleStep
	}
	var ignored []string
	if r.aside(func() error { ignored = liveness.Ignored(path); return nil }, nil) == nil {
		p.Ignored = ignored
	}
}

// idleStep is the reason for a refutation that a user of TLA+ does not expect.
const idleStep = "its cycle is a step that changes nothing, which is a step all the same, unless Next reports false"

// passes is what the passes after the search know of each other.
type passes struct {
	decided engine.Mask
	stopped bool // no further pass may begin
}

func newPasses(out *engine.Outcome) *passes {
	p := &passes{stopped: out.StopReason == engine.StopReasonCondition || out.StopReason == engine.StopReasonModel}
	for i := range out.Discoveries {
		p.decided |= 1 << uint(i)
	}
	return p
}

// violated notes that a pass has refuted a property.
func (p *passes) violated(r *run, i int) {
	p.decided |= 1 << uint(i)
	p.stopped = r.Stop != StopDecided && r.stop(p.decided, nil)
}

// begin begins a pass, unless the run has ended.
func (r *run) begin(p *passes, phase string) bool {
	if p.stopped {
		r.cut(StopReasonCondition, phase) // by a pass before this one
	}
	p.stopped = p.stopped || r.isStuck() // more of the model may be
	ended := r.budget.Ended()            // in the search before, or between the two
	r.cut(stopReasons[ended], phase)
	if p.stopped || ended != engine.StopReasonNone && !r.budget.Extend(r.out.Stats.Depth) {
		return false
	}
	r.enterPhase(phase)
	return true
}

// eventually decides the eventually-properties that assume no fairness, each in its own search.
func (r *run) eventually(passes *passes) {
	for i := range r.out.Properties {
		p := &r.out.Properties[i]
		if p.Kind != KindEventually || r.model.Props[i].Runs != nil {
			continue
		}
		if !r.begin(passes, "eventually "+p.Name) {
			p.Reason = string(r.ledger.reason)
			continue
		}
		cfg := r.config()
		cfg.SampleEvery = 0 // the search before has sampled the same states
		l := stategraph.Eventually(r.space, i, *cfg)
		r.enterPhase("trace")
		r.judgeEventually(p, i, l)
		if p.Verdict == Violated {
			passes.violated(r, i)
		}
	}
}

func (r *run) judgeEventually(p *PropertyResult[untyped, untyped], i int, l *stategraph.Liveness) {
	if l.Misbehaviour != nil && r.out.Misbehaviour == nil {
		r.misbehaved(l.Misbehaviour)
	}
	switch {
	case l.Refuted != nil:
		p.Verdict = Violated
		r.show(i, l.Refuted)
	case l.Complete:
		p.Verdict = Holds
		if !l.Asked {
			r.vacuous |= 1 << uint(i)
		}
	case l.Misbehaviour != nil:
		p.Reason = string(StopReasonModel)
	case l.StopReason == engine.StopReasonDepth && !r.ledger.complete():
		p.Reason = string(r.ledger.reason) // which is why it looked no deeper
	case l.StopReason != engine.StopReasonNone:
		p.Reason = string(stopReasons[l.StopReason])
	default:
		p.Within = true
		p.Reason = "a path that has not satisfied it yet leaves the boundary"
	}
	if l.StopReason != engine.StopReasonCondition {
		r.cut(stopReasons[l.StopReason], "eventually "+p.Name)
	}
}

// misbehaved records the model's misbehaviour with the path that leads to it.
func (r *run) misbehaved(d *engine.Discovery) {
	e := modelError(d.Err)
	if p := r.tracer.Along(d.Trail); p != nil {
		e.Path, e.State = p.Encode(), r.text(func() string { return p.StateText(p.Len()) })
		r.out.misbehaviourPath = p
	}
	r.out.Misbehaviour = e
}

// finish sums up.
func (r *run) finish() (*outcome, error) {
	out := r.out
	if !r.isStuck() {
		r.lookBack()
		r.checkSymmetry()
	}
	r.quiet()
	if out.Misbehaviour != nil {
		r.doubt()
	}
	r.warn()
	out.Complete, out.StopReason = r.ledger.complete(), r.ledger.reason
	out.Verdict = out.overall()
	out.Stats.Elapsed = time.Since(r.start)
	out.Stats.SetsMayPay = r.setsMayPay(out)
	out.Stats.Memory = r.budget.Peak()
	switch {
	case r.failure != nil:
		return out, r.failure
	case out.Misbehaviour != nil:
		return out, out.Misbehaviour
	}
	return out, nil
}

// isStuck reports whether a method has not returned when the run had to end.
func (r *run) isStuck() bool {
	return r.out.Misbehaviour != nil && r.out.Misbehaviour.Kind == ErrorStuck
}

// lookBack lets the space look for misbehaviour that was not noticed during the run. A change of
// states comes first: what else was found may come of it.
func (r *run) lookBack() {
	found := r.out.Misbehaviour
	if found != nil && found.Kind == ErrorMutation {
		return
	}
	var m *engine.Misbehaviour
	err := r.afterwards(func() error {
		m = r.space.Finish(r.patience(), found != nil)
		return nil
	})
	switch e, ok := errors.AsType[*ModelError](err); {
	case ok:
		if found == nil {
			r.out.Misbehaviour = e
		}
	case m != nil && (found == nil || ErrorKind(m.Kind) == ErrorMutation):
		r.out.Misbehaviour = modelError(m)
	}
}

// patience returns a function that says when to stop looking back: never, unless the run was cut by
// time or by its caller, or the model is slow.
func (r *run) patience() (stop func() bool) {
	begun, allowed := time.Now(), max(time.Since(r.start), time.Second)
	return func() bool {
		spent := time.Since(begun)
		return spent > allowed || spent > cutPatience && r.budget.Ended() != engine.StopReasonNone
	}
}

// cutPatience is how long a run that was cut looks back.
const cutPatience = 200 * time.Millisecond

// doubt takes back what no path shows, since the model has misbehaved. If the model does not do the
// same twice, a path shows nothing either.
func (r *run) doubt() {
	r.cut(StopReasonModel, r.phase)
	random := r.out.Misbehaviour.Kind == ErrorNondeterminism
	for i := range r.out.Properties {
		p := &r.out.Properties[i]
		if (random || r.out.paths[i] == nil) && p.Verdict != Inconclusive {
			p.Verdict, p.Within, p.Reason = Inconclusive, false, string(StopReasonModel)
		}
	}
}

func (o *outcome) overall() Verdict {
	if o.Misbehaviour != nil && o.Misbehaviour.Kind == ErrorMutation {
		return Inconclusive // what was found may come of the change
	}
	v := Holds
	if len(o.Properties) == 0 && !o.Complete || o.Misbehaviour != nil {
		v = Inconclusive
	}
	for _, p := range o.Properties {
		switch p.Verdict {
		case Violated:
			return Violated
		case Inconclusive:
			v = Inconclusive
		}
	}
	return v
}

func (r *run) recordActions(fresh []int64) {
	enabled, taken := r.space.Counts()
	for _, t := range r.space.Names().Tally(r.model.Declared, enabled, taken, fresh) {
		t.NeverTaken = t.NeverTaken && r.ledger.complete()
		r.out.Actions = append(r.out.Actions, ActionStats(t))
	}
}

// quiet ends the reports of progress, and waits for the last one.
func (r *run) quiet() {
	r.quit()
	r.quitted.Wait()
}

// report starts the goroutine that calls the user's progress function until close.
func (r *run) report() {
	if r.Progress == nil {
		return
	}
	every := r.ProgressEvery
	if every == 0 {
		every = time.Second
	}
	done := make(chan struct{})
	r.quit = sync.OnceFunc(func() { close(done) })
	r.quitted.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if !r.callback("Progress", func() { r.Progress(r.progress()) }) {
					return
				}
			case <-done:
				return
			}
		}
	})
}

// slow tells of a call of user code that takes long.
func (r *run) slow(m *engine.Misbehaviour) {
	text := modelError(m).Error()
	slog.Warn("allways: "+text, "stack", m.Stack)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waits = text
}

func (r *run) progress() Progress {
	r.mu.Lock()
	phase, waits, decided := r.phase, r.waits, r.decided
	r.waits = ""
	r.mu.Unlock()
	b := r.budget
	p := Progress{
		Phase: phase, Slow: waits, Generated: b.Generated.Load(), Distinct: b.Distinct.Load(), Depth: int(b.Depth.Load()),
		Memory: b.Memory(), Elapsed: time.Since(r.start), Nodes: b.Nodes.Load(),
	}
	if p.Pairs = r.pairs.Load(); p.Pairs > 0 {
		p.PairsDone = min(r.pairsDone.Load(), p.Pairs)
	}
	p.Queue = max(p.Distinct-b.Expanded.Load(), 0)
	for i := range r.model.Props[:r.model.Promises] {
		if decided.Has(i) {
			p.Decided = append(p.Decided, r.model.Props[i].Name)
		}
	}
	return p
}

// mayStop is the condition to stop. It notes what is decided, for reports of progress.
func (r *run) mayStop(decided engine.Mask, m *engine.Misbehaviour) bool {
	r.mu.Lock()
	r.decided = decided
	r.mu.Unlock()
	return r.stop(decided, m)
}

func (r *run) enterPhase(name string) {
	r.mu.Lock()
	r.phase = name
	r.mu.Unlock()
}

// callback runs a function of the options on another goroutine. It reports false, and ends the run,
// if the function fails.
func (r *run) callback(name string, f func()) bool {
	e := &CallbackError{
		Callback: name,
		Message:  "ended its goroutine: it must return, and not call runtime.Goexit, t.FailNow or t.Fatal",
	}
	outcome := r.budget.Watch().Do(func() {
		returned := false
		defer func() {
			if returned {
				return
			}
			if e.Panic = recover(); e.Panic != nil {
				e.Message = fmt.Sprintf("panicked: %v", e.Panic)
			}
			e.Stack = usercode.Frames()
			r.fail(e)
		}()
		f()
		returned = true
	}, nil)
	if outcome == watch.GivenUp {
		r.fail(&CallbackError{Callback: name, Message: "has not returned when the run had to end"})
	}
	return outcome == watch.Returned && e.Stack == "" && e.Panic == nil
}

// fail ends the run because of its first failure.
func (r *run) fail(e *CallbackError) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failure == nil {
		r.failure = e
	}
	r.budget.End(engine.StopReasonCallback)
}

// aside is aside for a run: it gives up when a method does not return and the run has to end. If f makes many
// calls of methods, progress returns another number for each.
func (r *run) aside(f func() error, progress func() uint64) error {
	var err error
	if exited := usercode.Aside(r.budget.Watch(), func() { err = f() }, progress); exited != nil {
		return exited
	}
	return err
}

// afterwards is aside for what the space of a run does after its search.
func (r *run) afterwards(f func() error) error {
	err := r.aside(f, r.space.Calls)
	if m, ok := errors.AsType[*engine.Misbehaviour](err); ok && m.Kind == engine.ErrorStuck {
		return publicError(usercode.GivenUp(r.space.Stuck()))
	}
	return publicError(err)
}

// text is asideText for a run.
func (r *run) text(f func() string) (text string) {
	if err := r.aside(func() error { text = f(); return nil }, nil); err != nil {
		return "(" + publicError(err).Error() + ")"
	}
	return text
}
