package temporal

import (
	"strconv"
	"strings"
	"unicode"
)

// opNames are the operators in the notation of TLA+. An atom stands for itself.
var opNames = [...]string{
	True: "TRUE", False: "FALSE", State: "a state predicate", Step: "a step predicate", Enabled: "ENABLED",
	Not: "~", And: `/\`, Or: `\/`, Implies: "=>", Always: "[]", Eventually: "<>", Until: "U", Release: "R",
}

// binding says how tightly an operator holds its arguments together.
type binding int

const (
	loosest  binding = iota // => and ~>, which need parentheses inside each other
	junction                // /\ and \/, which need parentheses inside each other
	until                   // U and R, which need parentheses inside each other
	prefix                  // ~, [] and <>
	atom
)

var bindings = [...]binding{
	True: atom, False: atom, State: atom, Step: atom, Enabled: atom,
	Not: prefix, And: junction, Or: junction, Implies: loosest,
	Always: prefix, Eventually: prefix, Until: until, Release: until,
}

// String returns the formula in the notation of TLA+, with U and R for until and release, the names
// of atoms, and no more parentheses than the notation needs. Operators of equal strength need them
// inside each other.
func (f *Formula) String() string {
	text, _ := f.text()
	return text
}

// text returns the formula and how tightly it binds.
func (f *Formula) text() (string, binding) {
	if p, q, ok := f.leadsTo(); ok {
		return p.within(loosest) + " ~> " + q.within(loosest), loosest
	}
	strength := bindings[f.Op]
	switch {
	case f.leaf():
		return f.atomText(), atom
	case strength == prefix:
		arg, inner := f.Args[0].text()
		if inner < prefix {
			arg = "(" + arg + ")"
		}
		return opNames[f.Op] + arg, prefix
	case len(f.Args) == 0:
		return (&Formula{Op: map[Op]Op{And: True, Or: False}[f.Op]}).text()
	case len(f.Args) == 1:
		return f.Args[0].text()
	}
	parts := make([]string, len(f.Args))
	for i, arg := range f.Args {
		parts[i] = arg.within(strength)
	}
	return strings.Join(parts, " "+opNames[f.Op]+" "), strength
}

// within returns the formula as an argument of an operator of the given strength.
func (f *Formula) within(strength binding) string {
	text, inner := f.text()
	if inner <= strength {
		return "(" + text + ")"
	}
	return text
}

// leadsTo recognises [](p => <>q), which is written p ~> q.
func (f *Formula) leadsTo() (p, q *Formula, ok bool) {
	if f.Op != Always || f.Args[0].Op != Implies || f.Args[0].Args[1].Op != Eventually {
		return nil, nil, false
	}
	implies := f.Args[0]
	return implies.Args[0], implies.Args[1].Args[0], true
}

func (f *Formula) atomText() string {
	switch f.Op {
	case State:
		return plainName(f.Name, f.Atom)
	case Step:
		return "<<" + plainName(f.Name, f.Atom) + ">>"
	case Enabled:
		return "ENABLED(" + plainName(f.Name, f.Atom) + ")"
	}
	return opNames[f.Op]
}

// plainName returns a name as it is if it is one word, and in quotes otherwise: names of properties
// are often sentences.
func plainName(name string, index int) string {
	if name == "" {
		return "#" + strconv.Itoa(index)
	}
	word := strings.IndexFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_-.", r)
	}) < 0
	if word && name != "U" && name != "R" && name != "TRUE" && name != "FALSE" && name != "ENABLED" {
		return name
	}
	return strconv.Quote(name)
}
