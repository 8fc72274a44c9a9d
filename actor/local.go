package actor

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// local is what belongs to one actor alone, by content; its inbox belongs to the network.
type local struct {
	down    bool
	saved   bool     // something was
	state   string   // content of the state; of a down actor, of the zero state
	timers  []string // that are set, sorted
	choices []choice // sorted by key
	stored  string   // content of what was saved last, of type any
}

// choice is what is offered under a key.
type choice struct {
	key     string
	options []string // contents of type any, sorted
}

func (l *local) equal(o *local) bool {
	return l.down == o.down && l.saved == o.saved && l.state == o.state && l.stored == o.stored &&
		slices.Equal(l.timers, o.timers) && slices.EqualFunc(l.choices, o.choices, func(a, b choice) bool {
		return a.key == b.key && slices.Equal(a.options, b.options)
	})
}

// append appends a self-delimiting encoding.
func (l *local) append(dst []byte) []byte {
	flags := byte(0)
	if l.down {
		flags |= 1
	}
	if l.saved {
		flags |= 2
	}
	dst = append(dst, flags)
	dst = appendString(dst, l.state)
	dst = appendString(dst, l.stored)
	dst = binary.AppendUvarint(dst, uint64(len(l.timers)))
	for _, t := range l.timers {
		dst = appendString(dst, t)
	}
	dst = binary.AppendUvarint(dst, uint64(len(l.choices)))
	for _, c := range l.choices {
		dst = appendString(dst, c.key)
		dst = binary.AppendUvarint(dst, uint64(len(c.options)))
		for _, o := range c.options {
			dst = appendString(dst, o)
		}
	}
	return dst
}

// parseLocal reads what append wrote.
func parseLocal(b []byte) (l local) {
	r := reader{b}
	flags := r.byte()
	l.down, l.saved = flags&1 != 0, flags&2 != 0
	l.state, l.stored = r.string(), r.string()
	for range r.uint() {
		l.timers = append(l.timers, r.string())
	}
	for range r.uint() {
		c := choice{key: r.string()}
		for range r.uint() {
			c.options = append(c.options, r.string())
		}
		l.choices = append(l.choices, c)
	}
	return l
}

func appendString(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// reader takes apart what this package has encoded itself.
type reader struct{ b []byte }

func (r *reader) byte() byte {
	b := r.b[0]
	r.b = r.b[1:]
	return b
}

func (r *reader) uint() uint64 {
	x, n := binary.Uvarint(r.b)
	if n <= 0 {
		panic(fmt.Sprintf("actor: broken encoding %x", r.b))
	}
	r.b = r.b[n:]
	return x
}

func (r *reader) string() string {
	n := r.uint()
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}
