package actor

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/engine"
)

// System is a system of actors that exchange messages of type M, mostly a sealed interface. It is an [allways.Model] once
// its actors are spawned and its properties stated; from its first use on it must not be changed. Mistakes in its
// making, such as a handler with a wrong signature, are reported when it is checked.
type System[M any] struct {
	config   Config
	messages codec[M]
	values   codec[any]
	boxes    codec[inbox[M]]
	actors   []*host[M]
	links    map[[2]ID]Link
	splits   [][][]ID
	groups   [][]ID // of interchangeable actors
	initial  []initialMessage
	aux      []*auxiliary[M]
	props    []property[M]
	within   func(*State[M]) bool
	errs     []error
	kinds    []reflect.Type // of messages, that Messages names

	once    sync.Once
	leave   bool // deliveries without effect are left out
	maxMemo int64
	inside  sync.Map // by insideKey: the system as an actor inside another one sees it
	configs []string
}

type initialMessage struct {
	from, to ID
	msg      string
}

// property is a property of a system; one with an aux reads only the value with that number.
type property[M any] struct {
	allways.Property[*State[M]]
	where string // for reports of panics
	safe  bool   // Always or Sometimes
	test  func(*State[M]) bool
	step  func(before *State[M], a Action[M], after *State[M]) bool
	aux   int                  // -1 for a property of states
	judge func(value any) bool // of the history aux alone, whose verdict is kept
}

// NewSystem returns a system without actors.
func NewSystem[M any](c Config) *System[M] {
	sys := &System[M]{config: c, links: map[[2]ID]Link{}, maxMemo: maxMemo}
	var err error
	if sys.messages, err = newCodec[M](); err != nil {
		sys.fail(fmt.Errorf("the message type: %w", err))
	}
	sys.values, _ = newCodec[any]()
	sys.boxes, _ = newCodec[inbox[M]]() // its parts are fine if messages are
	for _, x := range []struct {
		name  string
		value int
	}{
		{"MaxLosses", c.MaxLosses}, {"MaxDuplicates", c.MaxDuplicates}, {"MaxDown", c.MaxDown},
		{"MaxCrashes", c.MaxCrashes}, {"MaxPartitions", c.MaxPartitions},
	} {
		if x.value < 0 {
			sys.fail(fmt.Errorf("the limit %s of the configuration is negative", x.name))
		}
	}
	if c.MaxCrashes > 0 && c.MaxDown == 0 {
		sys.fail(errors.New("Config.MaxCrashes is set and MaxDown is not: say how many actors may be down at once"))
	}
	if c.MaxLosses > 0 && !c.Lossy {
		sys.fail(errors.New("Config.MaxLosses is set and Lossy is not"))
	}
	return sys
}

func (sys *System[M]) fail(err error) { sys.errs = append(sys.errs, err) }

// Err returns what is wrong with the making of the system, or nil.
func (sys *System[M]) Err() error { return errors.Join(sys.errs...) }

// Spawn adds an actor to a system, and returns a typed reference to it.
func Spawn[S, M any](sys *System[M], name string, impl Actor[S, M]) Ref[S] {
	id := ID(len(sys.actors))
	if impl == nil {
		sys.fail(fmt.Errorf("actor %q is nil", name))
		return Ref[S]{id, true}
	}
	h, err := newHost(sys, name, impl)
	if err != nil {
		sys.fail(err)
	}
	if name == "" {
		sys.fail(fmt.Errorf("actor %d has no name", id))
	}
	if slices.ContainsFunc(sys.actors, func(o *host[M]) bool { return o != nil && o.name == name }) {
		sys.fail(fmt.Errorf("two actors are called %q", name))
	}
	sys.actors = append(sys.actors, h)
	return Ref[S]{id, true}
}

// Name returns the name of an actor, or "nobody".
func (sys *System[M]) Name(id ID) string {
	if !sys.has(id) {
		return "nobody"
	}
	return sys.actors[id].name
}

// Len returns the number of actors.
func (sys *System[M]) Len() int { return len(sys.actors) }

// known returns the id of an actor, or Nobody.
func (sys *System[M]) known(id ID) ID {
	if !sys.has(id) {
		return NoActor
	}
	return id
}

func (sys *System[M]) has(id ID) bool { return id >= 0 && int(id) < len(sys.actors) }

// NeverCrashes makes actors that never crash, such as clients.
func (sys *System[M]) NeverCrashes(ids ...ID) {
	for _, id := range ids {
		if !sys.has(id) {
			sys.fail(fmt.Errorf("Reliable(%d): there is no such actor yet", id))
			continue
		}
		sys.actors[id].reliable = true
	}
}

// Link sets how messages travel from one actor to another, in place of what the configuration says. [NoActor] stands for
// all ids that no actor has.
func (sys *System[M]) Link(from, to ID, l Link) { sys.links[[2]ID{from, to}] = l }

func (sys *System[M]) link(from, to ID) Link {
	if len(sys.links) > 0 {
		if l, ok := sys.links[[2]ID{sys.known(from), sys.known(to)}]; ok {
			return l
		}
	}
	return Link{sys.config.Network, sys.config.Lossy}
}

// InFlight puts a message on its way before the system starts.
func (sys *System[M]) InFlight(from, to ID, m M) {
	sys.initial = append(sys.initial, initialMessage{from, to, sys.messages.encode(&m)})
}

// Partition allows the network to split into groups: while it is, messages between them are not delivered. Actors in no
// group are with everybody.
func (sys *System[M]) Partition(groups ...[]ID) {
	if len(groups) < 2 {
		sys.fail(errors.New("Partition needs two groups at least"))
		return
	}
	seen := map[ID]bool{}
	for _, g := range groups {
		for _, id := range g {
			if !sys.has(id) || seen[id] {
				sys.fail(fmt.Errorf("Partition: actor %d is no actor yet, or in two groups", id))
			}
			seen[id] = true
		}
	}
	sys.splits = append(sys.splits, groups)
}

// PartitionAll allows the network to split the given actors into two groups in every way.
func (sys *System[M]) PartitionAll(ids ...ID) {
	if len(ids) > 16 {
		sys.fail(fmt.Errorf("PartitionAll of %d actors has too many ways: name some with Partition", len(ids)))
		return
	}
	for set := 1; set < 1<<(len(ids)-1); set++ { // the last actor is in the second group
		var groups [2][]ID
		for i, id := range ids {
			side := 1 - set>>i&1
			groups[side] = append(groups[side], id)
		}
		sys.Partition(groups[0], groups[1])
	}
}

// separated reports whether a partition keeps two actors apart.
func (sys *System[M]) separated(split int, a, b ID) bool {
	if split == 0 {
		return false
	}
	ga, gb := -1, -1
	for i, g := range sys.splits[split-1] {
		if slices.Contains(g, a) {
			ga = i
		}
		if slices.Contains(g, b) {
			gb = i
		}
	}
	return ga >= 0 && gb >= 0 && ga != gb
}

// Always states that f holds in every reachable state.
func (sys *System[M]) Always(name string, f func(*State[M]) bool) {
	sys.state(allways.Always(name, f), f, true)
}

// Sometimes states that f holds in a reachable state.
func (sys *System[M]) Sometimes(name string, f func(*State[M]) bool) {
	sys.state(allways.Sometimes(name, f), f, true)
}

// Eventually states that every behaviour reaches a state in which f holds.
func (sys *System[M]) Eventually(name string, f func(*State[M]) bool) {
	sys.state(allways.Eventually(name, f), f, false)
}

// AlwaysStep states that f holds for every step.
func (sys *System[M]) AlwaysStep(name string, f func(before *State[M], a Action[M], after *State[M]) bool) {
	sys.props = append(sys.props, property[M]{Property: allways.AlwaysStep(name, f), step: f, aux: -1})
}

// NoDeadlock states that a state without steps is one in which final holds; nil is for no state.
func (sys *System[M]) NoDeadlock(name string, final func(*State[M]) bool) {
	if final == nil {
		final = func(*State[M]) bool { return false }
	}
	sys.state(allways.NoDeadlock(name, final), final, false)
}

func (sys *System[M]) state(p allways.Property[*State[M]], f func(*State[M]) bool, safe bool) {
	sys.props = append(sys.props, property[M]{Property: p, test: f, safe: safe, aux: -1})
}

// Boundary leaves out the states in which f does not hold; see [allways.Bounded].
func (sys *System[M]) Boundary(f func(*State[M]) bool) { sys.within = f }

// freeze decides what follows from the making of the system.
func (sys *System[M]) freeze() {
	sys.once.Do(func() {
		if len(sys.actors) == 0 {
			sys.fail(errors.New("the system has no actors: use Spawn"))
		}
		sys.checkLinks()
		for i := range sys.props {
			sys.props[i].where = fmt.Sprintf("property %q", sys.props[i].Name())
		}
		sys.leave = sys.config.Ignored == IgnoredKept
		if reason := sys.needsConsume(); reason == "" {
			sys.leave = sys.config.Ignored != IgnoredConsumed
		} else if sys.leave {
			sys.fail(fmt.Errorf("Config.Ignored is LeaveOut, which is unsound for %s: use Auto or Consume", reason))
		}
		for _, h := range sys.actors {
			content := ""
			if h != nil {
				content = h.config.content()
			}
			sys.configs = append(sys.configs, content)
		}
	})
}

// checkLinks refuses links that cannot be meant.
func (sys *System[M]) checkLinks() {
	if sys.config.Network > Ordered {
		sys.fail(fmt.Errorf("Config.Network is %d, which is no network", sys.config.Network))
	}
	for ends, l := range sys.links {
		for _, id := range ends {
			if id != sys.known(id) {
				sys.fail(fmt.Errorf("Link(%d, %d): there is no actor %d", ends[0], ends[1], id))
			}
		}
		if l.Network > Ordered {
			sys.fail(fmt.Errorf("Link(%d, %d): %d is no network", ends[0], ends[1], l.Network))
		}
	}
}

// needsConsume says why deliveries without effect may not be left out, or "".
func (sys *System[M]) needsConsume() string {
	for _, p := range sys.props {
		if !p.safe {
			return fmt.Sprintf("property %q", p.Name())
		}
	}
	for _, a := range sys.aux {
		if a.observe != nil {
			return fmt.Sprintf("observer %q", a.name)
		}
	}
	return ""
}

// IgnoredPolicy returns what becomes of deliveries without effect, LeaveOut or Consume.
func (sys *System[M]) Rule() IgnoredPolicy {
	sys.freeze()
	if sys.leave {
		return IgnoredKept
	}
	return IgnoredConsumed
}

// ConfigChange says that the configuration of an actor has changed since its system was first used.
type ConfigChange struct{ Actor string }

// Error says whose configuration it is, and what to do.
func (e *ConfigChange) Error() string {
	return fmt.Sprintf("the configuration of %s has changed: the receiver of an actor's methods is shared by all behaviours, so keep what changes in its state", e.Actor)
}

// Fault says what kind of misbehaviour it is.
func (e *ConfigChange) ErrorKind() engine.ErrorKind { return engine.ErrorMutation }

// checkConfigs returns a *ConfigChange if the configuration of an actor is not what it was at first.
func (sys *System[M]) checkConfigs() error {
	for i, h := range sys.actors {
		if h.config.content() != sys.configs[i] {
			return &ConfigChange{h.name}
		}
	}
	return nil
}
