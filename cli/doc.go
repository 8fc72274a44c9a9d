// Package cli gives a model a command line: it checks, simulates and replays the model, with
// progress, a summary, counterexamples and exit codes for scripts. It is neither a framework for
// commands in general nor a way to run checks from Go code; for that, call [allways.Check] or use
// package allwaystest.
//
// An [App] says what the model is called and which parameters it has, each of them once, with its
// type, range, default and help. The main function of a model is one line:
//
//	func main() { cli.Main(app) }
//
//	var app = cli.App[Model]{
//		Name: "locks",
//		Params: func(m *Model) []cli.Param {
//			return []cli.Param{cli.Int("clients", &m.Clients, 2, 1, 6, "clients")}
//		},
//		Variants: []cli.Variant[Model]{
//			{Name: "correct", Summary: "with a lock"},
//			{Name: "broken", Summary: "without one", Config: Model{Unlocked: true}},
//		},
//		Build: func(m Model) (cli.Instance, error) { return cli.NewInstance(m), nil },
//	}
//
// Package actorcli adds the verbs of systems of actors, which run as real processes. It is apart so
// that the program of a plain model links no network.
package cli
