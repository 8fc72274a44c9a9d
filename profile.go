package allways

import (
	"unsafe"

	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/profile"
)

// Profile tells where a state space comes from: how many values each part of the states takes, and
// which parts still take new ones in the deepest states, such as a counter that nothing bounds. Its
// Visitor looks at all states of a small search and at some of a large one. Make one with
// [NewProfile]. It is safe for concurrent use.
type Profile struct {
	model *gospace.Model
	p     *profile.Profile
}

// Part is a part of the states, as a [Profile] reports it. Elements of slices and entries of maps
// count as one part, and their number as another, such as len(Log).
type Part struct {
	Path   string // such as `Nodes[].Term`
	Values int    // different values, up to 100,000
	Late   int    // values met first in the deepest third of the levels
	Latest string // the value that was met first in the deepest state
	// Counter says that the values are whole numbers of which new ones come at a steady rate up to
	// the deepest levels. If a limit cut off the search, such a part is most likely what makes it
	// endless.
	Counter bool
}

// NewProfile returns a profile for the states of m. The error is a [*ModelError].
func NewProfile[S, A any](m Model[S, A]) (*Profile, error) {
	c, err := compileAside(func() (*gospace.Model, error) { return compile(m) })
	if err != nil {
		return nil, err
	}
	return &Profile{c, profile.New()}, nil
}

// Visitor returns the visitor that looks at states, for a run of the same model.
func (g *Profile) Visitor() Visitor {
	look := func(s unsafe.Pointer, depth int) {
		g.p.Look(depth, func(add func(path, value string)) { g.model.StateParts(s, add) })
	}
	return Visitor{state: g.model.State, states: look, wants: g.p.Wants}
}

// Sampled returns how many of the visited states the profile has looked at.
func (g *Profile) Sampled() (looked, visited int64) { return g.p.Sampled() }

// Parts returns the parts that took more than one value. Counters come first, and of them lengths
// last, since a collection often grows because its elements carry a counter; then the parts that
// take the most values late.
func (g *Profile) Parts() []Part {
	var parts []Part
	for _, p := range g.p.Parts() {
		parts = append(parts, Part(p))
	}
	return parts
}
