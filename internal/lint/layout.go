package lint

// layout is the architecture: which packages of the module a package imports, tests aside. Arrows
// lead downwards, from what stands later in this list to what stands earlier. A new arrow is a
// decision, so it is made here too. Examples may import whatever is public.
var layout = []struct {
	of  string
	may []string
}{
	// The engine knows vectors of numbers, and neither Go values nor actors.
	{"internal/offheap", nil},
	{"internal/visited", []string{"internal/offheap"}},
	{"internal/engine", []string{"internal/offheap", "internal/visited"}},

	// Go values: how they are encoded, compared and renamed.
	{"internal/plan", nil},
	{"internal/intern", nil},
	{"internal/vector", []string{"internal/intern", "internal/plan"}},
	{"internal/symmetry", []string{"internal/plan"}},

	// Models.
	{".", []string{"internal/engine", "internal/plan", "internal/symmetry", "internal/vector", "internal/visited"}},

	// Histories stand alone: they are judged whether a model or a real system made them.
	{"consistency", []string{"internal/plan"}},

	// Actors, and what is written with them.
	{"actor/diagram", nil},
	{"actor", []string{
		".", "actor/diagram", "consistency", "internal/engine", "internal/intern", "internal/plan", "internal/symmetry",
	}},
	{"actor/clock", []string{"actor"}},
	{"actor/link", []string{"actor"}},
	{"actor/register", []string{"actor", "consistency"}},

	// The runtime of actors.
	{"actor/node/storage", nil},
	{"actor/node/transport", nil},
	{"actor/node/codec", []string{"actor"}},
	{"actor/node/record", []string{"actor"}},
	{"actor/node", []string{
		"actor", "actor/node/codec", "actor/node/record", "actor/node/storage", "actor/node/transport",
	}},

	// Ways to use a model.
	{"internal/safefile", nil},
	{"trace", []string{".", "internal/safefile"}},
	{"allwaystest", []string{".", "trace"}},
	{"cli", []string{
		".", "actor", "actor/diagram", "actor/node", "actor/node/codec", "actor/node/record", "actor/node/storage",
		"actor/node/transport", "internal/safefile", "trace",
	}},

	// What tests and this rule need.
	{"internal/longtest", nil},
	{"internal/valuetest", nil},
	{"actor/node/internal/testcert", nil},
	{"internal/exampletest", []string{
		".", "actor", "actor/node", "actor/node/codec", "actor/node/record", "actor/node/storage", "actor/node/transport",
		"internal/longtest",
	}},
	{"internal/sources", nil},
	{"internal/lint", []string{"internal/sources"}},
	{"internal/cmd/measure", []string{"internal/sources"}},
}
