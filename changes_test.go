package allways_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/allways-go/allways"
)

// clock is a model of a clock with a hand that goes round.
type clock struct{}

type clockState struct{ Hour, Ticks int }

func (clock) Init() []clockState                          { return []clockState{{}} }
func (clock) Actions(dst []string, s clockState) []string { return append(dst, "tick") }
func (clock) Properties() []allways.Property[clockState]  { return nil }
func (clock) Next(s clockState, a string) (clockState, bool) {
	return clockState{(s.Hour + 1) % 3, s.Ticks + 1}, true
}
func (clock) Within(s clockState) bool { return s.Ticks < 5 }
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

type wordyClock struct{ clock }

func (wordyClock) Changes(before, after clockState) []allways.Change {
	return []allways.Change{{Path: "the hand", Before: fmt.Sprint(before.Hour), After: fmt.Sprint(after.Hour)}}
}

type brokenClock struct{ clock }

func (brokenClock) Changes(before, after clockState) []allways.Change { panic("stopped") }

type mistypedClock struct{ clock }

func (mistypedClock) Changes(before, after *clockState) []allways.Change { return nil }

func TestChanges(t *testing.T) {
	funcs := allways.Funcs[clockState, string]{
		InitFunc: clock{}.Init, ActionsFunc: clock{}.Actions, NextFunc: clock{}.Next, ChangesFunc: wordyClock{}.Changes,
	}
	for _, c := range []struct {
		model allways.Model[clockState, string]
		want  string
	}{
		{clock{}, "[{Hour 0 1} {Ticks 0 1}]"},
		{wordyClock{}, "[{the hand 0 1}]"},
		{funcs, "[{the hand 0 1}]"},
		{brokenClock{}, "[{Changes  (Changes panics: stopped)} {Hour 0 1} {Ticks 0 1}]"},
	} {
		if got, err := tickOnce(c.model); got != c.want || err != nil {
			t.Errorf("%T: a step shows %s, %v, want %s", c.model, got, err, c.want)
		}
	}
}

func TestChangesOfTheWrongTypeAreRefused(t *testing.T) {
	_, err := tickOnce[clockState](mistypedClock{})
	if err == nil || !strings.Contains(err.Error(), "method Changes has the signature") {
		t.Errorf("a method Changes for other states gives %v", err)
	}
}
