package text

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/actor/internal/core"
)

// Conflicts draws the histories of a state that break their promises.
func Conflicts(sys *core.System, s *core.State) (text string) {
	for k := range sys.Aux {
		h, ok := sys.History(k)
		if !ok {
			continue
		}
		if why := h.Explain(h.Decode(s.Aux[k]), len(sys.Actors), sys.Name); why != "" {
			text += "\n" + h.Name() + ": " + strings.TrimRight(why, "\n") + "\n"
		}
	}
	return text
}

// Sequence makes a sequence diagram of a path. It follows the path and knows which messages are in flight, and
// runs the handlers of the path again to know what they sent.
type Sequence struct {
	sys       *core.System
	seq       *diagram.Sequence
	flying    []flight // messages in flight, in the order of sending
	strangers bool     // whether a message from or to an id that no actor has is drawn
}

// flight is a message in flight.
type flight struct {
	from int
	core.Send
	step int // the step in which it was sent
}

// NewSequence returns a sequence in which all actors have started.
func NewSequence(sys *core.System) *Sequence {
	b := &Sequence{sys: sys, seq: &diagram.Sequence{}}
	for _, a := range sys.Actors {
		b.seq.Lifelines = append(b.seq.Lifelines, a.Name)
	}
	for _, m := range sys.Initial {
		b.fly(m.From, 0, core.Send{To: m.To, Msg: m.Msg})
	}
	for id := range sys.Actors {
		b.handle(id, 0, sys.Unstarted(id), &core.Event{Kind: core.Start})
	}
	return b
}

// fly puts a message in flight, unless the link keeps an equal one.
func (b *Sequence) fly(from int, step int, m core.Send) {
	network := b.sys.Link(from, m.To).Network
	m.To = b.sys.Known(m.To)
	f := flight{from, m, step}
	if network.Keeps() && b.find(f) >= 0 {
		return
	}
	b.flying = append(b.flying, f)
}

// find returns the place of the oldest message with the ends and the content of f, or -1.
func (b *Sequence) find(f flight) int {
	for i, g := range b.flying {
		if g.from == f.from && g.Send == f.Send {
			return i
		}
	}
	return -1
}

// handle runs a handler for what it sends.
func (b *Sequence) handle(id int, step int, l *core.Local, ev *core.Event) {
	for _, m := range b.sys.Evaluate(id, l, ev).Sends {
		b.fly(id, step, m)
	}
}

// Step adds a step. The actor that takes it is given as it was before.
func (b *Sequence) Step(before *core.Local, a core.Action) {
	st := diagram.Step{At: a.Actor}
	switch a.Kind {
	case core.Deliver, core.Lose, core.Duplicate:
		st.Kind = map[core.Kind]diagram.StepKind{
			core.Deliver: diagram.Delivery, core.Lose: diagram.Loss, core.Duplicate: diagram.Duplication,
		}[a.Kind]
		st.Message = b.travel(a)
	case core.Timeout:
		st.Kind, st.Text = diagram.Note, "timeout "+a.Name
	case core.Choose:
		option := value(b.sys, b.sys.Values.Value(a.Option))
		st.Kind, st.Text = diagram.Note, fmt.Sprintf("choose %s: %s", a.Name, option)
	case core.Crash:
		st.Kind = diagram.Crash
	case core.Restart:
		st.Kind = diagram.Restart
	case core.Partition:
		st.Kind, st.Text = diagram.Partition, Split(b.sys, a.Split)
	case core.Heal:
		st.Kind = diagram.Heal
	case core.Forge:
		st.Kind, st.At, st.Text = diagram.Note, b.lifeline(a.From), fmt.Sprintf("forge to %s: %s", b.sys.Name(a.Actor),
			Message(b.sys, a.Msg))
	}
	b.seq.Steps = append(b.seq.Steps, st)
	if a.Kind == core.Forge {
		b.fly(a.From, len(b.seq.Steps), core.Send{To: a.Actor, Msg: a.Msg})
	}
	if ev, ok := a.Event(); ok {
		b.handle(a.Actor, len(b.seq.Steps), before, &ev)
	}
}

// Suppose marks the last step as one that the model does not permit.
func (b *Sequence) Suppose() { b.seq.Steps[len(b.seq.Steps)-1].Supposed = true }

// travel finds the message of an action, and takes it from the network or doubles it as the action does.
func (b *Sequence) travel(a core.Action) diagram.Message {
	f := flight{from: a.From, Send: core.Send{To: a.Actor, Msg: a.Msg}}
	i := b.find(f)
	if i < 0 {
		panic(fmt.Sprintf("actor: the path has %s, which was not sent: it is a path of another system",
			Action(b.sys, a)))
	}
	f = b.flying[i]
	switch {
	case a.Kind == core.Duplicate:
		b.flying = append(b.flying[:i+1], b.flying[i:]...)
	case a.Kind == core.Lose || !b.sys.Link(a.From, a.Actor).Network.Keeps():
		b.flying = append(b.flying[:i], b.flying[i+1:]...)
	}
	return b.message(f)
}

// Diagram returns the diagram. cycle is the number of steps at the end that repeat; 0 means none.
func (b *Sequence) Diagram(cycle int) *diagram.Sequence {
	b.seq.Cycle = cycle
	for _, m := range b.flying {
		b.seq.Pending = append(b.seq.Pending, b.message(m))
	}
	if b.strangers {
		b.seq.Lifelines = append(b.seq.Lifelines, b.sys.Name(core.NoActor))
	}
	return b.seq
}

func (b *Sequence) message(f flight) diagram.Message {
	return diagram.Message{
		From: b.lifeline(f.from), To: b.lifeline(f.To), Sent: f.step,
		Text: Message(b.sys, f.Msg), Short: shortText(b.sys.Messages.Value(f.Msg)),
	}
}

// shortText returns the name of a message's type, or "" for a type that says nothing.
func shortText(m any) string {
	t := reflect.TypeOf(m)
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return ""
	}
	return t.Name()
}

// lifeline returns the number of an actor's lifeline. Ids that no actor has share the one after all of them.
func (b *Sequence) lifeline(id int) int {
	if b.sys.Has(id) {
		return id
	}
	b.strangers = true
	return len(b.sys.Actors)
}
