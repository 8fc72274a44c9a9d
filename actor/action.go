package actor

import "github.com/allways-go/allways/actor/internal/core"

// ActionKind is a kind of action.
type ActionKind uint8

// The kinds of actions, in the order in which they are listed for an actor.
const (
	Start     = ActionKind(core.Start)     // an actor starts; never listed, since all have started in the initial state
	Deliver   = ActionKind(core.Deliver)   // an actor receives a message
	Timeout   = ActionKind(core.Timeout)   // a timer of an actor expires
	Choose    = ActionKind(core.Choose)    // one of the options that an actor offers is chosen
	Lose      = ActionKind(core.Lose)      // the network loses a message
	Duplicate = ActionKind(core.Duplicate) // the network duplicates a message
	Crash     = ActionKind(core.Crash)     // an actor loses its state, except for what it has saved
	Restart   = ActionKind(core.Restart)   // an actor that has crashed starts again
	Partition = ActionKind(core.Partition) // the network splits
	Heal      = ActionKind(core.Heal)      // the network is whole again
	Forge     = ActionKind(core.Forge)     // a message is in flight that no actor has sent; never listed, only supposed
)

// String returns the name of the kind, such as "deliver".
func (k ActionKind) String() string { return core.Kind(k).String() }

// Action is a step of a system.
type Action[M any] struct {
	Kind   ActionKind // the kind of the step, which says what fields are set
	Actor  ID         // the actor that takes the step; for Lose, Duplicate and Forge, the receiver
	From   ID         // the sender of a message
	Msg    M          // the message delivered, lost, duplicated or forged
	Name   string     // the name of a timer, or the key of a choice
	Option any        // the option chosen
	Split  int        // the number of a partition, from 1
}

// actionOf decodes an action.
func actionOf[M any](sys *core.System, a core.Action) Action[M] {
	b := Action[M]{Kind: ActionKind(a.Kind), Actor: ID(a.Actor), From: ID(a.From), Name: a.Name, Split: a.Split}
	switch a.Kind {
	case core.Deliver, core.Lose, core.Duplicate, core.Forge:
		b.Msg = *sys.Messages.Decode(a.Msg).(*M)
	case core.Choose:
		b.Option = sys.Values.Value(a.Option)
	}
	return b
}

// content is the inverse of actionOf.
func (a Action[M]) content(sys *core.System) core.Action {
	b := core.Action{Kind: core.Kind(a.Kind), Actor: int(a.Actor), From: int(a.From), Name: a.Name, Split: a.Split}
	switch b.Kind {
	case core.Deliver, core.Lose, core.Duplicate, core.Forge:
		b.Msg = sys.Messages.Encode(&a.Msg)
	case core.Choose:
		b.Option = sys.Values.Encode(&a.Option)
	}
	return b
}
