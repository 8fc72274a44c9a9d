package main

import (
	"testing"

	"github.com/allways-go/allways/internal/exampletest"
)

func TestMain(m *testing.M) { exampletest.Main(m, main) }

func TestReadme(t *testing.T) { exampletest.Readme(t) }
