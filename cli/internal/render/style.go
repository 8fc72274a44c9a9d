package render

import (
	"github.com/fatih/color"

	"github.com/allways-go/allways/internal/pathtext"
)

// Style colours text by meaning, or leaves it as it is. Colour never carries a meaning alone. The
// zero value is not usable: call [NewStyle].
type Style struct {
	good, bad, doubt, faint, strong, before, after func(string) string
}

// NewStyle returns a style with colours for a terminal, or one without.
func NewStyle(colored bool) Style {
	paint := func(attributes ...color.Attribute) func(string) string {
		c := color.New(attributes...)
		// Set for each colour, since the library's own switch is global.
		if colored {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return func(s string) string {
			if s == "" {
				return s
			}
			return c.Sprint(s)
		}
	}
	return Style{
		good: paint(color.FgGreen, color.Bold), bad: paint(color.FgRed, color.Bold), doubt: paint(color.FgYellow, color.Bold),
		faint: paint(color.Faint), strong: paint(color.Bold), before: paint(color.FgRed), after: paint(color.FgGreen),
	}
}

// paint returns the colours of runs.
func (s Style) paint() pathtext.Paint {
	return pathtext.Paint{Faint: s.faint, Strong: s.strong, Doubt: s.doubt, Before: s.before, After: s.after}
}

// Strong returns a text in bold.
func (s Style) Strong(text string) string { return s.strong(text) }
