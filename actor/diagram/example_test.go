package diagram_test

import (
	"fmt"

	"github.com/allways-go/allways/actor/diagram"
)

var run = &diagram.Sequence{
	Title:     "A lost copy",
	Lifelines: []string{"client", "server", "spare"},
	Steps: []diagram.Step{
		{Message: diagram.Message{From: 0, To: 1, Text: "Put{A}"}},
		{Kind: diagram.Loss, Message: diagram.Message{From: 1, To: 2, Sent: 1, Text: "Copy{A}"}},
		{Kind: diagram.Crash, At: 1},
		{Kind: diagram.Note, At: 2, Text: "timeout takeover"},
		{Message: diagram.Message{From: 1, To: 0, Sent: 1, Text: "PutOK"}},
	},
	Pending: []diagram.Message{{From: 2, To: 0, Sent: 4, Text: "Moved"}},
}

func ExampleSequence_Text() {
	fmt.Print(run.Text(diagram.TextOptions{Width: 80}))
	// Output:
	// A lost copy
	//
	//            client             server              spare
	//               │                  │                  │
	//  1            ├───── Put{A} ────►│                  │
	//  2            │                  ├─── Copy{A} ────× │
	//  3            │                  × crash            │
	//  4            │                  ┊                  ◆ timeout takeover
	//  5            │◄──── PutOK ──────┤                  │         sent in 1
	//               │                  ┊                  │
	//
	// 1 message in flight:
	//   spare → client: Moved
	//
	// in full:
	//  2  server -> spare: lost: Copy{A}
}

func ExampleSequence_Mermaid() {
	fmt.Print(run.Mermaid())
	// Output:
	// sequenceDiagram
	//     accTitle: A lost copy
	//     participant p0 as client
	//     participant p1 as server
	//     participant p2 as spare
	//     p0->>p1: 1. Put#123;A#125;
	//     p1-xp2: 2. lost: Copy#123;A#125;
	//     Note over p1: 3. crash
	//     Note over p2: 4. timeout takeover
	//     p1->>p0: 5. PutOK (sent in 1)
	//     p2--)p0: not delivered: Moved
}

func ExampleSequence_SVG() {
	svg := run.SVG()
	fmt.Println(svg[:len("<svg xmlns=")])
	// Output: <svg xmlns=
}
