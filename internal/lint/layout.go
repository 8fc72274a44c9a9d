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
	{"internal/adjacency", []string{"internal/offheap"}},
	{"internal/watch", nil},
	{"internal/digraph", nil},
	{"internal/temporal", []string{"internal/digraph"}},
	{"internal/fair", []string{"internal/adjacency", "internal/temporal"}},
	{"internal/label", nil},
	{"internal/random", nil},
	{"internal/ranks", nil},
	{"internal/diskrun", nil},
	{"internal/beyond", []string{"internal/diskrun", "internal/offheap", "internal/ranks", "internal/visited"}},
	{"internal/engine", []string{
		"internal/beyond", "internal/diskrun", "internal/label", "internal/ranks", "internal/visited", "internal/watch",
	}},
	{"internal/walks", []string{"internal/engine", "internal/random", "internal/visited"}},
	{"internal/mdd", nil},
	{"internal/symbolic", []string{"internal/engine", "internal/mdd"}},
	{"internal/stategraph", []string{
		"internal/adjacency", "internal/digraph", "internal/engine", "internal/label", "internal/offheap",
		"internal/walks",
	}},
	{"internal/bisim", []string{"internal/visited"}},

	// Go values: how they are encoded, compared and renamed.
	{"internal/plan", nil},
	{"internal/intern", nil},
	{"internal/vector", []string{"internal/intern", "internal/plan"}},
	{"internal/symmetry", []string{"internal/plan"}},

	// Text in columns, and paths as text.
	{"internal/textwidth", nil},
	{"internal/pathtext", []string{"internal/textwidth"}},
	{"internal/pathcode", nil},

	// What makes a state space of a model of Go values.
	{"internal/property", nil},
	{"internal/profile", nil},
	{"internal/runs", []string{"internal/property", "internal/temporal"}},
	{"internal/stateset", []string{"internal/engine", "internal/vector", "internal/visited"}},
	{"internal/usercode", []string{"internal/engine", "internal/plan", "internal/watch"}},
	{"internal/naming", []string{"internal/engine", "internal/plan"}},
	{"internal/repeat", []string{"internal/plan"}},
	{"internal/optional", []string{"internal/engine"}},
	{"internal/values", nil},
	{"internal/packer", []string{"internal/engine", "internal/naming", "internal/values", "internal/vector"}},
	{"internal/gospace", []string{
		"internal/bisim", "internal/engine", "internal/intern", "internal/label", "internal/naming", "internal/packer",
		"internal/pathcode", "internal/pathtext", "internal/plan", "internal/property", "internal/repeat", "internal/runs",
		"internal/symmetry", "internal/temporal", "internal/usercode", "internal/values", "internal/vector",
		"internal/visited", "internal/watch",
	}},
	{"internal/native", []string{
		"internal/engine", "internal/gospace", "internal/naming", "internal/property", "internal/symbolic",
		"internal/usercode", "internal/watch",
	}},

	{"internal/stop", []string{"internal/engine", "internal/gospace", "internal/property"}},
	{"internal/refine", []string{
		"internal/engine", "internal/gospace", "internal/plan", "internal/usercode", "internal/values",
	}},
	{"internal/liveness", []string{
		"internal/engine", "internal/fair", "internal/gospace", "internal/label", "internal/property", "internal/runs",
		"internal/stategraph", "internal/temporal", "internal/walks",
	}},
	{"internal/ondemand", []string{
		"internal/engine", "internal/gospace", "internal/property", "internal/stateset", "internal/usercode",
	}},
	{"internal/pct", nil},
	{"internal/doubts", []string{"internal/engine"}},
	{"internal/schedule", []string{
		"internal/engine", "internal/gospace", "internal/random", "internal/usercode", "internal/walks",
	}},

	// Models.
	{"internal/sysmem", nil},
	{".", []string{
		"internal/beyond", "internal/doubts", "internal/engine", "internal/gospace", "internal/label", "internal/liveness",
		"internal/native", "internal/ondemand", "internal/optional", "internal/packer", "internal/pct",
		"internal/plan", "internal/profile", "internal/property", "internal/random", "internal/refine",
		"internal/runs", "internal/schedule", "internal/stategraph", "internal/stop",
		"internal/symmetry", "internal/sysmem", "internal/temporal", "internal/usercode", "internal/values",
		"internal/visited", "internal/walks", "internal/watch",
	}},

	// Histories stand alone: they are judged whether a model or a real system made them.
	{"consistency", []string{"internal/plan"}},

	// Actors: words, semantics and texts without types, what makes a state space of them, and what users write.
	{"actor/diagram", []string{"internal/textwidth"}},
	{"actor/internal/core", []string{"internal/engine", "internal/plan", "internal/property"}},
	{"actor/internal/plain", []string{"actor/internal/core"}},
	{"actor/internal/forge", []string{"actor/internal/core", "internal/plan"}},
	{"actor/internal/text", []string{".", "actor/diagram", "actor/internal/core", "internal/plan"}},
	{"actor/internal/dead", nil},
	{"actor/internal/tables", nil},
	{"actor/internal/usage", []string{"actor/internal/core", "internal/engine"}},
	{"actor/internal/chronicle", []string{"actor/internal/core", "actor/internal/tables", "internal/intern"}},
	{"actor/internal/search", []string{
		"actor/internal/chronicle", "actor/internal/core", "actor/internal/dead", "actor/internal/plain",
		"actor/internal/tables", "actor/internal/text", "actor/internal/usage", "internal/engine", "internal/intern",
		"internal/label", "internal/repeat", "internal/symmetry",
	}},
	{"actor", []string{
		".", "actor/diagram", "actor/internal/core", "actor/internal/forge",
		"actor/internal/plain", "actor/internal/search", "actor/internal/text",
		"consistency", "internal/engine", "internal/plan", "internal/property", "internal/symmetry",
	}},
	{"actor/clock", []string{"actor"}},
	{"actor/link", []string{"actor"}},
	{"actor/register", []string{"actor", "consistency"}},

	// The runtime of actors.
	{"internal/filelock", nil},
	{"actor/internal/program", []string{
		".", "actor", "actor/internal/core", "actor/internal/plain", "actor/internal/text", "internal/plan",
	}},
	{"actor/node/storage", []string{"internal/filelock"}},
	{"actor/node/internal/places", nil},
	{"actor/node/transport", []string{"actor/node/internal/places"}},
	{"actor/node/codec", []string{"actor", "actor/internal/program"}},
	{"actor/node/record", []string{"actor", "actor/internal/program", "internal/filelock"}},
	{"actor/node", []string{
		"actor", "actor/internal/program", "actor/node/codec", "actor/node/internal/places", "actor/node/record",
		"actor/node/storage", "actor/node/transport",
	}},

	// Ways to use a model.
	{"internal/safefile", nil},
	{"trace", []string{".", "internal/safefile"}},
	{"internal/erased", []string{
		".", "actor/diagram", "internal/gospace", "internal/pathtext", "internal/plan", "trace",
	}},
	{"internal/explore/offer", []string{"internal/erased", "trace"}},
	{"allwaystest", []string{
		".", "internal/erased", "internal/explore/offer", "internal/pathtext", "internal/safefile", "trace",
	}},
	{"cli/internal/render", []string{
		".", "actor/diagram", "internal/erased", "internal/pathtext", "internal/textwidth",
	}},
	{"cli", []string{
		".", "cli/internal/render", "internal/erased",
		"internal/pathtext", "internal/safefile", "internal/usercode", "trace",
	}},
	{"internal/explore/find", nil},
	{"internal/explore/guard", nil},
	{"internal/explore/paths", []string{"actor/diagram", "internal/erased"}},
	{"internal/explore/reads", []string{"internal/erased", "internal/plan", "internal/usercode", "internal/watch"}},
	{"internal/explore/background", []string{".", "internal/erased"}},
	{"internal/explore/recorded", []string{"internal/erased"}},
	{"internal/explore", []string{
		".", "actor/diagram", "internal/erased", "internal/explore/background", "internal/explore/find",
		"internal/explore/guard", "internal/explore/paths", "internal/explore/reads", "internal/explore/recorded", "trace",
	}},
	{"internal/explore/serve", []string{"internal/explore", "internal/explore/offer"}},
	{"explorer", []string{".", "internal/erased", "internal/explore", "internal/explore/serve", "trace"}},
	{"cli/explorecli", []string{
		"cli", "internal/explore", "internal/explore/recorded", "internal/explore/serve", "trace",
	}},
	{"cli/actorcli", []string{
		"actor", "actor/node", "actor/node/codec", "actor/node/record", "actor/node/storage", "actor/node/transport",
		"cli", "cli/explorecli", "cli/internal/render", "internal/explore/recorded", "internal/pathtext",
		"internal/safefile", "trace",
	}},

	// What tests and this rule need.
	{"internal/longtest", nil},
	{"internal/graphtest", []string{"internal/engine", "internal/longtest"}},
	{"internal/freeport", nil},
	{"internal/chromium", nil},
	{"internal/explore/browsertest", nil},
	{"docs", nil},
	{"internal/valuetest", nil},
	{"actor/node/internal/testcert", nil},
	{"internal/exampletest", []string{
		".", "actor", "actor/node",
		"actor/node/codec", "actor/node/record", "actor/node/storage", "actor/node/transport",
		"internal/freeport", "internal/longtest",
	}},
	{"internal/sources", nil},
	{"internal/lint", []string{"internal/sources"}},
	{"internal/cmd/measure", []string{"internal/sources"}},
}
