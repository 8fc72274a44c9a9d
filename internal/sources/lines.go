package sources

import (
	"go/token"
	"strings"
	"unicode/utf8"
)

// Lines is the number of lines of each kind in a file.
type Lines struct{ Code, Comment int }

// Count counts the lines of a file. A line with code and a comment is one of code; blank lines are
// neither.
func (f *File) Count() (n Lines) {
	inside := false
	for line := range strings.Lines(f.Text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
		case inside:
			n.Comment++
			inside = !strings.Contains(line, "*/")
		case strings.HasPrefix(line, "//"):
			n.Comment++
		case strings.HasPrefix(line, "/*"):
			n.Comment++
			inside = !strings.Contains(line, "*/")
		default:
			n.Code++
		}
	}
	return n
}

// CountAll counts the lines of several files.
func CountAll(files []*File) (n Lines) {
	for _, f := range files {
		one := f.Count()
		n.Code += one.Code
		n.Comment += one.Comment
	}
	return n
}

// LongLines returns the numbers of the lines that have more columns than allowed, where a tab
// counts as one. Lines that are one string, which has its reasons to be long, are left out.
func (f *File) LongLines(most int) (numbers []int) {
	number := 0
	for line := range strings.Lines(f.Text) {
		number++
		line = strings.TrimSuffix(line, "\n")
		if utf8.RuneCountInString(line) > most && !oneString(line) {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

// oneString reports whether a line is a string literal, possibly with a comma or closing
// parentheses after it, or with a plus.
func oneString(line string) bool {
	line = strings.TrimRight(strings.TrimSpace(line), ",)}+ ")
	if len(line) < 2 {
		return false
	}
	quote := line[0]
	return (quote == '"' || quote == '`') && line[len(line)-1] == quote && strings.Count(line, string(quote)) == 2
}

// Position says where something is in the module, as "file:line".
func (m *Module) Position(pos token.Pos) string {
	p := m.Fset.Position(pos)
	return strings.TrimPrefix(strings.TrimPrefix(p.String(), m.Dir), "/")
}
