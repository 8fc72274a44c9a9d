package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/allways-go/allways/internal/sources"
)

// The limits of what a reader takes in at once.
const (
	maxFunction = 60   // lines of a function
	maxColumns  = 120  // columns of a line
	maxKnot     = 8    // files that can only be understood together
	maxPackage  = 3000 // lines of code of a package
	maxMethods  = 20   // exported methods of a type
)

func functions(m *sources.Module) (all []Finding) {
	for _, p := range m.Packages {
		for _, f := range m.Functions(slices.Concat(p.Files, p.Tests)) {
			if f.Lines > maxFunction {
				all = append(all, Finding{Where: f.File.Path, Line: f.Line,
					What: fmt.Sprintf("%s has %d lines; split what has more than %d", f.Name, f.Lines, maxFunction)})
			}
		}
	}
	return all
}

func columns(m *sources.Module) (all []Finding) {
	for _, p := range m.Packages {
		for _, f := range slices.Concat(p.Files, p.Tests) {
			for _, line := range f.LongLines(maxColumns) {
				all = append(all, Finding{Where: f.Path, Line: line,
					What: fmt.Sprintf("the line has more than %d columns", maxColumns)})
			}
		}
	}
	return all
}

func knots(m *sources.Module) (all []Finding) {
	for _, p := range m.Packages {
		for _, knot := range m.Knots(p) {
			if len(knot) > maxKnot {
				all = append(all, Finding{Where: p.Rel, What: fmt.Sprintf(
					"%d files refer to each other in a circle: %s; at most %d may", len(knot), strings.Join(knot, ", "), maxKnot)})
			}
		}
	}
	return all
}

func packages(m *sources.Module) (all []Finding) {
	for _, p := range m.Packages {
		if n := sources.CountAll(p.Files).Code; n > maxPackage {
			all = append(all, Finding{Where: p.Rel,
				What: fmt.Sprintf("the package has %d lines of code; split what has more than %d", n, maxPackage)})
		}
	}
	return all
}

func methods(m *sources.Module) (all []Finding) {
	for _, p := range m.Packages {
		for name, n := range m.Methods(p) {
			if n > maxMethods {
				all = append(all, Finding{Where: p.Rel,
					What: fmt.Sprintf("type %s has %d exported methods; at most %d", name, n, maxMethods)})
			}
		}
	}
	return all
}
