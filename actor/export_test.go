package actor

// LimitMemo bounds what searches of a system remember.
func LimitMemo[M any](sys *System[M], bytes int64) *System[M] {
	sys.maxMemo = bytes
	return sys
}

// Envelopes returns what is on its way to an actor; -1 is for nobody.
func Envelopes[M any](s *State[M], to ID) []Envelope[M] {
	if to < 0 {
		to = ID(len(s.inboxes) - 1)
	}
	return s.envelopes(to)
}
