package core

// The states of a path share what the steps between them have not changed. What follows uses that.

// Copy returns a view of the same content, which shares with an earlier copy what v shares with the view that was
// copied then.
func Copy(sys *System, v, earlier, copied View) View {
	c := sys.Views.NewView(len(sys.Actors), len(sys.Aux), sys.Hides)
	for id, a := range v.Actors() {
		if c.Actors()[id] = copied.Actors()[id]; a != earlier.Actors()[id] {
			c.Actors()[id] = sys.ActorView(id, sys.Local(id, a))
		}
	}
	for i := range len(sys.Actors) + 1 {
		box := copied.Inbox(i)
		if now := v.Inbox(i); now != earlier.Inbox(i) {
			box = sys.Views.Inbox(sys.Views.Content(now))
		}
		c.SetInbox(i, box)
	}
	for k, x := range v.Aux() {
		if c.Aux()[k] = copied.Aux()[k]; x != earlier.Aux()[k] {
			c.Aux()[k] = sys.Aux[k].Decode(sys.Aux[k].Encode(x))
		}
	}
	*c.Faults() = *v.Faults()
	return c
}

// Differing returns two states as State does, but without the parts that both views share, which are empty in both
// results. It takes the time of what is not shared: reports compare each state of a path with the next one, and a
// state may have a thousand actors of which a step changes two.
func Differing(sys *System, v, w View) (a, b *State) {
	n, m := len(sys.Actors), len(sys.Aux)
	a = &State{Actors: make([]*Local, n), Inboxes: make([]Inbox, n+1), Faults: *v.Faults(), Aux: make([]string, m)}
	b = &State{Actors: make([]*Local, n), Inboxes: make([]Inbox, n+1), Faults: *w.Faults(), Aux: make([]string, m)}
	shared := &Local{}
	for id, x := range v.Actors() {
		a.Actors[id], b.Actors[id] = shared, shared
		if y := w.Actors()[id]; x != y {
			a.Actors[id], b.Actors[id] = sys.Local(id, x), sys.Local(id, y)
		}
	}
	for i := range n + 1 {
		if x, y := v.Inbox(i), w.Inbox(i); x != y {
			a.Inboxes[i], b.Inboxes[i] = sys.Views.Content(x), sys.Views.Content(y)
		}
	}
	for k, x := range v.Aux() {
		if y := w.Aux()[k]; x != y {
			a.Aux[k], b.Aux[k] = sys.Aux[k].Encode(x), sys.Aux[k].Encode(y)
		}
	}
	return a, b
}

// StateAfter is State for a view that follows another one, whose state is known.
func StateAfter(sys *System, v, was View, before *State) *State {
	s := before.Clone()
	s.Faults = *v.Faults()
	for id, a := range v.Actors() {
		if a != was.Actors()[id] {
			s.Actors[id] = sys.Local(id, a)
		}
	}
	for i := range s.Inboxes {
		if box := v.Inbox(i); box != was.Inbox(i) {
			s.Inboxes[i] = sys.Views.Content(box)
		}
	}
	for k, x := range v.Aux() {
		if x != was.Aux()[k] {
			s.Aux[k] = sys.Aux[k].Encode(x)
		}
	}
	return s
}
