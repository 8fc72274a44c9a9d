package cli

// The exit codes, which are part of the API. "go run" does not pass them on: it exits with 1 for
// every code but 0.
const (
	ExitHolds        = 0  // every property holds, possibly only within the model's boundary
	ExitViolated     = 1  // a property is violated
	ExitUsage        = 2  // wrong usage: a flag, a parameter, a path or a trace file
	ExitInconclusive = 3  // a limit or an interrupt left a property undecided
	ExitModel        = 4  // the model misbehaved, see [allways.ModelError], whatever else was found
	ExitInternal     = 70 // an error of the program itself, or output that could not be written
)

// exits are the exit codes in words.
var exits = []struct {
	code    int
	meaning string
}{
	{ExitHolds, "every property holds"},
	{ExitViolated, "a property is violated"},
	{ExitUsage, "wrong usage"},
	{ExitInconclusive, "inconclusive: a limit or an interrupt left a property undecided"},
	{ExitModel, "the model misbehaved"},
	{ExitInternal, "internal error, or output that could not be written"},
}

func meaning(code int) string {
	for _, e := range exits {
		if e.code == code {
			return e.meaning
		}
	}
	return ""
}
