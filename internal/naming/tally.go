package naming

import (
	"slices"
	"strings"

	"github.com/allways-go/allways/internal/engine"
)

// Tally is what was counted of the actions of a name.
type Tally struct {
	Name       string
	Enabled    int64 // times that such an action was among the actions of an expanded state
	Taken      int64 // times that it led to a state inside the boundary
	New        int64 // states first reached by it
	NeverTaken bool  // the name is declared, and no such action was taken
}

// Tally puts together what workers have counted by number, sorted by name. declared are the names that the model
// declares, which are listed even if nothing was counted.
func (t *Names) Tally(declared []string, enabled, taken [][]int64, fresh []int64) []Tally {
	byName := map[string]*Tally{}
	at := func(name string) *Tally {
		if byName[name] == nil {
			byName[name] = &Tally{Name: name}
		}
		return byName[name]
	}
	for _, n := range declared {
		at(n)
	}
	add := func(counts []int64, field func(*Tally) *int64) {
		for id, n := range counts {
			if n != 0 && id != engine.NoName {
				*field(at(t.Name(id))) += n
			}
		}
	}
	for i := range enabled {
		add(enabled[i], func(x *Tally) *int64 { return &x.Enabled })
		add(taken[i], func(x *Tally) *int64 { return &x.Taken })
	}
	add(fresh, func(x *Tally) *int64 { return &x.New })
	var all []Tally
	for _, x := range byName {
		x.NeverTaken = x.Taken == 0 && t.Declares(x.Name)
		all = append(all, *x)
	}
	slices.SortFunc(all, func(a, b Tally) int { return strings.Compare(a.Name, b.Name) })
	return all
}
