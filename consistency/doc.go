// Package consistency checks whether a history of a concurrent object, as its clients saw it, is
// linearizable or sequentially consistent. It does not run clients, it does not record histories, and
// it does not check transactions over several objects.
//
// A [Spec] says what an object does when its operations run one after another. The package has specs
// of registers ([Register], [CASRegister], [WriteOnce]), a key-value map ([KV]), a [Set], a [Queue], a
// [Stack] and a [Counter]. A spec of another object needs two methods.
//
// A [History] holds the invocations and returns of operations in order. It is
//
//   - linearizable if its operations can be put in one order that the spec explains, such that an
//     operation that returned before another was invoked comes first (Herlihy and Wing, "Linearizability:
//     A correctness condition for concurrent objects", 1990);
//   - sequentially consistent if its operations can be put in one order that the spec explains, such that
//     the operations of each client stay in the client's order (Lamport, "How to make a multiprocessor
//     computer that correctly executes multiprocess programs", 1979).
//
// A pending operation, one that has not returned, may take effect at any time after its invocation, or
// never. Its result is open.
//
// [Linearizable] and [SequentiallyConsistent] return a [Verdict]: the order that explains the history,
// or the operations in conflict. A verdict prints as a diagram.
//
// A model checker keeps a History in each of its states. A history is therefore a small immutable
// value, and two histories that no client can tell apart have equal content. A [Tester] answers
// only yes or no, within a few hundred nanoseconds for a handful of operations. The same code
// checks recorded histories of tens of thousands of operations: see [FromEvents].
package consistency
