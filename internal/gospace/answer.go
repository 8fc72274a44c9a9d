package gospace

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/plan"
	"github.com/allways-go/allways/internal/usercode"
	"github.com/allways-go/allways/internal/values"
)

// An answer is all that a model says about one state, as words: which of its properties hold, which
// actions are enabled, in their order, and what each of them leads to. Answers to the same question
// are compared word by word, and only when they differ does it matter what the words mean.
//
//	panic, action            0, or one more than the place of a panic, and than the action
//	holds (2), asked (2)     properties that hold, among those that were asked
//	actions                  number of actions; then for each:
//	    action, name         number of its content, and of its name
//	    effect               see below; what follows is left out for the first two
//	    state (words)        the successor
//	    broken (2), asked(2) step properties that the step violates, among those that were asked
type answer []uint32

const (
	answerHead  = 7
	answerTail  = 4
	unknown     = 0 // none, or one that a search does not keep
	effectNone  = 1
	effectIn    = 2 // inside the boundary
	effectOut   = 3
	atAction    = 0
	atName      = 1
	atEffect    = 2
	atSuccessor = 3
)

func low(x uint64) uint32              { return uint32(x) }
func high(x uint64) uint32             { return uint32(x >> 32) }
func join64(words []uint32) (x uint64) { return uint64(words[0]) | uint64(words[1])<<32 }

// form is a form of a state that user code may be given. Its content is the same in all of them.
type form uint8

const (
	canonical form = iota
	refilled       // maps filled in another order
	alternate      // nil and empty swapped, too
)

// given returns a state in a form, in memory that is shared with no other, and whether the order of
// maps may matter in it.
func (w *worker) given(state []uint32, f form) (s unsafe.Pointer, ordered bool) {
	if s = w.probe; !w.flat {
		s = w.newState()
	}
	w.coder.DecodeFresh(state, s)
	switch f {
	case refilled:
		ordered = w.splan.Refill(s)
	case alternate:
		swapped := w.newState()
		w.splan.Alternate(swapped, s)
		ordered, s = w.splan.Refill(s), swapped
	}
	return s, ordered
}

// answer asks the model about a state in a form. The error is a panic, after which the answer is as
// long as it got, or a value that cannot be a state. The answer is valid until the next one.
func (w *worker) answer(state []uint32, f form) (a answer, ordered bool, err error) {
	s, ordered := w.given(state, f)
	a, err = w.answerOn(s, f)
	return a, ordered, err
}

// answerOn is answer for a state that has the form already.
func (w *worker) answerOn(s unsafe.Pointer, f form) (a answer, err error) {
	acts := w.acts
	defer func() {
		if r := recover(); r != nil {
			a[0], a[1] = uint32(w.where)+1, uint32(w.act+1)
			err = w.located(usercode.Panicked(w.site(), r))
			w.namer.Naming = nil
		}
		w.acts = acts
	}()
	a = append(w.room[:0], make(answer, answerHead)...)
	defer func() { w.room = a }()
	holds, asked := uint64(0), uint64(0)
	for i := range w.Props {
		if p := &w.Props[i]; p.State != nil {
			w.user(inProperty+site(i), -1)
			asked |= 1 << uint(i)
			if p.State(s) {
				holds |= 1 << uint(i)
			}
		}
	}
	a[2], a[3], a[4], a[5] = low(holds), high(holds), low(asked), high(asked)
	w.user(inActions, -1)
	w.acts = w.Code.Actions(values.Slice{Size: w.Action.Size()}, s)
	a[6] = uint32(w.acts.Len)
	if w.keeping {
		w.keepActions()
	}
	for i := range w.acts.Len {
		if a, err = w.answerStep(a, s, i, f); err != nil {
			return a, err
		}
	}
	return a, nil
}

// answerStep appends what the i-th action leads to.
func (w *worker) answerStep(a answer, s unsafe.Pointer, i int, f form) (answer, error) {
	id, err := w.actionID(w.acts.At(i))
	if err != nil {
		return a, err
	}
	next, where := w.stepBy()
	w.user(where, i)
	a = append(a, id, uint32(w.namer.LookUp(w.acts.At(i))), effectNone)
	effect := len(a) - 1
	if !w.nextOf(next, s, i, f) {
		return a, nil
	}
	if w.keeping {
		w.keepSuccessor()
	}
	at := len(a)
	a = append(a, make([]uint32, w.space.Words()+answerTail)...)
	inside, err := w.encode(w.next, a[at:at+w.space.Words()], nil, w.steps != 0)
	if err != nil {
		return a, err
	}
	tail := a[at+w.space.Words():]
	if a[effect] = effectOut; inside {
		a[effect] = effectIn
		broken := uint64(w.stepsViolated(s, i, w.steps))
		tail[0], tail[1], tail[2], tail[3] = low(broken), high(broken), low(uint64(w.steps)), high(uint64(w.steps))
	}
	return a, nil
}

// stepBy returns the method by which questions are answered, and where it is.
func (w *worker) stepBy() (next stepper, where site) {
	if w.inPlace {
		return w.NextInPlace, inNextInPlace
	}
	return w.Code.Next, inNext
}

// nextOf runs Next, or NextInPlace, on a state in a form. Writing to a map that is nil only in the alternate form is
// no mistake: a model may rely on never being given one. It is given the canonical form then.
func (w *worker) nextOf(next stepper, s unsafe.Pointer, i int, f form) (ok bool) {
	if f != alternate {
		return next(w.next, s, w.acts.At(i))
	}
	defer func() {
		if r := recover(); r != nil {
			if e, isRuntime := r.(runtime.Error); !isRuntime || e.Error() != "assignment to entry in nil map" {
				panic(r)
			}
			ok = next(w.next, w.clone(s), w.acts.At(i))
		}
	}()
	return next(w.next, s, w.acts.At(i))
}

// actionID returns the number of the content of an action.
func (w *worker) actionID(a unsafe.Pointer) (id uint32, err error) {
	if w.aplan == nil {
		return w.space.actions.Intern([]byte(w.ActionText(a)))
	}
	content, err := w.aplan.Append(w.content[:0], a)
	if err != nil {
		return 0, w.misbehaviour(engine.ErrorValue, "Actions", -1, "an action has no content: "+err.Error())
	}
	w.content = content
	return w.space.actions.Intern(content)
}

// actionOf returns the text of the action with a number.
func (w *worker) actionOf(id uint32) string {
	content := w.space.actions.Bytes(id)
	if w.aplan == nil {
		return string(content)
	}
	a := reflect.New(w.Action).UnsafePointer()
	if _, err := w.aplan.Decode(content, a); err != nil {
		return err.Error()
	}
	return w.ActionText(a)
}

// stepWords returns the number of words of the first of the actions in a part of an answer.
func (w *worker) stepWords(rest []uint32) int {
	n := atSuccessor
	if e := rest[atEffect]; e == effectIn || e == effectOut {
		n += w.space.Words() + answerTail
	}
	return min(n, len(rest))
}

// answered splits an answer into the words of each action.
func (w *worker) answered(a answer) (steps [][]uint32) {
	for rest := a[answerHead:]; len(rest) > 0; {
		n := w.stepWords(rest)
		steps = append(steps, rest[:n:n])
		rest = rest[n:]
	}
	return steps
}

// searched returns the answer that a search has had, as far as it keeps one: its actions are those
// of w, its successors those in out from index from on.
func (w *worker) searched(o engine.ExpandOptions, out *engine.Batch, from int) (a answer, err error) {
	a = make(answer, answerHead)
	a[6] = uint32(w.acts.Len)
	for i := range w.acts.Len {
		id, err := w.actionID(w.acts.At(i))
		if err != nil {
			return a, err
		}
		a = append(a, id, uint32(w.namer.Number(w.acts.At(i))), unknown)
		if from < out.Len() && out.Act(from) == i {
			a[len(a)-1] = effectIn
			a = append(a, out.Vector(from)...)
			broken, asked := uint64(out.Steps(from)), uint64(o.Steps)
			a = append(a, low(broken), high(broken), low(asked), high(asked))
			from++
		}
	}
	return a, nil
}

// differs is what differs between two answers about a state.
type differs struct {
	where string // the method or property
	act   int    // index of the action, or -1
	what  string // "" if nothing differs
}

// compare compares two answers about a state. Effects in a may be unknown: such an action has no
// effect, leads outside or, unless loops are kept, back to the state.
func (w *worker) compare(a, b answer, state []uint32, loops bool) differs {
	if slices.Equal(a, b) {
		return differs{}
	}
	if a[0] != b[0] || a[0] != 0 && a[1] != b[1] {
		x := max(a[0], b[0]) - 1
		return differs{w.siteName(site(x)), int(max(a[1], b[1])) - 1, "it panicked in one of two calls"}
	}
	asked := join64(a[4:]) & join64(b[4:])
	for i := range w.Props {
		if x := (join64(a[2:]) ^ join64(b[2:])) & asked; x>>uint(i)&1 != 0 {
			return differs{PropertySite(w.Props[i].Name), -1, "it was once true and once false for the same state"}
		}
	}
	if a[6] != b[6] {
		return differs{"Actions", -1, fmt.Sprintf(
			"it once returned %d actions and once %d for the same state", a[6], b[6])}
	}
	for i, x, y := 0, a[answerHead:], b[answerHead:]; len(x) > 0 && len(y) > 0; i++ {
		n, m := w.stepWords(x), w.stepWords(y)
		if x[atAction] != y[atAction] {
			return differs{"Actions", -1, w.differentActions(a, b, i)}
		}
		if where, what := w.differentStep(x[:n], y[:m], state, loops); what != "" {
			return differs{where, i, what}
		}
		x, y = x[n:], y[m:]
	}
	return differs{}
}

// differentActions says how the actions of two answers differ, the first time at index i.
func (w *worker) differentActions(a, b answer, i int) string {
	var p, q []uint32
	for _, x := range w.answered(a) {
		p = append(p, x[atAction])
	}
	for _, y := range w.answered(b) {
		q = append(q, y[atAction])
	}
	text := fmt.Sprintf("action %d was once %s and once %s for the same state", i, w.actionOf(p[i]), w.actionOf(q[i]))
	slices.Sort(p)
	if slices.Sort(q); slices.Equal(p, q) {
		text += ", among the same actions in another order"
	}
	return text
}

// differentStep compares what two answers say about an action.
func (w *worker) differentStep(a, b []uint32, state []uint32, loops bool) (where, what string) {
	words := w.space.Words()
	if a[atName] != b[atName] {
		names := w.space.names
		return "ActionName", fmt.Sprintf("it once returned %q and once %q for the same action",
			names.Name(int(a[atName])), names.Name(int(b[atName])))
	}
	x, y := a[atEffect], b[atEffect]
	if x == unknown {
		if y != effectIn || !loops && slices.Equal(b[atSuccessor:atSuccessor+words], state) {
			return "", ""
		}
		return "Next", "it once had an effect inside the boundary and once not"
	}
	switch {
	case x != y && (x == effectNone || y == effectNone):
		return "Next", "it once had an effect and once not"
	case x == effectNone:
		return "", ""
	case x == y && slices.Equal(a, b):
		return "", ""
	}
	p, q := a[atSuccessor:atSuccessor+words], b[atSuccessor:atSuccessor+words]
	if x != y && (slices.Equal(p, q) || w.space.rep != nil) {
		return "Within", "the successor was once inside the boundary and once not"
	}
	if !slices.Equal(p, q) {
		return "Next", "it gave two different states: " + w.fieldDiff(p, q)
	}
	v, u := a[atSuccessor+words:], b[atSuccessor+words:]
	for i := range w.Props {
		if d := (join64(v) ^ join64(u)) & join64(v[2:]) & join64(u[2:]); d>>uint(i)&1 != 0 {
			return PropertySite(w.Props[i].Name), "it was once true and once false for the same step"
		}
	}
	return "", ""
}

// fieldDiff names the first fields in which two states differ.
func (w *worker) fieldDiff(a, b []uint32) string {
	x, y := w.newState(), w.newState()
	w.coder.DecodeFresh(a, x)
	w.coder.DecodeFresh(b, y)
	return plan.DiffText(w.splan.Diff(x, y))
}
