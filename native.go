package allways

import (
	"github.com/allways-go/allways/internal/engine"
)

// nativeWorker guards a worker of a native space against panics of user code.
type nativeWorker[S, A any] struct {
	engine.NativeWorker
	space     *space[S, A]
	elsewhere string // user code that runs and is not the native worker's
}

func (sp *space[S, A]) newNativeWorker() *nativeWorker[S, A] {
	w := &nativeWorker[S, A]{NativeWorker: sp.native.NewWorker(sp.names.id), space: sp}
	sp.mu.Lock()
	sp.natives = append(sp.natives, w)
	sp.mu.Unlock()
	return w
}

// recovered turns a panic of user code into a misbehaviour.
func (w *nativeWorker[S, A]) recovered(err *error) {
	r := recover()
	if r == nil {
		return
	}
	where, action, act := w.Where()
	e := panicError(where, r)
	e.Action = action
	*err = broken(e, true, act)
}

// Exited implements [engine.Worker].
func (w *nativeWorker[S, A]) Exited() *engine.Misbehaviour {
	where, action, act := w.Where()
	if w.elsewhere != "" {
		where, action, act = w.elsewhere, "", -1
	}
	return &engine.Misbehaviour{Act: act, Kind: engine.ErrorPanic, Where: where, Action: action, Message: exited, Stack: userFrames()}
}

// Init implements [engine.Worker].
func (w *nativeWorker[S, A]) Init(out *engine.Batch) (err error) {
	defer w.recovered(&err)
	return w.NativeWorker.Init(out)
}

// Expand implements [engine.Worker].
func (w *nativeWorker[S, A]) Expand(state []uint32, o engine.ExpandOptions, out *engine.Batch) (x engine.Expansion, err error) {
	defer w.recovered(&err)
	return w.NativeWorker.Expand(state, o, out)
}

// Eval implements [engine.Worker].
func (w *nativeWorker[S, A]) Eval(state []uint32, want engine.Mask, terminal bool) (decided engine.Mask, err error) {
	defer w.recovered(&err)
	return w.NativeWorker.Eval(state, want, terminal)
}

// Satisfies implements [engine.Worker].
func (w *nativeWorker[S, A]) Satisfies(state []uint32, property int) (ok bool, err error) {
	defer w.recovered(&err)
	return w.NativeWorker.Satisfies(state, property)
}

// Actions implements [engine.Worker].
func (w *nativeWorker[S, A]) Actions(state []uint32) (n int, err error) {
	w.elsewhere = ""
	defer w.recovered(&err)
	return w.NativeWorker.Actions(state)
}

// Apply implements [engine.Worker].
func (w *nativeWorker[S, A]) Apply(i int, want engine.Mask, dst []uint32) (e engine.Effect, steps engine.Mask, err error) {
	w.elsewhere = ""
	defer w.recovered(&err)
	return w.NativeWorker.Apply(i, want, dst)
}

// nativeCandidates shows the engine's candidates to a user's picker.
type nativeCandidates[S, A any] struct {
	worker     *nativeWorker[S, A]
	state      []uint32
	candidates []int
}

func (c *nativeCandidates[S, A]) Len() int          { return len(c.candidates) }
func (c *nativeCandidates[S, A]) Name(i int) string { return c.worker.space.nameOf(c.action(i)) }
func (c *nativeCandidates[S, A]) Text(i int) string { return c.worker.space.ActionText(c.action(i)) }
func (c *nativeCandidates[S, A]) State() any        { return c.worker.State(c.state) }
func (c *nativeCandidates[S, A]) Action(i int) any  { return c.action(i) }
func (c *nativeCandidates[S, A]) action(i int) A    { return c.worker.Action(c.candidates[i]).(A) }
