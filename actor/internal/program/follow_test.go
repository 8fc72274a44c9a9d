package program

import (
	"fmt"
	"strings"
	"testing"

	"github.com/allways-go/allways/actor"
)

// pile counts what it receives; the first one sends one message.
type pile struct{}

func (pile) Start(c *actor.Context[int], _ *int) {
	if c.Self() == 0 {
		c.Send(1, 7)
	}
}

func (pile) Receive(_ *actor.Context[int], n *int, _ actor.ID, m int) { *n += m }

// The steps that the model takes say what a run does not show, and what no path of the model has.
func TestTaken(t *testing.T) {
	sys := actor.NewSystem[int](actor.Config{Duplicates: true, Crashes: true})
	actor.Spawn(sys, "ann", pile{})
	actor.Spawn(sys, "bob", pile{})
	p, err := Of(sys)
	if err != nil {
		t.Fatal(err)
	}
	f, err := p.Follow(FollowOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ann, bob := lives(t, p, 0), lives(t, p, 1)
	seven := ann.effects.Sends[0].Content
	receive := func(from actor.ID) Step {
		if _, err := bob.Receive(from, seven); err != nil {
			t.Fatal(err)
		}
		return Step{Kind: actor.Deliver, Actor: 1, From: from, Msg: seven, Digest: bob.Digest()}
	}
	restart := func() Step {
		if bob, err = p.Live(1); err == nil { // in another process
			_, err = bob.Restart(nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		return Step{Kind: actor.Restart, Actor: 1, Digest: bob.Digest()}
	}
	for _, x := range []struct {
		step Step
		want string
	}{
		{Step{Kind: actor.Start, Actor: 0, Digest: ann.Digest()}, ""},
		{Step{Kind: actor.Start, Actor: 1, Digest: bob.Digest()}, ""},
		{receive(0), "ann -> bob: 7"},
		{receive(0), "ann -> bob: 7 again"},
		{restart(), "crash bob, restart bob"},
		{receive(9), "outside -> bob: 7 (its message came from outside the system)"},
	} {
		if err := f.Follow(x.step); err != nil {
			t.Fatal(err)
		}
		if got := takenText(f.Taken()); got != x.want {
			t.Errorf("%s is taken by %q, want %q", p.StepText(x.step), got, x.want)
		}
	}
	wrong := receive(0)
	wrong.Digest++
	if err := f.Follow(wrong); err == nil || takenText(f.Taken()) != "ann -> bob: 7 again" {
		t.Errorf("%v: %q", err, takenText(f.Taken()))
	}
}

// lives returns an actor that has started.
func lives(t *testing.T, p *Program, id actor.ID) *Live {
	t.Helper()
	a, err := p.Live(id)
	if err == nil {
		_, err = a.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func takenText(all []Taken) string {
	var texts []string
	for _, x := range all {
		text := x.Text()
		if x.Again {
			text += " again"
		}
		if x.Beyond != "" {
			text += fmt.Sprintf(" (%s)", x.Beyond)
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
}
