package render

import (
	"fmt"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/allways-go/allways/internal/pathtext"
)

// printable makes text from a model safe for a terminal.
func printable(s string) string { return pathtext.Printable(s) }

// indent makes a text safe for a terminal, and prefixes all of its lines but the first one and empty ones.
func indent(s, prefix string) string { return pathtext.Indent(printable(s), prefix) }

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

// elapsed writes a time with the digits that matter.
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

// oneLine makes a value fit a column.
func oneLine(value string, width int) string {
	runes := []rune(strings.Join(strings.Fields(value), " "))
	if len(runes) > width {
		return string(runes[:width-1]) + "…"
	}
	return string(runes)
}

// orElse returns s, or other if s is empty.
func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// ShellWord quotes a word for a shell, if it needs that.
func ShellWord(s string) string {
	plain := s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !strings.ContainsRune("-_=+.,:/@%", r) && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) < 0
	if plain {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
