package actor

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/symmetry"
)

// Map is a map by actors. Like any map whose keys are of type ID, it is renamed under symmetry.
type Map[T any] = map[ID]T

// Set is a set of actors.
type Set = map[ID]bool

// Interchangeable declares that actors of one state type may be exchanged without anybody noticing: searches with
// [allways.Options.Symmetry] then keep one state of all those that differ by their names alone. Ids in states, messages,
// stored values and choices are found by their type ID; an integer that is computed from an id is not one any more.
//
// Whether that is so is checked: every first evaluation of a handler is repeated under renamings, all of them up to four
// actors, and a difference is an error that shows both steps; so are properties. How actors start may differ, for only what can become
// of it matters. Protocols are often less symmetric than they look, because
// ids are compared, or because actors are told apart by what they are configured to do.
func (sys *System[M]) Interchangeable(ids ...ID) {
	for _, id := range ids {
		if !sys.has(id) {
			sys.fail(fmt.Errorf("Interchangeable: there is no actor %d yet", id))
			return
		}
		if slices.ContainsFunc(sys.groups, func(g []ID) bool { return slices.Contains(g, id) }) {
			sys.fail(fmt.Errorf("Interchangeable: %s is in two groups", sys.Name(id)))
			return
		}
		if a, b := sys.actors[ids[0]], sys.actors[id]; a != nil && b != nil && a.states.plan != b.states.plan {
			sys.fail(fmt.Errorf("Interchangeable: %s and %s have states of different types", a.name, b.name))
			return
		}
	}
	sys.groups = append(sys.groups, slices.Clone(ids))
}

// Symmetric is for package allways: it reports whether there is anything to exchange.
func (sys *System[M]) Symmetric() bool { return len(sys.groups) > 0 }

// maxRenamings bounds the renamings that are tried for every state.
const maxRenamings = 5040

// renamings returns all renamings but the identity: by actor, its new id.
func (sys *System[M]) renamings() ([][]int, error) {
	identity := make([]int, len(sys.actors))
	for i := range identity {
		identity[i] = i
	}
	all := [][]int{identity}
	for _, g := range sys.groups {
		var more [][]int
		for _, to := range all {
			for _, order := range orders(len(g)) {
				next := slices.Clone(to)
				for k, id := range g {
					next[id] = int(g[order[k]])
				}
				more = append(more, next)
			}
			if len(more) > maxRenamings {
				return nil, fmt.Errorf("Interchangeable: more than %d ways to exchange actors: declare fewer of them", maxRenamings)
			}
		}
		all = more
	}
	return slices.DeleteFunc(all, func(to []int) bool { return slices.Equal(to, identity) }), nil
}

// orders returns the permutations of n numbers.
func orders(n int) [][]int {
	if n == 0 {
		return [][]int{{}}
	}
	var all [][]int
	for _, p := range orders(n - 1) {
		for at := range n {
			all = append(all, slices.Insert(slices.Clone(p), at, n-1))
		}
	}
	return all
}

// renamer renames contents of one type.
type renamer[T any] struct {
	codec codec[T]
	plan  *symmetry.Plan
}

func newRenamer[T any](k codec[T], n int) (renamer[T], error) {
	p, err := symmetry.Permuter(reflect.TypeFor[T](), reflect.TypeFor[ID](), n)
	return renamer[T]{k, p}, err
}

func (r renamer[T]) content(content string, to []int) string {
	if r.plan == nil {
		return content
	}
	v := r.codec.decode(content)
	if !r.plan.Permute(unsafe.Pointer(v), to) {
		panic(fmt.Sprintf("a value of type %T cannot be renamed: %s", *v, r.codec.text(content)))
	}
	return r.codec.encode(v)
}

// symmetries renames contents of a system under its renamings.
type symmetries[M any] struct {
	sys      *System[M]
	to       [][]int
	splits   [][]int // by renaming and partition: the number of the partition
	messages renamer[M]
	values   renamer[any]
}

func newSymmetries[M any](sys *System[M]) (*symmetries[M], error) {
	y := &symmetries[M]{sys: sys}
	var err [3]error
	y.to, err[0] = sys.renamings()
	y.messages, err[1] = newRenamer(sys.messages, len(sys.actors))
	y.values, err[2] = newRenamer(sys.values, len(sys.actors))
	if err := errors.Join(err[:]...); err != nil {
		return nil, err
	}
	for _, to := range y.to {
		if err := y.surrounded(to); err != nil {
			return nil, err
		}
		splits := []int{0}
		for k := range sys.splits {
			at := slices.IndexFunc(sys.splits, func(g [][]ID) bool { return sameSplit(renamedSplit(sys.splits[k], to), g) })
			if at < 0 {
				return nil, fmt.Errorf("Interchangeable: partition %s has no counterpart with the actors exchanged: use PartitionAll", sys.splitText(k+1))
			}
			splits = append(splits, at+1)
		}
		y.splits = append(y.splits, splits)
	}
	return y, nil
}

// surrounded returns an error if what the system says of its actors is not the same with their names exchanged.
func (y *symmetries[M]) surrounded(to []int) error {
	for id, h := range y.sys.actors {
		if other := y.sys.actors[to[id]]; h.reliable != other.reliable {
			return fmt.Errorf("Interchangeable: of %s and %s only one is Reliable", h.name, other.name)
		}
	}
	for ends, l := range y.sys.links {
		from, dest := y.actor(ends[0], to), y.actor(ends[1], to)
		if y.sys.link(from, dest) != l {
			return fmt.Errorf("Interchangeable: the link from %s to %s is unlike that from %s to %s, its counterpart with the actors exchanged",
				y.sys.Name(ends[0]), y.sys.Name(ends[1]), y.sys.Name(from), y.sys.Name(dest))
		}
	}
	return nil
}

func renamedSplit(groups [][]ID, to []int) [][]ID {
	var renamed [][]ID
	for _, g := range groups {
		var names []ID
		for _, id := range g {
			names = append(names, ID(to[id]))
		}
		slices.Sort(names)
		renamed = append(renamed, names)
	}
	return renamed
}

func sameSplit(a, b [][]ID) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(g []ID) bool {
		return !slices.ContainsFunc(b, func(h []ID) bool {
			h = slices.Clone(h)
			slices.Sort(h)
			return slices.Equal(g, h)
		})
	})
}

// actor returns the new id of an actor.
func (y *symmetries[M]) actor(id ID, to []int) ID {
	if y.sys.has(id) {
		return ID(to[id])
	}
	return id
}

func (y *symmetries[M]) local(id ID, l *local, to []int) *local {
	r := *l
	r.state = y.sys.actors[id].rename(l.state, to)
	if l.saved {
		r.stored = y.values.content(l.stored, to)
	}
	r.choices = nil
	for _, c := range l.choices {
		n := choice{key: c.key}
		for _, o := range c.options {
			n.options = append(n.options, y.values.content(o, to))
		}
		slices.Sort(n.options)
		r.choices = append(r.choices, n)
	}
	return &r
}

func (y *symmetries[M]) event(e *event, to []int) event {
	r := *e
	r.from = y.actor(e.from, to)
	if e.kind == Deliver {
		r.msg = y.messages.content(e.msg, to)
	}
	if e.kind == Choose {
		r.option = y.values.content(e.option, to)
	}
	return r
}

func (y *symmetries[M]) outcome(id ID, out *outcome, to []int) *outcome {
	r := &outcome{local: *y.local(id, &out.local, to)}
	for _, m := range out.sends {
		r.sends = append(r.sends, send{y.actor(m.to, to), y.messages.content(m.msg, to)})
	}
	for _, x := range out.records {
		r.records = append(r.records, record{x.aux, y.sys.aux[x.aux].renameEvent(x.event, to)})
	}
	return r
}

// action returns an action with its actors exchanged by the k-th renaming.
func (y *symmetries[M]) action(a Action[M], k int) Action[M] {
	to := y.to[k]
	switch a.Kind {
	case Heal:
	case Partition:
		a.Split = y.splits[k][a.Split]
	case Deliver, Lose, Duplicate:
		a.Actor, a.From = y.actor(a.Actor, to), y.actor(a.From, to)
		a.Msg = *y.sys.messages.decode(y.messages.content(y.sys.messages.encode(&a.Msg), to))
	case Choose:
		a.Actor = y.actor(a.Actor, to)
		a.Option = *y.sys.values.decode(y.values.content(y.sys.values.encode(&a.Option), to))
	default:
		a.Actor = y.actor(a.Actor, to)
	}
	return a
}

// maxChecked is up to how many renamings everything is checked under, which are those of four actors; of more, so many
// random ones are.
const maxChecked = 23

// checked calls f with the numbers of the renamings to check something under.
func (y *symmetries[M]) checked(f func(k int)) {
	if len(y.to) <= maxChecked {
		for k := range y.to {
			f(k)
		}
		return
	}
	for range maxChecked {
		f(rand.IntN(len(y.to)))
	}
}

// check panics if a handler does not do the same under renamings.
func (y *symmetries[M]) check(id ID, l *local, e *event, out *outcome) {
	y.checked(func(k int) {
		to := y.to[k]
		other, event := y.actor(id, to), y.event(e, to)
		got, want := y.sys.run(other, y.local(id, l, to), event, false), y.outcome(id, out, to)
		if !got.local.equal(&want.local) || !sameSends(got.sends, want.sends) || !slices.Equal(got.records, want.records) {
			panic(y.asymmetry(id, e, out, other, &event, &got, want))
		}
	})
}

// sameSends compares what is sent to each receiver, in order.
func sameSends(a, b []send) bool {
	byReceiver := func(x, y send) int { return int(x.to) - int(y.to) }
	a, b = slices.Clone(a), slices.Clone(b)
	slices.SortStableFunc(a, byReceiver)
	slices.SortStableFunc(b, byReceiver)
	return slices.Equal(a, b)
}

// Asymmetry says that actors are not interchangeable: what one of them does differs from what another one does in the
// same situation with the names exchanged.
type Asymmetry struct{ First, Second, Difference string }

// Error shows both steps.
func (e *Asymmetry) Error() string {
	return fmt.Sprintf("actors that were declared interchangeable are not: %s, but with names exchanged %s: %s; ids may only be stored, sent and tested for being equal, not compared, counted with or looked up in what differs by actor",
		e.First, e.Second, e.Difference)
}

// Fault says what kind of misbehaviour it is.
func (e *Asymmetry) ErrorKind() engine.ErrorKind { return engine.ErrorSymmetry }

func (y *symmetries[M]) asymmetry(id ID, e *event, out *outcome, other ID, renamed *event, got, want *outcome) *Asymmetry {
	return &Asymmetry{
		First:      y.step(id, e, out),
		Second:     y.step(other, renamed, got),
		Difference: y.sys.difference(other, got, want) + " (the second is what the first step says)",
	}
}

// step describes what an actor does for an event.
func (y *symmetries[M]) step(id ID, e *event, out *outcome) string {
	what := e.kind.String()
	if e.kind == Deliver {
		what = fmt.Sprintf("receiving %s from %s", y.sys.messages.text(e.msg), y.sys.Name(e.from))
	}
	var sends []string
	for i := range out.sends {
		sends = append(sends, y.sys.sendText(out.sends, i))
	}
	return fmt.Sprintf("%s, on %s, becomes %s and sends [%s]", y.sys.Name(id), what,
		y.sys.actors[id].states.plan.AppendText(nil, pointerOf(y.sys.actors[id].states.decode(out.local.state))), strings.Join(sends, ", "))
}

// stateText is a state's text on one line.
func (sys *System[M]) stateText(s *State[M]) string {
	var parts []string
	for i, a := range s.actors {
		h := sys.actors[i]
		parts = append(parts, h.name+string(h.states.plan.AppendText(nil, pointerOf(a.State))))
	}
	return strings.Join(parts, " ")
}
