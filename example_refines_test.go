package allways_test

import (
	"context"
	"fmt"

	"github.com/allways-go/allways"
)

// Ring is a queue in an array of two slots. A hasty one does not look whether a slot is free.
type Ring struct{ Hasty bool }

type RingState struct {
	Slots             [2]string
	Read, Write, Used int
}

func (Ring) Init() []RingState { return []RingState{{}} }

func (Ring) Actions(dst []string, _ RingState) []string { return append(dst, "put a", "put b", "get") }

func (r Ring) Next(s RingState, action string) (RingState, bool) {
	if action == "get" {
		ok := s.Used > 0
		s.Slots[s.Read] = ""
		s.Read, s.Used = (s.Read+1)%2, s.Used-1
		return s, ok
	}
	ok := s.Used < 2 || r.Hasty
	s.Slots[s.Write] = action[len("put "):]
	s.Write, s.Used = (s.Write+1)%2, min(s.Used+1, 2)
	return s, ok
}

// Items is the queue that a ring stands for, the oldest item first.
func Items(s RingState) (items []string) {
	for i := range s.Used {
		items = append(items, s.Slots[(s.Read+i)%2])
	}
	return items
}

func (Ring) Properties() []allways.Property[RingState] {
	return []allways.Property[RingState]{allways.Refines("queue", Queue{}, Items)}
}

// Queue is what a ring is for: a list whose oldest item leaves.
type Queue struct{}

func (Queue) Init() [][]string { return [][]string{{}} }

func (Queue) Actions(dst []string, _ []string) []string { return append(dst, "put a", "put b", "get") }

func (Queue) Next(items []string, action string) ([]string, bool) {
	if action == "get" {
		return items[min(1, len(items)):], len(items) > 0
	}
	return append(items[:len(items):len(items)], action[len("put "):]), true
}

func (Queue) Properties() []allways.Property[[]string] {
	return []allways.Property[[]string]{
		allways.AlwaysPossible("can be empty", func(items []string) bool { return len(items) == 0 }),
	}
}

func ExampleRefines() {
	for _, m := range []Ring{{}, {Hasty: true}} {
		result, err := allways.Check(context.Background(), m, allways.Options{})
		if err != nil {
			fmt.Println(err)
			return
		}
		p := result.Property("queue")
		fmt.Println(p.Name, p.Verdict)
		if p.Verdict == allways.Violated {
			fmt.Println(p.Path.Actions())
			fmt.Print(p.Abstract)
		}
	}
	// Output:
	// queue holds
	// queue violated
	// [put a put a put b]
	// step 3 maps to
	//   from  ["a" "a"]
	//   to    ["b" "a"]
	// which is no step of the abstract model; nearest first, it has
	//   put a
	//       [0] would be "a", not "b"
	//       [2] would be "a", not absent
	//   put b
	//       [0] would be "a", not "b"
	//       [2] would be "b", not absent
	//   get
	//       [0] would be "a", not "b"
	//       [1] would be absent, not "a"
}

func ExampleMapped() {
	ring := allways.Funcs[RingState, string]{
		InitFunc: Ring{}.Init, ActionsFunc: Ring{}.Actions, NextFunc: Ring{}.Next,
		Props: allways.Mapped("queue", Queue{}, Items),
	}
	result, err := allways.Check(context.Background(), ring, allways.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range result.Properties {
		fmt.Println(p.Name, p.Verdict)
	}
	// Output:
	// queue: can be empty holds
	// queue: progress holds
}
