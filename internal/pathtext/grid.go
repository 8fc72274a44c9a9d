package pathtext

import (
	"slices"
	"strings"

	"github.com/allways-go/allways/internal/textwidth"
)

// Grid lays out rows in columns without lines between them; numbers lists the columns, from 1, that
// are aligned right. A cell may have several lines, and colours. A nil header leaves out the first
// row.
//
// Libraries for tables bring tables of characters that make the program of a model 0.4 MB larger.
func Grid(header []string, rows [][]string, numbers ...int) string {
	if header != nil {
		rows = append([][]string{header}, rows...)
	}
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			for line := range strings.SplitSeq(cell, "\n") {
				widths[i] = max(widths[i], columns(line))
			}
		}
	}
	right := make([]bool, len(widths))
	for i := range right {
		right[i] = slices.Contains(numbers, i+1)
	}
	var b strings.Builder
	for _, row := range rows {
		gridRow(&b, row, widths, right)
	}
	return b.String()
}

// gridRow writes a row, which is as high as its highest cell.
func gridRow(b *strings.Builder, row []string, widths []int, right []bool) {
	lines := make([][]string, len(row))
	height := 1
	for i, cell := range row {
		lines[i] = strings.Split(cell, "\n")
		height = max(height, len(lines[i]))
	}
	for k := range height {
		var line strings.Builder
		for i := range row {
			text := ""
			if k < len(lines[i]) {
				text = lines[i][k]
			}
			space := strings.Repeat(" ", widths[i]-columns(text))
			if right[i] {
				line.WriteString(space + text + "  ")
			} else {
				line.WriteString(text + space + "  ")
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// columns returns how many columns a line takes, without its colours.
func columns(line string) int {
	before, rest, colored := strings.Cut(line, "\x1b[")
	n := textwidth.Of(before)
	for colored {
		_, rest, _ = strings.Cut(rest, "m")
		before, rest, colored = strings.Cut(rest, "\x1b[")
		n += textwidth.Of(before)
	}
	return n
}
