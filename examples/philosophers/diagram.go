package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/allways-go/allways"
)

// Diagram implements [allways.Diagrammer]: it draws the table at the end of a path. A bar is a
// fork, beside the number of the philosopher that holds it, or between two of them where it lies.
func (m Model) Diagram(p *allways.Path[State, Action]) string {
	s := p.Last()
	d := newDrawing(m.N)
	for i, phase := range s.Phases {
		d.put(2*i, fmt.Sprint(i, " ", strings.Repeat("|", int(phase))))
		if !s.Taken[i] {
			d.put(2*i-1, "|")
		}
	}
	return d.String()
}

// drawing is a ring of texts, clockwise from the top.
type drawing struct {
	places int
	rows   [][]byte
	radius float64
}

func newDrawing(philosophers int) *drawing {
	d := &drawing{places: 2 * philosophers, radius: float64(philosophers)}
	for range 2*philosophers + 1 {
		d.rows = append(d.rows, []byte(strings.Repeat(" ", 5*philosophers+6)))
	}
	return d
}

// put writes a text at a place of the ring. Places are counted from the top, modulo their number.
func (d *drawing) put(place int, text string) {
	angle := 2 * math.Pi * float64(place) / float64(d.places)
	row := int(math.Round(d.radius - d.radius*math.Cos(angle)))
	column := int(math.Round(2.4 * (d.radius + d.radius*math.Sin(angle))))
	copy(d.rows[row][column:], text)
}

// String returns the rows that are not blank.
func (d *drawing) String() string {
	var lines []string
	for _, r := range d.rows {
		if line := strings.TrimRight(string(r), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
