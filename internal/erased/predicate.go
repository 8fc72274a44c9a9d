package erased

import (
	"fmt"
	"slices"
	"strings"

	"github.com/allways-go/allways"
)

// Predicates returns the names of the predicates that the model was given.
func (m *Model) Predicates() []string { return m.typed.predicates() }

// checkPredicates refuses predicates that cannot be asked for.
func (m *Model) checkPredicates() error {
	var taken []string
	for _, p := range m.Properties() {
		taken = append(taken, p.Name)
	}
	for i, name := range m.Predicates() {
		what := ""
		switch {
		case strings.TrimSpace(name) == "":
			what = "it has no name"
		case slices.Contains(taken, name):
			what = "a property or another predicate has its name"
		case !m.typed.defined(i):
			what = "it has no function"
		}
		if what != "" {
			return &allways.ModelError{
				Kind: allways.ErrorDeclaration, Where: fmt.Sprintf("predicate %q", name), Message: what,
			}
		}
		taken = append(taken, name)
	}
	return nil
}

// Named reports whether the i-th state of a path satisfies the predicate or property of a name. The error of
// a predicate that panics is an [*allways.ModelError].
func Named(p *Path, i int, name string) (holds bool, err error) {
	all := p.m.Predicates()
	k := slices.Index(all, name)
	if k < 0 {
		for _, prop := range p.m.Properties() {
			if prop.Name == name {
				return p.Holds(i, name)
			}
			all = append(all, prop.Name)
		}
		return false, fmt.Errorf("there is no predicate or property %q; there are %q", name, all)
	}
	defer func() {
		if r := recover(); r != nil {
			err = &allways.ModelError{
				Kind: allways.ErrorPanic, Where: fmt.Sprintf("predicate %q", name), Message: fmt.Sprint(r), Panic: r,
			}
		}
	}()
	return p.m.typed.satisfies(p.p, i, k), nil
}

func (t *source[S, A]) predicates() (names []string) {
	for _, p := range t.asked {
		names = append(names, p.Name)
	}
	return names
}

func (t *source[S, A]) defined(k int) bool { return t.asked[k].Holds != nil }

func (t *source[S, A]) satisfies(p *allways.Path[state, action], i, k int) bool {
	return t.asked[k].Holds(t.at(p, i))
}
