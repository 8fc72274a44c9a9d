package pathtext

import (
	"fmt"
	"strings"

	"github.com/allways-go/allways/internal/textwidth"
)

const (
	maxLines  = 4   // of a value, on a terminal
	maxLine   = 240 // columns of a value where lines are not wrapped
	narrowest = 24  // columns in which it makes sense to wrap
)

// room returns how many columns are left to the right of a margin.
func (o Options) room(margin int) int {
	if o.Width == 0 {
		return maxLine
	}
	return max(o.Width-margin, narrowest)
}

// value returns a value that is folded, unless all is asked for, and wrapped, if lines are.
func (o Options) value(text string, room int) string {
	most := room
	if o.Width > 0 {
		most = maxLines * room
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if !o.Full {
			line = Fold(line, most)
		}
		if o.Width > 0 {
			line = wrap(line, room, 0)
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}

// lines is value for lines of two columns, a label and a text: they are wrapped below the text.
func (o Options) lines(text string, margin int) string {
	room := o.room(margin)
	lines := strings.Split(strings.TrimRight(Printable(text), "\n"), "\n")
	for i, line := range lines {
		below := secondColumn(line)
		if below > room/2 {
			below = 2
		}
		if !o.Full {
			most := room
			if o.Width > 0 {
				most = below + maxLines*(room-below)
			}
			line = Fold(line, most)
		}
		if o.Width > 0 {
			line = wrap(line, room, below)
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}

// secondColumn returns where the second column of a line begins; 0 if it has one only.
func secondColumn(line string) int {
	label := strings.TrimLeft(line, " ")
	gap := strings.Index(label, "  ")
	if gap < 0 {
		return len(line) - len(label)
	}
	rest := strings.TrimLeft(label[gap:], " ")
	return textwidth.Of(line[:len(line)-len(rest)])
}

// Fold shortens a line that takes more than a number of columns, and says how much is left out: of a list, how many
// of its items.
func Fold(line string, most int) string {
	if textwidth.Of(line) <= most {
		return line
	}
	for _, list := range []struct{ separator, noun string }{{" or ", "more"}, {", ", "more"}, {" ", "more words"}} {
		items := strings.SplitAfter(line, list.separator)
		kept, used := 0, len("… 1000000 more words")
		for kept < len(items) && used+textwidth.Of(items[kept]) <= most {
			used += textwidth.Of(items[kept])
			kept++
		}
		if kept > 0 && used >= most/2 {
			return fmt.Sprintf("%s… %d %s", strings.Join(items[:kept], ""), len(items)-kept, list.noun)
		}
	}
	kept, used := 0, len("… 1000000 more characters")
	runes := []rune(line)
	for kept < len(runes) && used+textwidth.Rune(runes[kept]) <= most {
		used += textwidth.Rune(runes[kept])
		kept++
	}
	return fmt.Sprintf("%s… %d more characters", string(runes[:kept]), len(runes)-kept)
}

// wrap breaks a line into lines of at most a number of columns, at spaces where that is possible. All but the first
// begin with some spaces.
func wrap(line string, width, below int) string {
	var b strings.Builder
	for textwidth.Of(line) > width {
		end, space, used := 0, 0, 0
		for i, r := range line {
			if used += textwidth.Rune(r); used > width {
				end = i
				break
			}
			if r == ' ' && used > below+(width-below)/2 {
				space = i
			}
		}
		if space > 0 {
			end = space
		}
		b.WriteString(strings.TrimRight(line[:end], " ") + "\n")
		line = strings.Repeat(" ", below) + strings.TrimLeft(line[end:], " ")
	}
	return b.String() + line
}

// Printable makes text from a model safe for a terminal: control characters are shown, not obeyed.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r >= ' ' && (r < 0x7f || r > 0x9f):
			return r
		}
		return '\uFFFD'
	}, s)
}

// Indent prefixes all lines of a text but the first one and empty ones.
func Indent(s, prefix string) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i, line := range lines {
		if i > 0 && line != "" {
			lines[i] = prefix + line
		}
	}
	return strings.Join(lines, "\n")
}
