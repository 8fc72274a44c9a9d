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
	panicked := ""
	func() {
		defer textPanicked("Changes", &panicked)
		shown = c.changes(before, after)
	}()
	if panicked != "" {
		return append([]Change{{Path: "Changes", After: panicked}}, c.diff(before, after)...)
	}
	return shown
}
