// Command measure prints what can be counted about the source of a module: sizes, comments, tests,
// functions, documentation, how files depend on each other, what is exported and not used, what
// stands twice, and what programs that use it cost to build. Run it at the root of the repository:
//
//	go run ./internal/cmd/measure [-C folder] [-v] [-build=false]
//
// It does not judge: package lint does.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/allways-go/allways/internal/sources"
)

func main() {
	dir := flag.String("C", ".", "root `folder` of the module")
	verbose := flag.Bool("v", false, "name every unused name, and every duplicate")
	build := flag.Bool("build", true, "measure how long programs take to compile, and how large they are")
	flag.Parse()
	if err := run(os.Stdout, *dir, *verbose, *build); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, dir string, verbose, build bool) error {
	m, err := sources.Load(dir)
	if err != nil {
		return err
	}
	sizes(w, m)
	longest(w, m, 25)
	columns(w, m)
	knots(w, m)
	methods(w, m)
	unused(w, m, verbose)
	duplicates(w, m, verbose)
	if build {
		return builds(w, m)
	}
	return nil
}

// counts is what is counted about a package, or about all of them.
type counts struct {
	files                                int
	code, comment, test                  int
	functions                            []int // lines of each
	exported, documented                 int
	members, documentedMembers           int
	examples, benchmarks, fuzzers, tests int
}

func count(m *sources.Module, p *sources.Package) (c counts) {
	lines := sources.CountAll(p.Files)
	c.files, c.code, c.comment = len(p.Files), lines.Code, lines.Comment
	c.test = sources.CountAll(p.Tests).Code
	for _, f := range m.Functions(p.Files) {
		c.functions = append(c.functions, f.Lines)
	}
	if !p.Main() {
		for _, d := range m.Exported(p) {
			all, documented := &c.exported, &c.documented
			if d.Kind == "member" {
				all, documented = &c.members, &c.documentedMembers
			}
			*all++
			if d.Comment {
				*documented++
			}
		}
	}
	for _, f := range m.Functions(p.Tests) {
		switch {
		case strings.HasPrefix(f.Name, "Example"):
			c.examples++
		case strings.HasPrefix(f.Name, "Benchmark"):
			c.benchmarks++
		case strings.HasPrefix(f.Name, "Fuzz"):
			c.fuzzers++
		case strings.HasPrefix(f.Name, "Test"):
			c.tests++
		}
	}
	return c
}

func (c *counts) add(d counts) {
	c.files += d.files
	c.code += d.code
	c.comment += d.comment
	c.test += d.test
	c.functions = append(c.functions, d.functions...)
	c.exported += d.exported
	c.documented += d.documented
	c.members += d.members
	c.documentedMembers += d.documentedMembers
	c.examples += d.examples
	c.benchmarks += d.benchmarks
	c.fuzzers += d.fuzzers
	c.tests += d.tests
}

func (c *counts) row(w io.Writer, name string) {
	slices.Sort(c.functions)
	quantile := func(q float64) int {
		if len(c.functions) == 0 {
			return 0
		}
		return c.functions[int(q*float64(len(c.functions)-1)+0.5)]
	}
	fmt.Fprintf(w, "%s\t%d\t%d\t%.2f\t%.2f\t%d\t%d/%d/%d\t%s\t%s\t%d\t%d\t%d\t%d\t\n",
		name, c.files, c.code, ratio(c.comment, c.code), ratio(c.test, c.code),
		len(c.functions), quantile(.5), quantile(.95), quantile(1),
		percent(c.documented, c.exported), percent(c.documentedMembers, c.members),
		c.examples, c.benchmarks, c.fuzzers, c.tests)
}

func ratio(a, b int) float64 { return float64(a) / float64(max(b, 1)) }

func percent(part, all int) string {
	if all == 0 {
		return "0"
	}
	return fmt.Sprintf("%d (%d%%)", all, 100*part/all)
}

// sizes prints the table of packages. Examples stand in one row, since they are programs of the
// same kind.
func sizes(w io.Writer, m *sources.Module) {
	section(w, "Packages")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	columns := []string{
		"package", "files", "code", "comment/code", "test/code", "funcs", "p50/p95/max", "exported (doc)", "members (doc)",
		"examples", "bench", "fuzz", "tests",
	}
	fmt.Fprintln(t, strings.Join(columns, "\t")+"\t")
	var all, examples counts
	for _, p := range m.Packages {
		c := count(m, p)
		all.add(c)
		if strings.HasPrefix(p.Rel, "examples/") {
			examples.add(c)
			continue
		}
		c.row(t, p.Rel)
	}
	examples.row(t, "examples/...")
	all.row(t, "all")
	t.Flush()
}

func section(w io.Writer, title string) {
	fmt.Fprintf(w, "\n%s\n%s\n", title, strings.Repeat("-", len(title)))
}

func longest(w io.Writer, m *sources.Module, most int) {
	section(w, "Longest functions")
	var all []sources.Function
	for _, p := range m.Packages {
		all = append(all, m.Functions(p.Files)...)
	}
	slices.SortStableFunc(all, func(a, b sources.Function) int { return cmp.Compare(b.Lines, a.Lines) })
	for _, f := range all[:min(most, len(all))] {
		fmt.Fprintf(w, "%3d  %s:%d %s\n", f.Lines, f.File.Path, f.Line, f.Name)
	}
}

func columns(w io.Writer, m *sources.Module) {
	const limit = 120
	program, tests := 0, 0
	for _, p := range m.Packages {
		for _, f := range p.Files {
			program += len(f.LongLines(limit))
		}
		for _, f := range p.Tests {
			tests += len(f.LongLines(limit))
		}
	}
	section(w, fmt.Sprintf("Lines of more than %d columns, those that are one string aside", limit))
	fmt.Fprintf(w, "program: %d\ntests: %d\n", program, tests)
}

// knots prints, for packages of several files, how they refer to each other.
func knots(w io.Writer, m *sources.Module) {
	section(w, "Files that refer to each other in a circle")
	for _, p := range m.Packages {
		references := 0
		for _, to := range m.References(p) {
			references += len(to)
		}
		knots := m.Knots(p)
		if len(knots) == 0 {
			continue
		}
		fmt.Fprintf(w, "%s: %d files, %d references\n", p.Rel, len(p.Files), references)
		for _, knot := range knots {
			fmt.Fprintf(w, "  %d: %s\n", len(knot), strings.Join(knot, " "))
		}
	}
}

func methods(w io.Writer, m *sources.Module) {
	section(w, "Types with more than 10 exported methods")
	for _, p := range m.Packages {
		of := m.Methods(p)
		names := slices.SortedFunc(maps.Keys(of), func(a, b string) int {
			return cmp.Or(cmp.Compare(of[b], of[a]), cmp.Compare(a, b))
		})
		for _, name := range names {
			if of[name] > 10 {
				fmt.Fprintf(w, "%3d  %s %s\n", of[name], p.Rel, name)
			}
		}
	}
}

func unused(w io.Writer, m *sources.Module, verbose bool) {
	section(w, "Exported names that only their own package uses")
	exported, names := 0, map[string][]string{}
	for _, p := range m.Packages {
		if p.Public() {
			for _, d := range m.Exported(p) {
				if d.Kind != "member" {
					exported++
				}
			}
		}
	}
	all := m.Unused()
	fmt.Fprintf(w, "%d of %d, tests aside\n", len(all), exported)
	for _, d := range all {
		folder := strings.TrimSuffix(strings.TrimSuffix(d.File.Path, d.File.Base()), "/")
		names[cmp.Or(folder, ".")] = append(names[cmp.Or(folder, ".")], d.Name)
	}
	for _, folder := range slices.Sorted(maps.Keys(names)) {
		fmt.Fprintf(w, "%4d  %s\n", len(names[folder]), folder)
		if verbose {
			fmt.Fprintf(w, "      %s\n", strings.Join(names[folder], " "))
		}
	}
}

func duplicates(w io.Writer, m *sources.Module, verbose bool) {
	const least = 6
	var program, tests []*sources.File
	for _, p := range m.Packages {
		program = append(program, p.Files...)
		tests = append(tests, p.Tests...)
	}
	section(w, fmt.Sprintf("Runs of %d equal lines or more in two places", least))
	for _, x := range []struct {
		name  string
		files []*sources.File
	}{{"program", program}, {"tests", tests}} {
		all := m.Duplicates(x.files, least)
		fmt.Fprintf(w, "%s: %d\n", x.name, len(all))
		for i, d := range all {
			if verbose || i < 10 {
				fmt.Fprintln(w, " ", d)
			}
		}
	}
}
