package core

import (
	"fmt"
	"slices"
)

// Faults counts what has happened to the network and the actors. What has no limit is not counted, so that
// states do not differ by it alone: otherwise a lossy network would have infinitely many.
type Faults struct {
	Losses, Duplicates, Crashes, Partitions int
	Split                                   int // the number of the partition in force, from 1; 0 means none
}

// Config says which faults may happen, and how often. In each Max, 0 means no limit.
type Config struct {
	Link               // the network of all links but those set apart
	Duplicates    bool // whether messages may be duplicated, on links that do not keep them
	Crashes       bool // whether actors may crash
	MaxLosses     int
	MaxDuplicates int
	MaxDown       int // actors down at once
	MaxCrashes    int
	MaxPartitions int
}

// Duplicable reports whether messages on a link may be duplicated.
func (c *Config) Duplicable(l Link) bool { return c.Duplicates && !l.Network.Keeps() }

// Forgettable reports whether messages on a link may be left out of states once they are dead. On an ordered link, a
// message that is left out must not be in the way of the loss or the duplicate of another one, unless it can be
// lost itself without being counted.
func (c *Config) Forgettable(l Link) bool {
	return !l.Network.Queues() || !c.Duplicable(l) && !(l.Lossy && c.MaxLosses > 0)
}

// Change makes a change of the network as a whole, by a step of a kind, while a number of actors are down, and reports
// whether it may happen. split is the partition of a step that makes one.
func (c *Config) Change(f *Faults, down *int, kind Kind, split int) (permitted bool) {
	switch kind {
	case Lose:
		return c.Lose(f)
	case Duplicate:
		return c.Duplicate(f)
	case Crash:
		permitted = c.Crash(f, *down)
		*down++
		return permitted
	case Restart:
		*down--
		return true
	case Partition:
		return c.Partition(f, split)
	case Heal:
		return f.Heal()
	}
	// Without a case a new kind of fault would be permitted without limit and change nothing.
	panic(fmt.Sprintf("actor: no change of the network by %v", kind))
}

// Lose counts a loss on a lossy link, and reports whether it may happen.
func (c *Config) Lose(f *Faults) bool { return count(&f.Losses, c.MaxLosses) }

// Duplicate counts a duplication on a link where it is possible, and reports whether it may happen.
func (c *Config) Duplicate(f *Faults) bool { return count(&f.Duplicates, c.MaxDuplicates) }

// Crash counts a crash, and reports whether it may happen while a number of actors are down.
func (c *Config) Crash(f *Faults, down int) bool {
	return c.Crashes && below(down, c.MaxDown) && count(&f.Crashes, c.MaxCrashes)
}

// Partition counts a partition and puts it in force. It reports whether it may happen.
func (c *Config) Partition(f *Faults, split int) bool {
	if f.Split != 0 || !count(&f.Partitions, c.MaxPartitions) {
		return false
	}
	f.Split = split
	return true
}

// Heal ends a partition, and reports whether one was in force.
func (f *Faults) Heal() bool {
	split := f.Split != 0
	f.Split = 0
	return split
}

// count counts one more of what a limit bounds, and reports whether the limit permits it.
func count(n *int, limit int) bool {
	if limit == 0 {
		return true
	}
	if *n >= limit {
		return false
	}
	*n++
	return true
}

func below(n, limit int) bool { return limit == 0 || n < limit }

// Split returns the groups of a partition by its number, from 1. Behind the system's own ones are those that
// people suppose: for each actor, the one that cuts it off from all others.
func Split(sys *System, number int) (groups [][]int) {
	own := len(sys.Splits)
	if number <= own {
		return sys.Splits[number-1]
	}
	groups = [][]int{nil, nil}
	for id := range sys.Actors {
		side := 1
		if id == number-own-1 {
			side = 0
		}
		groups[side] = append(groups[side], id)
	}
	return groups
}

// Separates reports whether partition number split keeps two actors apart. 0 is the whole network. Actors in no
// group reach all others.
func (sys *System) Separates(split, a, b int) bool {
	if split == 0 {
		return false
	}
	x, y := -1, -1
	for i, group := range Split(sys, split) {
		if slices.Contains(group, a) {
			x = i
		}
		if slices.Contains(group, b) {
			y = i
		}
	}
	return x >= 0 && y >= 0 && x != y
}
