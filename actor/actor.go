package actor

// ID names an actor of a system: actors are numbered from 0 in the order of spawning. So the zero ID is that of the first actor; for
// none there is [NoActor].
type ID int

// NoActor is the id of no actor. A message to it, or to any other id that no actor has, is kept for ever and does no harm.
const NoActor ID = -1

// Actor is a part of a distributed system. Its handlers may do anything to *s and to m, which are private copies, and
// must be functions of what they are given: every one is evaluated twice on separate copies when it is checked, and a
// difference is an error. They may use what is in the receiver, which must never change.
type Actor[S, M any] interface {
	// Start begins with a zero *s, in which slices are nil, and maps are empty and may be written to. So are those of
	// states and messages that any handler gets.
	Start(c *Context[M], s *S)
	// Receive handles a message.
	Receive(c *Context[M], s *S, from ID, m M)
}

// TimeoutHandler is implemented by actors that set timers.
type TimeoutHandler[S, M any] interface {
	// Timeout handles a timer that has run out. It is not set any more.
	Timeout(c *Context[M], s *S, timer string)
}

// ChoiceHandler is implemented by actors that offer choices to chance.
type ChoiceHandler[S, M any] interface {
	// Choose handles one of the options that Choose has offered under key. They are not offered any more.
	Choose(c *Context[M], s *S, key string, option any)
}

// RestartHandler is implemented by actors that come back from a crash in another way than they start.
type RestartHandler[S, M any] interface {
	// Restart begins again with *s as Start does; [Load] tells what was saved before the crash.
	Restart(c *Context[M], s *S)
}

// Majority returns how many of n are more than a half.
func Majority(n int) int { return n/2 + 1 }

// Peers returns the ids from 0 up to and without n, except self.
func Peers(self ID, n int) []ID {
	peers := make([]ID, 0, max(n-1, 0))
	for id := range ID(n) {
		if id != self {
			peers = append(peers, id)
		}
	}
	return peers
}
