package sources

import (
	"cmp"
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// Declaration is an exported name: a constant, variable, type, function or method at package level,
// or a field or method of an exported struct or interface type.
type Declaration struct {
	Name     string // "Check", "Result.Verdict"
	Kind     string // "const", "var", "type", "func", "method" or "member"
	File     *File
	Pos      token.Pos
	Ident    *ast.Ident
	Comment  bool // whether there is a comment: above it, beside it, or above its group
	Function *ast.FuncDecl
}

// Function is a function or method with a body.
type Function struct {
	Name  string
	File  *File
	Line  int
	Lines int
}

// Functions returns the functions and methods of some files.
func (m *Module) Functions(files []*File) (all []Function) {
	for _, f := range files {
		for _, d := range f.Syntax.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil {
				from, to := m.Fset.Position(d.Pos()).Line, m.Fset.Position(d.End()).Line
				all = append(all, Function{fullName(d), f, from, to - from + 1})
			}
		}
	}
	return all
}

// Exported returns the exported names of a package, in the order of their files.
func (m *Module) Exported(p *Package) (all []Declaration) {
	for _, f := range p.Files {
		for _, d := range f.Syntax.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if !d.Name.IsExported() || d.Recv != nil && !ast.IsExported(receiver(d)) {
					continue
				}
				kind := "func"
				if d.Recv != nil {
					kind = "method"
				}
				all = append(all, Declaration{fullName(d), kind, f, d.Pos(), d.Name, d.Doc != nil, d})
			case *ast.GenDecl:
				for _, s := range d.Specs {
					all = append(all, exportedBy(m, f, d, s)...)
				}
			}
		}
	}
	return all
}

// exportedBy returns the exported names of a specification in a declaration of constants, variables
// or types.
func exportedBy(m *Module, f *File, d *ast.GenDecl, s ast.Spec) (all []Declaration) {
	switch s := s.(type) {
	case *ast.ValueSpec:
		comment := d.Doc != nil || s.Doc != nil || s.Comment != nil
		for _, name := range s.Names {
			if name.IsExported() {
				all = append(all, Declaration{name.Name, d.Tok.String(), f, name.Pos(), name, comment, nil})
			}
		}
	case *ast.TypeSpec:
		if !s.Name.IsExported() {
			return nil
		}
		comment := d.Doc != nil && len(d.Specs) == 1 || s.Doc != nil || s.Comment != nil
		all = append(all, Declaration{s.Name.Name, "type", f, s.Pos(), s.Name, comment, nil})
		all = append(all, members(m, f, s, cmp.Or(s.Doc, d.Doc).Text())...)
	}
	return all
}

// members returns the exported fields or methods of a struct or interface type. A comment above a
// field is also one for the fields in the lines right below, up to a blank line; and the comment on
// the type is one for the fields that it names, and for the only method of an interface.
func members(m *Module, f *File, s *ast.TypeSpec, doc string) (all []Declaration) {
	var fields *ast.FieldList
	switch t := s.Type.(type) {
	case *ast.StructType:
		fields = t.Fields
	case *ast.InterfaceType:
		fields = t.Methods
	default:
		return nil
	}
	_, single := s.Type.(*ast.InterfaceType)
	single = single && doc != "" && len(fields.List) == 1
	group, last := false, 0
	for _, field := range fields.List {
		if m.Line(field.Pos()) > last+1 {
			group = false
		}
		group = group || field.Doc != nil
		last = m.Line(field.End())
		for _, name := range field.Names {
			if name.IsExported() {
				comment := group || field.Comment != nil || single || names(doc, name.Name)
				all = append(all, Declaration{s.Name.Name + "." + name.Name, "member", f, name.Pos(), name, comment, nil})
			}
		}
	}
	return all
}

// names reports whether a comment contains a name as a word.
func names(doc, name string) bool {
	isWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
	return slices.Contains(strings.FieldsFunc(doc, func(r rune) bool { return !isWord(r) }), name)
}

func fullName(d *ast.FuncDecl) string {
	if r := receiver(d); r != "" {
		return r + "." + d.Name.Name
	}
	return d.Name.Name
}

// receiver returns the name of the type that a method belongs to, or "".
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return ""
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// Methods returns how many exported methods each type of a package has that has any.
func (m *Module) Methods(p *Package) map[string]int {
	n := map[string]int{}
	for _, d := range m.Exported(p) {
		if d.Kind == "method" {
			n[strings.Split(d.Name, ".")[0]]++
		}
	}
	return n
}

func (m *Module) base(pos token.Pos) string { return filepath.Base(m.Fset.Position(pos).Filename) }

// Line returns the line of a position in its file.
func (m *Module) Line(pos token.Pos) int { return m.Fset.Position(pos).Line }
