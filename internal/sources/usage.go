package sources

import (
	"go/types"
)

// Unused returns the exported constants, variables, types, functions and methods of public packages
// that no other package of the module uses outside of its tests. Methods that only serve to satisfy
// an interface are among them.
func (m *Module) Unused() (all []Declaration) {
	used := map[types.Object]bool{}
	for _, p := range m.Packages {
		for _, o := range p.Info.Uses {
			if o = origin(o); o.Pkg() != nil && o.Pkg() != p.Types {
				used[o] = true
			}
		}
	}
	for _, p := range m.Packages {
		if !p.Public() {
			continue
		}
		for _, d := range m.Exported(p) {
			if d.Kind != "member" && !used[p.Info.Defs[d.Ident]] {
				all = append(all, d)
			}
		}
	}
	return all
}
