package search

import (
	"github.com/allways-go/allways/actor/internal/core"
)

// reader makes states for properties to read, out of parts that are decoded once and shared. It is for one
// goroutine.
//
// A predicate wants values of the user's types, and decoding a whole state for each would cost far more than
// the search. Sharing makes it cheap, and makes a property that changes what it reads a danger: it would change
// other states. mutation.go detects that.
type reader struct {
	*space
	slots   [4]slot // the last two are for states with names exchanged
	private *memo   // memo of this reader alone, for states with maps filled in another order; nil for the shared one
}

// slot is a state for properties to read, and the places of its parts.
type slot struct {
	core.View
	state  any
	actors []*core.ActorView
	aux    []any
	faults *core.Faults
}

// view returns a state, valid until the next view with the same number.
func (r *reader) view(number int, vec []uint32) any {
	s := &r.slots[number]
	if s.View == nil {
		s.View = r.sys.Views.NewView(r.n, len(r.sys.Aux), r.sys.Hides)
		s.state, s.actors, s.aux, s.faults = s.State(), s.Actors(), s.Aux(), s.Faults()
	}
	m := r.decoded()
	for i := range r.n {
		v := m.views.Get(vec[i])
		if v == nil {
			v = r.viewOf(m, vec[i])
		}
		s.actors[i] = v.state
		if !r.sys.Hides {
			s.SetInbox(i, v.box)
		}
	}
	w := r.environmentOf(vec[r.env])
	*s.faults = w.Faults
	if !r.sys.Hides {
		s.SetInbox(r.n, r.sys.Views.Inbox(r.inbox(w.strays)))
	}
	for k := range r.sys.Aux {
		s.aux[k] = r.auxValue(k, vec[r.n+k])
	}
	return s.state
}

// decoded returns the memo that keeps what the reader has decoded.
func (r *reader) decoded() *memo {
	if r.private != nil {
		return r.private
	}
	return r.now()
}

// viewOf decodes what properties read of a component.
func (r *reader) viewOf(m *memo, component uint32) *view {
	local, box := r.parts(component)
	v := &view{state: m.states.Get(local)}
	if v.state == nil {
		l := r.local(local)
		a := r.sys.ActorView(l.actor, &l.Local)
		if r.private != nil {
			r.sys.Actors[l.actor].State.Plan.Refill(core.PointerOf(a.State))
		}
		v.state = m.states.Put(local, a, hostedBytes+2*len(r.locals.Bytes(local)))
	}
	if !r.sys.Hides { // else properties may not read inboxes
		in := m.boxes.Get(box)
		if in == nil {
			decoded := r.sys.Views.Inbox(r.inbox(r.contents(box)))
			in = m.boxes.Put(box, &decoded, boxBytes*(1+len(r.inboxes.Bytes(box))/4))
		}
		v.box = *in
	}
	return m.views.Put(component, v, viewBytes)
}

// auxValue returns an auxiliary value for reading.
func (r *reader) auxValue(aux int, id uint32) any {
	values := &r.decoded().aux[aux].values
	if v := values.Get(id); v != nil {
		return *v
	}
	content := r.auxContent(aux, id)
	v := r.sys.Aux[aux].Decode(content)
	return *values.Put(id, &v, valueBytes+2*len(content))
}

// state returns a state by content.
func (sp *space) state(vec []uint32) *core.State {
	w := sp.environmentOf(vec[sp.env])
	s := &core.State{Faults: w.Faults}
	for i := range sp.n {
		local, box := sp.parts(vec[i])
		l := sp.local(local).Local
		s.Actors = append(s.Actors, &l)
		s.Inboxes = append(s.Inboxes, sp.inbox(sp.contents(box)))
	}
	s.Inboxes = append(s.Inboxes, sp.inbox(w.strays))
	for k := range sp.sys.Aux {
		s.Aux = append(s.Aux, sp.auxContent(k, vec[sp.n+k]))
	}
	return s
}

// vector is the inverse of state.
func (sp *space) vector(s *core.State) []uint32 {
	vec := make([]uint32, sp.env+1)
	for id, l := range s.Actors {
		vec[id] = sp.component(sp.localID(id, l), sp.boxID(sp.boxContents(s.Inboxes[id])))
	}
	for k, content := range s.Aux {
		vec[sp.n+k] = sp.auxID(k, content)
	}
	vec[sp.env] = sp.environmentID(&environment{Faults: s.Faults, down: s.Down(), strays: sp.boxContents(s.Inboxes[sp.n])})
	return vec
}
