package allways_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/allways-go/allways"
)

// dial is a model of a hand that goes round.
type dial struct{}

type dialState struct{ Hour, Ticks int }

func (dial) Init() []dialState                          { return []dialState{{}} }
func (dial) Actions(dst []string, s dialState) []string { return append(dst, "tick") }
func (dial) Properties() []allways.Property[dialState]  { return nil }
func (dial) Next(s dialState, a string) (dialState, bool) {
	return dialState{(s.Hour + 1) % 3, s.Ticks + 1}, true
}
func (dial) Within(s dialState) bool { return s.Ticks < 5 }
func tickOnce[S any](m allways.Model[S, string]) (string, error) {
	st, err := allways.NewStepper(m)
	if err != nil {
		return "", err
	}
	p, err := st.ParsePath("0:0")
	if err != nil {
		return "", err
	}
	for _, step := range p.Steps() {
		return fmt.Sprint(step.Diff), nil
	}
	return "", errors.New("no step")
}

type wordyDial struct{ dial }

func (wordyDial) Changes(before, after dialState) []allways.Change {
	return []allways.Change{{Path: "the hand", Before: fmt.Sprint(before.Hour), After: fmt.Sprint(after.Hour)}}
}

type brokenDial struct{ dial }

func (brokenDial) Changes(before, after dialState) []allways.Change { panic("stopped") }

type mistypedDial struct{ dial }

func (mistypedDial) Changes(before, after *dialState) []allways.Change { return nil }

func TestChanges(t *testing.T) {
	funcs := allways.Funcs[dialState, string]{
		InitFunc: dial{}.Init, ActionsFunc: dial{}.Actions, NextFunc: dial{}.Next, ChangesFunc: wordyDial{}.Changes,
	}
	for _, c := range []struct {
		model allways.Model[dialState, string]
		want  string
	}{
		{dial{}, "[{Hour 0 1} {Ticks 0 1}]"},
		{wordyDial{}, "[{the hand 0 1}]"},
		{funcs, "[{the hand 0 1}]"},
		{brokenDial{}, "[{Changes  (Changes panics: stopped)} {Hour 0 1} {Ticks 0 1}]"},
	} {
		if got, err := tickOnce(c.model); got != c.want || err != nil {
			t.Errorf("%T: a step shows %s, %v, want %s", c.model, got, err, c.want)
		}
	}
}

func TestChangesOfTheWrongTypeAreRefused(t *testing.T) {
	_, err := tickOnce[dialState](mistypedDial{})
	if err == nil || !strings.Contains(err.Error(), "method Changes has the signature") {
		t.Errorf("a method Changes for other states gives %v", err)
	}
}
