package trace_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/trace"
)

// climber is a model of a climber on stairs of that many steps, with a slippery third step.
func climber(stairs int) allways.Model[int, string] {
	return allways.Funcs[int, string]{
		InitFunc: func() []int { return []int{0} },
		ActionsFunc: func(dst []string, s int) []string {
			if s < stairs {
				dst = append(dst, "climb")
			}
			return append(dst, "rest")
		},
		NextFunc: func(s int, action string) (int, bool) {
			if action == "rest" {
				return s, false
			}
			return s + 1, true
		},
		Props: []allways.Property[int]{allways.Always("stays dry", func(s int) bool { return s != 3 })},
	}
}

// counterexample returns a trace of the climber on the slippery step.
func counterexample() trace.File {
	result, err := allways.Check(context.Background(), climber(5), allways.Options{})
	if err != nil {
		log.Fatal(err)
	}
	p := result.Property("stays dry")
	return trace.New(p.Path, trace.Header{
		Model: "climber", Params: []string{"5"},
		Property: p.Name, Kind: p.Kind.String(), Verdict: p.Verdict.String(),
	})
}

func ExampleNew() {
	fmt.Printf("%s", counterexample().Format())
	// Output:
	// allways trace 1
	// model: climber
	// params: 5
	// property: stays dry
	// kind: always
	// verdict: violated
	//
	// init 0  0
	//    1 [0] climb
	//    2 [0] climb
	//    3 [0] climb
	// end 3
}

// A stored trace is a regression test: it replays as long as the model has the same steps.
func ExampleReplay() {
	folder, err := os.MkdirTemp("", "traces")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "slip.trace")
	if err := trace.Save(file, counterexample()); err != nil {
		log.Fatal(err)
	}

	f, err := trace.Load(file)
	if err != nil {
		log.Fatal(err)
	}
	for _, stairs := range []int{9, 2} {
		stepper, err := allways.NewStepper(climber(stairs))
		if err != nil {
			log.Fatal(err)
		}
		path, err := trace.Replay(stepper, f)
		if e, ok := errors.AsType[*allways.ReplayError](err); ok {
			fmt.Printf("%d stairs: step %d is %q, enabled are %q\n", stairs, e.Step+1, e.Expected, e.Enabled)
			continue
		}
		fmt.Printf("%d stairs: replayed up to %v\n", stairs, path.Last())
	}
	// Output:
	// 9 stairs: replayed up to 3
	// 2 stairs: step 3 is "climb", enabled are ["0 rest (no effect)"]
}

// A file that was cut off is an error, with the line and what is missing.
func ExampleParse() {
	text := counterexample().Format()
	f, err := trace.Parse(bytes.NewReader(text))
	fmt.Println(len(f.Steps), err)
	_, err = trace.Parse(bytes.NewReader(text[:len(text)-len("end 3\n")]))
	fmt.Println(err)
	// Output:
	// 3 <nil>
	// line 12: the file ends too early, want step 4 or "end 3"
}

func ExampleFile_Matches() {
	err := counterexample().Matches(trace.Header{Model: "climber", Params: []string{"7"}})
	fmt.Println(err)
	if e, ok := errors.AsType[*trace.MismatchError](err); ok {
		fmt.Println(e.Params, e.Advisory())
	}
	// Output:
	// the trace has the parameters "5", the model has "7"
	// true false
}
