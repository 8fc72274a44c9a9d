package main

import (
	"testing"

	"github.com/allways-go/allways/internal/exampletest"
)

// tormentedNode runs a node of TestTorment, if this process is one.
var tormentedNode = func() bool { return false }

func TestMain(m *testing.M) {
	if !tormentedNode() {
		exampletest.Main(m, main)
	}
}

func TestReadme(t *testing.T) { exampletest.Readme(t) }

func TestRun(t *testing.T) { exampletest.RunAll(t) }
