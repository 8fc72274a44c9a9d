package erased

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/allways-go/allways/actor/diagram"
)

// StateTree returns the i-th state of a path as JSON to look at: as systems of actors say how theirs read,
// else as StateJSON.
func StateTree(p *Path, i int) []byte { return p.m.typed.tree(p.p, i) }

// Histories returns the histories of clients that the i-th state of a path holds; none for models without.
func Histories(p *Path, i int) []diagram.History { return p.m.typed.histories(p.p, i) }

// Line is a line that was logged for people.
type Line struct {
	Step  int // number of the step; 0 for the start of the actors
	Actor int // number of the actor; -1 for none
	Text  string
}

// Log calls add for the lines that are logged after the first steps of a path, in their order, until add returns
// false.
func Log(p *Path, from int, add func(Line) bool) { p.m.typed.log(p.p, from, add) }

// Supposition is a step outside of a model's assumptions.
type Supposition struct {
	Path   *Path  // path with the step
	Reason string // assumption that it breaks
}

// Suppositions returns the steps outside of the model's assumptions that a person may ask about at the end
// of a path; none for models that are no systems of actors.
func Suppositions(p *Path) (all []Supposition, err error) {
	next, reasons, err := p.m.typed.suppositions(p.m.stepper, p.p)
	for i, q := range next {
		all = append(all, Supposition{p.m.path(q), reasons[i]})
	}
	return all, err
}

// Supposed returns the number of the first step of a path, from 1, that is outside of the model's
// assumptions; 0 without one.
func Supposed(p *Path) int { return p.p.Supposed() }

// First returns the first steps of a path, without its cycle.
func First(p *Path, steps int) *Path { return p.m.path(p.p.First(steps)) }

// Follow returns a path with the steps of a short form such as "4.!1.5", where the steps outside of the
// model's assumptions have an exclamation mark.
func Follow(p *Path, steps string) (*Path, error) {
	for text := range strings.SplitSeq(steps, ".") {
		number, supposed := strings.CutPrefix(text, "!")
		index, err := strconv.Atoi(number)
		if err != nil || index < 0 {
			return nil, fmt.Errorf("%q is no path: want INIT:INDEX.INDEX... such as 0:3.1.4", steps)
		}
		if !supposed {
			p, err = p.Extend(index)
		} else {
			p, err = suppose(p, index)
		}
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

func suppose(p *Path, index int) (*Path, error) {
	all, err := Suppositions(p)
	if err != nil {
		return nil, err
	}
	if index >= len(all) {
		return nil, fmt.Errorf("after step %d, there are %d steps outside of the model's assumptions, and none has the "+
			"number %d", p.Len(), len(all), index)
	}
	return all[index].Path, nil
}
