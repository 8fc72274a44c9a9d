package actor

import (
	"errors"
	"fmt"

	"github.com/allways-go/allways/actor/internal/core"
)

// Config says what may happen to a system. The zero value is a reliable, unordered network and actors that
// never crash.
//
// Lossy, Duplicates and Crashes permit a kind of fault; [System.Partition] permits partitions. Each Max bounds
// how much of a fault may happen; 0 means no limit. A bound on a fault that cannot happen is an error.
type Config struct {
	// Network and Lossy hold for all links that [System.Link] does not set.
	Network Network
	Lossy   bool
	// Duplicates permits the network to duplicate messages, on links that are not Duplicating.
	Duplicates bool
	// Crashes permits actors to crash, except those of [System.NeverCrashes].
	Crashes bool

	// MaxLosses bounds the messages lost.
	MaxLosses int
	// MaxDuplicates bounds the messages duplicated.
	MaxDuplicates int
	// MaxDown bounds the actors that are down at the same time.
	MaxDown int
	// MaxCrashes bounds the crashes.
	MaxCrashes int
	// MaxPartitions bounds how often the network splits.
	MaxPartitions int

	// Ignored says what happens to a message without effect.
	Ignored IgnoredPolicy

	// Fair is assumed by all promises about runs, those of [System.Eventually] included. With it, each Eventually is
	// decided as they are, on the graph of all states, which takes memory for every step. To assume fairness for one
	// promise only, use [Fairness] and [allways.Property.Assuming].
	Fair Fair
}

// IgnoredPolicy says what happens to a message whose delivery has no effect: it changes neither the actor's
// state by content, nor its timers, choices and storage, and sends and records nothing. On Ordered links such a
// delivery is always a step that consumes the message.
type IgnoredPolicy uint8

const (
	// IgnoredAuto is IgnoredKept where that is known to be sound: if all properties are Always, Sometimes or
	// [allways.Refines], and there are no observers. Otherwise it is IgnoredConsumed.
	IgnoredAuto IgnoredPolicy = iota
	// IgnoredKept keeps the message in flight: the delivery is no step, as if the message came later. That is
	// sound for Always and Sometimes over the states of actors and histories, and keeps state spaces small. It
	// is refused for a system with other properties, and a property must not read inboxes.
	IgnoredKept
	// IgnoredConsumed makes the delivery a step that takes the message from the network, unless that is
	// Duplicating.
	IgnoredConsumed
	// IgnoredForgotten is IgnoredKept for a search that also leaves out of states the messages that are dead: those
	// to which their receiver never reacts again, in no state that it can still come to. It learns which these
	// are, and searches again until it was right. All verdicts are those of the full search, and counts
	// are of the states without dead messages: the same for any number of workers and in every run. Where
	// IgnoredKept is refused, it is IgnoredConsumed, and dead messages are forgotten if there is no more than
	// NoDeadlock beside what IgnoredKept permits. Reports say so. A property must not read inboxes.
	IgnoredForgotten
)

// String returns "auto", "kept", "consumed" or "forgotten".
func (p IgnoredPolicy) String() string {
	if int(p) < len(policyNames) {
		return policyNames[p]
	}
	return fmt.Sprintf("policy %d", uint8(p))
}

var policyNames = [...]string{"auto", "kept", "consumed", "forgotten"}

func (c *Config) core() core.Config {
	return core.Config{
		Link: Link{c.Network, c.Lossy}.core(), Duplicates: c.Duplicates, Crashes: c.Crashes,
		MaxLosses: c.MaxLosses, MaxDuplicates: c.MaxDuplicates, MaxDown: c.MaxDown, MaxCrashes: c.MaxCrashes,
		MaxPartitions: c.MaxPartitions,
	}
}

// check returns what is wrong with the configuration of a finished system.
func (c *Config) check(sys *core.System) error {
	var errs []error
	fail := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	for _, x := range []struct {
		name  string
		value int
	}{
		{"MaxLosses", c.MaxLosses}, {"MaxDuplicates", c.MaxDuplicates}, {"MaxDown", c.MaxDown},
		{"MaxCrashes", c.MaxCrashes}, {"MaxPartitions", c.MaxPartitions},
	} {
		fail(x.value < 0, "Config.%s is %d: must not be negative (0 means no limit)", x.name, x.value)
	}
	lossy := sys.AnyLink(func(l core.Link) bool { return l.Lossy })
	copies := sys.AnyLink(func(l core.Link) bool { return !l.Network.Keeps() })
	fail(!sys.Config.Network.Valid(), "Config.Network is %d, which is no network", c.Network)
	fail(c.MaxLosses > 0 && !lossy, "Config.MaxLosses is set, but no link is lossy: "+
		"set Config.Lossy, or Lossy of a Link")
	fail(c.MaxDuplicates > 0 && !c.Duplicates, "Config.MaxDuplicates is set, but Config.Duplicates is not: "+
		"set both or neither")
	fail(c.Duplicates && !copies, "Config.Duplicates is set, but all links are Duplicating, "+
		"which delivers messages any number of times anyway: leave it out")
	fail(c.MaxDown > 0 && !c.Crashes, "Config.MaxDown is set, but Config.Crashes is not: set both or neither")
	fail(c.MaxCrashes > 0 && !c.Crashes, "Config.MaxCrashes is set, but Config.Crashes is not: set both or neither")
	fail(c.MaxPartitions > 0 && len(sys.Splits) == 0, "Config.MaxPartitions is set, but the network cannot split: "+
		"use Partition or PartitionAll")
	fail(c.Fair&^allFair != 0, "Config.Fair is %d, which is no set of constraints", c.Fair)
	fail(int(c.Ignored) >= len(policyNames), "Config.Ignored is %d, which is no policy", c.Ignored)
	return errors.Join(errs...)
}
