package actor_test

import (
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/consistency"
)

// holder is a user's type for ids, which says so itself.
type holder actor.ID

func (h holder) ActorID() actor.ID { return actor.ID(h) }

// grant is a message with ids at all depths, of both types.
type grant struct {
	To     actor.ID
	Holder holder
	Peers  []actor.ID
	Since  map[actor.ID]int
	Nested struct{ By *actor.ID }
	Any    any
	Number int
}

// grants is a state with the same.
type grants struct {
	Last  grant
	Count int
}

type granter struct{}

func (granter) Start(c *actor.Context[grant], s *grants) {
	one, two := actor.ID(1), actor.ID(2)
	if c.Self() == 0 {
		m := grant{To: 1, Holder: 2, Peers: []actor.ID{1, 2, 7}, Number: 2}
		m.Since, m.Any = map[actor.ID]int{two: 3}, holder(1)
		m.Nested.By = &one
		c.Send(1, m)
		c.Send(1, m)
		c.Save(m)
		c.Choose("next", one, two, actor.NoActor)
	}
}

func (granter) Receive(_ *actor.Context[grant], s *grants, _ actor.ID, m grant) {
	s.Last, s.Count = m, s.Count+1
}

func (granter) Choose(*actor.Context[grant], *grants, string, any) {}

// Ids of actors read as names wherever they are: in states, messages, differences, choices, what is saved,
// observers and errors. Ids that no actor has, and other numbers, stay as they are.
func TestIDsReadAsNames(t *testing.T) {
	sys := actor.NewSystem[grant](actor.Config{})
	for _, name := range []string{"ann", "bob", "cid"} {
		actor.Spawn(sys, name, granter{})
	}
	actor.Observe(sys, "watched", actor.NoActor, func(_ actor.ID, a actor.Action[grant]) actor.ID { return a.Actor })
	stepper, err := allways.NewStepper(sys)
	if err != nil {
		t.Fatal(err)
	}
	p, err := stepper.Start(0)
	if err == nil {
		p, err = stepper.ExtendByText(p, "ann -> bob: grant{To:bob Holder:cid Peers:[bob cid 7] Since:{cid:3} "+
			"Nested:{By:&bob} Any:bob Number:2}", 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	text := p.String()
	for _, want := range []string{
		"(2 copies)", "chooses next: NoActor or bob or cid",
		"saved grant{To:bob Holder:cid Peers:[bob cid 7]",
		"~  bob.Last.Holder      ann → cid", "+  bob.Last.Peers[2]    7", "+  bob.Last.Since[cid]  3",
		"~  bob.Last.Nested.By   nil → &bob", "~  bob.Last.Number      0 → 2", "~  watched              NoActor → bob",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if t.Failed() {
		t.Logf("\n%s", text)
	}
	json := string(p.StateJSON(1))
	for _, want := range []string{
		`"To":{"id":1,"name":"bob"}`, `"Holder":{"id":2,"name":"cid"}`, `{"id":2,"name":"cid"},7]`, `"Since":{"cid":3}`,
		`"Number":2`,
	} {
		if !strings.Contains(json, want) {
			t.Errorf("%q is missing in %s", want, json)
		}
	}
	if n := p.Last().InFlight(1); n != 1 || len(p.Last().Inbox(1)) != 1 {
		t.Errorf("%d messages are in flight", n)
	}
	for _, s := range p.States() {
		if n := s.InFlight(1); n != 2 || len(s.Inbox(1)) != 1 {
			t.Errorf("%d messages are in flight in %d envelopes, want 2 in one", n, len(s.Inbox(1)))
		}
		break
	}
}

// A panic of a boundary that is asked of the initial state is the boundary's, not that of the actor that
// started last.
func TestPanicOfTheBoundaryAtTheStart(t *testing.T) {
	sys := actor.NewSystem[grant](actor.Config{})
	actor.Spawn(sys, "ann", granter{})
	sys.Always("fine", func(*actor.State[grant]) bool { return true })
	sys.Boundary(func(s *actor.State[grant]) bool { return len(s.Inbox(0)) < 2 })
	_, err := allways.Check(t.Context(), sys, allways.Options{})
	if err == nil || !strings.Contains(err.Error(), "in Boundary") {
		t.Errorf("the error is %v", err)
	}
}

// op is an operation of a message type that shows its kind.
type op struct {
	From actor.ID
	Kind string
}

type worker struct{}

func (worker) Start(c *actor.Context[op], _ *int) {
	c.Send(c.Self(), op{Kind: "push"})
	c.Send(c.Self(), op{Kind: "pop"})
}
func (worker) Receive(*actor.Context[op], *int, actor.ID, op) {}

// Messages of one type with a field Kind are counted by kind.
func TestDeliveriesAreCountedByKind(t *testing.T) {
	sys := actor.NewSystem[op](actor.Config{Ignored: actor.IgnoredConsumed})
	actor.Spawn(sys, "worker", worker{})
	actor.Linearizable(sys, "unused", consistency.Register[int]{})
	r, err := allways.Check(t.Context(), sys, allways.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, a := range r.Actions {
		names = append(names, a.Name)
	}
	if got := strings.Join(names, ", "); got != "deliver pop, deliver push" {
		t.Errorf("the actions are %s", got)
	}
}

// elector writes the id of an actor into a register, and reads another one.
type elector struct {
	history actor.History[consistency.RegisterOp[actor.ID], actor.ID]
}

func (e elector) Start(c *actor.Context[op], _ *int) { c.Send(c.Self(), op{}) }

func (e elector) Receive(c *actor.Context[op], _ *int, _ actor.ID, _ op) {
	var reg consistency.Register[actor.ID]
	e.history.Invoke(c, reg.Write(1))
	e.history.Return(c, 1)
	e.history.Invoke(c, reg.Read())
	e.history.Return(c, 0)
}

// Ids in operations and results of histories read as names, in steps and in the drawing of a conflict.
func TestIDsInHistoriesReadAsNames(t *testing.T) {
	sys := actor.NewSystem[op](actor.Config{Ignored: actor.IgnoredConsumed})
	leader := actor.Linearizable(sys, "the leader is known", consistency.Register[actor.ID]{})
	actor.Spawn(sys, "ann", elector{leader})
	actor.Spawn(sys, "bob", worker{})
	r, err := allways.Check(t.Context(), sys, allways.Options{})
	if err != nil {
		t.Fatal(err)
	}
	path := r.Property("the leader is known").Path
	text := path.String() + path.Diagram()
	for _, want := range []string{
		"ann invokes  write(bob)", "ann returns  bob", "|= write(bob) =|", "|= read → ann =|", "1. ann: write(bob)",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}
