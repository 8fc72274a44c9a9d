package browsertest

import (
	"fmt"
	"math"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
)

// replica is a server that keeps a value and knows no other server.
type replica struct{}

func (replica) Start(*actor.Context[register.Msg], *register.Value) {}

func (replica) Receive(c *actor.Context[register.Msg], s *register.Value, from actor.ID, m register.Msg) {
	switch m := m.(type) {
	case register.Put:
		*s = m.Value
		c.Send(from, register.PutOK{Request: m.Request})
	case register.Get:
		c.Send(from, register.GetOK{Request: m.Request, Value: *s})
	}
}

// replicas is a register on servers that do not talk to each other. With two of them it is not
// linearizable, which takes 4 steps to show.
func replicas(servers int) *actor.System[register.Msg] {
	sys := actor.NewSystem[register.Msg](actor.Config{})
	for id := range servers {
		actor.Spawn(sys, fmt.Sprintf("server-%d", id+1), replica{})
	}
	register.Clients(sys, 2, register.Client{Puts: 1, Gets: 1})
	return sys
}

// pair is the state of a counter of two parts.
type pair struct{ Red, Blue int }

// counter counts up to a limit in steps of one. It promises fewer than three reds.
func counter(limit int) allways.Model[pair, string] {
	return allways.Funcs[pair, string]{
		InitFunc: func() []pair { return []pair{{}} },
		ActionsFunc: func(dst []string, s pair) []string {
			if s.Red+s.Blue < limit {
				dst = append(dst, "blue", "red")
			}
			return dst
		},
		NextFunc: func(s pair, a string) (pair, bool) {
			if a == "red" {
				return pair{s.Red + 1, s.Blue}, true
			}
			return pair{s.Red, s.Blue + 1}, true
		},
		Props: []allways.Property[pair]{
			allways.Always("fewer than three reds", func(s pair) bool { return s.Red < 3 }),
			allways.Sometimes("two blues", func(s pair) bool { return s.Blue == 2 }),
		},
	}
}

// endless counts without a limit, and nothing is ever decided of it.
func endless() allways.Model[pair, string] { return harmless(math.MaxInt) }

// harmless counts up to a limit and keeps its promise.
func harmless(limit int) allways.Model[pair, string] {
	m := counter(limit).(allways.Funcs[pair, string])
	m.Props = []allways.Property[pair]{allways.Always("counts up", func(s pair) bool { return s.Red >= 0 })}
	return m
}

// ring goes from 0 to 1 and then round through 2 and 3, so that it never reaches 9.
func ring() allways.Model[int, string] {
	return allways.Funcs[int, string]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []string, _ int) []string { return append(dst, "go on") },
		NextFunc:    func(n int, _ string) (int, bool) { return n%3 + 1, true },
		Props:       []allways.Property[int]{allways.Eventually("nine", func(n int) bool { return n == 9 })},
	}
}

// hostile are strings that must appear on the page as they are.
var hostile = []string{
	`<img src=x onerror="document.title='markup ran'">`, `<script>document.title='markup ran'</script>`,
	`"><svg onload=document.title='markup ran'>`, `</text><a href="javascript:alert(1)">x</a>`,
	`&lt;b&gt; {{x}} ${x} %3Cb%3E`,
	"\u202eright to left\u202c \u0000 \u2028", `__proto__`, `https://elsewhere.example/x.png`,
}

// words are what the actors of a hostile system send.
type words struct{ Text string }

// heard is the state of an actor of a hostile system.
type heard struct {
	Last string
	All  map[string]string
}

// talker sends the next of the strings that are hostile to the other one.
type talker struct{ peer actor.ID }

func (k talker) Start(c *actor.Context[words], s *heard) {
	s.All = map[string]string{}
	if k.peer != 0 {
		c.Send(k.peer, words{hostile[0]})
	}
}

func (k talker) Receive(c *actor.Context[words], s *heard, from actor.ID, m words) {
	s.Last, s.All[m.Text] = m.Text, m.Text
	c.Log("%s", m.Text)
	for i, text := range hostile[:len(hostile)-1] {
		if text == m.Text {
			c.Send(from, words{hostile[i+1]})
		}
	}
}

// hostileSystem has markup wherever a model may have text.
func hostileSystem() *actor.System[words] {
	sys := actor.NewSystem[words](actor.Config{})
	actor.Spawn(sys, hostile[0], talker{peer: 1})
	last := actor.Spawn(sys, hostile[2], talker{})
	sys.Always(hostile[1], func(s *actor.State[words]) bool { return last.In(s).Last != hostile[2] })
	return sys
}
