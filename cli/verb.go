package cli

import "context"

// Verb is what a program can be asked for. Every program has check, simulate, replay, list,
// version, completion and help; package actorcli has further ones.
type Verb struct {
	Name    string   // one word
	Summary string   // purpose, in a line
	Usage   []string // forms of use, without the name; MODEL stands for parameters and variant; nil means MODEL

	Flags  []Param  // flags that only this verb has, each made with [Param.Flag]
	Common []string // the flags that it shares with other verbs, such as "timeout" or "json", without the dash

	// Takes reports whether the verb takes a command line with these words. It lets two verbs share
	// a name: the first one that takes the words runs, and a verb of the App is asked before those
	// of every program. Nil means always.
	Takes func(words []string) bool

	// Run runs the verb and returns the exit code. An error is printed; its exit code is
	// [ExitUsage] if exit is 0, and [ExitModel] for an [allways.ModelError].
	Run func(ctx context.Context, c *Call) (exit int, err error)

	plain bool // no model is needed: no words select one
}

func (v *Verb) takes(words []string) bool { return v.Takes == nil || v.Takes(words) }
