package allways

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/allways-go/allways/internal/engine"
)

// Check searches the states of m and returns a verdict on each of its properties. See [Options] for what may be asked.
//
// A violated property is a result, not an error. An error means that the model is broken, then it is a [*ModelError] and
// the result, if there is one, tells what was learned all the same; or that the options cannot be used, then it is an
// [*OptionError]; or that one of their functions has failed, then it is a [*CallbackError], and the result tells what was
// learned before. A canceled context or a limit ends the search early with an incomplete result and no error.
func Check[S, A any](ctx context.Context, m Model[S, A], o Options) (*Result[S, A], error) {
	r, err := newRun(ctx, m, o)
	if err != nil {
		return nil, err
	}
	defer r.close()
	out, err := r.search()
	if err != nil {
		return nil, err
	}
	r.record(out)
	if err := r.eventually(out); err != nil {
		return nil, err
	}
	return r.finish()
}

// run is one run of Check or Simulate.
type run[S, A any] struct {
	*machine[S, A]
	options Options
	space   *space[S, A]
	budget  *engine.Budget
	start   time.Time
	result  *Result[S, A]
	mu      sync.Mutex // guards phase and failure
	phase   string
	failure *CallbackError
	quit    func() // ends the progress reporter
	quitted sync.WaitGroup
}

func newRun[S, A any](ctx context.Context, m Model[S, A], o Options) (*run[S, A], error) {
	c, err := compile(m)
	if err != nil {
		return nil, err
	}
	if err := o.validate(); err != nil {
		return nil, err
	}
	if err := c.fits(&o); err != nil {
		return nil, err
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.MaxMemory == 0 {
		o.MaxMemory = defaultMemory()
	}
	space, err := newSpace(c, o.Symmetry)
	if err != nil {
		return nil, err
	}
	r := &run[S, A]{machine: c, options: o, space: space, start: time.Now(), phase: "search", quit: func() {}}
	r.budget = engine.NewBudget(ctx, r.space, engine.Limits{
		MaxDepth: o.MaxDepth, MaxStates: int64(o.MaxStates), MaxGenerated: int64(o.MaxGenerated),
		MaxMemory: o.MaxMemory, Timeout: o.Timeout,
	})
	r.result = &Result[S, A]{Optional: c.optional, Seed: o.Seed}
	for _, p := range c.props {
		r.result.Properties = append(r.result.Properties, PropertyResult[S, A]{Name: p.name, Kind: p.kind})
	}
	r.report()
	return r, nil
}

func (r *run[S, A]) close() {
	r.quiet()
	r.budget.Close()
}

// quiet ends the reports of progress, and waits for the last one.
func (r *run[S, A]) quiet() {
	r.quit()
	r.quitted.Wait()
}

// report starts the goroutine that calls the user's progress function until close.
func (r *run[S, A]) report() {
	if r.options.Progress == nil {
		return
	}
	every := r.options.ProgressEvery
	if every <= 0 {
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
				if !r.callback("Progress", func() { r.options.Progress(r.progress()) }) {
					return
				}
			case <-done:
				return
			}
		}
	})
}

func (r *run[S, A]) progress() Progress {
	r.mu.Lock()
	phase := r.phase
	r.mu.Unlock()
	b := r.budget
	p := Progress{
		Phase: phase, Generated: b.Generated.Load(), Distinct: b.Distinct.Load(), Depth: int(b.Depth.Load()),
		Memory: b.Memory(), Elapsed: time.Since(r.start),
	}
	p.Queue = max(p.Distinct-b.Expanded.Load(), 0)
	return p
}

func (r *run[S, A]) enterPhase(name string) {
	r.mu.Lock()
	r.phase = name
	r.mu.Unlock()
}

// kinds returns the properties of the given kinds.
func (r *run[S, A]) kinds(kinds ...PropertyKind) (m engine.Mask) {
	for i, p := range r.props {
		if slices.Contains(kinds, p.kind) {
			m |= 1 << uint(i)
		}
	}
	return m
}

func (r *run[S, A]) config() *engine.Config {
	return &engine.Config{
		Workers: r.options.Workers, Fingerprints: r.options.Store == StoreFingerprints,
		Want: r.kinds(KindAlways, KindSometimes, KindDeadlock), Steps: r.kinds(KindStep),
		Stop: r.stop, Budget: r.budget, Visit: r.visitor(), SampleEvery: sampleEvery,
		Retrace: func() { r.enterPhase("trace") },
	}
}

func (r *run[S, A]) search() (*engine.Outcome, error) {
	if r.options.Strategy == DFS {
		return engine.DepthFirst(r.space, r.config())
	}
	return engine.BreadthFirst(r.space, r.config())
}

// stop decides whether a search is over, given what it has found. Violations and witnesses both count as found.
func (r *run[S, A]) stop(found engine.Mask, fault *engine.Misbehaviour) bool {
	s := r.options.Stop
	switch s.mode {
	case stopNever:
		return false
	case stopViolation:
		return found&^r.kinds(KindSometimes) != 0
	case stopFailure:
		return fault != nil || found&^r.kinds(KindSometimes) != 0
	case stopAllOf:
		return found&r.named(s.names) == r.named(s.names)
	case stopAnyOf:
		return found&r.named(s.names) != 0
	}
	all := engine.Mask(1)<<len(r.props) - 1
	return fault != nil || len(r.props) > 0 && found == all
}

func (r *run[S, A]) named(names []string) (m engine.Mask) {
	for i, p := range r.props {
		if slices.Contains(names, p.name) {
			m |= 1 << uint(i)
		}
	}
	return m
}

// record turns the outcome of a search into results.
func (r *run[S, A]) record(out *engine.Outcome) {
	res := r.result
	res.Bounded = out.Bounded
	res.StopReason = cutTexts[out.StopReason]
	res.Complete = out.StopReason == engine.StopReasonNone
	res.Stats = Stats{
		Generated: out.Generated, Distinct: out.Distinct, Depth: out.Depth, Workers: r.options.Workers, Omission: out.Omission,
	}
	r.recordActions(out.NewByName)
	r.enterPhase("trace")
	if out.Misbehaviour != nil {
		r.fault(out.Misbehaviour)
	}
	for i := range res.Properties {
		if r.props[i].kind != KindEventually {
			r.judgeState(i, out.Discoveries[i])
		}
	}
}

// judgeState gives the verdict on a property other than Eventually.
func (r *run[S, A]) judgeState(i int, found *engine.Discovery) {
	p := &r.result.Properties[i]
	whenFound, whenNot := Violated, Holds
	if p.Kind == KindSometimes {
		whenFound, whenNot = Holds, Violated
	}
	switch {
	case found != nil:
		p.Verdict = whenFound
		p.Path = r.pathOf(found.Trail, i)
		if p.Path == nil {
			p.Reason = "the path could not be found again within the limits"
		}
	case r.result.Complete:
		p.Verdict = whenNot
		p.Within = r.result.Bounded
		if p.Kind == KindSometimes {
			p.Reason = "no reachable state satisfies it"
		}
	default:
		p.Reason = string(r.result.StopReason)
	}
	if p.Within {
		p.Reason = strings.TrimSpace(p.Reason + " within the boundary")
	}
}

// eventually decides the eventually-properties, each in a search of its own.
func (r *run[S, A]) eventually(out *engine.Outcome) error {
	stopped := out.StopReason == engine.StopReasonCondition || out.StopReason == engine.StopReasonModel
	found := engine.Mask(0)
	for i := range out.Discoveries {
		found |= 1 << uint(i)
	}
	for i := range r.result.Properties {
		p := &r.result.Properties[i]
		if p.Kind != KindEventually {
			continue
		}
		if stopped && r.result.Complete {
			r.result.Complete, r.result.StopReason = false, StopReasonCondition // by an eventually-property before this one
		}
		if c := r.budget.Ended(); c != engine.StopReasonNone && r.result.Complete {
			r.result.Complete, r.result.StopReason = false, cutTexts[c] // between the searches
		}
		if stopped || r.budget.Ended() != engine.StopReasonNone {
			p.Reason = string(r.result.StopReason)
			continue
		}
		r.enterPhase("eventually " + p.Name)
		cfg := r.config()
		cfg.SampleEvery = 0
		l, err := engine.Eventually(r.space, i, *cfg)
		if err != nil {
			return err
		}
		r.enterPhase("trace")
		r.judgeEventually(p, i, l)
		if p.Verdict == Violated {
			found |= 1 << uint(i)
			stopped = r.stop(found, nil) && r.options.Stop.mode != stopDecided
		}
	}
	return nil
}

func (r *run[S, A]) judgeEventually(p *PropertyResult[S, A], i int, l *engine.Liveness) {
	if l.Misbehaviour != nil && r.result.Misbehaviour == nil {
		r.fault(l.Misbehaviour)
	}
	switch {
	case l.Refuted != nil:
		p.Verdict = Violated
		p.Path = r.pathOf(l.Refuted, i)
		if p.Path != nil {
			p.Ignored = r.ignored(p.Path)
		}
	case l.Complete:
		p.Verdict = Holds
	case l.Misbehaviour != nil:
		p.Reason = string(StopReasonModel)
	case l.StopReason != engine.StopReasonNone:
		p.Reason = string(cutTexts[l.StopReason])
	default:
		p.Within = true
		p.Reason = "a path that has not satisfied it yet leaves the boundary"
	}
	if l.StopReason != engine.StopReasonNone && l.StopReason != engine.StopReasonCondition && r.result.Complete {
		r.result.Complete, r.result.StopReason = false, cutTexts[l.StopReason]
	}
}

// ignored returns the actions that are enabled in every state of a lasso's cycle and never taken on it.
func (r *run[S, A]) ignored(p *Path[S, A]) []string {
	start, ok := p.Loop()
	if !ok {
		return nil
	}
	stepper := &Stepper[S, A]{machine: r.machine}
	var common []string
	for i := start; i < p.Len(); i++ {
		enabled, err := stepper.Transitions(p.states[i])
		if err != nil {
			return nil
		}
		var here []string
		for _, e := range enabled {
			if e.Effect && (i == start || slices.Contains(common, e.Text)) && !slices.Contains(here, e.Text) {
				here = append(here, e.Text)
			}
		}
		common = here
	}
	for i := start; i < p.Len(); i++ {
		common = slices.DeleteFunc(common, func(t string) bool { return t == p.ActionText(i) })
	}
	return common
}

// fault records the model's misbehaviour with the path that leads to it.
func (r *run[S, A]) fault(d *engine.Discovery) {
	e, ok := d.Err.Err.(*ModelError)
	if !ok {
		e = &ModelError{Kind: ErrorPanic, Message: d.Err.Error()}
	}
	if p := r.pathAlong(d.Trail); p != nil {
		e.Path, e.State = p.Encode(), p.StateText(p.Len())
		r.result.MisbehaviourPath = p
	}
	r.result.Misbehaviour = e
}

// finish sums up.
func (r *run[S, A]) finish() (*Result[S, A], error) {
	res := r.result
	if m := r.space.finish(); m != nil && (res.Misbehaviour == nil || res.Misbehaviour.Kind != ErrorMutation) {
		res.Misbehaviour = m // what else was found may come of it
	}
	r.quiet()
	if res.Misbehaviour != nil {
		r.doubt()
	}
	res.Verdict = overall(res)
	res.Stats.Elapsed = time.Since(r.start)
	res.Stats.Memory = r.budget.Peak()
	switch {
	case r.failure != nil:
		return res, r.failure
	case res.Misbehaviour != nil:
		return res, res.Misbehaviour
	}
	return res, nil
}

// doubt takes back what no path shows, since the model has misbehaved.
func (r *run[S, A]) doubt() {
	if r.result.Complete {
		r.result.Complete, r.result.StopReason = false, StopReasonModel
	}
	for i := range r.result.Properties {
		p := &r.result.Properties[i]
		if p.Path == nil && p.Verdict != Inconclusive {
			p.Verdict, p.Within, p.Reason = Inconclusive, false, string(StopReasonModel)
		}
	}
}

func overall[S, A any](res *Result[S, A]) Verdict {
	if res.Misbehaviour != nil && res.Misbehaviour.Kind == ErrorMutation {
		return Inconclusive // what was found may come of the change
	}
	v := Holds
	if len(res.Properties) == 0 && !res.Complete || res.Misbehaviour != nil {
		v = Inconclusive
	}
	for _, p := range res.Properties {
		switch p.Verdict {
		case Violated:
			return Violated
		case Inconclusive:
			v = Inconclusive
		}
	}
	return v
}

func (r *run[S, A]) recordActions(fresh []int64) {
	byName := map[string]*ActionStats{}
	at := func(name string) *ActionStats {
		if byName[name] == nil {
			byName[name] = &ActionStats{Name: name}
		}
		return byName[name]
	}
	for _, n := range r.actionNames {
		at(n)
	}
	add := func(counts []int64, field func(*ActionStats) *int64) {
		for id, n := range counts {
			if n != 0 && id != engine.NoName {
				*field(at(r.space.names.name(id))) += n
			}
		}
	}
	enabled, taken := r.space.counts()
	for i := range enabled {
		add(enabled[i], func(a *ActionStats) *int64 { return &a.Enabled })
		add(taken[i], func(a *ActionStats) *int64 { return &a.Taken })
	}
	add(fresh, func(a *ActionStats) *int64 { return &a.New })
	for _, a := range byName {
		a.NeverTaken = r.result.Complete && a.Taken == 0 && r.space.names.declares(a.Name)
		r.result.Actions = append(r.result.Actions, *a)
	}
	slices.SortFunc(r.result.Actions, func(a, b ActionStats) int { return strings.Compare(a.Name, b.Name) })
}

var cutTexts = map[engine.StopReason]StopReason{
	engine.StopReasonNone: StopReasonNone, engine.StopReasonCondition: StopReasonCondition, engine.StopReasonDepth: StopReasonDepth, engine.StopReasonStates: StopReasonStates,
	engine.StopReasonGenerated: StopReasonGenerated, engine.StopReasonTime: StopReasonTime, engine.StopReasonMemory: StopReasonMemory,
	engine.StopReasonCanceled: StopReasonCanceled, engine.StopReasonIDs: StopReasonIDs, engine.StopReasonModel: StopReasonModel, engine.StopReasonCallback: StopReasonCallback,
}

// OptionError says that options cannot be used, alone or with the model.
type OptionError struct {
	Option  string // name of the field
	Message string // what is wrong and what to do
}

// Error names the option.
func (e *OptionError) Error() string { return fmt.Sprintf("option %s: %s", e.Option, e.Message) }

// validate refuses options that make no sense for any model.
func (o *Options) validate() error {
	for _, x := range []struct {
		name  string
		value int64
	}{
		{"Workers", int64(o.Workers)}, {"MaxDepth", int64(o.MaxDepth)}, {"MaxStates", int64(o.MaxStates)},
		{"MaxGenerated", int64(o.MaxGenerated)}, {"Timeout", int64(o.Timeout)}, {"MaxMemory", o.MaxMemory}, {"Walks", int64(o.Walks)},
	} {
		if x.value < 0 {
			return &OptionError{x.name, fmt.Sprintf("%d is negative; 0 means no limit of one's own", x.value)}
		}
	}
	if o.Workers > maxWorkers {
		return &OptionError{"Workers", fmt.Sprintf("%d are too many; at most %d", o.Workers, maxWorkers)}
	}
	if o.Strategy > DFS {
		return &OptionError{"Strategy", fmt.Sprintf("there is no %v", o.Strategy)}
	}
	if o.Store > StoreFingerprints {
		return &OptionError{"Storage", fmt.Sprintf("there is no %v", o.Store)}
	}
	return nil
}

// maxWorkers bounds the goroutines of a run.
const maxWorkers = 1024

// fits refuses options that do not fit the model.
func (c *machine[S, A]) fits(o *Options) error {
	if n, ok := c.model.(nativeModel[S]); ok && o.Symmetry {
		if !n.Symmetric() {
			return &OptionError{"Symmetry", "no actors of the system are declared interchangeable; see System.Interchangeable"}
		}
	} else if o.Symmetry && c.representative == nil {
		return &OptionError{"Symmetry", "the model has no Representative method; write one, for example with Interchangeable"}
	}
	if o.Stop.names == nil && (o.Stop.mode == stopAllOf || o.Stop.mode == stopAnyOf) {
		return &OptionError{"Stop", "it names no property; the model has " + c.propertyNames()}
	}
	for _, n := range o.Stop.names {
		if !slices.ContainsFunc(c.props, func(p Property[S]) bool { return p.name == n }) {
			return &OptionError{"Stop", fmt.Sprintf("the model has no property %q; it has %s", n, c.propertyNames())}
		}
	}
	return c.fitsVisitor(o)
}
