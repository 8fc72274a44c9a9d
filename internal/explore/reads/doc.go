// Package reads finds by experiment what the verdict of a property depends on in one state. A predicate is
// opaque, but it is cheap: so the state is altered, one part at a time, to values that the part has elsewhere,
// and the predicate is asked again.
//
// A part that decides the verdict does so for certain, since a change of it alone has changed the verdict. That a
// part is not reported says less: the values that were tried may not have been the right ones.
package reads
