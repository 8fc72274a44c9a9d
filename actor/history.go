package actor

import (
	"context"
	"fmt"
	"slices"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/consistency"
)

// History records what the clients of an object do and see, for a promise about it. Clients are actors that call Invoke and
// Return in their handlers; what they record is part of what the handler did, so that a message that is ignored or delivered
// again records nothing more. Make one with [Linearizable] or [SequentiallyConsistent].
//
// An operation that is under way when its client crashes stays so for ever. The client, once restarted, goes on as a new
// client of the history.
type History[Op, Ret any] struct {
	index int
	// codecs are shared by copies of the history, which actors keep in their configuration.
	shared *historyCodecs[Op, Ret]
}

type historyCodecs[Op, Ret any] struct {
	events codec[consistency.Event[Op, Ret]]
}

// AppendCanonical makes a history that is part of an actor's configuration known by its number.
func (h History[Op, Ret]) AppendCanonical(dst []byte) []byte { return append(dst, byte(h.index)) }

// DecodeCanonical is the inverse of AppendCanonical; a history that was read like that records nothing.
func (h *History[Op, Ret]) DecodeCanonical(src []byte) error {
	if len(src) != 1 {
		return fmt.Errorf("a history is one byte, not %d", len(src))
	}
	h.index = int(src[0])
	return nil
}

// Recorder is the context of a handler, whatever its messages are.
type Recorder interface{ record(aux int, event string) }

// Invoke records that the actor begins an operation. It panics if the last one has not returned.
func (h History[Op, Ret]) Invoke(c Recorder, op Op) {
	h.add(c, consistency.Event[Op, Ret]{Kind: consistency.Invoke, Op: op})
}

// Return records that the actor's operation ends with a result. It panics if none is under way.
func (h History[Op, Ret]) Return(c Recorder, ret Ret) {
	h.add(c, consistency.Event[Op, Ret]{Kind: consistency.Return, Ret: ret})
}

func (h History[Op, Ret]) add(c Recorder, e consistency.Event[Op, Ret]) {
	if h.shared == nil {
		panic("a history that no system knows: make it with actor.Linearizable or actor.SequentiallyConsistent")
	}
	c.record(h.index, h.shared.events.encode(&e))
}

// In returns the history in a state of the system.
func (h History[Op, Ret]) In(s interface{ auxiliary(int) any }) consistency.History[Op, Ret] {
	return s.auxiliary(h.index).(*recorded[Op, Ret]).History
}

// Linearizable promises that the history that is returned is linearizable to an object of the specification.
func Linearizable[Q, Op, Ret, M any](sys *System[M], name string, spec consistency.Spec[Q, Op, Ret]) History[Op, Ret] {
	return newHistory(sys, name, spec, consistency.Linearizability)
}

// SequentiallyConsistent promises that the history that is returned is sequentially consistent with an object of the
// specification.
func SequentiallyConsistent[Q, Op, Ret, M any](sys *System[M], name string, spec consistency.Spec[Q, Op, Ret]) History[Op, Ret] {
	return newHistory(sys, name, spec, consistency.SequentialConsistency)
}

// recorded is the auxiliary value of a history.
type recorded[Op, Ret any] struct {
	History consistency.History[Op, Ret]
	Lost    []int // by actor: how many operations its crashes have left under way
}

// client returns the number under which an actor acts now: it gets a new one when an operation was lost.
func (r *recorded[Op, Ret]) client(id ID, actors int) int {
	if int(id) < len(r.Lost) {
		return int(id) + actors*r.Lost[id]
	}
	return int(id)
}

// rename gives the clients the numbers that belong to the actors' new ids.
func (r *recorded[Op, Ret]) rename(to []int) {
	r.History = r.History.Relabel(func(client int) int { return to[client%len(to)] + client/len(to)*len(to) })
	lost := make([]int, len(to))
	for i, n := range r.Lost {
		lost[to[i]] = n
	}
	for len(lost) > 0 && lost[len(lost)-1] == 0 {
		lost = lost[:len(lost)-1]
	}
	r.Lost = lost
}

func newHistory[Q, Op, Ret, M any](sys *System[M], name string, spec consistency.Spec[Q, Op, Ret], c consistency.Condition) History[Op, Ret] {
	h := History[Op, Ret]{index: len(sys.aux), shared: &historyCodecs[Op, Ret]{}}
	tester, err := consistency.NewTester(spec, c)
	if err != nil {
		sys.fail(fmt.Errorf("history %q: %w", name, err))
		return h
	}
	values, err := newCodec[recorded[Op, Ret]]()
	if err == nil {
		h.shared.events, err = newCodec[consistency.Event[Op, Ret]]()
	}
	if err != nil {
		sys.fail(fmt.Errorf("history %q: %w", name, err))
		return h
	}
	keep := func(r *recorded[Op, Ret]) *recorded[Op, Ret] {
		if c == consistency.SequentialConsistency {
			r.History = r.History.ProgramOrder()
		}
		return r
	}
	sys.aux = append(sys.aux, &auxiliary[M]{
		name:    name,
		initial: values.encode(&recorded[Op, Ret]{}),
		apply: func(value any, by ID, event string) (any, error) {
			r, e := *value.(*recorded[Op, Ret]), h.shared.events.decode(event)
			var err error
			if client := r.client(by, len(sys.actors)); e.Kind == consistency.Invoke {
				r.History, err = r.History.Invoke(client, e.Op)
			} else {
				r.History, err = r.History.Return(client, e.Ret)
			}
			return keep(&r), err
		},
		crash: func(value any, id ID) any {
			r := *value.(*recorded[Op, Ret])
			if !r.History.Busy(r.client(id, len(sys.actors))) {
				return value
			}
			r.Lost = slices.Clone(r.Lost)
			for len(r.Lost) <= int(id) {
				r.Lost = append(r.Lost, 0)
			}
			r.Lost[id]++
			return &r
		},
		encode: func(v any) string { return values.encode(v.(*recorded[Op, Ret])) },
		decode: func(value string) any { return values.decode(value) },
		text:   values.text,
		explain: func(value any) string {
			v, err := tester.Check(context.Background(), value.(*recorded[Op, Ret]).History)
			if err != nil || v.Outcome != consistency.Violated {
				return ""
			}
			return v.WithNames(func(client int) string {
				name := sys.Name(ID(client % len(sys.actors)))
				if crashes := client / len(sys.actors); crashes > 0 {
					name += fmt.Sprintf(" (restart %d)", crashes)
				}
				return name
			}).String()
		},
		rename: func(value string, to []int) string {
			r := values.decode(mustRename(values, len(to)).content(value, to))
			r.rename(to)
			return values.encode(keep(r))
		},
		chronicle: func(actors int) chronicle {
			return newChronicle(actors, c, h.shared.events, values, tester.AllowsEvents)
		},
		renameEvent: func(event string, to []int) string { return mustRename(h.shared.events, len(to)).content(event, to) },
	})
	judge := func(value any) bool { return tester.Allows(value.(*recorded[Op, Ret]).History) }
	sys.props = append(sys.props, property[M]{
		Property: allways.Always(name, func(s *State[M]) bool { return tester.Allows(h.In(s)) }),
		safe:     true, aux: h.index, judge: judge,
	})
	return h
}
