// Package native puts a state space that a model brings, such as that of a system of actors, in the place of the
// one that its Go values would be compiled into. Only its values, its names and the panics of its user code pass
// through here.
//
// A system of actors could do without one, since it is a model as well. But the methods of a model
// compute a whole state for each step, while a step of an actor changes that actor and some
// inboxes, and each combination of an actor's state and a message needs to be computed only once
// for all states that contain it. A native space uses that, and the vectors of both are of one kind,
// so that the engine need not know.
package native

import (
	"sync"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/naming"
	"github.com/allways-go/allways/internal/usercode"
	"github.com/allways-go/allways/internal/watch"
)

// SpaceOf returns the state space of a model, reduced by symmetry if asked: its own if it brings one,
// and else that of its Go values. memory is the limit of a run in bytes, and 0 for none.
func SpaceOf(c *gospace.Model, symmetry bool, memory int64) (gospace.Space, error) {
	n, ok := c.Value.(engine.NativeModel)
	if !ok {
		return c.NewSpace(symmetry)
	}
	native, err := n.NativeSpace(symmetry, memory, atoms(c))
	if err != nil {
		return nil, &engine.Misbehaviour{Kind: engine.ErrorDeclaration, Message: err.Error(), Act: -1}
	}
	return &space{Model: c, native: native, names: naming.NewNames(c.Declared)}, nil
}

// Keep adds to the outcome of a search that has ended early what the one before it has found.
func Keep(out, first *engine.Outcome) {
	if out.StopReason == engine.StopReasonNone {
		return
	}
	for i, d := range first.Discoveries {
		if found := out.Discoveries[i]; found == nil || found.Trail == nil {
			out.Discoveries[i] = d
		}
	}
	if out.Misbehaviour == nil {
		out.Misbehaviour = first.Misbehaviour
	}
}

// space is a space that the model brings.
type space struct {
	*gospace.Model
	native engine.Native
	names  *naming.Names
	passes int // passes of all searches; what the native space has learned in one, the next ones know

	mu      sync.Mutex
	workers []*worker
}

// atoms returns the predicates of all properties, and of promises about runs, as a native space evaluates them.
func atoms(c *gospace.Model) []engine.Atom {
	var all []engine.Atom
	for _, p := range c.Props {
		a := engine.Atom{Where: gospace.PropertySite(p.Name)}
		state := func(s any) unsafe.Pointer { return gospace.Unbox(c.State, s) }
		action := func(x any) unsafe.Pointer { return gospace.Unbox(c.Action, x) }
		if f := p.State; f != nil {
			a.State = func(s any) bool { return f(state(s)) }
		}
		if f := p.Step; f != nil {
			a.Step = func(s, x, t any) bool { return f(state(s), action(x), state(t)) }
		}
		if f := p.Key; f != nil {
			a.Key = func(s, x, t any) (any, bool) { return f(state(s), action(x), state(t)) }
		}
		all = append(all, a)
	}
	return all
}

// Counts implements [gospace.Space].
func (sp *space) Counts() (enabled, taken [][]int64) {
	for _, w := range sp.workers {
		e, t := w.Counts()
		enabled, taken = append(enabled, e), append(taken, t)
	}
	return enabled, taken
}

// Names implements [gospace.Space].
func (sp *space) Names() *naming.Names { return sp.names }

// Words implements [engine.Space].
func (sp *space) Words() int { return sp.native.Words() }

// Memory implements [engine.Space].
func (sp *space) Memory() int64 { return sp.native.Memory() }

// Encode implements [gospace.Space].
func (sp *space) Encode(s unsafe.Pointer) ([]uint32, error) {
	return sp.native.Encode(gospace.Box(sp.State, s))
}

// Decoder implements [gospace.Space].
func (sp *space) Decoder() func(vec []uint32) unsafe.Pointer {
	w := sp.newWorker()
	return func(vec []uint32) unsafe.Pointer { return gospace.Unbox(sp.State, w.State(vec)) }
}

// Choices implements [gospace.Space].
func (sp *space) Choices(w engine.Worker, state []uint32, candidates []int) gospace.Choices {
	n := w.(*worker)
	n.choices = choices{n, state, candidates} // one for each step of a walk: not allocated anew
	return &n.choices
}

// Scheduling implements [gospace.Space].
func (sp *space) Scheduling(w engine.Worker) { w.(*worker).elsewhere = gospace.Scheduler }

// Finish implements [gospace.Space].
func (sp *space) Finish(stop func() bool, found bool) *engine.Misbehaviour {
	var err error
	panicked := usercode.Run("the system, asked again", func() { err = sp.native.Finish(stop, found) })
	if panicked != nil {
		err = panicked
	}
	return misbehaviour(err)
}

// misbehaviour returns what an error of a native space says of the model.
func misbehaviour(err error) *engine.Misbehaviour {
	switch e := err.(type) {
	case nil:
		return nil
	case *engine.Misbehaviour:
		return e
	case engine.KindError:
		return &engine.Misbehaviour{Kind: e.ErrorKind(), Message: e.Error(), Act: -1}
	}
	return &engine.Misbehaviour{Kind: engine.ErrorMutation, Message: err.Error(), Act: -1}
}

// Calls implements [gospace.Space].
func (sp *space) Calls() uint64 { return sp.native.Calls() }

// Stuck implements [gospace.Space].
func (sp *space) Stuck() *engine.Misbehaviour { return stuckAt(sp.native.Asked) }

// Warnings implements [gospace.Space].
func (sp *space) Warnings() []engine.Warning { return sp.native.Warnings(sp.names.Name) }

// NewWorker implements [engine.Space].
func (sp *space) NewWorker() engine.Worker { return sp.newWorker() }

func (sp *space) newWorker() *worker {
	w := &worker{NativeWorker: sp.native.NewWorker(sp.names.ID), model: sp.Model}
	sp.mu.Lock()
	sp.workers = append(sp.workers, w)
	sp.mu.Unlock()
	return w
}

// worker guards a worker of a native space against panics of user code.
type worker struct {
	engine.NativeWorker
	model     *gospace.Model
	elsewhere string // user code that runs and is not the native worker's
	choices   choices
}

// recovered turns a panic of user code into a misbehaviour.
func (w *worker) recovered(err *error) {
	r := recover()
	if r == nil {
		return
	}
	where, action, act := w.Where()
	m := usercode.Panicked(where, r)
	m.Action, m.Tolerable, m.Act = action, true, act
	*err = m
}

// Exited implements [engine.Worker].
func (w *worker) Exited() *engine.Misbehaviour {
	where, action, act := w.Where()
	if w.elsewhere != "" {
		where, action, act = w.elsewhere, "", -1
	}
	m := usercode.Ended(where)
	m.Action, m.Act = action, act
	return m
}

// Stuck implements [engine.Worker].
func (w *worker) Stuck() *engine.Misbehaviour {
	if e := w.notedElsewhere(); e != "" {
		return usercode.Stuck(e)
	}
	return stuckAt(w.Where)
}

// stuckAt describes user code that has not returned.
func stuckAt(locate func() (where, action string, act int)) *engine.Misbehaviour {
	var where, action string
	var act int
	watched := watch.New()
	watched.End() // the text of an action is user code, too
	if err := usercode.Aside(watched, func() { where, action, act = locate() }, nil); err != nil {
		return usercode.Stuck("a handler or property")
	}
	m := usercode.Stuck(where)
	m.Action, m.Act = action, act
	return m
}

// notedElsewhere reads the note from another goroutine, in no order with the worker's: a lock for every call would
// cost too much, and only a call that has been running for long is read with certainty.
//
//go:norace
func (w *worker) notedElsewhere() string { return w.elsewhere }

// Init implements [engine.Worker].
func (w *worker) Init(out *engine.Batch) (err error) {
	defer w.recovered(&err)
	return w.NativeWorker.Init(out)
}

// Expand implements [engine.Worker].
func (w *worker) Expand(
	state []uint32, o engine.ExpandOptions, out *engine.Batch,
) (x engine.Expansion, err error) {
	defer w.recovered(&err)
	return w.NativeWorker.Expand(state, o, out)
}

// Eval implements [engine.Worker].
func (w *worker) Eval(state []uint32, want engine.Mask, terminal bool) (decided engine.Mask, err error) {
	defer w.recovered(&err)
	return w.NativeWorker.Eval(state, want, terminal)
}

// Satisfies implements [engine.Worker].
func (w *worker) Satisfies(state []uint32, property int) (ok bool, err error) {
	defer w.recovered(&err)
	return w.NativeWorker.Satisfies(state, property)
}

// Actions implements [engine.Worker].
func (w *worker) Actions(state []uint32) (n int, err error) {
	w.elsewhere = ""
	defer w.recovered(&err)
	return w.NativeWorker.Actions(state)
}

// Apply implements [engine.Worker].
func (w *worker) Apply(i int, want engine.Mask, dst []uint32) (e engine.Effect, steps engine.Mask, err error) {
	w.elsewhere = ""
	defer w.recovered(&err)
	return w.NativeWorker.Apply(i, want, dst)
}

// choices are prepared actions of a native space.
type choices struct {
	worker     *worker
	state      []uint32
	candidates []int
}

func (c *choices) Len() int          { return len(c.candidates) }
func (c *choices) Name(i int) string { return c.worker.model.NameOf(c.action(i)) }
func (c *choices) Text(i int) string { return c.worker.model.ActionText(c.action(i)) }
func (c *choices) State() any        { return c.worker.State(c.state) }
func (c *choices) Action(i int) any  { return c.worker.Action(c.candidates[i]) }
func (c *choices) action(i int) unsafe.Pointer {
	return gospace.Unbox(c.worker.model.Action, c.Action(i))
}
