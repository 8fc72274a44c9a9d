package record

import (
	"testing"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/consistency"
)

// versatile does all that an actor can do.
type versatile struct{}

func (versatile) Start(c *actor.Context[int], s *[]int) {
	c.SetTimer("t", 1, 2*time.Second)
	c.Choose("k", 1, 2)
	if c.Self() == 0 {
		c.Send(1, 5)
	}
}

func (versatile) Receive(c *actor.Context[int], s *[]int, from actor.ID, m int) {
	*s = append(*s, m)
	c.Save(*s)
	c.Send(from, m+1)
}

func (versatile) Timeout(_ *actor.Context[int], s *[]int, _ string) { *s = append(*s, 0) }
func (versatile) Choose(*actor.Context[int], *[]int, string, any)   {}
func (versatile) Restart(c *actor.Context[int], s *[]int)           { *s, _ = actor.Load[[]int](c) }

// FuzzValidate asserts that no two recordings, whatever is in them, make validation panic or hang.
func FuzzValidate(f *testing.F) {
	sys := actor.NewSystem[int](actor.Config{Crashes: true, MaxDown: 1, MaxCrashes: 3, Lossy: true, MaxLosses: 9})
	actor.Linearizable(sys, "lin", consistency.Register[string]{})
	actor.Spawn(sys, "a", versatile{})
	actor.Spawn(sys, "b", versatile{})
	const (
		a      = `{"allways":3,"actor":0,"actors":["a","b"]}` + "\n"
		b      = `{"allways":3,"actor":1,"actors":["a","b"]}` + "\n"
		aBegan = `{"kind":"start","actor":0,"clock":[1,0],"digest":"7"}` + "\n"
		bBegan = `{"kind":"start","actor":1,"clock":[0,1],"digest":"7"}` + "\n"
	)
	f.Add(a+aBegan+
		`{"kind":"deliver","actor":0,"from":99999,"msg":"AA==","clock":[2,1],"digest":"7","saved":"x"}`+"\n"+
		`{"kind":"restart","actor":0,"clock":[3,1],"digest":"7","stored":"1"}`+"\n", b+bBegan)
	f.Add(a+aBegan+
		`{"kind":"choose","actor":0,"name":"k","option":"AA==","clock":[2,0],"digest":"7","history":[`+
		`{"name":"lin","event":"AAEAAAJBMQ=="},{"name":"nix","event":"AAABAkEyAA=="}]}`+"\n", b)
	f.Add(a+aBegan+`{"kind":"timeout","actor":0,"name":"t","clock":[2,0],"digest":"7"}`+"\n", b+bBegan)
	f.Fuzz(func(t *testing.T, a, b string) {
		first, err := parse("a", []byte(a))
		if err != nil {
			return
		}
		second, err := parse("b", []byte(b))
		if err != nil {
			return
		}
		if r, err := Validate(sys, []Recording{first, second}); err == nil && r.String() == "" {
			t.Error("a report is empty")
		}
	})
}
