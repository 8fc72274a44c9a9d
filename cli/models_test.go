package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/allways-go/allways"
)

// locks is a state of the model of the tests: processes that take and release a lock, in vain in the broken variant.
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
			t := locks{Held: a.Kind == enter, Inside: append([]bool(nil), s.Inside...), Visits: map[string]int{}, Waiting: s.Waiting}
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
			allways.AlwaysStep("held inside", func(_ locks, a lockAction, after locks) bool { return a.Kind == leave || after.Held }),
		},
		Names: []string{"Enter", "Leave", "Steal"},
		FormatActionFunc: func(a lockAction) string {
			return fmt.Sprintf("%s %s", name(a.Process), strings.ToLower(a.Kind.String())+"s")
		},
	}
}

// light is red, green or off; nothing makes it go out but chance.
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
		Props:          []allways.Property[string]{allways.Eventually("it breaks", func(s string) bool { return s == "off" })},
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

// endless counts up for ever.
func endless() allways.Funcs[int, string] {
	m := bomb()
	m.NextFunc = func(s int, _ string) (int, bool) { return s + 1, true }
	m.Props = []allways.Property[int]{
		allways.Always("not negative", func(s int) bool { return s >= 0 }),
		allways.Sometimes("two", func(s int) bool { return s == 2 }),
	}
	return m
}

var testApp = App{
	Name: "locks", Summary: "processes that share a lock",
	Args:  []Arg{{Name: "n", Default: "2", Help: "number of processes"}},
	Flags: []Flag{{Name: "offset", Default: "0", Help: "added to n"}, {Name: "strict", Default: "false", Help: "refuse everything"}},
	Variants: []Variant{
		{Name: "guarded", Summary: "with a lock", Model: lockVariant(true)},
		{Name: "broken", Summary: "whose lock does nothing", Model: lockVariant(false)},
		{Name: "light", Summary: "another model", Model: func(Args) (Instance, error) { return Of(light()), nil }},
		{Name: "bomb", Model: func(Args) (Instance, error) { return Of(bomb()), nil }},
		{Name: "endless", Model: func(Args) (Instance, error) { return Of(endless()), nil }},
		{Name: "bounded", Model: func(Args) (Instance, error) {
			m := endless()
			m.WithinFunc = func(s int) bool { return s < 5 }
			return Of(m), nil
		}},
		{Name: "symmetric", Model: func(Args) (Instance, error) {
			m := endless()
			m.WithinFunc = func(s int) bool { return s < 5 }
			m.RepresentativeFunc = func(s int) int { return s }
			return Of(m), nil
		}},
		{Name: "stdin", Model: func(a Args) (Instance, error) {
			b, err := io.ReadAll(a.Stdin())
			if err != nil {
				return Instance{}, err
			}
			m := endless()
			m.InitFunc = func() []int { return []int{len(b) - 4} }
			m.WithinFunc = func(s int) bool { return s < 10 }
			return Of(m), nil
		}},
		{Name: "twice", Model: func(Args) (Instance, error) {
			m := endless()
			m.Props = append(m.Props, m.Props[0])
			return Of(m), nil
		}},
		{Name: "empty", Model: func(Args) (Instance, error) { return Instance{}, nil }},
		{Name: "panicking", Model: func(Args) (Instance, error) { panic("no model") }},
	},
}

func lockVariant(guarded bool) func(Args) (Instance, error) {
	return func(a Args) (Instance, error) {
		n, offset, strict := 0, 0, false
		if err := errors.Join(a.IntVar(&n, "n", 1, 9), a.IntVar(&offset, "offset", -9, 9), a.BoolVar(&strict, "strict")); err != nil || strict {
			return Instance{}, fmt.Errorf("strict: %v", err)
		}
		return Of(lockModel(n+offset, guarded)), nil
	}
}
