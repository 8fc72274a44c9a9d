package exampletest

import (
	"fmt"

	"github.com/allways-go/allways"
)

// Whole returns all of a result that depends on neither time, memory nor the number of workers, as text. Results of
// searches that must agree in everything are compared by it.
func Whole[S, A any](r *allways.Result[S, A]) string {
	s := r.Stats
	text := fmt.Sprintln(r.Verdict, r.Complete, r.Bounded, r.StopReason, r.StopPass, s.Generated, s.Distinct, s.Depth,
		s.Passes, r.Actions, r.Misbehaviour)
	for _, p := range r.Properties {
		path := ""
		if p.Path != nil {
			path = p.Path.Encode()
		}
		text += fmt.Sprintln(p.Name, p.Verdict, p.Within, p.Reason, path)
	}
	return text
}
