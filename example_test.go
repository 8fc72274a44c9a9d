package allways_test

import (
	"context"
	"errors"
	"fmt"
	"time"

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
	//         ~  Big  0 → 5
	//    2  pour into small
	//         ~  Big    5 → 2
	//         ~  Small  0 → 3
	//    3  empty small
	//         ~  Small  3 → 0
	//    4  pour into small
	//         ~  Big    2 → 0
	//         ~  Small  0 → 2
	//    5  fill big
	//         ~  Big  0 → 5
	//    6  pour into small
	//         ~  Big    5 → 4
	//         ~  Small  2 → 3
}

func ExampleSimulate() {
	o := allways.SimulateOptions{Seed: 1, Walks: 200, MaxDepth: 50}
	result, err := allways.Simulate(context.Background(), Jugs{}, o)
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
	if e, ok := errors.AsType[*allways.ReplayError](err); ok {
		fmt.Printf("step %d: %s: %s\n", e.Step+1, e.Expected, e.Problem)
	}
	// Output:
	// {2 3} 0:0.4
	// 1 fill big [{Big 0 5}]
	// 2 pour into small [{Big 5 2} {Small 0 3}]
	// step 2: action 3: it has no effect there
}

// FastJugs are [Jugs] whose next states are computed in place.
type FastJugs struct{ Jugs }

var _ allways.InPlace[JugsState, string] = FastJugs{}

// NextInPlace is what searches use in the place of Next, which must do the same.
func (FastJugs) NextInPlace(s *JugsState, action string) bool {
	before := *s
	poured := min(s.Big, 3-s.Small)
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
		s.Big, s.Small = s.Big-poured, s.Small+poured
	case "pour into big":
		poured = min(s.Small, 5-s.Big)
		s.Big, s.Small = s.Big+poured, s.Small-poured
	}
	return *s != before
}

func ExampleInPlace() {
	result, err := allways.Check(context.Background(), FastJugs{}, allways.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Stats.Distinct, "states", result.Optional)
	// Output: 16 states [NextInPlace]
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

// lift goes up and down between three floors, and breaks down on the way up.
type lift struct {
	Floor  int
	Broken bool
}

var lifts = allways.Funcs[lift, string]{
	InitFunc: func() []lift { return []lift{{}} },
	ActionsFunc: func(dst []string, s lift) []string {
		if s.Broken {
			return dst
		}
		return append(dst, "up", "down", "break")
	},
	NextFunc: func(s lift, action string) (lift, bool) {
		switch {
		case action == "up" && s.Floor < 2:
			s.Floor++
		case action == "down" && s.Floor > 0:
			s.Floor--
		case action == "break" && s.Floor == 1:
			s.Broken = true
		default:
			return s, false
		}
		return s, true
	},
}

// checkLift prints the verdicts on properties of the lift, with their paths.
func checkLift(o allways.Options, props ...allways.Property[lift]) {
	m := lifts
	m.Props = props
	result, err := allways.Check(context.Background(), m, o)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range result.Properties {
		fmt.Print(p.Name, ": ", p.Verdict)
		if p.Path != nil {
			fmt.Print(" ", p.Path.Actions())
		}
		fmt.Println()
	}
}

func ExampleAlways() {
	checkLift(allways.Options{}, allways.Always("below the roof", func(s lift) bool { return s.Floor < 3 }))
	// Output: below the roof: holds
}

func ExampleSometimes() {
	checkLift(allways.Options{}, allways.Sometimes("reaches the top", func(s lift) bool { return s.Floor == 2 }))
	// Output: reaches the top: holds [up up]
}

func ExampleEventually() {
	checkLift(allways.Options{}, allways.Eventually("reaches the top", func(s lift) bool { return s.Floor == 2 }))
	// Output: reaches the top: violated [up break]
}

func ExampleAlwaysStep() {
	checkLift(allways.Options{}, allways.AlwaysStep("one floor at a time",
		func(before lift, _ string, after lift) bool {
			d := after.Floor - before.Floor
			return -1 <= d && d <= 1
		}))
	// Output: one floor at a time: holds
}

func ExampleNoDeadlock() {
	checkLift(allways.Options{},
		allways.NoDeadlock[lift]("goes on", nil),
		allways.NoDeadlock("stops only when broken", func(s lift) bool { return s.Broken }),
	)
	// Output:
	// goes on: violated [up break]
	// stops only when broken: holds
}

func ExampleStopAnyOf() {
	checkLift(allways.Options{Stop: allways.StopAnyOf("leaves the ground")},
		allways.Sometimes("leaves the ground", func(s lift) bool { return s.Floor > 0 }),
		allways.Sometimes("reaches the top", func(s lift) bool { return s.Floor == 2 }),
	)
	// Output:
	// leaves the ground: holds [up]
	// reaches the top: inconclusive
}

func ExampleStopAllOf() {
	stop := allways.StopAllOf("leaves the ground", "reaches the top")
	checkLift(allways.Options{Stop: stop},
		allways.Sometimes("leaves the ground", func(s lift) bool { return s.Floor > 0 }),
		allways.Sometimes("reaches the top", func(s lift) bool { return s.Floor == 2 }),
		allways.Always("works", func(s lift) bool { return !s.Broken || s.Floor == 1 }),
	)
	// Output:
	// leaves the ground: holds [up]
	// reaches the top: holds [up up]
	// works: inconclusive
}

func ExampleParseStop() {
	for _, text := range []string{"decided", "violation", "any:safe,live", "soon"} {
		stop, err := allways.ParseStop(text)
		fmt.Println(stop, err)
	}
	// Output:
	// decided <nil>
	// violation <nil>
	// any:safe,live <nil>
	// decided stop "soon": want decided, violation, never, all:NAME,NAME or any:NAME,NAME
}

func ExampleVisitStates() {
	visitor := allways.VisitStates(func(s lift, depth int) { fmt.Println(depth, s) })
	checkLift(allways.Options{MaxDepth: 2, Visitor: visitor})
	// Output:
	// 1 {0 false}
	// 2 {1 false}
}

func ExampleVisitPaths() {
	visitor := allways.VisitPaths(func(p *allways.Path[lift, string]) { fmt.Println(p.Actions()) })
	checkLift(allways.Options{Visitor: visitor})
	// Output:
	// []
	// [up]
	// [up up]
	// [up break]
}

func ExampleNewStepper() {
	stepper, err := allways.NewStepper(lifts)
	if err != nil {
		fmt.Println(err)
		return
	}
	enabled, err := stepper.Transitions(lift{Floor: 1})
	for _, t := range enabled {
		fmt.Println(t.Text, t.Next)
	}
	fmt.Println(err)
	// Output:
	// up {2 false}
	// down {0 false}
	// break {1 true}
	// <nil>
}

func ExampleNewExplorer() {
	explorer, err := allways.NewExplorer(lifts)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer explorer.Close()
	explorer.Search(context.Background(), allways.Options{}) // in the background
	result, err := explorer.Wait()
	fmt.Println(result.Stats.Distinct, "states", err)
	// Output: 4 states <nil>
}

func ExampleNewProfile() {
	profile, err := allways.NewProfile(lifts)
	if err != nil {
		fmt.Println(err)
		return
	}
	checkLift(allways.Options{Visitor: profile.Visitor()})
	for _, part := range profile.Parts() {
		fmt.Println(part.Path, "takes", part.Values, "values")
	}
	// Unordered output:
	// Broken takes 2 values
	// Floor takes 3 values
}

// simulateLift prints the verdict of one walk of the lift.
func simulateLift(s allways.Scheduler) {
	m := lifts
	m.Props = []allways.Property[lift]{allways.Sometimes("reaches the top", func(s lift) bool { return s.Floor == 2 })}
	result, err := allways.Simulate(
		context.Background(), m, allways.SimulateOptions{Walks: 1, MaxDepth: 20, Scheduler: s},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Properties[0].Verdict)
}

func ExampleSchedulerFunc() {
	simulateLift(allways.SchedulerFunc(func(r allways.Rand, c allways.Choices) int {
		for i := range c.Len() {
			if c.Text(i) == "up" {
				return i
			}
		}
		return r.IntN(c.Len())
	}))
	// Output: holds
}

func ExamplePCT() {
	simulateLift(allways.PCT(3))
	// Output: holds
}

func ExampleUniform() {
	simulateLift(allways.Uniform())
	// Output: inconclusive
}

func ExampleGate() {
	var gate allways.Gate
	gate.Shut()
	time.AfterFunc(10*time.Millisecond, gate.Open) // a person, say, who has thought long enough
	r, err := allways.Check(context.Background(), Jugs{}, allways.Options{Gate: &gate})
	fmt.Println(r.Complete, err)
	// Output: true <nil>
}
