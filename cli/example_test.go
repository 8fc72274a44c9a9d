package cli_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/trace"
)

// Counter counts up to Max, and skips the number Skip.
type Counter struct {
	Max, Skip int
}

func (c Counter) Init() []int { return []int{0} }

func (c Counter) Actions(dst []string, s int) []string {
	if s < c.Max {
		dst = append(dst, "count")
	}
	return dst
}

func (c Counter) Next(s int, _ string) (int, bool) {
	if s+1 == c.Skip {
		s++
	}
	return s + 1, true
}

func (c Counter) Properties() []allways.Property[int] {
	return []allways.Property[int]{
		allways.Sometimes("three", func(s int) bool { return s == 3 }),
		allways.Always("no further than the end", func(s int) bool { return s <= c.Max }),
	}
}

// counter is the command line of the model. A main function is one line: cli.Main(counter).
var counter = cli.App[Counter]{
	Name:    "counter",
	Summary: "A counter that counts up to a number.",
	Params: func(c *Counter) []cli.Param {
		return []cli.Param{cli.Int("max", &c.Max, 5, 1, 9, "where it ends")}
	},
	Variants: []cli.Variant[Counter]{
		{Name: "correct", Summary: "it counts every number"},
		{Name: "broken", Summary: "it skips 3", Config: Counter{Skip: 3}},
	},
	Build: func(c Counter) (cli.Instance, error) { return cli.NewInstance(c), nil },
}

// run runs a command line of the app above and prints the exit code.
func run[C any](app cli.App[C], args ...string) {
	code := cli.Run(context.Background(), app, args, nil, os.Stdout, os.Stdout)
	fmt.Println("exit code", code)
}

func ExampleMain() {
	// The whole of a program's main function. It reads the arguments of the process and ends it.
	main := func() { cli.Main(counter) }
	_ = main
	// Output:
}

func ExampleRun() {
	code := cli.Run(context.Background(), counter, []string{"check", "4", "broken", "-quiet"}, nil, os.Stdout, os.Stderr)
	fmt.Println(code == cli.ExitViolated)
	// Output:
	// VERDICT   KIND       PROPERTY
	// VIOLATED  sometimes  three                    no reachable state satisfies it
	// holds     always     no further than the end
	//
	// true
}

func ExampleApp() {
	run(counter, "check", "4", "-quiet")
	run(counter, "check", "twelve")
	run(counter, "check", "brokn")
	// Output:
	// VERDICT  KIND       PROPERTY
	// holds    sometimes  three                    witness of 3 steps: 0:0.0.0
	// holds    always     no further than the end
	//
	// exit code 0
	// counter: invalid value "twelve" for MAX: want a whole number from 1 to 9, or a variant: correct, broken
	// exit code 2
	// counter: invalid value "brokn" for MAX: want a whole number from 1 to 9; did you mean the variant broken?
	// exit code 2
}

func ExampleVariant() {
	run(counter, "replay", "4", "broken", "-path", "0:0.0")
	// Output:
	// counter 4 broken  2 steps
	//
	//   init  0
	//      1  count
	//           ~  state  0 → 1
	//      2  count
	//           ~  state  1 → 2
	//
	// enabled next
	//      0  count
	//
	// THE PATH       KIND       PROPERTY
	// shows nothing  sometimes  three
	// shows nothing  always     no further than the end
	// exit code 0
}

// A model with no parameters needs no configuration.
func ExampleNewInstance() {
	app := cli.App[struct{}]{
		Name:     "fixed",
		Variants: []cli.Variant[struct{}]{{Name: "fixed"}},
		Build:    func(struct{}) (cli.Instance, error) { return cli.NewInstance(Counter{Max: 3}), nil },
	}
	run(app, "check", "-quiet")
	// Output:
	// VERDICT  KIND       PROPERTY
	// holds    sometimes  three                    witness of 3 steps: 0:0.0.0
	// holds    always     no further than the end
	//
	// exit code 0
}

// settings shows every kind of parameter.
type settings struct {
	nodes int
	lossy bool
	label string
	order order
	input string
	waits []time.Duration
}

type order string

func params(s *settings) []cli.Param {
	return []cli.Param{
		cli.Int("nodes", &s.nodes, 3, 1, 5, "nodes"),
		cli.Choice("order", &s.order, "how messages arrive", order("any"), order("sent")),
		cli.Bool("lossy", &s.lossy, "messages may be lost").Flag(),
		cli.Text("label", &s.label, "run", "name of the run").Flag(),
		cli.File("input", &s.input, "file with the first state; - is stdin").Flag(),
		cli.Func("waits", &s.waits, "1s,2s", parseWaits, "waiting times, with commas between them").Flag(),
	}
}

func parseWaits(text string) (waits []time.Duration, err error) {
	for word := range strings.SplitSeq(text, ",") {
		d, err := time.ParseDuration(word)
		if err != nil {
			return nil, errors.New("want times with their units, such as 1s,2s")
		}
		waits = append(waits, d)
	}
	return waits, nil
}

// shown is a command line that shows what its parameters are set to.
var shown = cli.App[settings]{
	Name:     "shown",
	Params:   params,
	Variants: []cli.Variant[settings]{{Name: "small"}, {Name: "large", Config: settings{nodes: 5}}},
	Build: func(s settings) (cli.Instance, error) {
		return cli.Instance{}, fmt.Errorf("%d %s %t %s %q %v", s.nodes, s.order, s.lossy, s.label, s.input, s.waits)
	},
}

func ExampleParam() {
	run(shown, "check")
	run(shown, "check", "2", "sent", "-lossy", "-label", "x", "-waits=5m")
	// Output:
	// shown: 3 any false run "" [1s 2s]
	// exit code 2
	// shown: 2 sent true x "" [5m0s]
	// exit code 2
}

func ExampleInt() {
	run(shown, "check", "6")
	run(shown, "check", "large")
	// Output:
	// shown: invalid value "6" for NODES: want a whole number from 1 to 5
	// exit code 2
	// shown: 5 any false run "" [1s 2s]
	// exit code 2
}

func ExampleBool() {
	run(shown, "check", "-lossy")
	run(shown, "check", "-lossy=perhaps")
	// Output:
	// shown: 3 any true run "" [1s 2s]
	// exit code 2
	// shown: invalid boolean value "perhaps" for -lossy: want true or false
	// exit code 2
}

func ExampleText() {
	run(shown, "check", "-label", "my run")
	// Output:
	// shown: 3 any false my run "" [1s 2s]
	// exit code 2
}

func ExampleChoice() {
	run(shown, "check", "3", "reverse")
	// Output:
	// shown: invalid value "reverse" for ORDER: want any or sent, or a variant: small, large
	// exit code 2
}

func ExampleFile() {
	stdin := strings.NewReader("hello")
	cli.Run(context.Background(), shown, []string{"check", "-input", "-"}, stdin, os.Stdout, os.Stdout)
	// Output:
	// shown: 3 any false run "hello" [1s 2s]
}

func ExampleFunc() {
	run(shown, "check", "-waits", "soon")
	// Output:
	// shown: invalid value "soon" for flag -waits: want times with their units, such as 1s,2s
	// exit code 2
}

func ExampleParam_Flag() {
	run(shown, "check", "-label=x", "4")
	// Output:
	// shown: 4 any false x "" [1s 2s]
	// exit code 2
}

// A program may have further verbs.
func ExampleVerb() {
	app := counter
	app.Verbs = func() []cli.Verb {
		times := 0
		return []cli.Verb{{
			Name: "square", Summary: "print the square of the last number", Usage: []string{"MODEL [flags]"},
			Flags: []cli.Param{cli.Int("times", &times, 1, 1, 3, "how often").Flag()},
			Run: func(_ context.Context, c *cli.Call) (int, error) {
				s, err := c.Select(c.Words, trace.Header{})
				if err != nil {
					return 0, err
				}
				last := s.Model.(Counter).Max
				for range times {
					fmt.Fprintln(c.Stdout, s.Title()+":", strconv.Itoa(last*last))
				}
				return cli.ExitHolds, nil
			},
		}}
	}
	run(app, "square", "6", "-times", "2")
	// Output:
	// counter 6: 36
	// counter 6: 36
	// exit code 0
}

// A test names the model as a command line does.
func ExampleApp_Model() {
	m, err := counter.Model("5", "broken")
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := allways.Check(context.Background(), m, allways.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Properties[0].Name, r.Properties[0].Verdict)
	_, err = counter.Model("77")
	fmt.Println(err)
	// Output:
	// three violated
	// invalid value "77" for MAX: want a whole number from 1 to 9
}
