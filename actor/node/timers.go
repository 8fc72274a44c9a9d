package node

import (
	"slices"
	"time"
)

// timers are the timers of an actor that are set. They are few, so a search through all is fastest.
type timers []timer

type timer struct {
	name string
	due  time.Time
}

func (t *timers) set(name string, due time.Time) { *t = append(*t, timer{name, due}) }

func (t *timers) cancel(name string) {
	*t = slices.DeleteFunc(*t, func(x timer) bool { return x.name == name })
}

// next returns when the first timer fires, or zero if none is set.
func (t timers) next() (due time.Time) {
	for _, x := range t {
		if due.IsZero() || x.due.Before(due) {
			due = x.due
		}
	}
	return due
}

// take removes the first timer that is due.
func (t *timers) take(now time.Time) (name string, ok bool) {
	due := t.next()
	if due.IsZero() || due.After(now) {
		return "", false
	}
	i := slices.IndexFunc(*t, func(x timer) bool { return x.due.Equal(due) })
	name = (*t)[i].name
	*t = slices.Delete(*t, i, i+1)
	return name, true
}
