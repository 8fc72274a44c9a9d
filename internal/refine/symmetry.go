package refine

import (
	"fmt"
	"reflect"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/usercode"
)

// SymmetricInits refuses a map that makes of an initial state of m another thing than of its representative: of all
// initial states, a reduced search sees the representatives only. of returns the abstract model of the i-th property,
// or nil.
func SymmetricInits(m *gospace.Model, of func(i int) *Abstraction) error {
	if m.Representative == nil {
		return nil // a system of actors has one initial state
	}
	inits, err := m.Init()
	if err != nil {
		return err
	}
	for i := range m.Promises {
		x := of(i)
		for _, s := range inits {
			if x == nil {
				break
			}
			r, same := reflect.New(m.State).UnsafePointer(), true
			err := usercode.Run("the map of a refinement", func() {
				m.Representative(r, s)
				same = x.Begins(s) == x.Begins(r)
			})
			switch {
			case err != nil:
				return err
			case !same:
				return &engine.Misbehaviour{
					Kind: engine.ErrorSymmetry, Where: fmt.Sprintf("property %q", m.Props[i].Name), Act: -1,
					Message: "of an initial state and its representative, one maps to an initial state of the abstract " +
						"model, and the other does not",
					State: m.StateText(s),
				}
			}
		}
	}
	return nil
}
