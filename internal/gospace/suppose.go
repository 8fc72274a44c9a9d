package gospace

import "unsafe"

// A person asks what would happen if the model's assumptions did not hold: if a message was lost on a
// link that loses none. A path may take such steps, and then shows nothing about the model. Their
// indexes are negative: the number n stands as -1-n.

// Suppose returns p with one more step, by an action that need not be enabled. number tells the step
// apart in [Path.Encode].
func Suppose(p *Path, action unsafe.Pointer, number int) (*Path, error) {
	s := p.Last()
	t := p.model.transition(s, p.model.hold(s, nil), action, -1-number)
	switch {
	case t.Err != nil:
		return nil, t.Err
	case !t.Effect:
		return nil, newReplayError(p, t.Text, nil, true)
	}
	return p.extended(t), nil
}

// Supposed returns the number of the first step, from 1, that the model does not list; 0 if it lists
// them all.
func Supposed(p *Path) int {
	for i, x := range p.indexes {
		if x < 0 {
			return i + 1
		}
	}
	return 0
}

// First returns the first steps of a path, without its cycle.
func First(p *Path, steps int) *Path {
	q := *p
	q.indexes, q.actions, q.states = p.indexes[:steps:steps], p.actions[:steps:steps], p.states[:steps+1:steps+1]
	q.loop, q.used = -1, nil
	return &q
}
