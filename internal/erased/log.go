package erased

// Line is a line that was logged for people.
type Line struct {
	Step  int // number of the step; 0 for the start of the actors
	Actor int // number of the actor; -1 for none
	Text  string
}

// Log calls add for the lines that are logged after the first steps of a path, in their order, until add returns
// false.
func Log(p *Path, from int, add func(Line) bool) { p.m.typed.log(p.p, from, add) }

// log adds what is logged after the first steps of a path until add returns false: by actors, or as the notes of
// a model that is no system of actors.
func (t *source[S, A]) log(p *anyPath, from int, add func(Line) bool) {
	l := t.looks()
	if l != nil && from == 0 {
		for actor, lines := range l.Started() {
			if !entered(0, actor, lines, add) {
				return
			}
		}
	}
	path := t.typedPath(p)
	actions := path.Actions()
	for i, s := range path.States() {
		if i < from || i == p.Len() {
			continue
		}
		actor, lines := -1, []string(nil)
		if l != nil {
			actor, lines = l.Logged(s, actions[i])
		} else if note := p.Step(i).Note; note != "" {
			lines = []string{note}
		}
		if !entered(i+1, actor, lines, add) {
			return
		}
	}
}

// entered adds lines until add returns false.
func entered(step, actor int, lines []string, add func(Line) bool) bool {
	for _, text := range lines {
		if !add(Line{step, actor, text}) {
			return false
		}
	}
	return true
}
