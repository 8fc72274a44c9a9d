package core

import (
	"encoding/binary"
	"hash/fnv"
	"slices"
)

// Local is what belongs to one actor alone, by content. Its inbox belongs to the network: a crash does not
// empty it. A handler is a function of a Local and an [Event], so these two are all that a search must compare
// to know that it need not run a handler again.
//
// Lists are sorted: in which order an actor has set its timers, or offered its options, must not make a
// difference between states, since nothing else depends on it.
type Local struct {
	Down    bool
	Saved   bool     // whether Stored holds a value
	State   string   // the state; of an actor that is down, the zero state
	Timers  []string // timers that are set, sorted
	Choices []Choice // sorted by key
	Stored  string   // the value saved last, of type any
}

// Choice holds the options offered under one key.
type Choice struct {
	Key     string
	Options []string // options, values of type any, sorted
}

// Equal reports whether l and o have the same content.
func (l *Local) Equal(o *Local) bool {
	return l == o || l.Down == o.Down && l.Saved == o.Saved && l.State == o.State && l.Stored == o.Stored &&
		slices.Equal(l.Timers, o.Timers) && slices.EqualFunc(l.Choices, o.Choices, func(a, b Choice) bool {
		return a.Key == b.Key && slices.Equal(a.Options, b.Options)
	})
}

// Append appends a self-delimiting encoding, which [ParseLocal] reads.
func (l *Local) Append(dst []byte) []byte {
	flags := byte(0)
	if l.Down {
		flags |= 1
	}
	if l.Saved {
		flags |= 2
	}
	dst = append(dst, flags)
	dst = AppendString(dst, l.State)
	dst = AppendString(dst, l.Stored)
	dst = binary.AppendUvarint(dst, uint64(len(l.Timers)))
	for _, t := range l.Timers {
		dst = AppendString(dst, t)
	}
	dst = binary.AppendUvarint(dst, uint64(len(l.Choices)))
	for _, c := range l.Choices {
		dst = AppendString(dst, c.Key)
		dst = binary.AppendUvarint(dst, uint64(len(c.Options)))
		for _, o := range c.Options {
			dst = AppendString(dst, o)
		}
	}
	return dst
}

// ParseLocal reads what [Local.Append] wrote.
func ParseLocal(r *Reader) (l Local) {
	flags := r.Byte()
	l.Down, l.Saved = flags&1 != 0, flags&2 != 0
	l.State, l.Stored = r.String(), r.String()
	for range r.Uint() {
		l.Timers = append(l.Timers, r.String())
	}
	for range r.Uint() {
		c := Choice{Key: r.String()}
		for range r.Uint() {
			c.Options = append(c.Options, r.String())
		}
		l.Choices = append(l.Choices, c)
	}
	return l
}

// Digest returns a fingerprint.
func (l *Local) Digest() uint64 {
	h := fnv.New64a()
	h.Write(l.Append(nil))
	return h.Sum64()
}
