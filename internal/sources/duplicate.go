package sources

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"unicode"
)

// Duplicate is a run of lines that stands in two places.
type Duplicate struct {
	Lines      int
	At, Second string // "file:line"
}

func (d Duplicate) String() string {
	return fmt.Sprintf("%d lines: %s and %s", d.Lines, d.At, d.Second)
}

// codeLine is a line of code without its indentation.
type codeLine struct {
	text   string
	number int
}

// codeLines returns the lines of a file after its imports that are neither blank nor comments.
func (m *Module) codeLines(f *File) (lines []codeLine) {
	start := 0
	for _, i := range f.Syntax.Imports {
		start = max(start, m.Line(i.End())+1)
	}
	number := 0
	for line := range strings.Lines(f.Text) {
		number++
		line = strings.TrimSpace(line)
		if number > start && line != "" && !strings.HasPrefix(line, "//") && !strings.HasPrefix(line, "package ") {
			lines = append(lines, codeLine{line, number})
		}
	}
	return lines
}

// Duplicates returns the runs of at least least equal lines of code in two places, the longest
// first. Indentation, comments, blank lines and imports do not count, and lines without letters do
// not make a run longer than it is.
func (m *Module) Duplicates(files []*File, least int) (all []Duplicate) {
	type place struct{ file, line int }
	seed := maphash.MakeSeed()
	lines := make([][]codeLine, len(files))
	windows := map[uint64][]place{}
	for i, f := range files {
		lines[i] = m.codeLines(f)
		for at := range max(0, len(lines[i])-least+1) {
			var h maphash.Hash
			h.SetSeed(seed)
			words := 0
			for _, l := range lines[i][at : at+least] {
				h.WriteString(l.text + "\n")
				if strings.ContainsFunc(l.text, unicode.IsLetter) {
					words++
				}
			}
			if words > least/2 {
				windows[h.Sum64()] = append(windows[h.Sum64()], place{i, at})
			}
		}
	}
	same := func(a, b place, n int) bool {
		return a.line+n < len(lines[a.file]) && b.line+n < len(lines[b.file]) &&
			lines[a.file][a.line+n].text == lines[b.file][b.line+n].text
	}
	for _, places := range windows {
		for i, a := range places {
			for _, b := range places[i+1:] {
				if a.line > 0 && b.line > 0 && same(place{a.file, a.line - 1}, place{b.file, b.line - 1}, 0) {
					continue // within a run that begins before
				}
				n := 0
				for same(a, b, n) && (a.file != b.file || a.line+n < b.line) {
					n++
				}
				if n >= least {
					all = append(all, Duplicate{n,
						fmt.Sprintf("%s:%d", files[a.file].Path, lines[a.file][a.line].number),
						fmt.Sprintf("%s:%d", files[b.file].Path, lines[b.file][b.line].number)})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b Duplicate) int {
		if a.Lines != b.Lines {
			return b.Lines - a.Lines
		}
		return strings.Compare(a.At+a.Second, b.At+b.Second)
	})
	return all
}
