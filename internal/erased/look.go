package erased

import "github.com/allways-go/allways/actor/diagram"

// StateTree returns the i-th state of a path as JSON to look at: as systems of actors say how theirs read,
// else as StateJSON.
func StateTree(p *Path, i int) []byte { return p.m.typed.tree(p.p, i) }

// Histories returns the histories of clients that the i-th state of a path holds; none for models without.
func Histories(p *Path, i int) []diagram.History { return p.m.typed.histories(p.p, i) }

// First returns the first steps of a path, without its cycle.
func First(p *Path, steps int) *Path { return p.m.path(p.p.First(steps)) }

// Log calls add for the lines that are logged for people after the first steps of a path, in their order, until add
// returns false: with the number of the step, 0 for the start of the actors, and that of the actor, -1 for none.
func Log(p *Path, from int, add func(step, actor int, text string) bool) {
	p.m.typed.log(p.p, from, add)
}
