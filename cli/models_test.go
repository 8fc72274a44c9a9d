package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/allways-go/allways"
)

// locks is a state of the model of the tests: processes that take and release a lock, in vain in
// the broken variant.
type locks struct {
	Held    bool
	Inside  []bool
	Visits  map[string]int
	Waiting int
}

type lockAction struct {
	Kind    lockKind
	Process int
}

type lockKind uint8

const (
	enter lockKind = iota
	leave
)

func (k lockKind) String() string { return [...]string{"Enter", "Leave"}[k] }

func name(i int) string { return string(rune('a' + i)) }

// lockModel makes n processes go in and out; guarded says whether the lock does anything.
func lockModel(n int, guarded bool) allways.Funcs[locks, lockAction] {
	return allways.Funcs[locks, lockAction]{
		InitFunc: func() []locks {
			return []locks{{Inside: make([]bool, n), Visits: map[string]int{}, Waiting: n}}
		},
		ActionsFunc: func(dst []lockAction, s locks) []lockAction {
			for i, in := range s.Inside {
				switch {
				case in:
					dst = append(dst, lockAction{leave, i})
				case (!guarded || !s.Held) && s.Visits[name(i)] == 0:
					dst = append(dst, lockAction{enter, i})
				}
			}
			return dst
		},
		NextFunc: func(s locks, a lockAction) (locks, bool) {
			inside := append([]bool(nil), s.Inside...)
			t := locks{Held: a.Kind == enter, Inside: inside, Visits: map[string]int{}, Waiting: s.Waiting}
			for k, v := range s.Visits {
				t.Visits[k] = v
			}
			t.Inside[a.Process] = a.Kind == enter
			if a.Kind == enter {
				t.Visits[name(a.Process)]++
				t.Waiting--
			}
			return t, true
		},
		Props: []allways.Property[locks]{
			allways.Always("one at a time", func(s locks) bool {
				inside := 0
				for _, in := range s.Inside {
					if in {
						inside++
					}
				}
				return inside < 2
			}),
			allways.Sometimes("all have been inside", func(s locks) bool { return s.Waiting == 0 }),
			allways.AlwaysStep("held inside", func(_ locks, a lockAction, after locks) bool {
				return a.Kind == leave || after.Held
			}),
		},
		Names: []string{"Enter", "Leave", "Steal"},
		FormatActionFunc: func(a lockAction) string {
			return fmt.Sprintf("%s %s", name(a.Process), strings.ToLower(a.Kind.String())+"s")
		},
	}
}

// light is red, green or off; it need not go out.
func light() allways.Funcs[string, string] {
	return allways.Funcs[string, string]{
		InitFunc: func() []string { return []string{"red"} },
		ActionsFunc: func(dst []string, s string) []string {
			if s == "off" {
				return dst
			}
			return append(dst, "switch", "break")
		},
		NextFunc: func(s, a string) (string, bool) {
			switch {
			case a == "break":
				return "off", true
			case s == "red":
				return "green", true
			}
			return "red", true
		},
		Props: []allways.Property[string]{
			allways.Eventually("it breaks", func(s string) bool { return s == "off" }),
		},
		FormatStepFunc: func(before, _, after string) string { return before + " turns " + after },
		DiagramFunc: func(p *allways.Path[string, string]) string {
			var b strings.Builder
			for _, s := range p.States() {
				fmt.Fprintf(&b, "[%s]", s)
			}
			return b.String() + "\n  a second line"
		},
	}
}

// bomb counts, and panics at three.
func bomb() allways.Funcs[int, string] {
	return allways.Funcs[int, string]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []string, _ int) []string { return append(dst, "tick") },
		NextFunc: func(s int, _ string) (int, bool) {
			if s == 3 {
				panic("boom")
			}
			return s + 1, true
		},
		Props: []allways.Property[int]{allways.Always("small", func(s int) bool { return s < 100 })},
	}
}

// endless counts up forever.
func endless() allways.Funcs[int, string] {
	m := bomb()
	m.NextFunc = func(s int, _ string) (int, bool) { return s + 1, true }
	m.Props = []allways.Property[int]{
		allways.Always("not negative", func(s int) bool { return s >= 0 }),
		allways.Sometimes("two", func(s int) bool { return s == 2 }),
	}
	return m
}

// config is what the command line of the tests sets.
type config struct {
	kind   string
	n      int
	offset int
	strict bool
	input  string
}

var testApp = App[config]{
	Name: "locks", Summary: "processes that share a lock",
	Params: func(c *config) []Param {
		return []Param{
			Int("n", &c.n, 2, 1, 9, "processes"),
			Int("offset", &c.offset, 0, -9, 9, "added to n").Flag(),
			Bool("strict", &c.strict, "refuse everything").Flag(),
			File("input", &c.input, "a file as long as the first state is high").Flag(),
		}
	},
	Variants: []Variant[config]{
		{Name: "guarded", Summary: "with a lock"},
		{Name: "broken", Summary: "whose lock does nothing", Config: config{kind: "broken"}},
		{Name: "many", Summary: "more processes", Config: config{n: 4}},
		{Name: "light", Summary: "another model", Config: config{kind: "light"}},
		{Name: "bomb", Config: config{kind: "bomb"}},
		{Name: "endless", Config: config{kind: "endless"}},
		{Name: "bounded", Config: config{kind: "bounded"}},
		{Name: "symmetric", Config: config{kind: "symmetric"}},
		{Name: "stdin", Config: config{kind: "stdin"}},
		{Name: "twice", Config: config{kind: "twice"}},
		{Name: "empty", Config: config{kind: "empty"}},
		{Name: "panicking", Config: config{kind: "panicking"}},
	},
	Build: build,
}

func build(c config) (Instance, error) {
	m := endless()
	switch c.kind {
	case "light":
		return NewInstance(light()), nil
	case "bomb":
		return NewInstance(bomb()), nil
	case "endless":
	case "symmetric":
		m.RepresentativeFunc = func(s int) int { return s }
		m.WithinFunc = func(s int) bool { return s < 5 }
	case "bounded":
		m.WithinFunc = func(s int) bool { return s < 5 }
	case "stdin":
		m.InitFunc = func() []int { return []int{len(c.input) - 4} }
		m.WithinFunc = func(s int) bool { return s < 10 }
	case "twice":
		m.Props = append(m.Props, m.Props[0])
	case "empty":
		return Instance{}, nil
	case "panicking":
		panic("no model")
	default:
		if c.strict {
			return Instance{}, errors.New("strict: no")
		}
		return NewInstance(lockModel(c.n+c.offset, c.kind != "broken")), nil
	}
	return NewInstance(m), nil
}
