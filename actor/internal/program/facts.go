package program

import (
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/core"
)

// Facts is what a system says of its surroundings, for comparison with real ones.
type Facts struct {
	Ordered   bool     // whether a link keeps messages in order
	Reliable  bool     // whether a link neither loses messages nor keeps them in order
	Strict    bool     // whether an ordered link loses no messages
	Single    bool     // whether a link delivers messages only once
	Crashes   bool     // whether actors crash, except those that never do
	Endurance []string // promises that something happens, or that the system does not get stuck
}

// Facts returns what the system says of its surroundings.
func (p *Program) Facts() (f Facts) {
	is := func(holds func(core.Link) bool) bool { return p.sys.AnyLink(holds) }
	f.Ordered = is(func(l core.Link) bool { return l.Network.Queues() })
	f.Strict = is(func(l core.Link) bool { return l.Network.Queues() && !l.Lossy })
	f.Reliable = is(func(l core.Link) bool { return !l.Network.Queues() && !l.Lossy })
	f.Single = is(func(l core.Link) bool { return !l.Network.Keeps() }) && !p.sys.Config.Duplicates
	f.Crashes = p.sys.Config.Crashes
	for _, q := range p.sys.Properties {
		switch {
		case q.Everywhere():
		case q.Kind.OfStates(): // witnesses promise nothing
		default:
			f.Endurance = append(f.Endurance, q.Name)
		}
	}
	return f
}

// MayCrash reports whether an actor may crash in the model.
func (p *Program) MayCrash(id actor.ID) bool { return p.sys.MayCrash(int(id)) }

// Restores reports whether an actor has a handler for restarts, which is where it loads what it has saved.
func (p *Program) Restores(id actor.ID) bool { return p.sys.Actors[id].Restart != nil }
