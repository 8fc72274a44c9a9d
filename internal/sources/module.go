// Package sources reads the Go source of a module: its packages, files, declarations and
// references, with types. Package lint judges a module by it, and the command measure counts.
//
// It is no general loader. It knows one module, one platform, and packages that compile.
package sources

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Module is a module as the go command sees it on this platform.
type Module struct {
	Path     string // module path
	Dir      string // root folder
	Fset     *token.FileSet
	Packages []*Package // all packages, in the order of their import paths
}

// Package is a package of the module.
type Package struct {
	Path    string // import path
	Rel     string // folder relative to the root of the module, with slashes; "." for the root
	Name    string
	Files   []*File // files of the package itself
	Tests   []*File // tests within the package and beside it
	Imports []string
	Deps    []string // import paths of everything that the package needs, directly or not
	Types   *types.Package
	Info    *types.Info
}

// Main reports whether the package is a program.
func (p *Package) Main() bool { return p.Name == "main" }

// Public reports whether other modules can import the package.
func (p *Package) Public() bool {
	return !p.Main() && !slices.Contains(strings.Split(p.Rel, "/"), "internal")
}

// File is a file of a package.
type File struct {
	Path   string // relative to the root of the module, with slashes
	Text   string
	Syntax *ast.File
}

// Base returns the name of the file without its folder.
func (f *File) Base() string { return f.Path[strings.LastIndexByte(f.Path, '/')+1:] }

// listed is what go list prints about a package.
type listed struct {
	ImportPath, Dir, Name, Export      string
	GoFiles, TestGoFiles, XTestGoFiles []string
	Imports, Deps                      []string
	Module                             *struct{ Path string }
	DepOnly                            bool
	Error                              *struct{ Err string }
}

// Load reads the module whose root is dir. Packages outside of the module are taken from the export
// data that the go command keeps in its build cache, so that only the module itself is parsed and
// checked. Nothing of the module is compiled.
func Load(dir string) (*Module, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	const fields = "ImportPath,Dir,Name,GoFiles,TestGoFiles,XTestGoFiles,Imports,Deps,Module,DepOnly,Error"
	all, err := list(dir, "-deps", "-json="+fields, "./...")
	if err != nil {
		return nil, err
	}
	m := &Module{Dir: dir, Fset: token.NewFileSet()}
	outside := []string{"-export", "-json=ImportPath,Export,Error", "--"}
	for _, l := range all { // dependencies come before what needs them
		if l.DepOnly {
			if l.ImportPath != "unsafe" {
				outside = append(outside, l.ImportPath)
			}
			continue
		}
		m.Path = l.Module.Path
		p, err := m.read(l)
		if err != nil {
			return nil, err
		}
		m.Packages = append(m.Packages, p)
	}
	if len(m.Packages) == 0 {
		return nil, fmt.Errorf("no packages in %s", dir)
	}
	exports := map[string]string{}
	if len(outside) > 3 {
		all, err := list(dir, outside...)
		if err != nil {
			return nil, err
		}
		for _, l := range all {
			exports[l.ImportPath] = l.Export
		}
	}
	if err := m.check(exports); err != nil {
		return nil, err
	}
	slices.SortFunc(m.Packages, func(a, b *Package) int { return strings.Compare(a.Path, b.Path) })
	return m, nil
}

// Package returns the package in a folder relative to the root of the module, or nil.
func (m *Module) Package(rel string) *Package {
	for _, p := range m.Packages {
		if p.Rel == rel {
			return p
		}
	}
	return nil
}

// list runs go list.
func list(dir string, args ...string) (all []listed, err error) {
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr.String())
	}
	decoder := json.NewDecoder(bytes.NewReader(out))
	for {
		var l listed
		if err := decoder.Decode(&l); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		if l.Error != nil {
			return nil, fmt.Errorf("package %s: %s", l.ImportPath, l.Error.Err)
		}
		all = append(all, l)
	}
}

func (m *Module) read(l listed) (*Package, error) {
	rel, err := filepath.Rel(m.Dir, l.Dir)
	if err != nil {
		return nil, err
	}
	p := &Package{Path: l.ImportPath, Rel: filepath.ToSlash(rel), Name: l.Name, Imports: l.Imports, Deps: l.Deps}
	// The cache of test results knows of files only that the test itself opens: a folder that gets
	// a new file is one.
	if _, err := os.ReadDir(l.Dir); err != nil {
		return nil, err
	}
	for _, name := range l.GoFiles {
		if err := m.parse(&p.Files, p, name); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Concat(l.TestGoFiles, l.XTestGoFiles) {
		if err := m.parse(&p.Tests, p, name); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (m *Module) parse(to *[]*File, p *Package, name string) error {
	path := filepath.Join(m.Dir, filepath.FromSlash(p.Rel), name)
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	syntax, err := parser.ParseFile(m.Fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	*to = append(*to, &File{Path: strings.TrimPrefix(p.Rel+"/"+name, "./"), Text: string(text), Syntax: syntax})
	return nil
}

// check checks the types of all packages, which are in the order of their dependencies.
func (m *Module) check(exports map[string]string) error {
	open := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	outside := importer.ForCompiler(m.Fset, "gc", open)
	from := &mixed{inside: map[string]*types.Package{}, outside: outside}
	for _, p := range m.Packages {
		p.Info = &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
		var files []*ast.File
		for _, f := range p.Files {
			files = append(files, f.Syntax)
		}
		config := types.Config{Importer: from}
		var err error
		if p.Types, err = config.Check(p.Path, m.Fset, files, p.Info); err != nil {
			return err
		}
		from.inside[p.Path] = p.Types
	}
	return nil
}

// mixed imports packages of the module as they were checked, and all others from export data. So an
// object of the module is one object, wherever it is used.
type mixed struct {
	inside  map[string]*types.Package
	outside types.Importer
}

func (i *mixed) Import(path string) (*types.Package, error) {
	if p := i.inside[path]; p != nil {
		return p, nil
	}
	return i.outside.Import(path)
}
