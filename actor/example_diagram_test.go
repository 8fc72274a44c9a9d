package actor_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/consistency"
)

// twoCells returns the system of the example of the package, and the path to what is wrong with it.
func twoCells() (*actor.System[Msg], *allways.Path[*actor.State[Msg], actor.Action[Msg]]) {
	sys := actor.NewSystem[Msg](actor.Config{})
	first := actor.Spawn(sys, "first", Cell{})
	second := actor.Spawn(sys, "second", Cell{})
	history := actor.Linearizable(sys, "linearizable", consistency.Register[string]{})
	actor.Spawn(sys, "user", User{WriteTo: first.ID(), ReadFrom: second.ID(), History: history})
	r, err := allways.Check(context.Background(), sys, allways.Options{})
	if err != nil {
		log.Fatal(err)
	}
	return sys, r.Property("linearizable").Path
}

// A counterexample is drawn for the terminal.
func ExampleModel_Diagram() {
	_, path := twoCells()
	fmt.Println("The user reads what was never written:")
	fmt.Print(path.Diagram())
	// Output:
	// The user reads what was never written:
	//              first               second                user
	//                │                    │                    │
	//  1             │◄──────── Write{Value:"hello"} ──────────┤
	//  2             ├─────────────── Written{} ──────────────►│
	//  3             │                    │◄───── Read{} ──────┤
	//  4             │                    ├─ Value{Value:""} ─►│
	//                │                    │                    │
	//
	// linearizable: not linearizable: no order explains the operations drawn with =, whatever the others did
	//
	// user       |= write(hello) =| |= read → "" =|
	//
	// longest order found:
	//    1. user: write(hello)
}

// A counterexample is drawn for a document.
func ExampleModel_Sequence() {
	sys, path := twoCells()
	model, err := sys.Snapshot()
	if err != nil {
		panic(err)
	}
	sequence := model.(*actor.Model[Msg]).Sequence(path)
	sequence.Title = "Two cells are no register"
	fmt.Print(sequence.Mermaid())
	fmt.Println(strings.Contains(sequence.SVG(), "<title id=\"t\">Two cells are no register</title>"))
	fmt.Print(sequence.Text(diagram.TextOptions{Width: 60, ASCII: true}))
	// Output:
	// sequenceDiagram
	//     accTitle: Two cells are no register
	//     participant p0 as first
	//     participant p1 as second
	//     participant p2 as user
	//     p2->>p0: 1. Write#123;Value:#34;hello#34;#125;
	//     p0->>p2: 2. Written#123;#125;
	//     p2->>p1: 3. Read#123;#125;
	//     p1->>p2: 4. Value#123;Value:#34;#34;#125;
	// true
	// Two cells are no register
	//
	//             first            second             user
	//               |                 |                 |
	//  1            |<----- Write{Value:"hello"} -------|
	//  2            |------------ Written{} ----------->|
	//  3            |                 |<--- Read{} -----|
	//  4            |                 |----- Value ---->|
	//               |                 |                 |
	//
	// in full:
	//  4  second -> user: Value{Value:""}
}

// A path says what each step changes.
func ExampleModel_Changes() {
	_, path := twoCells()
	fmt.Print(path)
	// Output:
	// init  linearizable  user invokes write(hello)
	//       in flight     user -> first: Write{Value:"hello"}
	//    1  user -> first: Write{Value:"hello"}
	//         ~  first.Value       "" → "hello"
	//         +  first sends user  Written{}
	//    2  first -> user: Written{}
	//         +  user sends second           Read{}
	//         +  linearizable: user returns  "hello"
	//         +  linearizable: user invokes  read
	//    3  user -> second: Read{}
	//         +  second sends user  Value{Value:""}
	//    4  second -> user: Value{Value:""}
	//         +  linearizable: user returns  ""
}
