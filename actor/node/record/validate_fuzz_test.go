package record

import (
	"testing"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/consistency"
)

// script does everything that an actor can do.
type hostile struct{}

func (hostile) Start(c *actor.Context[int], s *[]int) {
	c.SetTimer("t", 1, 2)
	c.Choose("k", 1, 2)
	if c.Self() == 0 {
		c.Send(1, 5)
	}
}
func (hostile) Receive(c *actor.Context[int], s *[]int, from actor.ID, m int) {
	*s = append(*s, m)
	c.Save(*s)
	c.Send(from, m+1)
}
func (hostile) Timeout(c *actor.Context[int], s *[]int, t string) { *s = append(*s, 0) }
func (hostile) Chosen(c *actor.Context[int], s *[]int, key string, option any) {
}

func fzProgram() actor.Program {
	sys := actor.NewSystem[int](actor.Config{MaxDown: 1, MaxCrashes: 3, Lossy: true, MaxLosses: 9})
	actor.Linearizable(sys, "lin", consistency.Register[string]{})
	actor.Spawn(sys, "a", hostile{})
	actor.Spawn(sys, "b", hostile{})
	return sys
}

func FuzzValidate(f *testing.F) {
	ha := `{"allways":2,"actor":0,"actors":["a","b"]}` + "\n"
	hb := `{"allways":2,"actor":1,"actors":["a","b"]}` + "\n"
	f.Add(ha+`{"kind":"start","actor":0,"clock":[1,0],"digest":"7"}`+"\n"+`{"kind":"deliver","actor":0,"from":99999,"msg":"AA==","clock":[2,1],"digest":"7","saved":"x"}`+"\n"+`{"kind":"restart","actor":0,"clock":[3,1],"digest":"7","stored":"1"}`+"\n", hb+`{"kind":"start","actor":1,"clock":[0,1],"digest":"7"}`+"\n")
	f.Add(ha+`{"kind":"start","actor":0,"clock":[1,0],"digest":"7"}`+"\n"+`{"kind":"choose","actor":0,"name":"k","option":"AA==","clock":[2,0],"digest":"7","history":[{"name":"lin","event":"AAEAAAJBMQ=="},{"name":"nix","event":"AAABAkEyAA=="}]}`+"\n", hb)
	f.Add(ha+`{"kind":"start","actor":0,"clock":[1,0],"digest":"7"}`+"\n"+`{"kind":"timeout","actor":0,"name":"t","clock":[2,0],"digest":"7"}`+"\n", hb+`{"kind":"start","actor":1,"clock":[0,1],"digest":"7"}`+"\n")
	p := fzProgram()
	f.Fuzz(func(t *testing.T, a, b string) {
		ra, err := parse("a", []byte(a))
		if err != nil {
			return
		}
		rb, err := parse("b", []byte(b))
		if err != nil {
			return
		}
		r, err := Validate(p, []Recording{ra, rb})
		if err == nil {
			_ = r.String()
		}
	})
}
