package fair

// roll makes a lasso as short as the run that it describes allows: a stem that ends as the loop does is part of
// the loop, and a loop that repeats itself is done once.
func (l *Lasso) roll() {
	same := func(i, j int) bool { return l.Nodes[i] == l.Nodes[j] && l.Edges[i] == l.Edges[j] }
	for last := len(l.Nodes) - 1; l.Loop > 0 && same(l.Loop-1, last); last-- {
		l.Loop--
		l.Nodes, l.Edges = l.Nodes[:last], l.Edges[:last]
	}
	n := len(l.Nodes) - l.Loop
	for period := 1; period < n; period++ {
		if n%period != 0 {
			continue
		}
		repeats := true
		for i := l.Loop; i+period < len(l.Nodes) && repeats; i++ {
			repeats = same(i, i+period)
		}
		if repeats {
			l.Nodes, l.Edges = l.Nodes[:l.Loop+period], l.Edges[:l.Loop+period]
			return
		}
	}
}
