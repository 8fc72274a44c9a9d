// Package consistency tests whether what the clients of a concurrent object observed is linearizable or sequentially
// consistent; it neither runs clients nor records them, and it does not test transactions over several objects.
//
// A [Spec] says what an object does when its operations come one after the other. Registers, queues, stacks, sets,
// counters and key-value maps are here; a specification of your own is two methods. A [History] holds what the clients
// did: who invoked what, and what came back, in which order. A history is
//
//   - linearizable, if all its operations can be put in one order that the specification explains, in which every
//     operation that returned before another was invoked comes first (Herlihy and Wing, 1990);
//   - sequentially consistent, if they can be put in one order that the specification explains, in which the operations
//     of every single client come in their order (Lamport, 1979).
//
// [Linearizable] and [SequentiallyConsistent] give a [Verdict]: such an order, or the operations that are in conflict,
// which print as a diagram. An operation that never returned may or may not have taken effect, at any time after its
// invocation, and its result is open.
//
// A model checker holds a History in its states: it is a small plain value, never changed by what is appended to a copy,
// and histories that no client can tell apart have equal content. A [Tester] then asks only whether a history is allowed,
// a few hundred nanoseconds for a handful of operations. The same functions take recorded histories of tens of thousands
// of operations, with [FromEvents].
package consistency
