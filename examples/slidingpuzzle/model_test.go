package main

import (
	"strings"
	"testing"

	"github.com/allways-go/allways"
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

func TestSolved(t *testing.T) {
	exampletest.Trace(t, read(t, Default), "solved", allways.Holds, "down", "right", "down", "right")
}

// Half of all orders of the tiles can be reached: 6!/2 in a frame of 2 by 3.
func TestCounts(t *testing.T) { exampletest.Counts(t, read(t, "1 2 3\n4 5 0\n"), false, 0, 360) }

func TestUnsolvable(t *testing.T) {
	r, err := allways.Check(t.Context(), read(t, "0 2 1\n3 4 5\n"), allways.Options{})
	if err != nil || r.Property("solved").Verdict != allways.Violated || !r.Complete {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestBroken(t *testing.T) {
	m := read(t, "0 1 2\n3 4 5\n6 7 8\n")
	m.Wrapping = true
	exampletest.Trace(t, m, "parity", allways.Violated, "down")
}

func TestBadBoards(t *testing.T) {
	for _, c := range []struct{ board, want string }{
		{"", "0 tiles"},
		{"1 2\n0\n", "line 2: 1 tiles in a row, and 2 in the first"},
		{"1 x\n", `"x" is no number`},
		{"1 1\n", "tile 1 is there twice"},
		{"0 7\n", "there is no tile 7"},
	} {
		if _, err := Read(strings.NewReader(c.board)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("board %q: %v, want %q", c.board, err, c.want)
		}
	}
}
