package allways

import (
	"slices"

	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/refine"
	"github.com/allways-go/allways/internal/usercode"
)

// holdAbstractions counts the memory of abstract models as that of the run.
func (r *run) holdAbstractions() {
	for _, x := range abstractions(r.model) {
		if r.MaxMemory > 0 {
			x.Bound(r.MaxMemory / 16)
		}
		r.budget.Hold(x)
	}
}

// Abstract says where a path breaks a [Refines] first, as [PropertyResult.Abstract] does. It returns nil if the path
// does not break it, or if the property is another one.
func (t *Stepper[S, A]) Abstract(p *Path[S, A], property string) (a *AbstractStep, err error) {
	i := slices.IndexFunc(t.c.Props[:t.c.Promises], func(q gospace.Property) bool { return q.Name == property })
	if i < 0 || abstraction(t.c, i) == nil {
		return nil, nil
	}
	err = aside(func() (err error) {
		a, err = explained(t.c, i, p.p)
		return err
	})
	return a, err
}

// abstractStep says where a path breaks the i-th property.
func (r *run) abstractStep(i int, p *gospace.Path) (a *AbstractStep) {
	err := r.aside(func() (err error) {
		a, err = explained(r.model, i, p)
		return err
	}, nil)
	if err != nil {
		return nil
	}
	return a
}

func explained(c *gospace.Model, i int, p *gospace.Path) (*AbstractStep, error) {
	var s *refine.Sight
	err := usercode.Run("the abstract model", func() { s = abstraction(c, i).Explain(p) })
	if err != nil {
		return nil, err
	}
	return abstractStepOf(s), nil
}
