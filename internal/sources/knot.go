package sources

import (
	"go/types"
	"slices"
)

// References returns which files of the package refer to which others: the names of package-level
// declarations, methods and fields that a file uses and another declares.
func (m *Module) References(p *Package) map[string]map[string]bool {
	declared := map[string]bool{}
	for _, f := range p.Files {
		declared[f.Base()] = true
	}
	to := map[string]map[string]bool{}
	for id, o := range p.Info.Uses {
		o = origin(o)
		if o.Pkg() != p.Types || !packageLevel(o) {
			continue
		}
		user, owner := m.base(id.Pos()), m.base(o.Pos())
		if user == owner || !declared[owner] {
			continue
		}
		if to[user] == nil {
			to[user] = map[string]bool{}
		}
		to[user][owner] = true
	}
	return to
}

// origin returns the declaration of a function or a field of which o may be an instance.
func origin(o types.Object) types.Object {
	switch o := o.(type) {
	case *types.Func:
		return o.Origin()
	case *types.Var:
		return o.Origin()
	}
	return o
}

// packageLevel reports whether other files can refer to an object: it is declared at package level,
// or is a method or a field.
func packageLevel(o types.Object) bool {
	switch o := o.(type) {
	case *types.Func:
		return true
	case *types.Var:
		return o.IsField() || o.Parent() == o.Pkg().Scope()
	case *types.TypeName, *types.Const:
		return o.Parent() == o.Pkg().Scope()
	}
	return false
}

// Knots returns the groups of two files or more that refer to each other in a circle, the largest
// first. The files of a group can only be understood together.
func (m *Module) Knots(p *Package) [][]string {
	to := m.References(p)
	var knots [][]string
	for _, group := range components(to) {
		if len(group) > 1 {
			slices.Sort(group)
			knots = append(knots, group)
		}
	}
	slices.SortFunc(knots, func(a, b []string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return slices.Compare(a, b)
	})
	return knots
}

// components returns the strongly connected components of a graph, by Tarjan's algorithm.
func components(to map[string]map[string]bool) (groups [][]string) {
	index, low, onStack := map[string]int{}, map[string]int{}, map[string]bool{}
	var stack []string
	var visit func(v string)
	visit = func(v string) {
		index[v] = len(index) + 1
		low[v] = index[v]
		stack = append(stack, v)
		onStack[v] = true
		for w := range to[v] {
			if index[w] == 0 {
				visit(w)
				low[v] = min(low[v], low[w])
			} else if onStack[w] {
				low[v] = min(low[v], index[w])
			}
		}
		if low[v] != index[v] {
			return
		}
		at := slices.Index(stack, v)
		for _, w := range stack[at:] {
			onStack[w] = false
		}
		groups = append(groups, slices.Clone(stack[at:]))
		stack = stack[:at]
	}
	for v := range to {
		if index[v] == 0 {
			visit(v)
		}
	}
	return groups
}
