// Package symbolic searches sets of states instead of states. The reachable states are one decision diagram of
// package mdd, with a level for each place of the vector, and steps are computed for all states of a node at once.
// It asks for steps that are local; see [engine.Local]. It is no search for lassos, and knows neither actors nor Go
// values.
//
// What is reachable is found by saturation (Ciardo, Lüttgen and Siminiceanu, "Saturation: an efficient iteration
// strategy for symbolic state-space generation", 2001), with local state spaces that are found on the way (Ciardo,
// Marmorstein and Siminiceanu, "Saturation unbound", 2003): a node is saturated if no step that changes its level and
// deeper ones only leads out of it. A step whose topmost level is the l-th is taken in the nodes of that level, as
// soon as they are made, until nothing is new; so nodes seldom have to be made again.
//
// A step begins at the level of the place that makes it possible. Its changes of deeper levels are made downwards,
// by lower; those of levels above are carried upwards with the nodes that they belong to, by steps. So a step
// is tried only where a state of the node can take it, and a handler is evaluated for the same arguments as in a
// search of states.
//
// Changes of levels above must be total, since what is below is explored before it is known what is above. What
// can forbid a step, the guard, is therefore the last place, and stays the deepest level in every order.
//
//	search        what is asked for and the result
//	judge         predicates, once for each combination of the parts that they read
//	layers path   sets of states by distance, and a shortest path
//	saturate      the reachable states
//	image         steps of all states of a node
//	count         states, steps and terminal states
//	compile       steps of the numbers in a place; levels
package symbolic
