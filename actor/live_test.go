package actor_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
	"github.com/allways-go/allways/consistency"
)

// runner runs the actors of a system as a runtime would, along a path of the model, and lets a follower follow.
type runner struct {
	sys      *program.Program
	lives    []*program.Live
	saved    []*program.Stable
	follower *program.Follower
}

func (r *runner) handled(t *rapid.T, st program.Step, fx *program.Effects, err error) {
	if err != nil {
		t.Fatal(err)
	}
	if fx.Stored != nil {
		r.saved[st.Actor] = fx.Stored
	}
	st.Digest = r.lives[st.Actor].Digest()
	if err := r.follower.Follow(st); err != nil {
		t.Fatal(err)
	}
}

func (r *runner) start(t *rapid.T) {
	r.saved = make([]*program.Stable, r.sys.Len())
	for id := range actor.ID(r.sys.Len()) {
		live, err := r.sys.Live(id)
		if err != nil {
			t.Fatal(err)
		}
		r.lives = append(r.lives, live)
		fx, err := live.Start()
		r.handled(t, program.Step{Kind: actor.Start, Actor: id}, fx, err)
	}
}

func (r *runner) take(t *rapid.T, a actor.Action[int8]) {
	live := r.lives[a.Actor]
	st := program.Step{Kind: a.Kind, Actor: a.Actor, From: a.From, Name: a.Name}
	var fx *program.Effects
	var err error
	switch a.Kind {
	case actor.Deliver:
		if st.Msg, err = r.sys.Messages().Content(a.Msg); err == nil {
			fx, err = live.Receive(a.From, st.Msg)
		}
	case actor.Timeout:
		fx, err = live.Timeout(a.Name)
	case actor.Choose:
		o := rapid.SampledFrom(live.Offers()).Draw(t, "option")
		st.Name, st.Option = o.Key, o.Option
		fx, err = live.Choose(o)
	case actor.Restart:
		if live, err = r.sys.Live(a.Actor); err == nil {
			r.lives[a.Actor] = live
			fx, err = live.Restart(r.saved[a.Actor])
		}
	default:
		return // a fault that is not recorded
	}
	r.handled(t, st, fx, err)
}

// TestLiveIsModel lets random systems run event by event, outside of the checker: what every actor becomes is
// what it becomes by the model, through crashes, losses and doubles.
func TestLiveIsModel(t *testing.T) {
	kinds := map[actor.ActionKind]int{}
	rapid.Check(t, func(t *rapid.T) {
		sys := drawSystem(t)()
		r := &runner{sys: programOf(t, sys)}
		f, err := r.sys.Follow(program.FollowOptions{})
		if err != nil {
			t.Skip("the model misbehaves")
		}
		r.follower = f
		r.start(t)
		state := sys.Init()[0]
		for range 30 {
			actions := sys.Actions(nil, state)
			a := rapid.SampledFrom(append(actions, actor.Action[int8]{Kind: actor.Heal})).Draw(t, "action")
			switch a.Kind {
			case actor.Partition, actor.Heal, actor.Duplicate:
				continue
			case actor.Choose:
				if len(r.lives[a.Actor].Offers()) != 1 {
					continue // the runner chooses itself
				}
			}
			next, misuse := nextOf(sys, state, a)
			if misuse {
				return
			}
			state = next
			r.take(t, a)
			kinds[a.Kind]++
		}
	})
	for _, k := range []actor.ActionKind{actor.Deliver, actor.Timeout, actor.Choose, actor.Crash, actor.Restart,
		actor.Lose} {
		if kinds[k] == 0 {
			t.Errorf("no action %v in all walks", k)
		}
	}
}

// nextOf reports misuse of a history as such.
func nextOf(sys *actor.System[int8], s *actor.State[int8], a actor.Action[int8]) (next *actor.State[int8],
	misuse bool) {
	defer func() { misuse = recover() != nil }()
	next, _ = sys.Next(s, a)
	return next, false
}

// echoes answers a number with the next one, after it has saved it.
type echoes struct {
	History actor.History[consistency.RegisterOp[int8], int8]
}

func (echoes) Start(c *actor.Context[int8], s *int8) { c.SetTimer("t", time.Second, 2*time.Second) }
func (echoes) Receive(c *actor.Context[int8], s *int8, from actor.ID, m int8) {
	*s = m
	c.Save(m)
	c.Log("got %d", m)
	c.Send(from, m+1)
	c.CancelTimer("t")
	if m == 7 {
		panic("seven")
	}
}
func (e echoes) Timeout(c *actor.Context[int8], s *int8, timer string) {
	register := consistency.Register[int8]{}
	e.History.Invoke(c, register.Read())
}
func (echoes) Restart(c *actor.Context[int8], s *int8) { *s, _ = actor.Load[int8](c) }

func newEchoes(c actor.Config) *actor.System[int8] {
	sys := actor.NewSystem[int8](c)
	h := actor.Linearizable(sys, "linearizable", consistency.Register[int8]{})
	actor.Spawn(sys, "a", echoes{h})
	actor.Spawn(sys, "b", echoes{h})
	return sys
}

// programOf returns a system as a node runs it.
func programOf(t interface{ Fatal(...any) }, sys actor.Program) *program.Program {
	p, err := program.Of(sys)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func live(t *testing.T, sys *program.Program, id actor.ID) *program.Live {
	t.Helper()
	l, err := sys.Live(id)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestEffects(t *testing.T) {
	sys := programOf(t, newEchoes(actor.Config{}))
	a := live(t, sys, 0)
	fx, err := a.Start()
	if err != nil || fmt.Sprint(fx.Timers) != "[{t true 1s 2s}]" || fx.Stored != nil {
		t.Fatalf("Start: %+v, %v", fx, err)
	}
	m, _ := sys.Messages().Content(int8(4))
	fx, err = a.Receive(1, m)
	if err != nil || len(fx.Sends) != 1 || sys.Messages().Text(fx.Sends[0].Content) != "5" || fx.Sends[0].To != 1 ||
		fmt.Sprint(fx.Timers, fx.Logs) != "[{t false 0s 0s}] [got 4]" || fx.Stored == nil {
		t.Fatalf("Receive: %+v, %v", fx, err)
	}
	saved, digest := *fx.Stored, a.Digest()
	b := live(t, sys, 0)
	if fx, err = b.Restart(&saved); err != nil || fx.Stored != nil {
		t.Fatalf("Restart: %+v, %v", fx, err)
	}
	if b.Digest() != digest {
		t.Error("an actor that restarts with what it saved last is in another state")
	}
	saved.Schema = "other"
	if _, err := live(t, sys, 0).Restart(&saved); err == nil || !strings.Contains(err.Error(), "Run that version") {
		t.Errorf("Restart with what another version saved: %v", err)
	}
}

// A handler that panics leaves the actor as it was.
func TestHandlerError(t *testing.T) {
	sys := programOf(t, newEchoes(actor.Config{}))
	a := live(t, sys, 0)
	if _, err := a.Start(); err != nil {
		t.Fatal(err)
	}
	digest := a.Digest()
	seven, _ := sys.Messages().Content(int8(7))
	_, err := a.Receive(1, seven)
	var h *program.HandlerError
	if !errors.As(err, &h) || h.Panic != "seven" || h.Handler != "Receive" || !strings.Contains(h.Stack, "Receive") {
		t.Errorf("the error is %v", err)
	}
	if a.Digest() != digest {
		t.Error("the state has changed")
	}
}

// TestDivergence follows runs that the model does not allow.
func TestDivergence(t *testing.T) {
	two := func(n int8) string { c, _ := programOf(t, newEchoes(actor.Config{})).Messages().Content(n); return c }
	for name, c := range map[string]struct {
		config actor.Config
		steps  []program.Step
		want   string
	}{
		"never sent": {steps: []program.Step{{Kind: actor.Deliver, Actor: 0, From: 1, Msg: two(3)}},
			want: "not in flight; the model expects one of:\n  timeout t of a"},
		"no timer": {steps: []program.Step{{Kind: actor.Timeout, Actor: 0, Name: "u"}},
			want: "the timer is not set"},
		"nothing offered": {steps: []program.Step{{Kind: actor.Choose, Actor: 0, Name: "u"}}, want: "not offered"},
		"another state": {steps: []program.Step{{Kind: actor.Timeout, Actor: 0, Name: "t", Digest: 1}},
			want: "its state, timers, choices or saved value differ afterwards from those in the model, " +
				"where it has the zero state, no timers, no choices and nothing saved"},
		"no crashes": {steps: []program.Step{{Kind: actor.Restart, Actor: 0}}, want: "Config.Crashes"},
		"unknown":    {steps: []program.Step{{Kind: actor.Timeout, Actor: 9}}, want: "no such actor"},
	} {
		t.Run(name, func(t *testing.T) {
			sys := programOf(t, newEchoes(c.config))
			f, err := sys.Follow(program.FollowOptions{})
			if err != nil {
				t.Fatal(err)
			}
			restarted := live(t, sys, 0)
			restarted.Restart(nil)
			for _, st := range c.steps {
				if st.Kind == actor.Restart {
					st.Digest = restarted.Digest()
				}
				if err = f.Follow(st); err != nil {
					break
				}
			}
			var d *program.Divergence
			if !errors.As(err, &d) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v; want %q", err, c.want)
			}
		})
	}
}

// Limits bound what is explored: a run that exceeds them goes on, and is said to be beyond them.
func TestBeyondLimits(t *testing.T) {
	sys := programOf(t, newEchoes(actor.Config{Crashes: true, MaxDown: 1, MaxCrashes: 1}))
	f, err := sys.Follow(program.FollowOptions{})
	if err != nil {
		t.Fatal(err)
	}
	restarted := live(t, sys, 0)
	restarted.Restart(nil)
	for n := range 2 {
		if got := f.Beyond(); got != nil {
			t.Errorf("beyond limits after %d crashes: %v", n, got)
		}
		st := program.Step{Kind: actor.Restart, Actor: 0, Digest: restarted.Digest()}
		if err := f.Follow(st); err != nil {
			t.Fatal(err)
		}
	}
	if got := f.Beyond(); len(got) != 1 || got[0] != "Config.MaxCrashes is 1, and the run has 2" {
		t.Errorf("beyond limits: %v", got)
	}
}

// What comes from outside of a system is taken as it comes.
func TestForeign(t *testing.T) {
	sys := programOf(t, newEchoes(actor.Config{}))
	f, err := sys.Follow(program.FollowOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a := live(t, sys, 0)
	a.Start()
	m, _ := sys.Messages().Content(int8(1))
	a.Receive(5, m)
	if err := f.Follow(program.Step{Kind: actor.Deliver, Actor: 0, From: 5, Msg: m,
		Digest: a.Digest()}); err != nil || f.External() != 1 {
		t.Errorf("%v, %d foreign messages", err, f.External())
	}
}

// TestJudge judges histories in the order of real time: a read of 2, which was never written.
func TestJudge(t *testing.T) {
	sys := programOf(t, newEchoes(actor.Config{}))
	a := live(t, sys, 0)
	a.Start()
	fx, err := a.Timeout("t")
	if err != nil || len(fx.Records) != 1 || fx.Records[0].History != "linearizable" {
		t.Fatalf("%+v, %v", fx, err)
	}
	invoke := program.HistoryEvent{Actor: 0, Recorded: fx.Records[0]}
	if broken, err := sys.Judge([]program.HistoryEvent{invoke, {Actor: 0, Crashed: true}, invoke}); err != nil ||
		broken != nil {
		t.Errorf("two reads under way, one of them lost: %v, %v", broken, err)
	}
	if _, err := sys.Judge([]program.HistoryEvent{invoke, invoke}); err == nil {
		t.Error("two operations of one client at once are no error")
	}
}

// The types that RegisterMessages names are known; nonsense is an error.
func TestMessages(t *testing.T) {
	sys := actor.NewSystem[any](actor.Config{})
	actor.Spawn(sys, "node", node{})
	sys.RegisterMessages(int8(1), "x")
	if got := fmt.Sprint(programOf(t, sys).Messages().Types()); got != "[int8 string]" {
		t.Error(got)
	}
	actor.RegisterClientMessages(sys, "y", 1.5)
	m := programOf(t, sys).Messages()
	if got := fmt.Sprint(m.Types(), m.ClientTypes()); got != "[int8 string float64] [string float64]" {
		t.Error(got)
	}
	if m.FromClients("z") != nil || m.FromClients(int8(1)) == nil || m.FromClients(nil) == nil {
		t.Error("clients may not send what they may, or may what they may not")
	}
	numbers := actor.NewSystem[int](actor.Config{})
	actor.RegisterClientMessages(numbers, "x")
	if _, err := program.Of(numbers); err == nil || !strings.Contains(err.Error(), "string is no int") {
		t.Error(err)
	}
	sys.RegisterMessages(nil, make(chan int))
	if _, err := program.Of(sys); err == nil || !strings.Contains(err.Error(), "nil") ||
		!strings.Contains(err.Error(), "chan") {
		t.Error(err)
	}
	if _, err := programOf(t, newEchoes(actor.Config{})).Messages().Content("text"); err == nil {
		t.Error("a text is a number")
	}
}
