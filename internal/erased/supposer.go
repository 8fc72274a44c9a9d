package erased

import (
	"errors"
	"fmt"
	"strings"
	"unsafe"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor/diagram"
)

// anyPath and anyStepper stand for those of all types; see source.
type (
	anyPath    = allways.Path[state, action]
	anyStepper = allways.Stepper[state, action]
)

// supposer makes steps that are outside of a model's assumptions. Models without looks have none.
type supposer interface {
	// suppositions returns the steps that a person may ask about at the end of a path, up to most of each kind.
	suppositions(p *anyPath, most int) []Supposition
	// suppose takes one of them.
	suppose(t *anyStepper, p *anyPath, i int) (*anyPath, error)
	// assumption returns what rules the i-th step of a path out.
	assumption(p *anyPath, i int) string
	// models returns messages that may be forged at the end of a path, and their JSON.
	models(p *anyPath) (all []diagram.Message, forms []string)
	// forge puts a message in flight.
	forge(t *anyStepper, p *anyPath, f forged) (*anyPath, error)
	// forged returns the message that each step of a path has forged, by number of the step from 0.
	forged(p *anyPath) map[int]forged
}

func (t *source[S, A]) suppositions(p *anyPath, most int) (all []Supposition) {
	l := t.looks()
	if l == nil {
		return nil
	}
	names := t.m.(interface {
		allways.ActionNamer[A]
		allways.ActionFormatter[A]
	})
	kinds := map[string]int{}
	for i, a := range l.Suppositions(t.at(p, p.Len())) {
		name := names.ActionName(a)
		kind, _, _ := strings.Cut(name, " ")
		if kinds[kind]++; kinds[kind] <= most {
			all = append(all, Supposition{i, name, names.FormatAction(a), l.Assumption(a)})
		}
	}
	return all
}

func (t *source[S, A]) suppose(
	stepper *anyStepper, p *anyPath, i int,
) (*anyPath, error) {
	l := t.looks()
	if l == nil {
		return nil, errNoActors
	}
	all := l.Suppositions(t.at(p, p.Len()))
	if i >= len(all) {
		return nil, fmt.Errorf("after step %d, there are %d steps outside of the model's assumptions, and none has the "+
			"number %d", p.Len(), len(all), i)
	}
	return t.supposed(stepper, p, all[i], i)
}

// supposed returns a path with one more step. number is the one that its short form has.
func (t *source[S, A]) supposed(
	stepper *anyStepper, p *anyPath, a A, number int,
) (*anyPath, error) {
	typed := (*allways.Stepper[S, A])(unsafe.Pointer(stepper))
	q, err := typed.Suppose(t.typedPath(p), a, number)
	return (*anyPath)(unsafe.Pointer(q)), err
}

func (t *source[S, A]) assumption(p *anyPath, i int) string {
	return t.looks().Assumption(t.typedPath(p).Actions()[i])
}

func (t *source[S, A]) models(p *anyPath) (all []diagram.Message, forms []string) {
	l := t.looks()
	if l == nil {
		return nil, nil
	}
	all, forms = l.Models(t.latest(p))
	for i := range all {
		all[i].Sent += max(0, p.Len()+1-maxLatest)
	}
	return all, forms
}

func (t *source[S, A]) forge(
	stepper *anyStepper, p *anyPath, f forged,
) (*anyPath, error) {
	l := t.looks()
	if l == nil {
		return nil, errNoActors
	}
	a, err := l.Forge(t.latest(p), f.from, f.to, f.message)
	if err != nil {
		return nil, err
	}
	return t.supposed(stepper, p, a, forgedNumber)
}

func (t *source[S, A]) forged(p *anyPath) map[int]forged {
	all := map[int]forged{}
	for i, a := range t.typedPath(p).Actions() {
		if from, to, message, ok := t.looks().Forged(a); ok {
			all[i] = forged{from, to, message}
		}
	}
	return all
}

// maxLatest bounds the states in which messages are looked for.
const maxLatest = 2000

// latest returns the last states of a path.
func (t *source[S, A]) latest(p *anyPath) (states []S) {
	for i := max(0, p.Len()+1-maxLatest); i <= p.Len(); i++ {
		states = append(states, t.at(p, i))
	}
	return states
}

// at returns the i-th state of a path.
func (t *source[S, A]) at(p *anyPath, i int) S {
	return t.typedPath(p).First(i).Last()
}

var errNoActors = errors.New("only systems of actors have steps outside of the model's assumptions")
