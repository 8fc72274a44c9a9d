package lint

import (
	"go/ast"
	"slices"
	"strings"

	"github.com/allways-go/allways/internal/sources"
)

// documentation demands a comment for every package and every exported name, and in public packages
// for every exported field and method of an interface.
func documentation(m *sources.Module) (all []Finding) {
	for _, p := range m.Packages {
		if p.Main() {
			continue
		}
		if !hasPackageComment(p) {
			all = append(all, Finding{Where: p.Rel, What: "no file has a comment that begins with \"Package " + p.Name + "\""})
		}
		for _, d := range m.Exported(p) {
			if !d.Comment && (d.Kind != "member" || p.Public()) && !wellKnown(d) {
				all = append(all, Finding{Where: d.File.Path, Line: m.Line(d.Pos), What: d.Name + " has no comment"})
			}
		}
	}
	return all
}

func hasPackageComment(p *sources.Package) bool {
	for _, f := range p.Files {
		if strings.HasPrefix(f.Syntax.Doc.Text(), "Package "+p.Name+" ") {
			return true
		}
	}
	return false
}

// wellKnown reports whether a method needs no comment, since an interface of the standard library
// says what it does.
func wellKnown(d sources.Declaration) bool {
	_, name, _ := strings.Cut(d.Name, ".")
	return d.Kind == "method" && (name == "String" || name == "Error" || name == "Unwrap")
}

// hanging are words that a comment on a field must not begin with: such a comment hangs on the name
// of the field, and does not say by itself what the field is.
var hanging = strings.Fields("that of by what who whom where how to with without from in and")

// fields demands that comments on fields are phrases with a noun, such as "bytes of memory, 0 means
// no limit".
func fields(m *sources.Module) (all []Finding) {
	for _, p := range m.Packages {
		for _, f := range p.Files {
			ast.Inspect(f.Syntax, func(n ast.Node) bool {
				s, ok := n.(*ast.StructType)
				if !ok {
					return true
				}
				for _, field := range s.Fields.List {
					word, _, _ := strings.Cut(strings.TrimSpace(field.Comment.Text()), " ")
					if slices.Contains(hanging, word) {
						all = append(all, Finding{Where: f.Path, Line: m.Line(field.Pos()),
							What: "the comment begins with \"" + word + "\"; begin with a noun: what the field is"})
					}
				}
				return true
			})
		}
	}
	return all
}

// examples demands that every exported function of a public package is used in an example, and that
// every example says what it prints, so that it is run.
func examples(m *sources.Module) (all []Finding) {
	shown := map[string]bool{} // "import path.Name"
	for _, p := range m.Packages {
		for _, f := range p.Tests {
			for _, d := range f.Syntax.Decls {
				e, ok := d.(*ast.FuncDecl)
				if !ok || e.Recv != nil || !strings.HasPrefix(e.Name.Name, "Example") {
					continue
				}
				uses(p, f, e, shown)
				if p.Public() && !saysOutput(f, e) && !needsTest(f) {
					all = append(all, Finding{Where: f.Path, Line: m.Line(e.Pos()), What: e.Name.Name + " has no // Output: comment"})
				}
			}
		}
	}
	for _, p := range m.Packages {
		if !p.Public() {
			continue
		}
		for _, d := range m.Exported(p) {
			if d.Kind == "func" && !shown[p.Path+"."+d.Name] {
				all = append(all, Finding{Where: d.File.Path, Line: m.Line(d.Pos), What: d.Name + " is used in no example"})
			}
		}
	}
	return all
}

// uses notes the functions that an example uses: names of imported packages, or of the package that
// it is in. All helpers beside the example count as well, if its file has no other tests.
func uses(p *sources.Package, f *sources.File, e *ast.FuncDecl, shown map[string]bool) {
	paths := map[string]string{}
	for _, i := range f.Syntax.Imports {
		path := strings.Trim(i.Path.Value, `"`)
		name := path[strings.LastIndexByte(path, '/')+1:]
		if i.Name != nil {
			name = i.Name.Name
		}
		paths[name] = path
	}
	var in ast.Node = e
	if strings.HasPrefix(f.Base(), "example") {
		in = f.Syntax
	}
	ast.Inspect(in, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && paths[x.Name] != "" {
				shown[paths[x.Name]+"."+n.Sel.Name] = true
			}
		case *ast.Ident:
			if f.Syntax.Name.Name == p.Name {
				shown[p.Path+"."+n.Name] = true
			}
		}
		return true
	})
}

// saysOutput reports whether there is a comment in an example that says what it prints.
func saysOutput(f *sources.File, e *ast.FuncDecl) bool {
	for _, c := range f.Syntax.Comments {
		if c.Pos() > e.Body.Pos() && c.End() < e.Body.End() {
			text := strings.ToLower(c.Text())
			if strings.HasPrefix(text, "output:") || strings.HasPrefix(text, "unordered output:") {
				return true
			}
		}
	}
	return false
}

// needsTest reports whether the examples of a file cannot run, since what they show needs a test or
// ends the process.
func needsTest(f *sources.File) bool {
	for _, i := range f.Syntax.Imports {
		if i.Path.Value == `"testing"` {
			return true
		}
	}
	return strings.Contains(f.Text, "cli.Main(")
}
