package gospace

import (
	"math/rand/v2"
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

// symmetryCheck compares the reachable states of a model with their representatives.
type symmetryCheck struct {
	*worker
	states *visited.Exact // states met
	codes  *vector.Coder  // of a layout of its own, since that of the space encodes representatives
	vec    []uint32
	known  map[string]uint64 // digests of conducts, by the content of the representative
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
	states, err := visited.NewExact(visited.Config{Words: layout.Words()})
	if err != nil {
		return err
	}
	defer states.Close()
	c := &symmetryCheck{
		worker: sp.NewWorker().(*worker), states: states, codes: layout.NewCoder(), vec: make([]uint32, layout.Words()),
		known: map[string]uint64{},
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
	all, err := c.visit(limit, ended)
	if err != nil || all || ended() {
		return err
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
		if err := c.meet(s); err != nil {
			return nil, err
		}
	}
	return inits, nil
}

func (c *symmetryCheck) meet(s unsafe.Pointer) error {
	if err := c.codes.Encode(c.vec, s); err != nil {
		return c.misbehaviour(engine.ErrorValue, "Next", -1, err.Error())
	}
	_, _, err := c.states.Insert(c.vec)
	return err
}

// visit checks states in the order in which they are met. It reports whether these are all.
func (c *symmetryCheck) visit(limit int, ended func() bool) (all bool, err error) {
	for id := 0; id < c.states.Len(); id++ {
		if id == limit || ended() {
			return false, nil
		}
		s := c.newState()
		c.codes.DecodeFresh(c.states.Vector(uint32(id)), s)
		meet := c.meet
		if c.states.Len() > limit {
			meet = nil // it is known that these are not all
		}
		if err := c.check(s, meet); err != nil {
			return false, err
		}
	}
	return true, nil
}

// check compares a state with its representative.
func (c *symmetryCheck) check(s unsafe.Pointer, visit func(unsafe.Pointer) error) error {
	own, err := c.conductOf(s, visit)
	if err != nil {
		return err
	}
	c.user(inRepresentative, -1)
	r := c.represent(s)
	content, err := c.splan.Append(nil, r)
	if err != nil {
		return c.misbehaviour(engine.ErrorValue, "Representative", -1, err.Error())
	}
	want, ok := c.known[string(content)]
	if !ok {
		if err := c.soundAt(s); err != nil {
			return err
		}
		want = own.digest()
		c.known[string(content)] = want
		return nil
	}
	if own.digest() != want {
		return c.soundAt(s)
	}
	return nil
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
			var next []unsafe.Pointer
			err := c.check(s, func(t unsafe.Pointer) error {
				next = append(next, t)
				return nil
			})
			if err != nil {
				return err
			}
			if len(next) == 0 {
				break
			}
			s = next[r.IntN(len(next))]
		}
	}
	return nil
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
