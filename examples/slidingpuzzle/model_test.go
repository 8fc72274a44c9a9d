package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/allwaystest"
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/internal/exampletest"
)

func read(t *testing.T, board string) Model {
	t.Helper()
	m, err := Read(strings.NewReader(board))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestModel(t *testing.T) {
	allwaystest.Check(t, read(t, "3 1 2\n4 5 0\n"), allwaystest.Options{Complete: true})
}

func TestSolved(t *testing.T) {
	exampletest.Trace(t, read(t, Default), "solved", allways.Holds, "down", "right", "down", "right")
}

// Half of all orders of the tiles are reachable: 6!/2 in a frame of 2 by 3.
func TestCounts(t *testing.T) { exampletest.Counts(t, read(t, "1 2 3\n4 5 0\n"), false, 841, 360) }

// Of the boards of 3 by 3, 9!/2 are solvable, in at most 31 steps.
func TestAllBoards(t *testing.T) {
	r, err := allways.Check(t.Context(), read(t, "0 1 2\n3 4 5\n6 7 8\n"), allways.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s := r.Stats; s.Generated != 483_841 || s.Distinct != 181_440 || s.Depth != 31+1 {
		t.Errorf("generated %d, distinct %d, depth %d", s.Generated, s.Distinct, s.Depth)
	}
}

func TestUnsolvable(t *testing.T) {
	r, err := allways.Check(t.Context(), read(t, "0 2 1\n3 4 5\n"), allways.Options{})
	if err != nil || r.Property("solved").Verdict != allways.Violated || !r.Complete {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestBroken(t *testing.T) {
	m := read(t, Default)
	m.Wrapping = true
	exampletest.Trace(t, m, "parity", allways.Violated, "up")
}

func TestBadBoards(t *testing.T) {
	for _, c := range []struct{ board, want string }{
		{"", "0 tiles"},
		{"0\n", "1 tiles"},
		{"1 2\n0\n", "line 2: 1 tiles in the row, want 2"},
		{"1 2\n\n0 3 4\n", "line 3: 3 tiles in the row, want 2"},
		{"1 x\n", `"x" is not a number`},
		{"1 1\n", "tile 1 appears twice"},
		{"0 7\n", "unknown tile 7"},
		{"-1 0\n", "unknown tile -1"},
	} {
		if _, err := Read(strings.NewReader(c.board)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("board %q: %v, want %q", c.board, err, c.want)
		}
	}
}

// TestCommand passes boards to the command line in all forms.
func TestCommand(t *testing.T) {
	file := filepath.Join(t.TempDir(), "board.txt")
	if err := os.WriteFile(file, []byte("3 1 2\n4 0 5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, stdin string
		args        []string
		code        int
		want        string // part of the output
	}{
		{"file", "", []string{"check", file}, cli.ExitHolds, "holds    sometimes  solved"},
		{"standard input", "1 0 2\n", []string{"check", "-"}, cli.ExitHolds, "holds    sometimes  solved"},
		{"unsolvable", "0 2 1\n", []string{"check", "-"}, cli.ExitViolated, "no reachable state satisfies it"},
		{"broken", "0 1 2\n3 4 5\n", []string{"check", "-", "broken"}, cli.ExitViolated,
			"parity VIOLATED after 1 step"},
		{"no file", "", []string{"check", file + "x"}, cli.ExitUsage, "board.txtx"},
		{"no rectangle", "1 2\n0\n", []string{"check", "-"}, cli.ExitUsage, "line 2: 1 tiles in the row"},
		{"nothing", "", []string{"check", "-"}, cli.ExitUsage, "0 tiles"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			code := cli.Run(t.Context(), app, c.args, strings.NewReader(c.stdin), &out, &out)
			if code != c.code || !strings.Contains(out.String(), c.want) {
				t.Errorf("exit code %d, want %d and %q in\n%s", code, c.code, c.want, &out)
			}
		})
	}
}
