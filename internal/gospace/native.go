package gospace

import (
	"sync"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/naming"
	"github.com/allways-go/allways/internal/usercode"
	"github.com/allways-go/allways/internal/watch"
)

// nativeSpace is a space that the model brings itself, such as that of a system of actors. Only its
// values, its names and the panics of its user code pass through here.
//
// A system of actors could do without one, since it is a model as well. But the methods of a model
// compute a whole state for each step, while a step of an actor changes that actor and some
// inboxes, and each combination of an actor's state and a message needs to be computed only once
// for all states that contain it. A native space uses that, and the vectors of both are of one kind,
// so that the engine need not know.
type nativeSpace struct {
	*Model
	native engine.Native
	names  *naming.Names

	mu      sync.Mutex
	workers []*nativeWorker
}

func newNativeSpace(c *Model, n engine.NativeModel, symmetry bool) (*nativeSpace, error) {
	native, err := n.NativeSpace(symmetry, c.atoms())
	if err != nil {
		return nil, &engine.Misbehaviour{Kind: engine.ErrorDeclaration, Message: err.Error(), Act: -1}
	}
	return &nativeSpace{Model: c, native: native, names: naming.NewNames(c.Declared)}, nil
}

// atoms returns the predicates of all properties, and of promises about runs, as a native space evaluates them.
func (c *Model) atoms() []engine.Atom {
	var all []engine.Atom
	for _, p := range c.Props {
		a := engine.Atom{Where: propertySite(p.Name)}
		state := func(s any) unsafe.Pointer { return unbox(c.State, s) }
		action := func(x any) unsafe.Pointer { return unbox(c.Action, x) }
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

// Counts implements [Space].
func (sp *nativeSpace) Counts() (enabled, taken [][]int64) {
	for _, w := range sp.workers {
		e, t := w.Counts()
		enabled, taken = append(enabled, e), append(taken, t)
	}
	return enabled, taken
}

// Names implements [Space].
func (sp *nativeSpace) Names() *naming.Names { return sp.names }

// Words implements [engine.Space].
func (sp *nativeSpace) Words() int { return sp.native.Words() }

// Memory implements [engine.Space].
func (sp *nativeSpace) Memory() int64 { return sp.native.Memory() }

// Encode implements [Space].
func (sp *nativeSpace) Encode(s unsafe.Pointer) ([]uint32, error) {
	return sp.native.Encode(sp.boxState(s))
}

// Decoder implements [Space].
func (sp *nativeSpace) Decoder() func(vec []uint32) unsafe.Pointer {
	w := sp.newWorker()
	return func(vec []uint32) unsafe.Pointer { return unbox(sp.State, w.State(vec)) }
}

// Choices implements [Space].
func (sp *nativeSpace) Choices(w engine.Worker, state []uint32, candidates []int) Choices {
	n := w.(*nativeWorker)
	n.choices = nativeChoices{n, state, candidates} // one for each step of a walk: not allocated anew
	return &n.choices
}

// Scheduling implements [Space].
func (sp *nativeSpace) Scheduling(w engine.Worker) { w.(*nativeWorker).elsewhere = Scheduler }

// Finish implements [Space].
func (sp *nativeSpace) Finish(stop func() bool, found bool) *engine.Misbehaviour {
	var err error
	if panicked := guard("the system, asked again", func() { err = sp.native.Finish(stop, found) }); panicked != nil {
		err = panicked
	}
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

// Calls implements [Space].
func (sp *nativeSpace) Calls() uint64 { return sp.native.Calls() }

// Stuck implements [Space].
func (sp *nativeSpace) Stuck() *engine.Misbehaviour { return stuckAt(sp.native.Asked) }

// Warnings implements [Space].
func (sp *nativeSpace) Warnings() []engine.Warning { return sp.native.Warnings(sp.names.Name) }

// NewWorker implements [engine.Space].
func (sp *nativeSpace) NewWorker() engine.Worker { return sp.newWorker() }

func (sp *nativeSpace) newWorker() *nativeWorker {
	w := &nativeWorker{NativeWorker: sp.native.NewWorker(sp.names.ID), model: sp.Model}
	sp.mu.Lock()
	sp.workers = append(sp.workers, w)
	sp.mu.Unlock()
	return w
}

// nativeWorker guards a worker of a native space against panics of user code.
type nativeWorker struct {
	engine.NativeWorker
	model     *Model
	elsewhere string // user code that runs and is not the native worker's
	choices   nativeChoices
}

// recovered turns a panic of user code into a misbehaviour.
func (w *nativeWorker) recovered(err *error) {
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
func (w *nativeWorker) Exited() *engine.Misbehaviour {
	where, action, act := w.Where()
	if w.elsewhere != "" {
		where, action, act = w.elsewhere, "", -1
	}
	m := usercode.Ended(where)
	m.Action, m.Act = action, act
	return m
}

// Stuck implements [engine.Worker].
func (w *nativeWorker) Stuck() *engine.Misbehaviour {
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

// notedElsewhere reads the note from another goroutine; see [worker.noted].
//
//go:norace
func (w *nativeWorker) notedElsewhere() string { return w.elsewhere }

// Init implements [engine.Worker].
func (w *nativeWorker) Init(out *engine.Batch) (err error) {
	defer w.recovered(&err)
	return w.NativeWorker.Init(out)
}

// Expand implements [engine.Worker].
func (w *nativeWorker) Expand(
	state []uint32, o engine.ExpandOptions, out *engine.Batch,
) (x engine.Expansion, err error) {
	defer w.recovered(&err)
	return w.NativeWorker.Expand(state, o, out)
}

// Eval implements [engine.Worker].
func (w *nativeWorker) Eval(state []uint32, want engine.Mask, terminal bool) (decided engine.Mask, err error) {
	defer w.recovered(&err)
	return w.NativeWorker.Eval(state, want, terminal)
}

// Satisfies implements [engine.Worker].
func (w *nativeWorker) Satisfies(state []uint32, property int) (ok bool, err error) {
	defer w.recovered(&err)
	return w.NativeWorker.Satisfies(state, property)
}

// Actions implements [engine.Worker].
func (w *nativeWorker) Actions(state []uint32) (n int, err error) {
	w.elsewhere = ""
	defer w.recovered(&err)
	return w.NativeWorker.Actions(state)
}

// Apply implements [engine.Worker].
func (w *nativeWorker) Apply(i int, want engine.Mask, dst []uint32) (e engine.Effect, steps engine.Mask, err error) {
	w.elsewhere = ""
	defer w.recovered(&err)
	return w.NativeWorker.Apply(i, want, dst)
}

// nativeChoices are prepared actions of a native space.
type nativeChoices struct {
	worker     *nativeWorker
	state      []uint32
	candidates []int
}

func (c *nativeChoices) Len() int          { return len(c.candidates) }
func (c *nativeChoices) Name(i int) string { return c.worker.model.nameOf(c.action(i)) }
func (c *nativeChoices) Text(i int) string { return c.worker.model.ActionText(c.action(i)) }
func (c *nativeChoices) State() any        { return c.worker.State(c.state) }
func (c *nativeChoices) Action(i int) any  { return c.worker.Action(c.candidates[i]) }
func (c *nativeChoices) action(i int) unsafe.Pointer {
	return unbox(c.worker.model.Action, c.Action(i))
}
