// Package actorcli adds to a command line of package cli what only systems of actors have: the verb
// run, which runs the actors as real processes, replay for recordings of such runs, and a parameter
// for the kind of network. It checks nothing itself and is not needed to check actors; it is apart
// from package cli because it links the network.
//
//	func main() { cli.Main(app) }
//
//	var app = cli.App[Model]{
//		Name:  "paxos",
//		Verbs: actorcli.Verbs,
//		// ...
//	}
package actorcli
