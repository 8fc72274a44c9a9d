package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/fatih/color"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"
)

// palette colours text by meaning, or leaves it as it is. Colour never carries a meaning alone.
type palette struct {
	good, bad, doubt, faint, strong, before, after func(string) string
}

func newPalette(on bool) palette {
	paint := func(attrs ...color.Attribute) func(string) string {
		c := color.New(attrs...)
		if on {
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
	return palette{
		good: paint(color.FgGreen, color.Bold), bad: paint(color.FgRed, color.Bold), doubt: paint(color.FgYellow, color.Bold),
		faint: paint(color.Faint), strong: paint(color.Bold), before: paint(color.FgRed), after: paint(color.FgGreen),
	}
}

// colored decides whether the output is coloured.
func (c *command) colored() bool {
	switch c.settings.color {
	case "always":
		return true
	case "never":
		return false
	}
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isTerminal(c.out.w)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// terminalWidth returns the columns of a terminal, or what most terminals have.
func terminalWidth(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return n
		}
	}
	return 80
}

// grid lays out rows in columns without lines between them; numbers lists the columns, from 1, that are aligned right.
func grid(header []string, rows [][]string, numbers ...int) string {
	t := table.NewWriter()
	style := table.StyleDefault
	style.Options = table.OptionsNoBordersAndSeparators
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	t.SetStyle(style)
	var columns []table.ColumnConfig
	for _, n := range numbers {
		columns = append(columns, table.ColumnConfig{Number: n, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	t.SetColumnConfigs(columns)
	if header != nil {
		t.AppendHeader(cells(header))
	}
	for _, r := range rows {
		t.AppendRow(cells(r))
	}
	lines := strings.Split(t.Render(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

func cells(texts []string) table.Row {
	row := make(table.Row, len(texts))
	for i, t := range texts {
		row[i] = t
	}
	return row
}

// printable makes text from a model safe for a terminal, line by line: control characters are shown, not obeyed.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r >= ' ' && (r < 0x7f || r > 0x9f):
			return r
		}
		return '\uFFFD'
	}, s)
}

// indent prefixes all lines of a text but the first, and those that are empty.
func indent(s, prefix string) string {
	lines := strings.Split(strings.TrimRight(printable(s), "\n"), "\n")
	for i, line := range lines {
		if i > 0 && line != "" {
			lines[i] = prefix + line
		}
	}
	return strings.Join(lines, "\n")
}

func count(n int64) string { return humanize.Comma(n) }

func bytesText(n int64) string { return humanize.IBytes(uint64(max(n, 0))) }

// rate writes states a second.
func rate(perSecond float64) string {
	if perSecond < 1000 {
		return fmt.Sprintf("%.0f/s", perSecond)
	}
	value, prefix := humanize.ComputeSI(perSecond)
	return fmt.Sprintf("%.1f%s/s", value, prefix)
}

// elapsed writes a time as precisely as anybody wants to know it.
func elapsed(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "<1 ms"
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// plural writes a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(int64(n)) + " " + noun + "s"
}
