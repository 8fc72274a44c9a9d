package usage

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/engine"
)

// merged is what any worker has seen.
type merged struct {
	*Usage
	sys *core.System
}

// merge merges what workers have seen. Interchangeable actors share what happened: of states that differ by their
// names only, one was searched.
func merge(sys *core.System, usages []*Usage) merged {
	all := New(len(sys.Actors))
	for _, u := range usages {
		for i, x := range u.names {
			all.names[i] |= x
		}
		for kind := range u.faults {
			all.faults[kind] = all.faults[kind] || u.faults[kind]
			for id := range u.ran {
				all.ran[id][kind] = all.ran[id][kind] || u.ran[id][kind]
			}
		}
	}
	for _, group := range sys.Groups {
		for kind := range all.faults {
			ran := slices.ContainsFunc(group, func(id int) bool { return all.ran[id][kind] })
			for _, id := range group {
				all.ran[id][kind] = ran
			}
		}
	}
	return merged{all, sys}
}

// Warnings returns what never happened in a search that was complete, sorted. name returns names of actions by
// number.
func Warnings(sys *core.System, usages []*Usage, name func(number int) string) []engine.Warning {
	u := merge(sys, usages)
	all := slices.Concat(u.idleActors(), u.idleHandlers(), u.idleNames(name), u.idleFaults())
	slices.SortStableFunc(all, func(a, b engine.Warning) int { return strings.Compare(string(a.Kind), string(b.Kind)) })
	return all
}

func warning(kind engine.WarningKind, format string, args ...any) engine.Warning {
	return engine.Warning{Kind: kind, Text: fmt.Sprintf(format, args...)}
}

func (u merged) idleActors() (all []engine.Warning) {
	var idle []int
	for id := range u.sys.Actors {
		if u.idle(id) {
			idle = append(idle, id)
		}
	}
	if idle != nil {
		all = append(all, warning(engine.WarningIdleActor,
			"%s: nothing happens after Start, since no message, timer or choice arrives", u.list(idle)))
	}
	return all
}

// idleHandlers looks for handlers that no actor of a type needs. Actors that package actor brings have handlers
// for all uses.
func (u merged) idleHandlers() (all []engine.Warning) {
	users, ids := u.usersTypes()
	for _, t := range users {
		for kind, why := range map[core.Kind]string{
			core.Deliver: "no message arrives", core.Timeout: "no timer is set", core.Choose: "no choice is offered",
			core.Restart: "a crash is possible, but no restart",
		} {
			unused := func(id int) bool { return !u.has(id, kind) || u.ran[id][kind] }
			if !slices.ContainsFunc(ids[t], unused) {
				all = append(all, warning(engine.WarningNeverCalled, "%v.%s is never called: %s at %s",
					typeText(t), kind.Handler(), why, u.list(ids[t])))
			}
		}
	}
	slices.SortFunc(all, func(a, b engine.Warning) int { return strings.Compare(a.Text, b.Text) })
	return all
}

// usersTypes returns the actors that are not idle by their types, which users have written.
func (u merged) usersTypes() (types []reflect.Type, ids map[reflect.Type][]int) {
	ids = map[reflect.Type][]int{}
	for id, a := range u.sys.Actors {
		if u.idle(id) || readyMade(a.Type) {
			continue
		}
		if ids[a.Type] == nil {
			types = append(types, a.Type)
		}
		ids[a.Type] = append(ids[a.Type], id)
	}
	return types, ids
}

func element(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

func typeText(t reflect.Type) string { return element(t).Name() }

// packages is the path of package actor.
var packages = strings.TrimSuffix(reflect.TypeFor[core.System]().PkgPath(), "/internal/core")

// readyMade reports whether a type of actor comes from package actor or a package below it.
func readyMade(t reflect.Type) bool {
	path := element(t).PkgPath()
	return path == packages || strings.HasPrefix(path, packages+"/")
}

// has reports whether an actor has a handler that the system may call.
func (u merged) has(id int, kind core.Kind) bool {
	a := u.sys.Actors[id]
	switch kind {
	case core.Timeout:
		return a.Timeout != nil
	case core.Choose:
		return a.Choose != nil
	case core.Restart:
		return a.Restart != nil && u.sys.MayCrash(id)
	}
	return true
}

// idleNames looks for messages and timers that come to nothing.
func (u merged) idleNames(name func(int) string) (all []engine.Warning) {
	for number, x := range u.names[:engine.NoName-1] {
		if x == 0 || x&lasted != 0 {
			continue
		}
		kind, what, _ := strings.Cut(name(number), " ")
		switch {
		case kind == core.Deliver.String() && x&handled == 0:
			all = append(all, warning(engine.WarningNeverDelivered, "message %s is sent and never delivered: "+
				"no actor that it is sent to exists, or can receive it", what))
		case kind == core.Deliver.String():
			all = append(all, warning(engine.WarningNoEffect, "message %s never has an effect: "+
				"every Receive that handles it ignores it", what))
		case kind == core.Timeout.String():
			all = append(all, warning(engine.WarningNoEffect, "timeout %s never has an effect: "+
				"Timeout only sets the timer again", what))
		}
	}
	slices.SortFunc(all, func(a, b engine.Warning) int { return strings.Compare(a.Text, b.Text) })
	return all
}

// idleFaults looks for faults that are permitted and impossible all the same. Partitions are always possible.
func (u merged) idleFaults() (all []engine.Warning) {
	add := func(permitted bool, kind core.Kind, text string) {
		if permitted && !u.faults[kind] {
			all = append(all, warning(engine.WarningNoFault, "%s", text))
		}
	}
	config := &u.sys.Config
	add(u.sys.AnyLink(func(l core.Link) bool { return l.Lossy }), core.Lose,
		"messages may be lost, but no message is sent on a lossy link")
	add(config.Duplicates, core.Duplicate,
		"messages may be duplicated, but no message is sent on a link where that is possible")
	add(config.Crashes, core.Crash, "actors may crash, but each of them is exempt (NeverCrashes)")
	return all
}

// list names some of many actors.
func (u merged) list(ids []int) string {
	const most = 4
	var names []string
	for _, id := range ids[:min(len(ids), most)] {
		names = append(names, u.sys.Name(id))
	}
	text := strings.Join(names, ", ")
	if len(ids) > most {
		text += fmt.Sprintf(" and %d more", len(ids)-most)
	}
	return text
}
