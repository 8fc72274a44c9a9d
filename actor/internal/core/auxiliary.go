package core

// Auxiliary is a value beside the actors that their handlers or an observer change. Its values and events are
// known by content. A value in an any is a pointer. Every auxiliary is a [History] or an [Observer].
type Auxiliary interface {
	Name() string
	// Initial returns the first value.
	Initial() string
	// Encode and Decode are inverses.
	Encode(value any) string
	Decode(value string) any
	Text(value string) string
	// Rename gives actors their new ids: actor i becomes to[i].
	Rename(value string, to []int) string
}

// Observer is a value that follows every step.
type Observer interface {
	Auxiliary
	// Observe returns the value after a step.
	Observe(value string, a Action) string
}

// History is a value that records what the clients of an object do. Clients are numbered: an actor begins with
// its id, and after a crash with an operation under way it goes on with its number plus the number of actors.
type History interface {
	Auxiliary
	// Record returns the value after an event of an actor. It leaves the value as it is, as Crash does.
	Record(value any, actors, by int, event string) (any, error)
	// Crash returns the value after the crash of an actor.
	Crash(value any, actors, id int) any
	// Allows reports whether the history keeps its promise.
	Allows(value any) bool
	// Order returns an order of operations that explains the events, each of another client, as a list of clients;
	// ok is false if they have no order.
	Order(events []ClientEvent) (clients []int, ok bool)
	// Explain says why it does not, or returns "".
	Explain(value any, actors int, name func(id int) string) string
	RenameEvent(event string, to []int) string
	// Texts returns the events as people read them.
	Texts(value any) []EventText
	// EventText returns an event as people read it; without a client.
	EventText(event string) EventText

	// Sequential reports whether only the order of events of each client matters.
	Sequential() bool
	// Events returns the events of a value, and by actor how many operations its crashes have left under way.
	// Value is the inverse.
	Events(value string) (events []ClientEvent, lost []int)
	Value(events []ClientEvent, lost []int) string
	// NewTester returns a tester, which judges without decoding.
	NewTester() Tester
}

// ClientEvent is an event of a history.
type ClientEvent struct {
	Client int
	Event  string
}

// EventText is an event of a history in words.
type EventText struct {
	Client     int
	Verb, Text string
}

// Tester judges histories whose events are numbers. It is safe for concurrent use.
type Tester interface {
	// Add gives an event a number, which it may have already, and reports whether the event is an invocation.
	Add(number uint32, e ClientEvent) (invocation bool)
	// Allows reports whether a history keeps its promise.
	Allows(events []uint32) bool
}
