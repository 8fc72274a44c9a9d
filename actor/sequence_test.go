package actor_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/consistency"
)

var update = flag.Bool("update", false, "write the golden files anew")

type (
	ask struct {
		Question string
		Again    bool
	}
	reply struct{ Answer int }
)

// eventful returns a system in which everything may happen.
func eventful() *actor.System[any] {
	sys := actor.NewSystem[any](actor.Config{
		Lossy: true, MaxLosses: 2, Duplicates: true, MaxDuplicates: 1, Crashes: true, MaxDown: 1, MaxPartitions: 1,
		Ignored: actor.IgnoredConsumed,
	})
	history := actor.Linearizable(sys, "linearizable", consistency.Register[int]{})
	oracle := actor.Spawn(sys, "oracle", node{
		receive: func(c *actor.Context[any], s *nodeState, from actor.ID, m any) {
			s.N++
			s.Seen[m.(ask).Question]++
			c.Save(s.N)
			c.Choose("answer", 41, 42)
		},
		chosen: func(c *actor.Context[any], s *nodeState, key string, option any) { c.Send(1, reply{option.(int)}) },
	})
	pilgrim := actor.Spawn(sys, "pilgrim", node{
		start: func(c *actor.Context[any], _ *nodeState) {
			history.Invoke(c, consistency.Register[int]{}.Read())
			c.Send(0, ask{Question: "what is the meaning of it all, and why is it so long?"})
			c.SetTimer("patience", time.Second, time.Minute)
		},
		receive: func(c *actor.Context[any], s *nodeState, from actor.ID, m any) {
			switch m := m.(type) {
			case reply:
				history.Return(c, m.Answer)
				c.CancelTimer("patience")
				c.Send(c.Self(), "remember")
				c.Send(actor.NoActor, "amen")
			case string:
				s.N++
			}
		},
		timeout: func(c *actor.Context[any], _ *nodeState, timer string) { c.Send(0, ask{"well?", true}) },
	})
	sys.NeverCrashes(pilgrim.ID())
	sys.Partition([]actor.ID{oracle.ID()}, []actor.ID{pilgrim.ID()})
	sys.InFlight(actor.NoActor, pilgrim.ID(), "god speed")
	return sys
}

// walk makes the path of a system that takes the actions with the given texts.
func walk[M any](t *testing.T, sys *actor.System[M], actions ...string) *allways.Path[*actor.State[M],
	actor.Action[M]] {
	t.Helper()
	st, err := allways.NewStepper(sys)
	if err != nil {
		t.Fatal(err)
	}
	p, err := st.Start(0)
	for _, a := range actions {
		if err == nil {
			p, err = st.ExtendByText(p, a, 0)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPathOfEverything shows a path as people see it.
func TestPathOfEverything(t *testing.T) {
	const question = "pilgrim -> oracle: " +
		`ask{Question:"what is the meaning of it all, and why is it so long?" Again:false}`
	p := walk(t, eventful(),
		"duplicate "+question, question, "partition oracle | pilgrim", "timeout patience of pilgrim",
		"choose answer of oracle: 42", "heal",
		"oracle -> pilgrim: reply{Answer:42}", `lose pilgrim -> oracle: ask{Question:"well?" Again:true}`,
		`pilgrim -> pilgrim: "remember"`,
		"crash oracle", "restart oracle", question, `outside -> pilgrim: "god speed"`)
	got := p.String() + "\n" + p.StateText(p.Len()) + "\n\n" + p.Diagram()
	const file = "testdata/everything.golden"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the path is\n%s\nwant what %s has (-update writes it)", got, file)
	}
}

func TestNothingToDescribe(t *testing.T) {
	p := walk(t, system(actor.Config{}, node{}))
	const want = "all actors are in their zero states, and nothing is in flight"
	if got := p.StateText(0); got != want {
		t.Errorf("the text of an idle system is %q, want %q", got, want)
	}
	if got := p.Diagram(); got != "" {
		t.Errorf("the diagram of no steps is\n%s", got)
	}
}

func TestLongPathsAreNotDrawn(t *testing.T) {
	sys := system(actor.Config{}, node{
		start:   func(c *actor.Context[any], _ *nodeState) { c.Send(0, 1) },
		receive: func(c *actor.Context[any], s *nodeState, _ actor.ID, m any) { s.N = 1 - s.N; c.Send(0, 1) },
	})
	p := walk(t, sys, strings.Split(strings.Repeat("a -> a: 1\n", 200)+"a -> a: 1", "\n")...)
	if got := p.Diagram(); got != "no diagram is drawn here of more than 200 steps" {
		t.Errorf("the diagram of 201 steps is\n%s", got)
	}
	if n := len(plainOf(sys).model().Sequence(p).Steps); n != 201 {
		t.Errorf("the sequence of 201 steps has %d", n)
	}
}

func TestSequenceOfALasso(t *testing.T) {
	sys := system(actor.Config{Ignored: actor.IgnoredConsumed}, node{
		start:   func(c *actor.Context[any], _ *nodeState) { c.Send(0, 1) },
		receive: func(c *actor.Context[any], s *nodeState, _ actor.ID, m any) { s.N = 1; c.Send(0, 1) },
	})
	st, err := allways.NewStepper(sys)
	if err != nil {
		t.Fatal(err)
	}
	p, err := st.CloseLoop(walk(t, sys, "a -> a: 1", "a -> a: 1"), 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := plainOf(sys).model().Sequence(p).Cycle; got != 1 {
		t.Errorf("the cycle has %d steps, want 1", got)
	}
}

// TestSequenceKnowsWhatIsOnItsWay compares the end of sequences of random paths of random systems with the
// messages in the last state, and the steps with those of the path.
func TestSequenceKnowsWhatIsOnItsWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sys := drawSystem(t)()
		st, err := allways.NewStepper(sys)
		if err != nil {
			t.Fatal(err)
		}
		p, err := st.Start(0)
		if err != nil {
			t.Skip("a handler fails")
		}
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			enabled, err := st.Transitions(p.Last())
			if err != nil || len(enabled) == 0 {
				break
			}
			e := enabled[rapid.IntRange(0, len(enabled)-1).Draw(t, "action")]
			if !e.Effect || e.Err != nil {
				continue
			}
			if p, err = st.Extend(p, e.Index); err != nil {
				t.Fatal(err)
			}
		}
		prog := programOf(t, sys)
		seq := plainOf(sys).model().Sequence(p)
		if len(seq.Steps) != p.Len() {
			t.Fatalf("%d steps, want %d", len(seq.Steps), p.Len())
		}
		flying := map[string]int{}
		for to := range prog.Len() + 1 {
			id := actor.ID(to)
			if to == prog.Len() {
				id = actor.NoActor
			}
			for _, e := range actor.Envelopes(p.Last(), id) {
				flying[fmt.Sprintf("%s -> %s: %d", prog.Name(e.From), prog.Name(id), e.Msg)] += e.Copies
			}
		}
		for _, m := range seq.Pending {
			flying[fmt.Sprintf("%s -> %s: %s", seq.Lifelines[m.From], seq.Lifelines[m.To], m.Text)]--
		}
		for text, n := range flying {
			if n != 0 {
				t.Errorf("%s: %d more in the state than in the sequence, after\n%v", text, n, p)
			}
		}
		checkTexts(t, p, seq)
	})
}

// checkTexts makes all texts of a path, none of which may fail.
func checkTexts[M any](t *rapid.T, p *allways.Path[*actor.State[M], actor.Action[M]], seq *diagram.Sequence) {
	for i, st := range seq.Steps {
		if st.Kind <= diagram.Duplication && st.Message.Sent > i {
			t.Errorf("step %d is about a message sent in step %d", i+1, st.Message.Sent)
		}
	}
	for _, text := range []string{p.String(), p.Diagram(), p.StateText(p.Len())} {
		if strings.Contains(text, "panics") {
			t.Error(text)
		}
	}
}
