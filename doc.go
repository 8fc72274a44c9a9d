// Package allways checks that a state machine keeps its promises in every state that it can reach.
//
// Describe the machine as a [Model]: its initial states, the actions enabled in a state, what an action leads to, and
// what it promises as a list of [Property]. [Check] visits every reachable state, breadth-first, and returns a [Result]
// with a [Verdict] on each property. A violated property comes with a [Path]: a shortest run that breaks it.
//
//	result, err := allways.Check(ctx, model, allways.Options{})
//	if err != nil {
//		return err // the model is broken: it panics, changes its arguments, is not deterministic, ...
//	}
//	for _, p := range result.Properties {
//		fmt.Println(p.Name, p.Verdict)
//		if p.Verdict == allways.Violated {
//			fmt.Print(p.Path)
//		}
//	}
//
// # States
//
// A state is any Go value made of bools, numbers, strings, structs, arrays, slices, maps, pointers and interfaces. Two
// states are the same when their content is. Next must not change the state it is given: copy slices, maps and what
// pointers lead to before changing them. That rule is checked for every state.
//
// # Verdicts
//
// A verdict is [Holds], [Violated] or [Inconclusive]. Only a complete search proves that something holds. A limit of
// [Options] that was met, a canceled context or a misbehaving model leaves undecided what was not decided yet, and
// [Result.StopReason] says why. With a boundary ([Bounded]), verdicts are about the states within it.
//
// [Eventually] is refuted by a run that ends, or goes round in a cycle, without ever satisfying it. Cycles are reported
// as lassos: see [Path.Loop].
//
// # Larger models
//
// [Options.Symmetry] visits one representative of all states that differ only by the names of interchangeable parts;
// [Interchangeable] derives the representatives. [StoreFingerprints] storage keeps 8 bytes a state and reports how likely it is
// to have missed one. [Simulate] makes random walks where a complete search is out of reach.
//
// # Around it
//
// [Stepper] runs a model by hand and replays paths; [Explorer] explores where it is asked to. Package cli is a command
// line for any model, allwaystest its integration with go test, and trace a file format for paths.
package allways
