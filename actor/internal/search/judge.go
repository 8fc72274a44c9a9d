package search

import (
	"encoding/binary"
	"fmt"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/text"
	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/label"
	"github.com/allways-go/allways/internal/repeat"
)

// judge evaluates the user's predicates and observers. With symmetry reduction it also checks that they do not
// tell interchangeable actors apart. It is for one goroutine.
type judge struct {
	reader
	orbits *orbits // nil without symmetry reduction
	site   *site
	tested int      // predicates of states evaluated
	keys   []uint32 // instances of constraints that a step takes

	labels *label.Table
	known  map[actionID]engine.Mask // labels of actions, where states make no difference
}

// actionID is an action, by ids.
type actionID struct {
	place  int
	event  uint32
	change change
	kind   core.Kind
}

// maxKnown is the number of actions whose labels are kept.
const maxKnown = 1 << 16

// knownLabel returns the label of an action if it is the same for all states.
func (j *judge) knownLabel(a actionID, t *label.Table) (l engine.Mask, ok bool) {
	if j.labels != t {
		j.labels, j.known = t, map[actionID]engine.Mask{}
	}
	l, ok = j.known[a]
	return l, ok
}

func (j *judge) keepLabel(a actionID, l engine.Mask) {
	if len(j.known) < maxKnown {
		j.known[a] = l
	}
}

// within reports whether a state is within the boundary.
func (j *judge) within(vec []uint32) bool {
	j.site.predicate("Boundary")
	in := j.sys.Within(j.view(0, vec))
	j.agrees("the boundary", vec, in, j.sys.Within)
	return in
}

// stepsViolated returns which of the wanted properties of steps a step violates.
func (j *judge) stepsViolated(before []uint32, a core.Action, after []uint32, want engine.Mask) (violated engine.Mask) {
	b, c := j.view(0, before), j.view(1, after)
	for k := range j.properties {
		p := &j.properties[k]
		if !want.Has(k) {
			continue
		}
		j.site.predicate(p.Where)
		holds := p.Step(b, a, c)
		j.agreesStep(p, before, a, after, holds)
		if !holds {
			violated |= 1 << uint(k)
		}
	}
	return violated
}

// label returns the number of the label of a step that changes the state, and whether all steps by the action that
// change a state have it.
func (j *judge) label(before []uint32, a core.Action, after []uint32, t *label.Table) (l engine.Mask, byAction bool) {
	b, c, steps := j.view(0, before), j.view(1, after), uint64(0)
	byAction = len(t.Steps) == 0
	for k, i := range t.Steps {
		p := &j.properties[i]
		j.site.predicate(p.Where)
		holds := p.Step(b, a, c)
		j.agreesStep(p, before, a, after, holds)
		if holds {
			steps |= 1 << uint(k)
		}
	}
	keys := j.keys[:0]
	for k, i := range t.Keyed {
		p := &j.properties[i]
		j.site.predicate(p.Where)
		key, ok := p.Key(b, a, c)
		byAction = byAction && p.ByAction != nil && p.ByAction(key)
		if !ok {
			continue
		}
		n, err := t.Instance(k, key)
		if err != nil {
			panic(&engine.Misbehaviour{Kind: engine.ErrorValue, Where: p.Where, Message: err.Error(), Act: -1})
		}
		keys = append(keys, n)
	}
	j.keys = keys
	return engine.Mask(t.Number(steps, keys)), byAction
}

// eval returns which of the wanted properties a state decides: those that it violates, or is a witness of.
func (j *judge) eval(state []uint32, want engine.Mask, terminal bool) (decided engine.Mask) {
	var view any
	for k := range j.properties {
		p := &j.properties[k]
		if !want.Has(k) || terminal != p.Kind.Terminal() {
			continue
		}
		var holds bool
		if p.Aux >= 0 {
			holds = j.allows(p, state[j.n+p.Aux])
		} else {
			if view == nil {
				view = j.view(0, state)
			}
			holds = j.test(p, state, view)
		}
		if p.Kind.DecidedBy(holds) {
			decided |= 1 << uint(k)
		}
	}
	return decided
}

// satisfies reports whether a property of states holds in a state.
func (j *judge) satisfies(state []uint32, p *core.Property) bool {
	return j.test(p, state, j.view(0, state))
}

func (j *judge) test(p *core.Property, state []uint32, view any) bool {
	j.site.predicate(p.Where)
	holds := p.Test(view)
	if j.tested++; j.tested <= repeat.First && p.Test(view) != holds {
		panic(unsteady{"state"})
	}
	j.agrees(p.Where, state, holds, p.Test)
	return holds
}

// Verdicts on values of histories. A history recurs in many states, and judging one may take long: deciding
// whether it is linearizable is NP-complete (Gibbons and Korach, 1997).
const (
	unjudged = iota
	refused
	allowed
)

// allows reports whether a value of a history keeps its promise. That is judged once.
func (j *judge) allows(p *core.Property, value uint32) bool {
	known := j.now().aux[p.Aux].verdicts.Room(value)
	verdict := known.Load()
	if verdict == unjudged {
		j.site.predicate(p.Where)
		verdict = refused
		if j.histories[p.Aux].Allows(j.values[p.Aux].Bytes(value)) {
			verdict = allowed
		}
		known.Store(verdict)
		j.repeatHistory(p, value, verdict == allowed)
		j.agreesHistory(p, value, verdict == allowed)
	}
	return verdict == allowed
}

// observe returns the value of an observer after a step.
func (j *judge) observe(aux int, value uint32, a core.Action) uint32 {
	x := j.sys.Aux[aux].(core.Observer)
	j.site.predicate(fmt.Sprintf("observer %q", x.Name()))
	before := string(j.values[aux].Bytes(value))
	after := x.Observe(before, a)
	j.agreesObserver(x, before, a, after)
	j.repeatObserver(x, keyOfStep(aux, value, a), before, a, after)
	return must(j.values[aux].Intern([]byte(after)))
}

// agrees panics unless a predicate gives the same answer with names exchanged.
func (j *judge) agrees(where string, vec []uint32, holds bool, test func(any) bool) {
	o := j.orbits
	if o == nil {
		return
	}
	met := map[string]bool{}
	for _, k := range o.y.chosen(func() uint64 { return o.hash(vec) }) {
		o.rename(o.next, vec, k)
		if len(o.y.to) > maxChecked { // then many are the same, and are not evaluated again
			name := keyOf(o.next)
			if met[name] {
				continue
			}
			met[name] = true
			o.y.copies.Add(1)
		}
		if test(j.view(2, o.next)) != holds {
			panic(disagreement(where, holds, j.text(vec), j.text(o.next)))
		}
	}
}

// keyOf returns a vector as a key of a map.
func keyOf(vec []uint32) string {
	b := make([]byte, 0, 64)
	for _, x := range vec {
		b = binary.LittleEndian.AppendUint32(b, x)
	}
	return string(b)
}

// agreesStep is agrees for a property of steps.
func (j *judge) agreesStep(p *core.Property, before []uint32, a core.Action, after []uint32, holds bool) {
	o := j.orbits
	if o == nil {
		return
	}
	for _, k := range o.y.chosen(func() uint64 { return o.hash(before) ^ o.hash(after) }) {
		o.rename(o.best, before, k)
		o.rename(o.next, after, k)
		if b := o.y.action(a, k); p.Step(j.view(2, o.best), b, j.view(3, o.next)) != holds {
			step := func(a core.Action, before []uint32) string {
				return text.Action(j.sys, a) + " from " + j.text(before)
			}
			panic(disagreement(p.Where, holds, step(a, before), step(b, o.best)))
		}
	}
}

// observation is what an observer makes of a step.
type observation struct {
	value  string
	action core.Action
}

// agreesObserver panics unless an observer does the same with names exchanged. It meets all that renamings make of the
// value and the action, as check does for handlers.
func (j *judge) agreesObserver(x core.Observer, value string, a core.Action, after string) {
	y := j.symmetries
	if y == nil {
		return
	}
	first := observation{value, a}
	met, all := map[observation]string{first: after}, []observation{first}
	for len(all) > 0 {
		from := all[len(all)-1]
		all = all[:len(all)-1]
		for _, k := range y.adjacent {
			to, want := y.to[k], x.Rename(met[from], y.to[k])
			next := observation{x.Rename(from.value, to), y.action(from.action, k)}
			got, ok := met[next]
			if !ok {
				got = x.Observe(next.value, next.action)
				met[next], all = got, append(all, next)
			}
			if got != want {
				panic(&asymmetry{
					first: fmt.Sprintf("%s, on %s, turns %s into %s",
						j.site.where, text.Action(j.sys, from.action), x.Text(from.value), x.Text(met[from])),
					second:     text.Action(j.sys, next.action),
					difference: fmt.Sprintf("it turns %s into %s", x.Text(next.value), x.Text(got)),
				})
			}
		}
	}
}

// agreesHistory panics unless a history is judged the same with names exchanged.
func (j *judge) agreesHistory(p *core.Property, value uint32, holds bool) {
	y := j.symmetries
	if y == nil {
		return
	}
	met := map[uint32]bool{value: true}
	for _, k := range y.chosen(func() uint64 { return j.orbits.key(j.n+p.Aux, value).hash }) {
		other := j.orbits.valueAs(p.Aux, value, y.to[k])
		if met[other] {
			continue
		}
		met[other] = true
		y.copies.Add(1)
		if j.histories[p.Aux].Allows(j.values[p.Aux].Bytes(other)) != holds {
			x := j.sys.Aux[p.Aux]
			panic(disagreement(p.Where, holds, x.Text(j.auxContent(p.Aux, value)), x.Text(j.auxContent(p.Aux, other))))
		}
	}
}

func disagreement(where string, holds bool, first, second string) *asymmetry {
	return &asymmetry{
		first: fmt.Sprintf("%s is %t in %s", where, holds, first), second: fmt.Sprintf("it is %t", !holds),
		difference: second,
	}
}

// text returns a state on one line.
func (j *judge) text(vec []uint32) string { return text.States(j.sys, j.sys.View(j.state(vec))) }
