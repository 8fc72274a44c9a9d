package diagram

import (
	"strings"
	"unicode/utf8"

	"github.com/allways-go/allways/internal/textwidth"
)

// line is a line of a terminal by column. A wide character is in its first column; its second one
// is "".
type line []string

func newLine(columns int) line {
	l := make(line, columns)
	for i := range l {
		l[i] = " "
	}
	return l
}

// put writes text from column x on, up to the end of the line.
func (l line) put(x int, text string) {
	for _, r := range text {
		w := textwidth.Rune(r)
		if w == 0 && x > 0 && x <= len(l) {
			l[x-1] += string(r)
			continue
		}
		if x < 0 || x+w > len(l) {
			return
		}
		l.clear(x, x+w)
		l[x] = string(r)
		if w == 2 {
			l[x+1] = ""
		}
		x += w
	}
}

// clear writes spaces. A wide character that is cut is cleared as a whole.
func (l line) clear(from, to int) {
	if l[from] == "" {
		l[from-1] = " "
	}
	if to < len(l) && l[to] == "" {
		l[to] = " "
	}
	for i := from; i < to; i++ {
		l[i] = " "
	}
}

func (l line) String() string { return strings.TrimRight(strings.Join(l, ""), " ") + "\n" }

// glyphs are the characters of a text diagram.
type glyphs struct {
	life, dead, cross, dash, dots      rune
	fromLeft, fromRight, toLeft, toEnd rune // ends of arrows: a sender left or right, a head to the left or right
	self, lost, note, crash, recovery  rune
	band, bar, top, bottom             rune // marks of partitions and cycles
	more, arrow                        string
}

var (
	unicodeGlyphs = glyphs{
		'│', '┊', '┼', '─', '╌', '├', '┤', '◄', '►', '↻', '×', '◆', '×', '○', '═', '║', '┌', '└', "…", "→",
	}
	asciiGlyphs = glyphs{
		'|', ':', '+', '-', '.', '|', '|', '<', '>', '@', 'x', '*', 'X', 'O', '=', '#', '+', '+', "...", "->",
	}
)

// ascii replaces characters outside ASCII by question marks.
func ascii(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			return '?'
		}
		return r
	}, text)
}
