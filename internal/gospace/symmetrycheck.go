package gospace

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/vector"
	"github.com/allways-go/allways/internal/visited"
)

// A reduced search visits representatives and their successors, and never the states in which a
// wrong Representative shows: those that no representative leads to in one step. This file visits
// the states that the model itself reaches, as a search without symmetry reduction does, and
// compares each with its representative. That proves small models right. Of large ones it sees
// the beginning, and some walks.

const (
	// smallModel is the number of states up to which a model is checked completely.
	smallModel = 100_000
	// sampledStates is how many states of a larger model are checked.
	sampledStates = 5_000
	// walks are taken in larger models, each of at most walkLength steps.
	walks, walkLength = 100, 50
)

// symmetryCheck compares the reachable states of a model with their representatives. It is for one
// goroutine.
//
// Most of the steps that it takes lead to states that it has met, so it finds representatives by
// the numbers of states, and compares conducts by hashes of these numbers.
type symmetryCheck struct {
	*worker
	codes    *vector.Coder  // coder of a private layout: that of the space encodes representatives
	states   *visited.Exact // states met
	repOf    []uint32       // number of the representative plus one, for each state met; 0 means not computed
	reps     *visited.Exact // representatives
	conducts []uint64       // hash of the conduct of each representative; 0 means not computed
	vec      []uint32       // for encoding states
	key      []uint32       // for hashing conducts
	pairs    []step         // for sorting
	held     []bool         // for evaluating properties
}

// CheckSymmetry returns an error if it finds a reachable state for which its representative may not
// stand, after a complete search that has found some number of distinct states. It checks all
// states of small models. It returns nil when ended reports true.
func (sp *goSpace) CheckSymmetry(distinct int64, ended func() bool) (err error) {
	if sp.rep == nil {
		return nil
	}
	layout, err := vector.NewLayout(sp.State)
	if err != nil {
		return stateTypeError(err)
	}
	c := &symmetryCheck{
		worker: sp.NewWorker().(*worker), codes: layout.NewCoder(), vec: make([]uint32, layout.Words()),
	}
	for _, set := range []**visited.Exact{&c.states, &c.reps} {
		if *set, err = visited.NewExact(visited.Config{Words: layout.Words()}); err != nil {
			return err
		}
		defer (*set).Close()
	}
	defer c.recovered(&err, nil, nil)
	limit := smallModel
	if distinct > smallModel {
		limit = sampledStates
	}
	inits, err := c.inits()
	if err != nil {
		return err
	}
	all, err := c.discover(limit, ended)
	if err != nil {
		return err
	}
	limit = sampledStates
	if all {
		limit = c.states.Len()
	}
	for id := range min(limit, c.states.Len()) {
		if ended() {
			return nil
		}
		if err := c.check(uint32(id)); err != nil {
			return err
		}
	}
	if all {
		return nil
	}
	return c.walk(inits, ended)
}

// inits meets the initial states inside the boundary.
func (c *symmetryCheck) inits() (inits []unsafe.Pointer, err error) {
	c.user(inInit, -1)
	values := c.Code.Init()
	for i := range values.Len {
		s := c.clone(values.At(i))
		if c.user(inWithin, -1); c.Within != nil && !c.Within(s) {
			continue
		}
		inits = append(inits, s)
		if err := c.encode(s); err != nil {
			return nil, err
		}
		if _, _, err := c.states.Insert(c.vec); err != nil {
			return nil, err
		}
	}
	return inits, nil
}

// discover meets the reachable states. It reports false if there are more than limit, or if it was ended.
func (c *symmetryCheck) discover(limit int, ended func() bool) (all bool, err error) {
	for id := 0; id < c.states.Len(); id++ {
		if c.states.Len() > limit || ended() {
			return false, nil
		}
		s := c.newState()
		c.codes.DecodeFresh(c.states.Vector(uint32(id)), s)
		c.user(inActions, -1)
		c.acts = c.Code.Actions(c.acts, s)
		for i := range c.acts.Len {
			c.user(inNext, -1)
			if !c.Code.Next(c.next, s, c.acts.At(i)) {
				continue
			}
			_, inside, err := c.entered()
			if err != nil {
				return false, err
			}
			if !inside {
				continue
			}
			if _, _, err := c.states.Insert(c.vec); err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

// check compares a state that was met with its representative.
func (c *symmetryCheck) check(id uint32) error {
	s := c.newState()
	c.codes.DecodeFresh(c.states.Vector(id), s)
	own, err := c.conduct(s)
	if err != nil {
		return err
	}
	copy(c.vec, c.states.Vector(id))
	rep, err := c.represented(s)
	if err != nil {
		return err
	}
	want, err := c.conductOfRep(rep)
	if err != nil {
		return err
	}
	if own != want {
		return c.soundAt(c.clone(s)) // says what differs
	}
	return nil
}

// conductOfRep returns the hash of the conduct of a representative, which is 1 if it cannot be one.
func (c *symmetryCheck) conductOfRep(rep uint32) (uint64, error) {
	if h := c.conducts[rep]; h != 0 {
		return h, nil
	}
	r := c.newState()
	c.codes.DecodeFresh(c.reps.Vector(rep), r)
	h, err := c.conduct(r)
	if err != nil {
		return 0, err
	}
	if err := c.encode(r); err != nil {
		return 0, err
	}
	if again, err := c.represented(r); err != nil || again != rep {
		h = 1
	}
	if c.user(inWithin, -1); c.Within != nil && !c.Within(r) {
		h = 1
	}
	c.conducts[rep] = h
	return h, nil
}

// conduct returns a hash of the conduct of a state: equal for states of equal conduct, and neither 0 nor 1.
func (c *symmetryCheck) conduct(s unsafe.Pointer) (uint64, error) {
	terminal, bounded := true, false
	c.user(inActions, -1)
	c.acts = c.Code.Actions(c.acts, s)
	c.pairs = c.pairs[:0]
	for i := range c.acts.Len {
		c.user(inNext, -1)
		if !c.Code.Next(c.next, s, c.acts.At(i)) {
			continue
		}
		terminal = false
		next, inside, err := c.entered()
		if err != nil {
			return 0, err
		}
		if !inside {
			bounded = true
			continue
		}
		violated := c.violations(s, c.acts.At(i), next)
		rep, err := c.represented(next)
		if err != nil {
			return 0, err
		}
		c.pairs = append(c.pairs, step{rep, violated})
	}
	slices.SortFunc(c.pairs, step.compare)
	c.held = append(c.holds(c.held[:0], s, terminal), terminal, bounded)
	c.key = c.key[:0]
	for _, b := range c.held {
		if c.key = append(c.key, 0); b {
			c.key[len(c.key)-1] = 1
		}
	}
	for _, x := range slices.Compact(c.pairs) {
		c.key = append(c.key, x.rep, uint32(x.violated), uint32(x.violated>>32))
	}
	return max(visited.Hash(c.key), 2), nil
}

// entered encodes c.next to c.vec, and returns it in the form in which user code may see it.
func (c *symmetryCheck) entered() (next unsafe.Pointer, inside bool, err error) {
	if err := c.encode(c.next); err != nil {
		return nil, false, err
	}
	next = c.next
	if !c.flat {
		next = c.decoded
		c.codes.Decode(c.vec, next)
	}
	if c.Within == nil {
		return next, true, nil
	}
	c.user(inWithin, -1)
	return next, c.Within(next), nil
}

// encode writes the vector of a state to c.vec.
func (c *symmetryCheck) encode(s unsafe.Pointer) error {
	if err := c.codes.Encode(c.vec, s); err != nil {
		return c.misbehaviour(engine.ErrorValue, c.site(), -1, err.Error())
	}
	return nil
}

// represented returns the number of the representative of a state whose vector is c.vec.
func (c *symmetryCheck) represented(s unsafe.Pointer) (uint32, error) {
	id, met := c.states.Lookup(c.vec)
	if met && int(id) < len(c.repOf) && c.repOf[id] != 0 {
		return c.repOf[id] - 1, nil
	}
	c.user(inRepresentative, -1)
	c.space.rep(c.renamed, s)
	if err := c.encode(c.renamed); err != nil {
		return 0, err
	}
	rep, fresh, err := c.reps.Insert(c.vec)
	if err != nil {
		return 0, err
	}
	if fresh {
		c.conducts = append(c.conducts, 0)
	}
	if met {
		if n := c.states.Len(); n > len(c.repOf) {
			c.repOf = append(c.repOf, make([]uint32, n-len(c.repOf))...)
		}
		c.repOf[id] = rep + 1
	}
	return rep, nil
}

// step is a step by the representative of the state that it leads to.
type step struct {
	rep      uint32
	violated uint64 // step properties, as bits
}

func (x step) compare(y step) int {
	return cmp.Or(cmp.Compare(x.rep, y.rep), cmp.Compare(x.violated, y.violated))
}

// walk checks states further away than those that were visited.
func (c *symmetryCheck) walk(inits []unsafe.Pointer, ended func() bool) error {
	r := rand.New(rand.NewPCG(1, walks)) // the same walks in every run
	for range walks {
		s := inits[r.IntN(len(inits))]
		for range walkLength {
			if ended() {
				return nil
			}
			if err := c.soundAt(s); err != nil {
				return err
			}
			next := c.successors(s)
			if len(next) == 0 {
				break
			}
			s = next[r.IntN(len(next))]
		}
	}
	return nil
}

// successors returns the successors of a state inside the boundary.
func (c *symmetryCheck) successors(s unsafe.Pointer) (all []unsafe.Pointer) {
	c.user(inActions, -1)
	acts := c.Code.Actions(Values{Size: c.Action.Size()}, s)
	for i := range acts.Len {
		c.user(inNext, -1)
		if !c.Code.Next(c.next, s, acts.At(i)) {
			continue
		}
		next := c.clone(c.next)
		if c.user(inWithin, -1); c.Within == nil || c.Within(next) {
			all = append(all, next)
		}
	}
	return all
}

// CheckAlong returns an error if the representative of a state of the path may not stand for it.
func (sp *goSpace) CheckAlong(p *Path) (err error) {
	if sp.rep == nil {
		return nil
	}
	w := sp.NewWorker().(*worker)
	defer w.recovered(&err, nil, nil)
	for _, s := range p.states {
		if err := w.soundAt(w.clone(s)); err != nil {
			return err
		}
	}
	return nil
}

// SymmetryChecker is a space that finds out whether its symmetry reduction is sound.
type SymmetryChecker interface {
	CheckSymmetry(distinct int64, ended func() bool) error
	CheckAlong(p *Path) error
}

// LostTrail returns the misbehaviour of a model in which a trail that decides a property was found
// under symmetry reduction and is no run of the model.
func (c *Model) LostTrail(prop int) *engine.Misbehaviour {
	where := "Representative"
	if c.Representative == nil {
		where = "Interchangeable"
	}
	return &engine.Misbehaviour{
		Kind: engine.ErrorSymmetry, Where: where, Act: -1,
		Message: "representatives show that property \"" + c.Props[prop].Name + "\" is decided, and no run of the model " +
			"does: states and their representatives do not take the same steps",
	}
}
