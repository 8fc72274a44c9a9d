package search

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/text"
	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/symmetry"
)

// symmetries renames contents of a system. A renaming exchanges interchangeable actors: it is a permutation of
// the ids that keeps each actor within its group. If the system does the same under every renaming, states that
// a renaming makes of one another satisfy the same properties, and a search may keep one of each such set,
// which is called an orbit.
//
// That the system does so is not taken on trust. Every first evaluation of a handler is repeated under
// all renamings, and so are predicates and observers, predicates in part if there are very many; a difference is an
// error.
type symmetries struct {
	sys      *core.System
	to       [][]int // the new id of each actor, by renaming without the identity
	all      []int   // all renamings
	adjacent []int   // renamings that exchange two neighbours of a group, which together make all others
	copies   atomic.Int64
	splits   [][]int // the number that a partition becomes, by renaming and number
	states   []renamer
	messages renamer
	values   renamer
}

// renamer renames ids in contents of one type.
type renamer struct {
	codec *core.Codec
	plan  *symmetry.Plan // nil for a type without ids
}

func newRenamer(sys *core.System, k *core.Codec) (renamer, error) {
	p, err := symmetry.Permuter(k.Plan.Type(), sys.IDType, len(sys.Actors))
	return renamer{k, p}, err
}

func (r renamer) content(content string, to []int) string {
	if r.plan == nil {
		return content
	}
	v := r.codec.Decode(content)
	if !r.plan.Permute(core.PointerOf(v), to) {
		panic(fmt.Sprintf("a value of type %v cannot be renamed: %s", r.codec.Plan.Type(), r.codec.Text(content)))
	}
	return r.codec.Encode(v)
}

func newSymmetries(sys *core.System) (*symmetries, error) {
	y := &symmetries{sys: sys}
	var errs [3]error
	y.to, errs[0] = renamings(sys)
	y.messages, errs[1] = newRenamer(sys, &sys.Messages)
	y.values, errs[2] = newRenamer(sys, &sys.Values)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	for _, a := range sys.Actors {
		r, err := newRenamer(sys, &a.State)
		if err != nil {
			return nil, err
		}
		y.states = append(y.states, r)
	}
	for k, to := range y.to {
		y.all = append(y.all, k)
		if y.exchangesNeighbours(to) {
			y.adjacent = append(y.adjacent, k)
		}
		if err := y.surrounded(to); err != nil {
			return nil, err
		}
		splits := []int{0}
		for k, split := range sys.Splits {
			at := slices.IndexFunc(sys.Splits, func(g [][]int) bool { return sameSplit(renamedSplit(split, to), g) })
			if at < 0 {
				return nil, fmt.Errorf("System.Interchangeable: partition %s has no counterpart "+
					"with the actors exchanged: use PartitionAll",
					text.Split(sys, k+1))
			}
			splits = append(splits, at+1)
		}
		y.splits = append(y.splits, splits)
	}
	return y, nil
}

// maxRenamings bounds the renamings that are tried for every state.
const maxRenamings = 5040

// renamings returns all renamings but the identity: by actor, its new id.
func renamings(sys *core.System) ([][]int, error) {
	identity := make([]int, len(sys.Actors))
	for i := range identity {
		identity[i] = i
	}
	all := [][]int{identity}
	for _, g := range sys.Groups {
		var more [][]int
		for _, to := range all {
			for _, order := range orders(len(g)) {
				next := slices.Clone(to)
				for k, id := range g {
					next[id] = g[order[k]]
				}
				more = append(more, next)
			}
			if len(more) > maxRenamings {
				return nil, fmt.Errorf("System.Interchangeable: more than %d ways to exchange actors: "+
					"declare fewer of them", maxRenamings)
			}
		}
		all = more
	}
	return slices.DeleteFunc(all, func(to []int) bool { return slices.Equal(to, identity) }), nil
}

// exchangesNeighbours reports whether a renaming does no more than exchange two neighbours of a group.
func (y *symmetries) exchangesNeighbours(to []int) bool {
	moved := 0
	for id, k := range to {
		if k != id {
			moved++
		}
	}
	for _, g := range y.sys.Groups {
		for i := range len(g) - 1 {
			if moved == 2 && to[g[i]] == g[i+1] {
				return true
			}
		}
	}
	return false
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

// surrounded returns an error if what the system says of its actors is not the same with their names exchanged.
func (y *symmetries) surrounded(to []int) error {
	for id, a := range y.sys.Actors {
		if b := y.sys.Actors[to[id]]; a.NeverCrashes != b.NeverCrashes {
			return fmt.Errorf("System.Interchangeable: NeverCrashes holds of only one of %s and %s", a.Name, b.Name)
		}
	}
	for ends, l := range y.sys.Links {
		from, dest := y.actor(ends[0], to), y.actor(ends[1], to)
		if y.sys.Link(from, dest) != l {
			return fmt.Errorf("System.Interchangeable: the link from %s to %s differs from its counterpart "+
				"with the actors exchanged, from %s to %s",
				y.sys.Name(ends[0]), y.sys.Name(ends[1]), y.sys.Name(from), y.sys.Name(dest))
		}
	}
	return nil
}

func renamedSplit(groups [][]int, to []int) [][]int {
	var renamed [][]int
	for _, g := range groups {
		var ids []int
		for _, id := range g {
			ids = append(ids, to[id])
		}
		slices.Sort(ids)
		renamed = append(renamed, ids)
	}
	return renamed
}

func sameSplit(a, b [][]int) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(g []int) bool {
		return !slices.ContainsFunc(b, func(h []int) bool {
			h = slices.Clone(h)
			slices.Sort(h)
			return slices.Equal(g, h)
		})
	})
}

// actor returns the new id of an actor.
func (y *symmetries) actor(id int, to []int) int {
	if y.sys.Has(id) {
		return to[id]
	}
	return id
}

// local returns what belongs to an actor with its ids renamed. The state of an actor that is down is zero under
// every name: an id of 0 in it refers to no actor.
func (y *symmetries) local(id int, l *core.Local, to []int) *core.Local {
	r := *l
	if !l.Down {
		r.State = y.states[id].content(l.State, to)
	}
	if l.Saved {
		r.Stored = y.values.content(l.Stored, to)
	}
	r.Choices = nil
	for _, c := range l.Choices {
		n := core.Choice{Key: c.Key}
		for _, o := range c.Options {
			n.Options = append(n.Options, y.values.content(o, to))
		}
		slices.Sort(n.Options)
		r.Choices = append(r.Choices, n)
	}
	return &r
}

func (y *symmetries) event(e *core.Event, to []int) core.Event {
	r := *e
	r.From = y.actor(e.From, to)
	switch e.Kind {
	case core.Deliver:
		r.Msg = y.messages.content(e.Msg, to)
	case core.Choose:
		r.Option = y.values.content(e.Option, to)
	}
	return r
}

func (y *symmetries) effect(id int, out *core.Effect, to []int) *core.Effect {
	r := &core.Effect{Local: *y.local(id, &out.Local, to)}
	for _, m := range out.Sends {
		r.Sends = append(r.Sends, core.Send{To: y.actor(m.To, to), Msg: y.messages.content(m.Msg, to)})
	}
	for _, x := range out.Records {
		h, _ := y.sys.History(x.Aux)
		r.Records = append(r.Records, core.Record{Aux: x.Aux, Event: h.RenameEvent(x.Event, to)})
	}
	return r
}

// action returns an action with its actors exchanged by the k-th renaming.
func (y *symmetries) action(a core.Action, k int) core.Action {
	to := y.to[k]
	switch a.Kind {
	case core.Heal:
	case core.Partition:
		a.Split = y.splits[k][a.Split]
	case core.Deliver, core.Lose, core.Duplicate:
		a.Actor, a.From, a.Msg = y.actor(a.Actor, to), y.actor(a.From, to), y.messages.content(a.Msg, to)
	case core.Choose:
		a.Actor, a.Option = y.actor(a.Actor, to), y.values.content(a.Option, to)
	default:
		a.Actor = y.actor(a.Actor, to)
	}
	return a
}

const (
	// maxChecked is the number of renamings under which predicates are always checked: all those of four actors.
	maxChecked = 23
	// maxCopies is how many renamed states a predicate is evaluated on before it is checked in part only. It is more
	// than the states of a model of 100,000.
	maxCopies = 200_000
	// checkedEvery is how many states there are then to one in which predicates are checked.
	checkedEvery = 64
)

// chosen returns the renamings under which to check what users' code says of a state or a step: all, or some that
// follow from a hash of the state if there are very many and the model is large.
func (y *symmetries) chosen(hash func() uint64) (ks []int) {
	if n := len(y.to); n > maxChecked {
		if y.copies.Add(int64(n/checkedEvery)) > maxCopies*int64(len(y.sys.Properties)+1) {
			h := hash()
			if h%checkedEvery != 0 {
				return nil
			}
			r := rand.New(rand.NewPCG(h, maxChecked))
			for range maxChecked {
				ks = append(ks, r.IntN(n))
			}
			return ks
		}
	}
	return y.all
}

// reaction is what a handler does for an event.
type reaction struct {
	id    int
	local *core.Local
	event *core.Event
	out   *core.Effect
}

// check panics if a handler does not do the same under renamings. It meets all that renamings make of the event and
// of what belongs to the actor, by exchanging neighbours again and again: few differ, as they mention few ids. Where an
// exchange leads to what was met before, the effects must be the same, too.
func (y *symmetries) check(id int, l *core.Local, e *core.Event, out *core.Effect) {
	key := func(r *reaction) string {
		return string(r.event.Append(r.local.Append(binary.AppendUvarint(nil, uint64(r.id)))))
	}
	first := reaction{id, l, e, out}
	met, all := map[string]*core.Effect{key(&first): out}, []reaction{first}
	for len(all) > 0 {
		x := all[len(all)-1]
		all = all[:len(all)-1]
		for _, k := range y.adjacent {
			to := y.to[k]
			event, want := y.event(x.event, to), y.effect(x.id, x.out, to)
			r := reaction{id: y.actor(x.id, to), local: y.local(x.id, x.local, to), event: &event}
			name := key(&r)
			if r.out = met[name]; r.out == nil {
				got := y.sys.Run(r.id, r.local, &event, false)
				r.out, met[name] = &got, &got
				all = append(all, r)
			}
			y.same(&x, &r, want)
		}
	}
}

// same panics unless a renamed reaction has the renamed effect.
func (y *symmetries) same(x, r *reaction, want *core.Effect) {
	got := r.out
	if got.Local.Equal(&want.Local) && sameSends(got.Sends, want.Sends) && slices.Equal(got.Records, want.Records) {
		return
	}
	panic(&asymmetry{
		first: y.step(x.id, x.event, x.out), second: y.step(r.id, r.event, got),
		difference: core.Difference(y.sys, r.id, got, want) + " (the second is what the first step says)",
		restart:    x.event.Kind == core.Restart,
	})
}

// sameSends compares what is sent to each receiver, in order.
func sameSends(a, b []core.Send) bool {
	byReceiver := func(x, y core.Send) int { return x.To - y.To }
	a, b = slices.Clone(a), slices.Clone(b)
	slices.SortStableFunc(a, byReceiver)
	slices.SortStableFunc(b, byReceiver)
	return slices.Equal(a, b)
}

// asymmetry says that actors are not interchangeable. Searches panic with it.
type asymmetry struct {
	first, second, difference string
	restart                   bool // whether a handler of a restart differs
}

func (e *asymmetry) Error() string {
	hint := ""
	if e.restart {
		hint = "; a restart begins with a zero state, in which an id is 0 and names the first actor: " +
			"set it to NoActor or to what was saved"
	}
	return fmt.Sprintf("actors that were declared interchangeable are not: %s, but with names exchanged %s: %s; "+
		"ids may only be stored as an actor.ID, sent and tested for equality, not compared, counted with, kept as bits "+
		"of a mask or used to look up what differs by actor%s",
		e.first, e.second, e.difference, hint)
}

func (e *asymmetry) ErrorKind() engine.ErrorKind { return engine.ErrorSymmetry }

// step describes what an actor does for an event.
func (y *symmetries) step(id int, e *core.Event, out *core.Effect) string {
	what := e.Kind.String()
	if e.Kind == core.Deliver {
		what = fmt.Sprintf("receiving %s from %s", y.sys.Messages.Text(e.Msg), y.sys.Name(e.From))
	}
	var sends []string
	for i := range out.Sends {
		sends = append(sends, core.SendText(y.sys, out.Sends, i))
	}
	return fmt.Sprintf("%s, on %s, becomes %s and sends [%s]",
		y.sys.Name(id), what, y.sys.Actors[id].State.Text(out.Local.State), strings.Join(sends, ", "))
}
