package symbolic

// Asked is what a run asks for beside its properties, as far as a symbolic search cannot do it.
type Asked struct {
	Symmetry, Fingerprints, Visitor, Stop      bool
	Workers, MaxDepth, MaxStates, MaxGenerated int
}

// Refuse names an option that a symbolic search cannot do, and the reason; "" if it can do all.
func (a Asked) Refuse() (option, reason string) {
	const counts = "a symbolic search does not count states one by one: use MaxMemory or Timeout"
	for _, x := range []struct {
		asked          bool
		option, reason string
	}{
		{a.Symmetry, "Symmetry", "a symbolic search keeps sets, which representatives make no smaller: leave it out"},
		{a.Fingerprints, "Store", "a symbolic search keeps no single states, and is always exact: use StoreExact"},
		{a.Visitor, "Visitor", "a symbolic search visits no single states: use BFS"},
		{a.Stop, "Stop", "a symbolic search finds all reachable states before it judges any: leave it out, or use BFS"},
		{a.Workers > 1, "Workers", "a symbolic search has one worker: leave it out"},
		{a.MaxDepth > 0, "MaxDepth", "a symbolic search does not go by depth: use BFS"},
		{a.MaxStates > 0, "MaxStates", counts},
		{a.MaxGenerated > 0, "MaxGenerated", counts},
	} {
		if x.asked {
			return x.option, x.reason
		}
	}
	return "", ""
}
