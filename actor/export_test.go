package actor

// LimitMemo bounds what searches of a system remember, in bytes.
func LimitMemo[M any](sys *System[M], bytes int64) *System[M] {
	sys.maxMemo = bytes
	return sys
}

// Envelopes returns the messages in flight to an actor, or with -1 those to no actor, whether properties may
// read them or not.
func Envelopes[M any](s *State[M], to ID) []Envelope[M] {
	if to < 0 {
		to = ID(len(s.inboxes) - 1)
	}
	was := s.private
	defer func() { s.private = was }()
	s.private = false
	return s.Inbox(to)
}
