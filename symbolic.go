package allways

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/native"
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/symbolic"
	"github.com/allways-go/allways/internal/usercode"
)

// fitsSymbolic refuses what a symbolic search cannot do, with the reason.
func (s *settings) fitsSymbolic(c *gospace.Model) error {
	const counts = "a symbolic search does not count states one by one: use MaxMemory or Timeout"
	for _, x := range []struct {
		set    bool
		option string
		reason string
	}{
		{s.Symmetry, "Symmetry", "a symbolic search stores sets of states, of which representatives make nothing smaller"},
		{s.Store != StoreExact, "Store", "a symbolic search stores no single states: it is always exact"},
		{s.Workers > 1, "Workers", "a symbolic search has one worker"},
		{s.MaxDepth > 0, "MaxDepth", "a symbolic search does not go by depth: use BFS"},
		{s.MaxStates > 0, "MaxStates", counts},
		{s.MaxGenerated > 0, "MaxGenerated", counts},
		{s.Visitor.state != nil, "Visitor", "a symbolic search visits no single states: use BFS"},
		{s.Stop != StopDecided && s.Stop != StopNever, "Stop",
			"a symbolic search finds all reachable states before it looks at any: leave it out, or use BFS"},
	} {
		if x.set {
			return &OptionError{x.option, x.reason}
		}
	}
	if _, ok := c.Value.(engine.NativeModel); !ok {
		return &OptionError{"Strategy", "a symbolic search is for systems of actors, and this is another model: use BFS or DFS"}
	}
	for i := range c.Props[:c.Promises] {
		if p := &c.Props[i]; c.Kinds(symbolicKinds...)&(1<<uint(i)) == 0 {
			return &OptionError{"Strategy", fmt.Sprintf("a symbolic search cannot decide %q (%v): use BFS, or leave the "+
				"property out", p.Name, PropertyKind(p.Kind))}
		}
	}
	return nil
}

// symbolicKinds are the kinds of properties that a symbolic search decides.
var symbolicKinds = []property.Kind{property.Always, property.Sometimes, property.Deadlock}

// symbolic searches sets of states.
func (r *run) symbolic() error {
	w, err := native.NewLocalWorker(r.space)
	if err != nil {
		return &OptionError{"Strategy", err.Error()}
	}
	c := r.model
	search := symbolic.New(w, symbolic.Config{
		Always: c.Kinds(property.Always), Sometimes: c.Kinds(property.Sometimes), Deadlock: c.Kinds(property.Deadlock),
		Budget: r.budget, Phase: r.enterPhase,
	})
	var out *symbolic.Result
	if err := r.aside(func() error { out = search.Run(); return nil }, search.Pace); err != nil {
		out = &symbolic.Result{}
		out.StopReason = engine.StopReasonModel
		out.Misbehaviour = &engine.Discovery{Property: -1, Err: leftBy(err, w)}
	}
	r.count(out, w)
	r.record(&out.Outcome)
	return nil
}

// leftBy describes user code that ended the goroutine of a search, or has not returned.
func leftBy(err error, w engine.LocalWorker) *engine.Misbehaviour {
	if m, ok := errors.AsType[*engine.Misbehaviour](err); ok && m.Kind == engine.ErrorStuck {
		return usercode.GivenUp(w.Stuck())
	}
	return w.Exited()
}

// count notes the numbers of states and steps, as far as they are known.
func (r *run) count(out *symbolic.Result, w engine.LocalWorker) {
	if out.States == nil {
		return
	}
	r.out.Stats.States, r.out.Stats.Steps = out.States, out.Steps
	out.Distinct, out.Generated = capped(out.States), capped(out.Steps)
	for name, n := range out.Enabled {
		taken := new(big.Int)
		if name < len(out.Taken) {
			taken = out.Taken[name]
		}
		w.Count(uint16(name), capped(n), capped(taken))
	}
}

// capped returns a number, or the largest that an int64 has.
func capped(n *big.Int) int64 {
	if !n.IsInt64() {
		return math.MaxInt64
	}
	return n.Int64()
}
