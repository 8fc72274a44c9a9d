// Package lint judges the source of this module by the rules that it is written by: what is
// documented, how long functions and lines are, which package may import which, how files depend on
// each other, and which words are used. Its test is what runs it.
//
// It does not judge what gofmt, go vet and staticcheck judge.
package lint

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/allways-go/allways/internal/sources"
)

// Finding is something that breaks a rule.
type Finding struct {
	Rule  string
	Where string // file, or folder of a package
	Line  int    // 0 means the whole of it
	What  string // problem, and what to do about it
}

func (f Finding) String() string {
	if f.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", f.Where, f.Line, f.What)
	}
	return fmt.Sprintf("%s: %s", f.Where, f.What)
}

// Rule is one that the source of a module must keep.
type Rule struct {
	Name  string
	Check func(m *sources.Module) []Finding
}

// Rules returns all rules.
func Rules() []Rule {
	return []Rule{
		{"documentation", documentation},
		{"fields", fields},
		{"examples", examples},
		{"functions", functions},
		{"columns", columns},
		{"imports", imports},
		{"dependencies", dependencies},
		{"knots", knots},
		{"packages", packages},
		{"methods", methods},
		{"words", words},
		{"paths", paths},
	}
}

// Check returns the findings of a rule, in the order of their places.
func (r Rule) check(m *sources.Module) []Finding {
	all := r.Check(m)
	for i := range all {
		all[i].Rule = r.Name
	}
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Where, b.Where), cmp.Compare(a.Line, b.Line))
	})
	return all
}
