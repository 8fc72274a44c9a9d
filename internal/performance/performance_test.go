package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDraw draws a page of invented costs.
func TestDraw(t *testing.T) {
	d := &data{Costs: map[string]cost{}}
	for i, j := range plan(1, false, regexp.MustCompile("")) {
		d.Costs[j.String()] = cost{States: "12345678901234567890", Generated: 1e6 * float64(i+1), CPU: 2, Wall: 1, Unit: 4}
	}
	folder := t.TempDir()
	if err := drawAll(d, folder); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(folder, "performance.md"))
	if err != nil {
		t.Fatal(err)
	}
	for j := range d.Costs { // what is measured is shown
		name, _, _ := strings.Cut(strings.Replace(j, " maps", "", 1), " -") // a column of the same row
		if !strings.Contains(string(page), name) {
			t.Errorf("the page does not show %q", j)
		}
	}
	for _, image := range regexp.MustCompile(`images/[a-z-]+\.svg`).FindAllString(string(page), -1) {
		if b, err := os.ReadFile(filepath.Join(folder, image)); err != nil || !strings.Contains(string(b), "<svg") {
			t.Errorf("%s: no drawing: %v", image, err)
		}
	}
	if !strings.Contains(string(page), "12,345,678,901,234,567,890") {
		t.Error("the page does not show a number of states of 20 digits")
	}
}

// TestPlan finds each search once, and only a few that are small.
func TestPlan(t *testing.T) {
	all := regexp.MustCompile("")
	seen := make(map[string]bool)
	for _, j := range plan(3, false, all) {
		if seen[j.String()] {
			t.Errorf("%v is measured twice", j)
		}
		seen[j.String()] = true
		if j.large != (j.runs == 1) {
			t.Errorf("%v runs %d times", j, j.runs)
		}
	}
	if n := len(plan(3, true, all)); n == 0 || n > 10 {
		t.Errorf("%d searches are small", n)
	}
	for _, j := range plan(3, false, regexp.MustCompile("^raft")) {
		if j.program != "raft" {
			t.Errorf("%v was not asked for", j)
		}
	}
}

// TestFill counts the same work in each run.
func TestFill(t *testing.T) {
	count := func(table []uint64) (n int) {
		for _, h := range table {
			if h != 0 {
				n++
			}
		}
		return n
	}
	table := make([]uint64, 1<<12)
	fill(table, 3000)
	first := count(table)
	fill(table, 3000)
	if again := count(table); again != first || first < 2900 {
		t.Errorf("%d states, and then %d", first, again)
	}
}
