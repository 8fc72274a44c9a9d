// Package allways checks that a system keeps its promises in every state that it can reach.
//
// Describe the system as a [Model]: its initial states, the actions enabled in a state, what an
// action leads to, and what it promises as a list of [Property]. [Check] visits every reachable
// state, breadth-first, and returns a [Result] with a [Verdict] on each property. A violated
// property comes with its counterexample, a [Path]: a shortest run that breaks it.
//
//	var _ allways.Model[State, Action] = Server{} // the compiler says what is missing, as Check cannot
//
//	result, err := allways.Check(ctx, model, allways.Options{})
//	if err != nil {
//		return err // the model is broken (it panics, changes its arguments, ...), or an option is wrong
//	}
//	for _, p := range result.Properties {
//		fmt.Println(p.Name, p.Verdict)
//		if p.Verdict == allways.Violated {
//			fmt.Print(p.Path)
//		}
//	}
//
// Distributed systems are best written as actors, with package actor: servers and clients that
// crash and restart, and exchange messages over a network that loses, reorders and duplicates them.
// A system of actors is a Model and is checked in the same way, and its code runs on a real network.
//
// # Index
//
// Models: [Model], [Funcs], and the optional interfaces listed at Model.
//
// Properties: [Always], [Sometimes], [Eventually], [AlwaysStep], [NoDeadlock], [AlwaysPossible]. Promises about runs:
// [LeadsTo], [InfinitelyOften], [EventuallyForever], [Until], and [Temporal] of a [Formula] of [Predicate],
// [StepPredicate] and [Enabled]; [Property.Assuming] adds [Fairness], such as [WeaklyFair]. A model may refine an
// abstract one: [Refines], [Mapped], and [AbstractStep] for where it does not.
//
// Search: [Check] with [Options], [Simulate] with [SimulateOptions]; when to stop with [Stop],
// [StopAllOf], [StopAnyOf] and [ParseStop]; random walks with a [Scheduler] such as [Uniform],
// [PCT] or a [SchedulerFunc].
//
// Results: [Result], [PropertyResult], [Verdict], [StopReason], [Stats], [ActionStats], [Path],
// [Step], [Change], [Warning].
//
// By hand: [NewStepper] for paths and single steps, [Transition] for what is enabled in a state, and
// [NewExplorer] for exploration on demand.
//
// Watching: [Progress], [Visitor], [VisitStates], [VisitPaths], and [NewProfile] for where a large
// state space comes from.
//
// Symmetry: [Interchangeable].
//
// Errors: [ModelError], [OptionError], [CallbackError], [ReplayError].
//
// Package cli is a command line for any model, allwaystest its integration with go test, trace a
// file format for paths, and consistency a checker for recorded histories.
//
// # States
//
// A state is any Go value made of bools, numbers, strings, structs, arrays, slices, maps, pointers
// and interfaces. Two states are the same when their content is. Next must not change the state it
// is given: copy slices, maps and what pointers lead to before changing them. That rule is checked
// for every state.
//
// # Verdicts
//
// A verdict is [Holds], [Violated] or [Inconclusive]. A single path decides some properties: a
// counterexample, or the witness of a [Sometimes]. That there is no such path takes a complete
// search. A limit of [Options] that was met, a canceled context or a broken model leaves open what
// was not decided yet, and [Result.StopReason] says why. With a boundary ([Bounded]), verdicts are
// about the states within it.
//
// [Eventually] is refuted by a run that ends, or repeats a cycle forever, without ever satisfying
// it. Cycles are reported as lassos: see [Path.Loop]. Runs that are not to be expected are left out by fairness
// constraints, which [PropertyResult.Assumes] names.
//
// A model that cannot fail, having no properties or no steps, is no evidence: [Result.Warnings] say so,
// and list what never happened in a complete search.
//
// # Larger models
//
// [Options.Symmetry] visits one representative of all states that differ only by the names of
// interchangeable parts; [Interchangeable] derives the representatives. [StoreFingerprints] keeps a
// hash of 8 bytes instead of each state, and the result says how likely it is that a state was
// missed. [Simulate] makes random walks where a complete search is out of reach.
package allways
