// Package core holds the words in which the packages below actor speak of a system: ids, events, messages in
// flight, effects of handlers, states. None of them has a type parameter. Values of users' types appear by
// content, a string that equal values of one type have in common, so that the code that searches, replays, runs
// and describes systems is compiled once, in this module, and not again in every package that defines messages.
//
// [System] is the seam: an immutable description of a system. Package actor makes one from a builder; only it
// knows the users' types, and hides them behind [Codec], [Actor], [Auxiliary], [Property] and [Views].
package core
