package render

import (
	"strings"
	"testing"
	"time"

	"github.com/allways-go/allways/internal/pathtext"
)

func TestRecordedShowsStepsAndDivergence(t *testing.T) {
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	last := pathtext.Run{Init: "server  {}", Len: 1, Loop: -1, Step: func(int) pathtext.Step {
		changes := []pathtext.Change{{Path: "server.N", Before: "0", After: "1"}}
		return pathtext.Step{Number: 7, Text: "timeout t of server", Changes: changes}
	}}
	r := &Recording{
		Title: "app 2", Steps: 7, External: 1,
		Actors: []RecordedActor{
			{Name: "server", Files: 2, Steps: 1200, Began: began, Ended: began.Add(1500 * time.Millisecond)},
		},
		Promises: []Promise{{Name: "small", Violated: true, Judged: "7 states"}, {Name: "unseen"}},
		Run:      &last, Before: 6,
		Diverges: &Divergence{
			Step: 8, Recorded: "timeout u of server", Reason: "the timer is not set", Enabled: []string{"a", "b"},
		},
		Notes: []string{"something is not known"},
	}
	var b strings.Builder
	Recorded(&b, View{Style: NewStyle(false)}, r)
	want := `app 2  recorded

ACTOR   STEPS  BEGAN (UTC)           SPAN  FILES
server  1,200  2026-01-02 03:04:05  1.5 s      2

7 steps followed, 1 message from outside

THE RUN     PROPERTY  JUDGED OF
VIOLATED    small     7 states
not judged  unseen

  the last steps, after 6 more steps
  init  server  {}
     7  timeout t of server
          ~  server.N  0 → 1

the model diverges at step 8

  recorded  timeout u of server
  but       the timer is not set
  enabled   a
            b

note: something is not known
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
