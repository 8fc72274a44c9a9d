package consistency

import (
	"errors"
	"slices"
)

// A spec may say that its object has parts, one for each key. Then the state of a spec is that of one part,
// whatever the length of the history: operations with different keys never meet in it. For linearizability, each
// part is searched alone, since it is a local property. Sequential consistency is not local, so that one search
// orders the operations of all parts, each on the state of its part.

// parts holds the operations of each part, while they are searched one part after the other.
type parts struct {
	keys keys
	room []interval
	of   [][]interval // operations by part, in the order of their first operations
	todo []int32
}

// keys numbers the keys of parts.
type keys struct {
	few  []any
	many map[any]uint32
}

// fewKeys is the number of keys up to which comparing them all is as fast as a map.
const fewKeys = 8

func (k *keys) forget() {
	clear(k.few)
	k.few, k.many = k.few[:0], nil
}

func (k *keys) len() int { return max(len(k.few), len(k.many)) }

func (k *keys) number(key any) int32 {
	if k.many != nil {
		return int32(numberOf(&k.many, key))
	}
	for i, known := range k.few {
		if known == key {
			return int32(i)
		}
	}
	if len(k.few) < fewKeys {
		k.few = append(k.few, key)
		return int32(len(k.few) - 1)
	}
	for _, known := range k.few {
		numberOf(&k.many, known)
	}
	return int32(numberOf(&k.many, key))
}

// interrupted returns the error of the context, or nil.
func (s *search[S, Op, Ret]) interrupted() error {
	if s.interrupt == nil {
		return nil
	}
	return s.interrupt()
}

// runAll reports whether the operations have an order, and calls found after a part has got one. If it reports
// false, the search holds the operations without an order.
func (s *search[S, Op, Ret]) runAll(found func()) (bool, error) {
	s.ops = s.all
	parts, err := s.split()
	if err != nil {
		return false, err
	}
	s.latest = append(s.latest[:0], 0)
	if parts > 1 && s.tester.condition == Linearizability {
		s.parts.group(s.all, parts)
		return s.runParts(found)
	}
	for range parts - 1 {
		s.latest = append(s.latest, 0)
	}
	s.lay(s.tester.condition)
	ok, err := s.run()
	if ok {
		found()
	}
	return ok, err
}

// split gives each operation the number of its part, and returns the number of parts.
func (s *search[S, Op, Ret]) split() (parts int, err error) {
	if s.tester.partitioner == nil || len(s.all) == 0 {
		return 1, nil
	}
	keys := &s.parts.keys
	defer keys.forget()
	for i := range s.all {
		if err := s.interrupted(); err != nil {
			return 0, err
		}
		s.all[i].part = keys.number(s.tester.partitioner.Partition(s.events[s.all[i].call].Op))
	}
	return keys.len(), nil
}

// group groups operations by part. Each group is then an object of one part.
func (p *parts) group(ops []interval, parts int) {
	p.todo = append(p.todo[:0], make([]int32, parts)...)
	for i := range ops {
		p.todo[ops[i].part]++
	}
	p.room, p.of = slices.Grow(p.room[:0], len(ops)), p.of[:0]
	for _, n := range p.todo {
		first := len(p.room)
		p.room = p.room[:first+int(n)]
		p.of = append(p.of, p.room[first:first:len(p.room)])
	}
	for _, iv := range ops {
		group := &p.of[iv.part]
		iv.part = 0
		*group = append(*group, iv)
	}
}

// The limit of a part's first search is firstLimit applied operations for each operation of the part. It grows from
// round to round.
const (
	firstLimit  = 16
	limitGrowth = 8
)

// runParts reports whether each part has an order.
//
// A single part can take very long. So that it does not hide a plain conflict in another one, all parts are
// searched with a limit, those that reach it again with a higher one, and the last one without.
func (s *search[S, Op, Ret]) runParts(found func()) (bool, error) {
	defer func() { s.limit = 0 }()
	todo := s.parts.todo
	for i := range todo {
		todo[i] = int32(i)
	}
	for limit := firstLimit; len(todo) > 0; limit *= limitGrowth {
		hard := todo[:0]
		for _, part := range todo {
			s.ops = s.parts.of[part]
			if s.limit = limit * (len(s.ops) + 1); len(todo) == 1 {
				s.limit = 0
			}
			s.lay(s.tester.condition)
			ok, err := s.run()
			switch {
			case errors.Is(err, errLimit):
				hard = append(hard, part)
			case err != nil || !ok:
				return false, err
			default:
				found()
			}
		}
		todo = hard
	}
	return true, nil
}
