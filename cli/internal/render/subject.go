package render

import (
	"strings"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
)

// Subject is the model that a report is about, with its parameters filled in.
type Subject struct {
	App     string // name of the program
	Summary string // subject of the model; may be empty
	Variant string
	Params  []string // words and flags that select the model again

	Types      string // hash of the types
	Properties []erased.Property
	Optional   []string // names of the model's optional methods
	Notes      []string // remarks of the model on itself, a line each

	Replay func(args ...string) string // the command that replays, with some arguments
}

// Title names the subject as a command line does.
func (s *Subject) Title() string { return strings.Join(append([]string{s.App}, s.Params...), " ") }

// Search is a search as the user asked for it.
type Search struct {
	Verb     string
	Strategy allways.Strategy
	Store    allways.StateStore
	Stop     allways.Stop
	Symmetry bool
	Workers  int    // 0 means one per CPU
	Seed     uint64 // seed of random walks
	Random   bool   // random walks instead of a search of all states
}

// Outcome is what a search came to.
type Outcome struct {
	*erased.Result
	Profile *Profile          // nil unless it was asked for
	Traces  map[string]string // trace files by property; "" is the way to a misbehaviour
	Exit    int               // exit code of the process
	Meaning string            // the exit code in words
}

// Profile is where the states of a search come from.
type Profile struct {
	Parts            []allways.Part // the fastest growing one first
	Sampled, Visited int64          // states
}

// View is how much of a report to show, and in which style.
type View struct {
	Style Style
	Full  bool // long paths, values and tables to the end
	Width int  // columns of the terminal, in which long lines are wrapped; 0 for other outputs
	Quiet bool // verdicts only
}
