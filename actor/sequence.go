package actor

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor/diagram"
)

// maxDiagram is how many steps Diagram draws at most.
const maxDiagram = 200

// Diagram implements [allways.Diagrammer]: a path as a sequence diagram in text, of 100 columns. See [System.Sequence] for
// other forms. Paths of more than 200 steps are not drawn.
func (sys *System[M]) Diagram(p *allways.Path[*State[M], Action[M]]) string {
	if p.Len() == 0 {
		return ""
	}
	if p.Len() > maxDiagram {
		return fmt.Sprintf("no diagram is drawn here of more than %d steps", maxDiagram)
	}
	return sys.Sequence(p).Text(diagram.TextOptions{Brief: true}) + sys.conflicts(p.Last())
}

// conflicts draws the histories of a state that break their promises.
func (sys *System[M]) conflicts(s *State[M]) (text string) {
	for i, x := range sys.aux {
		if x.explain == nil {
			continue
		}
		if why := x.explain(s.aux[i]); why != "" {
			text += "\n" + x.name + ": " + strings.TrimRight(why, "\n") + "\n"
		}
	}
	return text
}

// Sequence returns what a sequence diagram of a path of the system shows: messages from the step in which they were sent
// to the one in which they arrived, losses, timeouts, choices, crashes and partitions. It runs the handlers of the path
// again to know what they sent, so that it must be a path of this system.
func (sys *System[M]) Sequence(p *allways.Path[*State[M], Action[M]]) *diagram.Sequence {
	sys.freeze()
	b := sequenceBuilder[M]{sys: sys, seq: &diagram.Sequence{}}
	for _, h := range sys.actors {
		b.seq.Lifelines = append(b.seq.Lifelines, h.name)
	}
	b.start()
	for i, st := range p.Steps() {
		b.step(i+1, st.Before, st.Action)
	}
	if start, ok := p.Loop(); ok {
		b.seq.Cycle = p.Len() - start
	}
	for _, m := range b.flying {
		b.seq.Pending = append(b.seq.Pending, b.message(m))
	}
	b.addNobody()
	return b.seq
}

// sequenceBuilder follows a path and knows what is on its way.
type sequenceBuilder[M any] struct {
	sys    *System[M]
	seq    *diagram.Sequence
	flying []flight // in the order of sending
	nobody bool     // a message from or to nobody is drawn
}

// flight is a message on its way.
type flight struct {
	from ID
	send
	step int // in which it was sent
}

func (b *sequenceBuilder[M]) start() {
	for _, m := range b.sys.initial {
		b.fly(m.from, 0, send{m.to, m.msg})
	}
	for id := range b.sys.actors {
		b.sent(ID(id), 0, b.sys.unstarted(ID(id)), event{kind: Start})
	}
}

// fly puts a message on its way, unless the link keeps one of its kind for ever.
func (b *sequenceBuilder[M]) fly(from ID, step int, m send) {
	network := b.sys.link(from, m.to).Network
	if !b.sys.has(m.to) {
		m.to = NoActor
	}
	f := flight{from, m, step}
	if network == Duplicating && b.find(f) >= 0 {
		return
	}
	b.flying = append(b.flying, f)
}

// find returns where the oldest message with the ends and the content of f is; -1 for nowhere.
func (b *sequenceBuilder[M]) find(f flight) int {
	for i, g := range b.flying {
		if g.from == f.from && g.send == f.send {
			return i
		}
	}
	return -1
}

// sent runs a handler for what it sends.
func (b *sequenceBuilder[M]) sent(id ID, step int, l *local, ev event) {
	for _, m := range b.sys.evaluate(id, l, ev).sends {
		b.fly(id, step, m)
	}
}

func (b *sequenceBuilder[M]) step(n int, before *State[M], a Action[M]) {
	st := diagram.Step{At: int(a.Actor)}
	switch a.Kind {
	case Deliver, Lose, Duplicate:
		st.Kind = map[ActionKind]diagram.StepKind{Deliver: diagram.Delivery, Lose: diagram.Loss, Duplicate: diagram.Duplication}[a.Kind]
		st.Message = b.travel(a)
	case Timeout:
		st.Kind, st.Text = diagram.Note, "timeout "+a.Name
	case Choose:
		st.Kind, st.Text = diagram.Note, fmt.Sprintf("choose %s: %s", a.Name, b.sys.valueText(a.Option))
	case Crash:
		st.Kind = diagram.Crash
	case Restart:
		st.Kind = diagram.Restart
	case Partition:
		st.Kind, st.Text = diagram.Partition, b.sys.splitText(a.Split)
	case Heal:
		st.Kind = diagram.Heal
	}
	b.seq.Steps = append(b.seq.Steps, st)
	if ev, ok := b.sys.eventOf(a); ok {
		b.sent(a.Actor, n, b.sys.localOf(a.Actor, before.actors[a.Actor]), ev)
	}
}

// eventOf returns what an actor handles in a step, if it does.
func (sys *System[M]) eventOf(a Action[M]) (ev event, ok bool) {
	ev = event{kind: a.Kind, from: a.From, name: a.Name}
	switch a.Kind {
	case Deliver:
		ev.msg = sys.messages.encode(&a.Msg)
	case Choose:
		ev.option = sys.values.encode(&a.Option)
	case Timeout, Restart:
	default:
		return ev, false
	}
	return ev, true
}

// travel finds the message of an action, and takes it from the network or doubles it as the action does.
func (b *sequenceBuilder[M]) travel(a Action[M]) diagram.Message {
	f := flight{from: a.From, send: send{a.Actor, b.sys.messages.encode(&a.Msg)}}
	i := b.find(f)
	if i < 0 {
		panic(fmt.Sprintf("actor: the path has %s, which nobody has sent", b.sys.FormatAction(a)))
	}
	f = b.flying[i]
	switch {
	case a.Kind == Duplicate:
		b.flying = append(b.flying[:i+1], b.flying[i:]...)
	case a.Kind == Lose || b.sys.link(a.From, a.Actor).Network != Duplicating:
		b.flying = append(b.flying[:i], b.flying[i+1:]...)
	}
	return b.message(f)
}

func (b *sequenceBuilder[M]) message(f flight) diagram.Message {
	msg := *b.sys.messages.decode(f.msg)
	return diagram.Message{
		From: b.lifeline(f.from), To: b.lifeline(f.to), Sent: f.step,
		Text: b.sys.messageText(msg), Short: shortText(any(msg)),
	}
}

// shortText returns the name of a message's type, or "" for one that says nothing.
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

// messageText returns the text of a message, which begins with the name of its type.
func (sys *System[M]) messageText(m M) string {
	return typeNamed(any(m), sys.messages.text(sys.messages.encode(&m)))
}

// lifeline returns the number of an actor's lifeline; nobody has the one after all of them.
func (b *sequenceBuilder[M]) lifeline(id ID) int {
	if b.sys.has(id) {
		return int(id)
	}
	b.nobody = true
	return len(b.sys.actors)
}

func (b *sequenceBuilder[M]) addNobody() {
	if b.nobody {
		b.seq.Lifelines = append(b.seq.Lifelines, b.sys.Name(NoActor))
	}
}
