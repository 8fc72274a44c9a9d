// Package search is a system of actors compiled for searching: the state space that package actor brings for
// package allways. It has no type parameters; see package core for how it deals with users' types.
//
// A message takes this way from Send to the visited set. The handler of the sender runs in a core.Frame, which
// collects the message by content. behaviours.evaluate interns it as an event, and the whole effect by ids;
// behaviours.add makes a step of that, for one component of the sender. expander.apply puts the event into the
// receiver's component, by a look-up in the memo, and gives the vector to the engine. Files refer only to those
// below them:
//
//	worker local            the engine's views: of states, and of sets of states
//	passes real             searches that forget dead messages; their paths with the messages
//	expander                successors of vectors
//	behaviour forget judge  steps enabled in a component; dead messages; predicates on states
//	mutation reader orbit   shared values, states to read, representatives
//	network environment     inboxes and faults by ids
//	space                   contents by ids, and back
//	memo symmetry           what was computed; renamed contents
//	step                    the words of this package
package search

import (
	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/plain"
	"github.com/allways-go/allways/actor/internal/usage"
	"github.com/allways-go/allways/internal/engine"
)

// Space is the state space of a system. It is safe for concurrent use.
type Space struct{ *space }

// NewSpace returns the state space of a system, reduced by symmetry if asked. The properties are those of the
// system, perhaps completed, and then atoms of its promises about runs. It remembers up to about maxMemo bytes.
func NewSpace(sys *core.System, symmetry bool, properties []core.Property, maxMemo int64) (*Space, error) {
	sp, err := newSpace(sys, symmetry, properties, maxMemo)
	return &Space{sp}, err
}

// Words returns the width of a state.
func (sp *Space) Words() int { return sp.env + 1 }

// Memory returns the bytes that the space holds.
func (sp *Space) Memory() int64 { return sp.bytes() }

// Warnings returns what never happened in a search that was complete, sorted. name returns names of actions by
// number.
func (sp *Space) Warnings(name func(number int) string) []engine.Warning {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	return usage.Warnings(sp.sys, sp.usages, name)
}

// Encode returns the vector of a state: of its representative, with symmetry reduction.
func (sp *Space) Encode(s *core.State) []uint32 { return sp.encode(s) }

// Finish is called at the end of a run. Its error says that the system has misbehaved. Unless misbehaviour was
// found before, user code is asked again; stop ends that early.
func (sp *Space) Finish(stop func() bool, found bool) error {
	if err := sp.unchanged(sp.now()); err != nil {
		return err
	}
	if err := sp.sys.Unchanged(); err != nil || found {
		return err
	}
	all := sp.newAuditors()
	n := uint64(0)
	err := sp.repeats.Again(stop, func(q question, turn int) error {
		n++
		sp.asking.Store(&asking{q, n, all[turn%2]})
		return q.again(turn, all[turn%2])
	})
	if err != nil {
		return err
	}
	return sp.sys.Unchanged()
}

// Calls returns a number that changes with the user code that Finish runs. Other goroutines may call it, and
// Asked, too.
func (sp *Space) Calls() uint64 {
	a := sp.asking.Load()
	if a == nil {
		return 0
	}
	return a.number<<32 + a.by.Call()
}

// Asked says which user code Finish runs, for which action.
func (sp *Space) Asked() (where, action string, act int) {
	switch a := sp.asking.Load(); {
	case a == nil:
		return "user code", "", -1
	case a.where != "":
		return a.where, "", -1
	default:
		return a.by.Where()
	}
}

// initial returns the initial state. It calls begin before each actor starts.
func initial(sys *core.System, begin func(id int)) *core.State {
	return plain.Model{System: sys}.Init(begin)
}

// encode returns the vector of a state, or of its representative.
func (sp *space) encode(s *core.State) []uint32 {
	vec := sp.vector(s)
	if o := newOrbits(sp); o != nil {
		o.represent(vec)
	}
	return vec
}
