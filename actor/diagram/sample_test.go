package diagram_test

import "github.com/allways-go/allways/actor/diagram"

// samples are sequences with everything that can be drawn.
var samples = map[string]*diagram.Sequence{
	"nothing": {},
	"idle":    {Title: "Nothing happens", Lifelines: []string{"a", "b"}},
	"everything": {
		Title:     "A run in which everything happens",
		Lifelines: []string{"server-1", "server-2", "a client with a long name"},
		Steps: []diagram.Step{
			{Kind: diagram.Delivery, Message: diagram.Message{From: 2, To: 0, Text: `Put{Request:1 Value:"A"}`,
				Short: "Put"}},
			{Kind: diagram.Duplication, Message: diagram.Message{From: 0, To: 1, Sent: 1,
				Text: `Prepare{Ballot:{Round:1 Server:0} Log:["first" "second" "third"]}`, Short: "Prepare"}},
			{Kind: diagram.Delivery, Message: diagram.Message{From: 0, To: 1, Sent: 1,
				Text: `Prepare{Ballot:{Round:1 Server:0} Log:["first" "second" "third"]}`, Short: "Prepare"}},
			{Kind: diagram.Partition, Text: "server-1 | server-2 a client with a long name"},
			{Kind: diagram.Note, At: 0, Text: "timeout election"},
			{Kind: diagram.Note, At: 2, Text: "choose what to do next, which takes many words: give up"},
			{Kind: diagram.Crash, At: 1},
			{Kind: diagram.Heal},
			{Kind: diagram.Loss, Message: diagram.Message{From: 1, To: 0, Sent: 3, Text: "Prepared{}",
				Short: "Prepared"}},
			{Kind: diagram.Delivery, Message: diagram.Message{From: 0, To: 0, Sent: 5, Text: "Vote{For:0}",
				Short: "Vote"}},
			{Kind: diagram.Restart, At: 1},
			{Kind: diagram.Delivery, Message: diagram.Message{From: 0, To: 1, Sent: 1,
				Text: `Prepare{Ballot:{Round:1 Server:0} Log:["first" "second" "third"]}`, Short: "Prepare"}},
			{Kind: diagram.Loss, Message: diagram.Message{From: 2, To: 2, Sent: 6, Text: "Note to self",
				Short: ""}},
		},
		Cycle: 3,
		Pending: []diagram.Message{
			{From: 1, To: 0, Sent: 12, Text: "Prepared{}", Short: "Prepared"},
			{From: 1, To: 0, Sent: 12, Text: "Prepared{}", Short: "Prepared"},
			{From: 1, To: 2, Sent: 12, Text: "Busy{}", Short: "Busy"},
		},
	},
	"hostile": {
		Title:     "<script>alert(1)</script> & \"quotes\"",
		Lifelines: []string{"<script>alert(1)</script>", "end", `x"; y as z`, "消費者"},
		Steps: []diagram.Step{
			{Kind: diagram.Delivery, Message: diagram.Message{From: 0, To: 1,
				Text: "</text><script>alert(2)</script>"}},
			{Kind: diagram.Delivery, Message: diagram.Message{From: 1, To: 2,
				Text: "a\nb\r\nc; Note over p0: injected\n    p0->>p1: injected"}},
			{Kind: diagram.Delivery, Message: diagram.Message{From: 2, To: 3,
				Text: "#35; &lt; &#60; %%{init: {}}%% $$x$$ end"}},
			{Kind: diagram.Delivery, Message: diagram.Message{From: 3, To: 0, Text: "日本語のとても長いメッセージ、色々な言葉"}},
			{Kind: diagram.Note, At: 1, Text: "\x1b[31mred\x1b[0m \u202egnp.exe\u202c \x00\xff ]]> -->"},
			{Kind: diagram.Partition, Text: "a' onload='alert(3)"},
			{Kind: diagram.Delivery, Message: diagram.Message{From: -7, To: 99, Sent: 1000, Text: "end"}},
			{Kind: diagram.Crash, At: -1},
			{Kind: diagram.StepKind(99), At: 2, Text: ""},
		},
		Cycle:   1000,
		Pending: []diagram.Message{{From: 5, To: 0, Sent: -5, Text: "wrap: <br/> <b>"}},
	},
}
