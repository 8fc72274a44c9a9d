package main

import (
	"testing"

	"github.com/allways-go/allways/internal/exampletest"
)

func TestMain(m *testing.M) { exampletest.Main(m, main) }

func TestReadme(t *testing.T) { exampletest.Readme(t) }

// The README of the repository shows a counterexample of this example.
func TestReadmeOfTheRepository(t *testing.T) { exampletest.Excerpt(t, "../../README.md") }

func TestRun(t *testing.T) { exampletest.RunAll(t) }
