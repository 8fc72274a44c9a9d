// Slidingpuzzle is the puzzle of numbered tiles in a frame with one gap.
package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/allways-go/allways"
)

// State is the list of tiles, row by row. The gap is 0.
type State []int

// Action slides the tile on one side of the gap into it.
type Action uint8

// The directions in which a tile moves.
const (
	Up Action = iota
	Down
	Left
	Right
)

// String names the direction.
func (a Action) String() string { return [...]string{"up", "down", "left", "right"}[a] }

// Model is a puzzle that starts with Board, which is Width tiles wide.
type Model struct {
	Board State
	Width int
	// Wrapping lets a tile leave the frame on one side and enter it on the other.
	Wrapping bool
}

var _ allways.Model[State, Action] = Model{}

// Default is a board that is solved in four steps.
const Default = "1 4 2\n3 5 8\n6 7 0\n"

// Read reads a board: a line for each row, numbers separated by spaces, 0 for the gap.
func Read(r io.Reader) (Model, error) {
	var m Model
	sc := bufio.NewScanner(r)
	for line := 1; sc.Scan(); line++ {
		words := strings.Fields(sc.Text())
		if len(words) == 0 {
			continue
		}
		if m.Width == 0 {
			m.Width = len(words)
		}
		if len(words) != m.Width {
			return m, fmt.Errorf("board, line %d: %d tiles in the row, want %d as in the first one", line,
				len(words), m.Width)
		}
		for _, word := range words {
			tile, err := strconv.Atoi(word)
			if err != nil {
				return m, fmt.Errorf("board, line %d: %q is not a number", line, word)
			}
			m.Board = append(m.Board, tile)
		}
	}
	if err := sc.Err(); err != nil {
		return m, fmt.Errorf("board: %w", err)
	}
	return m, m.check()
}

// check rejects boards without exactly the tiles 0 to n-1.
func (m Model) check() error {
	if len(m.Board) < 2 {
		return fmt.Errorf("board: %d tiles, want rows of numbers such as %q", len(m.Board), Default)
	}
	seen := map[int]bool{}
	for _, tile := range m.Board {
		if tile < 0 || tile >= len(m.Board) {
			return fmt.Errorf("board: unknown tile %d, want tiles from 0 (the gap) to %d", tile, len(m.Board)-1)
		}
		if seen[tile] {
			return fmt.Errorf("board: tile %d appears twice", tile)
		}
		seen[tile] = true
	}
	return nil
}

// Init implements [allways.Model].
func (m Model) Init() []State { return []State{m.Board} }

// Actions implements [allways.Model].
func (m Model) Actions(dst []Action, s State) []Action { return append(dst, Up, Down, Left, Right) }

// Next implements [allways.Model]. Sliding from outside the frame has no effect.
func (m Model) Next(s State, a Action) (State, bool) {
	gap := 0
	for s[gap] != 0 {
		gap++
	}
	x, y := gap%m.Width, gap/m.Width
	height := len(s) / m.Width
	switch a {
	case Up:
		y++
	case Down:
		y--
	case Left:
		x++
	case Right:
		x--
	}
	if m.Wrapping {
		x, y = (x+m.Width)%m.Width, (y+height)%height
	}
	if x < 0 || x >= m.Width || y < 0 || y >= height {
		return s, false
	}
	next := append(State(nil), s...)
	from := y*m.Width + x
	next[gap], next[from] = next[from], 0
	return next, from != gap
}

// Properties implements [allways.Model].
func (m Model) Properties() []allways.Property[State] {
	parity := m.parity(m.Board)
	return []allways.Property[State]{
		allways.Sometimes("solved", func(s State) bool {
			for i, tile := range s {
				if tile != i {
					return false
				}
			}
			return true
		}),
		allways.Always("parity", func(s State) bool { return m.parity(s) == parity }),
	}
}

// parity is invariant under slides: the number of pairs of tiles in the wrong order plus the
// distance of the gap from its place stays even or odd.
func (m Model) parity(s State) int {
	sum := 0
	for i, tile := range s {
		if tile == 0 {
			sum += i%m.Width + i/m.Width
		}
		for _, later := range s[i+1:] {
			if later < tile {
				sum++
			}
		}
	}
	return sum % 2
}

// FormatState implements [allways.StateFormatter].
func (m Model) FormatState(s State) string {
	var rows []string
	for i := 0; i < len(s); i += m.Width {
		rows = append(rows, strings.Trim(fmt.Sprint([]int(s[i:i+m.Width])), "[]"))
	}
	return strings.Join(rows, " / ")
}
