package explore

import (
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore/paths"
)

// outsideJSON says that a path is no run of the model: a person has supposed a step that the model's
// assumptions rule out. Nothing that such a path shows counts as a counterexample.
type outsideJSON struct {
	Step   int    `json:"step"`   // number of the first such step, from 1
	Reason string `json:"reason"` // assumption that it breaks
}

// supposeJSON is a step that the model's assumptions rule out.
type supposeJSON struct {
	Name   string `json:"name"`
	Text   string `json:"text"`
	Step   string `json:"step"` // the step after the state's path
	Reason string `json:"reason"`
}

// outside returns why a path is no run of the model; nil if it is one.
func outside(p *erased.Path) (*outsideJSON, error) {
	step := erased.Supposed(p)
	if step == 0 {
		return nil, nil
	}
	all, err := erased.Suppositions(erased.First(p, step-1))
	if err != nil {
		return nil, err
	}
	return &outsideJSON{step, all[-1-p.Step(step-1).Index].Reason}, nil
}

// suppositions returns the steps that a person may suppose at the end of a path.
func (s *host) suppositions(p *erased.Path) ([]supposeJSON, error) {
	all, err := erased.Suppositions(p)
	out := []supposeJSON{}
	for _, x := range all {
		step := x.Path.Step(p.Len())
		out = append(out, supposeJSON{step.Name, step.Text, paths.After(x.Path, p.Len()), x.Reason})
		s.paths.Add(x.Path)
	}
	return out, err
}
