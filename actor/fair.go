package actor

import (
	"fmt"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/text"
)

// Fair is a set of fairness constraints, such as FairDelivery|FairTimers. The zero value is the empty set.
// [Config.Fair] assumes them for all promises about runs, and [Fairness] makes them for one.
type Fair uint8

// The constraints. Each is one for each message, timer, actor, option or for the network, and none of them makes
// a fault happen: what may be lost may be lost each time.
const (
	// FairDelivery: a message that stays in flight is delivered or lost. It is weak fairness for each message.
	FairDelivery Fair = 1 << iota
	// FairLinks: a message that is in flight again and again is delivered again and again, however often it is lost.
	// It is strong fairness for each message, and what a client that sends again needs of a lossy link.
	FairLinks
	// FairTimers: a timer that stays set expires. It is weak fairness for each timer of each actor.
	FairTimers
	// FairRestarts: an actor that is down starts again. It is weak fairness for each actor.
	FairRestarts
	// FairHealing: a network that is split heals. It is weak fairness.
	FairHealing
	// FairChoices: an option that is offered again and again is chosen again and again. It is strong fairness for
	// each option.
	FairChoices
)

// fairKinds says what the constraints are, by bit.
var fairKinds = [...]struct {
	name   string
	strong bool
	kinds  []core.Kind
}{
	{"messages in flight are delivered or lost", false, []core.Kind{core.Deliver, core.Lose}},
	{"messages sent again and again get through", true, []core.Kind{core.Deliver}},
	{"timers expire", false, []core.Kind{core.Timeout}},
	{"actors that are down restart", false, []core.Kind{core.Restart}},
	{"partitions heal", false, []core.Kind{core.Heal}},
	{"choices are fair", true, []core.Kind{core.Choose}},
}

// allFair has all constraints.
const allFair = Fair(1<<len(fairKinds) - 1)

// Fairness returns fairness constraints of a system, for [allways.Property.Assuming].
func Fairness[M any](sys *System[M], f Fair) (all []allways.Fairness[*State[M]]) {
	if f&^allFair != 0 {
		sys.fail(fmt.Errorf("Fairness: %d is no set of constraints", f))
	}
	for i, x := range fairKinds {
		if f>>uint(i)&1 == 0 {
			continue
		}
		key := func(_ *State[M], a Action[M], _ *State[M]) (fairKey, bool) {
			for _, k := range x.kinds {
				if core.Kind(a.Kind) == k {
					return keyOf(sys, a), true
				}
			}
			return fairKey{}, false
		}
		if x.strong {
			all = append(all, allways.StronglyFairEach(x.name, key))
		} else {
			all = append(all, allways.WeaklyFairEach(x.name, key))
		}
	}
	return all
}

// fairKey is what is to be treated fairly: a message, a timer, an option or an actor. No other function returns one
// than that of [Fairness], which does not look at states.
type fairKey struct {
	content core.Action
	text    string
}

// String returns the text of the key.
func (k fairKey) String() string { return k.text }

// keyOf returns the key of an action. The loss of a message and its delivery have one key.
func keyOf[M any](sys *System[M], a Action[M]) fairKey {
	m := sys.must()
	c := a.content(m.sys)
	if c.Kind == core.Lose {
		c.Kind = core.Deliver
	}
	return fairKey{c, text.Action(m.sys, c)}
}

// Promise adds a property to a system for which it has no method: a promise about runs, such as one of
// [allways.LeadsTo], [allways.InfinitelyOften], [allways.AlwaysPossible] or [allways.Temporal], or an
// [allways.Refines]. A promise about runs assumes [Config.Fair], too.
func Promise[M any](sys *System[M], p allways.Property[*State[M]]) {
	sys.changed()
	sys.properties = append(sys.properties, property[M]{Property: p, aux: -1})
}
