package usercode

import (
	"runtime"
	"strings"
	"testing"
)

// frames returns the lines of a stack, the innermost first, as their functions.
func frames(functions string) func() (runtime.Frame, bool) {
	stack := strings.Fields(functions)
	return func() (f runtime.Frame, more bool) {
		if len(stack) == 0 {
			return f, false
		}
		f.Function, stack = stack[0], stack[1:]
		return f, len(stack) > 0
	}
}

// A stack in a report begins where the panic was and ends with the user's code that the checker has
// called. What runs the user's code is left out, above and below.
func TestFrames(t *testing.T) {
	const root = "github.com/allways-go/allways"
	for _, c := range []struct{ name, stack, want string }{
		{
			"a panic of a model",
			root + "/internal/gospace.guard runtime.gopanic user.fail user.Model.Next " +
				root + ".(*code[...]).Next " + root + "/internal/engine.(*bfs).run main.main runtime.main",
			"user.fail user.Model.Next",
		},
		{
			"a panic of a library that the model calls",
			"runtime.gopanic strconv.Itoa user.Model.Next " + root + "/internal/gospace.(*worker).Expand",
			"strconv.Itoa user.Model.Next",
		},
		{
			"a handler of an actor: the package that calls it is shown where the user's code calls into it",
			"runtime.gopanic " + root + "/actor.(*Context[...]).Send user.Server.Receive " +
				root + "/actor.receive " + root + "/internal/engine.(*bfs).run",
			root + "/actor.(*Context[...]).Send user.Server.Receive",
		},
		{
			"the end of a goroutine",
			"runtime.Goexit testing.(*common).FailNow user.Model.Actions " + root + ".(*code[...]).Actions",
			"testing.(*common).FailNow user.Model.Actions",
		},
		{"no panic", "user.Model.Next " + root + "/internal/engine.(*bfs).run", ""},
	} {
		var got []string
		for line := range strings.Lines(list(false, frames(c.stack))) {
			if !strings.HasPrefix(line, "\t") {
				got = append(got, strings.TrimSpace(line))
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: the report has %q, want %q", c.name, s, c.want)
		}
	}
}
