package allways

// Changer is an optional interface of a [Model]: what differs between two states, as people want to read it below a step
// of a path, in the place of a comparison field by field. It decides only what is shown.
type Changer[S any] interface {
	// Changes returns the differences in the order in which they are shown.
	Changes(before, after S) []Change
}

// stepChanges returns what is shown of the difference between the states of a step.
func (c *machine[S, A]) stepChanges(before, after S) (shown []Change) {
	if c.changes == nil {
		return c.diff(before, after)
	}
	var panicked string
	defer func() {
		if panicked != "" {
			shown = []Change{{Path: panicked, After: "see below"}}
			shown = append(shown, c.diff(before, after)...)
		}
	}()
	defer textPanicked("Changes", &panicked)
	return c.changes(before, after)
}
