package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/allways-go/allways/internal/sources"
)

// forbidden are packages that a package must not need, directly or through others.
var forbidden = []struct {
	of, what, why string // folder of the package, import path or a prefix of one that ends with a slash
}{
	{".", "net", "a checker has no sockets"},
	{".", "testing", "a program that checks models is no test"},
	{"actor", "net", "a model of actors has no sockets: running them is the matter of actor/node"},
	{"actor", "testing", "a program that runs actors is no test"},
	{"allwaystest", "net", "tests of models link a server only if they import one"},
	{"consistency", "net", "histories are judged without sockets"},
	{"cli", "net", "the program of a plain model must not link sockets"},
	{"cli", "net/http", "the program of a plain model must not link a server"},
	{"cli", "crypto/tls", "the program of a plain model must not link TLS"},
	{"cli", "MODULE/actor/node", "the program of a plain model must not link the runtime of actors"},
	{"cli", "github.com/fxamacker/cbor/v2", "the program of a plain model must not link the codecs of actors"},
}

// imports demands that the packages in forbidden stay out.
func imports(m *sources.Module) (all []Finding) {
	for _, rule := range forbidden {
		p := m.Package(rule.of)
		if p == nil {
			all = append(all, Finding{Where: rule.of, What: "there is no such package: mend the table of forbidden imports"})
			continue
		}
		what := strings.Replace(rule.what, "MODULE", m.Path, 1)
		if slices.Contains(p.Deps, what) {
			all = append(all, Finding{Where: p.Rel, What: fmt.Sprintf("it needs %s, but %s", what, rule.why)})
		}
	}
	return all
}

// dependencies demands that packages of the module import each other as the table in layout.go
// says, and no other way.
func dependencies(m *sources.Module) (all []Finding) {
	allowed := map[string][]string{}
	for _, l := range layout {
		allowed[l.of] = l.may
	}
	for _, p := range m.Packages {
		if strings.HasPrefix(p.Rel, "examples/") {
			all = append(all, importsOfExample(m, p)...)
			continue
		}
		may, ok := allowed[p.Rel]
		if !ok {
			all = append(all, Finding{Where: p.Rel, What: "the package is new: say in layout.go what it may import"})
			continue
		}
		delete(allowed, p.Rel)
		does := inside(m, p)
		for _, rel := range does {
			if !slices.Contains(may, rel) {
				all = append(all, Finding{Where: p.Rel, What: fmt.Sprintf("it imports %s, which layout.go does not allow", rel)})
			}
		}
		for _, rel := range may {
			if !slices.Contains(does, rel) {
				all = append(all, Finding{Where: p.Rel, What: fmt.Sprintf(
					"it does not import %s, which layout.go allows: remove that", rel)})
			}
		}
	}
	for rel := range allowed {
		all = append(all, Finding{Where: rel, What: "there is no such package: remove it from layout.go"})
	}
	return all
}

// importsOfExample demands that examples use public packages only, as users do.
func importsOfExample(m *sources.Module, p *sources.Package) (all []Finding) {
	for _, rel := range inside(m, p) {
		if !m.Package(rel).Public() {
			all = append(all, Finding{Where: p.Rel, What: fmt.Sprintf("it imports %s: an example uses what users can use", rel)})
		}
	}
	return all
}

// inside returns the packages of the module that a package imports, by their folders.
func inside(m *sources.Module, p *sources.Package) (rels []string) {
	for _, path := range p.Imports {
		if path == m.Path {
			rels = append(rels, ".")
		} else if rel, ok := strings.CutPrefix(path, m.Path+"/"); ok {
			rels = append(rels, rel)
		}
	}
	return rels
}
