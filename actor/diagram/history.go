package diagram

// History is what the clients of an object did and saw in a run, and why it breaks its promise, if
// it does. It is data for drawings; no method of this package draws it.
type History struct {
	Name     string  // name of the object
	Events   []Event // events in the order of time, or client by client if only that order counts
	Conflict string  // reason why the promise is broken, in lines; empty if it is kept
}

// Event is the begin or the end of an operation.
type Event struct {
	Client string // name of the client
	Return bool   // the operation ends
	Text   string // the operation, or its result
}
