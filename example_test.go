package allways_test

import (
	"context"
	"fmt"

	"github.com/allways-go/allways"
)

// Jugs is the riddle of measuring four litres with a jug of five and one of three.
type Jugs struct{}

type JugsState struct{ Big, Small int }

func (Jugs) Init() []JugsState { return []JugsState{{}} }

func (Jugs) Actions(dst []string, s JugsState) []string {
	return append(dst, "fill big", "fill small", "empty big", "empty small", "pour into small", "pour into big")
}

func (Jugs) Next(s JugsState, action string) (JugsState, bool) {
	before := s
	switch action {
	case "fill big":
		s.Big = 5
	case "fill small":
		s.Small = 3
	case "empty big":
		s.Big = 0
	case "empty small":
		s.Small = 0
	case "pour into small":
		n := min(s.Big, 3-s.Small)
		s.Big, s.Small = s.Big-n, s.Small+n
	case "pour into big":
		n := min(s.Small, 5-s.Big)
		s.Big, s.Small = s.Big+n, s.Small-n
	}
	return s, s != before // false: the action has no effect and is no step
}

func (Jugs) Properties() []allways.Property[JugsState] {
	return []allways.Property[JugsState]{
		allways.Sometimes("four litres", func(s JugsState) bool { return s.Big == 4 }),
		allways.Always("no overflow", func(s JugsState) bool { return s.Big <= 5 && s.Small <= 3 }),
	}
}

func ExampleCheck() {
	result, err := allways.Check(context.Background(), Jugs{}, allways.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range result.Properties {
		fmt.Println(p.Name, p.Verdict)
	}
	fmt.Println(result.Stats.Distinct, "states")
	fmt.Print(result.Property("four litres").Path)
	// Output:
	// four litres holds
	// no overflow holds
	// 16 states
	// init  {Big:0 Small:0}
	//    1  fill big
	//         Big: 0 -> 5
	//    2  pour into small
	//         Big: 5 -> 2
	//         Small: 0 -> 3
	//    3  empty small
	//         Small: 3 -> 0
	//    4  pour into small
	//         Big: 2 -> 0
	//         Small: 0 -> 2
	//    5  fill big
	//         Big: 0 -> 5
	//    6  pour into small
	//         Big: 5 -> 4
	//         Small: 2 -> 3
}

func ExampleSimulate() {
	result, err := allways.Simulate(context.Background(), Jugs{}, allways.SimulateOptions{Seed: 1, Walks: 200, MaxDepth: 50})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Property("four litres").Verdict, result.Property("no overflow").Verdict)
	// Output: holds inconclusive
}

func ExampleStepper() {
	stepper, err := allways.NewStepper[JugsState, string](Jugs{})
	if err != nil {
		fmt.Println(err)
		return
	}
	path, err := stepper.Path(0, "fill big", "pour into small")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(path.Last(), path.Encode())
	for i, step := range path.Steps() {
		fmt.Println(i+1, step.Text, step.Diff)
	}
	_, err = stepper.ParsePath("0:0.3")
	fmt.Println(err)
	// Output:
	// {2 3} 0:0.4
	// 1 fill big [{Big 0 5}]
	// 2 pour into small [{Big 5 2} {Small 0 3}]
	// replay does not fit at step 2: expected action 3: it is not enabled; enabled: 0 fill big (no effect), 1 fill small, 2 empty big, 3 empty small (no effect), 4 pour into small, 5 pour into big (no effect)
}

func ExampleFuncs() {
	counter := allways.Funcs[int, string]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []string, n int) []string { return append(dst, "tick", "reset") },
		NextFunc: func(n int, action string) (int, bool) {
			if action == "reset" {
				return 0, n != 0
			}
			return n + 1, n < 3
		},
		Props: []allways.Property[int]{
			allways.Eventually("reaches three", func(n int) bool { return n == 3 }),
		},
	}
	result, err := allways.Check(context.Background(), counter, allways.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	p := result.Property("reaches three")
	fmt.Println(p.Verdict, "by the lasso", p.Path.Encode())
	// Output: violated by the lasso 0:0.1@0
}

func ExampleExplorer() {
	explorer, err := allways.NewExplorer[JugsState, string](Jugs{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer explorer.Close()
	roots, err := explorer.Init()
	if err != nil {
		fmt.Println(err)
		return
	}
	next, err := explorer.Expand(roots[0])
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, path := range next {
		fmt.Println(path.Last())
	}
	generated, distinct, _ := explorer.Progress()
	fmt.Println(generated, distinct)
	// Output:
	// {5 0}
	// {0 3}
	// 3 3
}
