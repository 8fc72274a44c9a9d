package allways_test

import (
	"context"
	"fmt"

	"github.com/allways-go/allways"
)

// light is a traffic light: "turn" changes its colour, and "blink" leaves it as it is.
func light(props ...allways.Property[string]) allways.Funcs[string, string] {
	return allways.Funcs[string, string]{
		InitFunc:    func() []string { return []string{"red"} },
		ActionsFunc: func(dst []string, _ string) []string { return append(dst, "turn", "blink") },
		NextFunc: func(s, a string) (string, bool) {
			if a == "turn" {
				return map[string]string{"red": "green", "green": "red"}[s], true
			}
			return s, true
		},
		Props: props,
	}
}

func colour(want string) func(string) bool { return func(s string) bool { return s == want } }

func turns(_, action, _ string) bool { return action == "turn" }

func printVerdicts(m allways.Model[string, string]) {
	r, err := allways.Check(context.Background(), m, allways.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range r.Properties {
		fmt.Printf("%v: %s", p.Verdict, p.Name)
		if p.Reason != "" {
			fmt.Printf(" (%s)", p.Reason)
		}
		fmt.Println()
	}
}

// Whether a red light turns green depends on what is assumed of its steps.
func ExampleLeadsTo() {
	fair := allways.WeaklyFair("turns", turns)
	printVerdicts(light(
		allways.LeadsTo("red, then green", colour("red"), colour("green")),
		allways.LeadsTo("red, then green, fairly", colour("red"), colour("green")).Assuming(fair),
		allways.InfinitelyOften("green again and again", colour("green")).Assuming(fair),
		allways.EventuallyForever("green at last", colour("green")).Assuming(fair),
		allways.Until("red until green", colour("red"), colour("green")).Assuming(fair),
		allways.AlwaysPossible("green is possible", colour("green")),
	))
	// Output:
	// violated: red, then green (p holds in the initial state, and q never after that)
	// holds: red, then green, fairly
	// holds: green again and again
	// violated: green at last (p does not hold in the initial state, again and again)
	// holds: red until green
	// holds: green is possible
}

// Predicates with names make reports that read well, and formulas that say what no function of the package promises.
func ExampleTemporal() {
	red, green := allways.Predicate("red", colour("red")), allways.Predicate("green", colour("green"))
	turn := allways.StepPredicate("turn", turns)
	f := allways.Enabled(turn).Always().Implies(turn.Eventually().And(green.Eventually()))
	fmt.Println(f)
	printVerdicts(light(
		allways.Temporal("red, then green", red.LeadsTo(green)),
		allways.Temporal("any run", f),
		allways.Temporal("weakly fair", f).Assuming(allways.WeaklyFair("turns", turns)),
		allways.Temporal("strongly fair", f).Assuming(allways.StronglyFair("turns", turns)),
	))
	// Output:
	// []ENABLED(turn) => <><<turn>> /\ <>green
	// violated: red, then green (red holds in the initial state, and green never after that)
	// violated: any run (the run does not satisfy []ENABLED(turn) => <><<turn>> /\ <>green)
	// holds: weakly fair
	// holds: strongly fair
}

// A specification of TLA+ without fairness lets the light stop, and blinking is no progress under WF_v(Next).
func ExampleWeaklyFairNext() {
	green := func(name string) allways.Property[string] { return allways.Eventually(name, colour("green")) }
	printVerdicts(light(
		green("Init /\\ [][Next]_v").Assuming(allways.MayStop[string]()),
		green("Init /\\ [][Next]_v /\\ WF_v(Next)").Assuming(allways.WeaklyFairNext[string]()),
	))
	// Output:
	// violated: Init /\ [][Next]_v (it never holds)
	// holds: Init /\ [][Next]_v /\ WF_v(Next)
}

// One constraint for each action is more than one for all.
func ExampleWeaklyFairEach() {
	each := func(_, action, _ string) (string, bool) { return action, action == "turn" }
	again := allways.InfinitelyOften("green again and again", colour("green"))
	printVerdicts(light(again.Assuming(allways.WeaklyFairEach("actions", each))))
	printVerdicts(light(again.Assuming(allways.StronglyFairEach("actions", each))))
	// Output:
	// holds: green again and again
	// holds: green again and again
}
