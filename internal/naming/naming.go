// Package naming gives actions names, unless the model does, and numbers the names.
package naming

import (
	"encoding/binary"
	"reflect"
	"slices"
	"sync"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
)

// Names are counted for every step of a search, millions of times a second, where a map of strings
// would cost more than the step. So names get small numbers, counts are arrays, and the engine
// keeps parent, action and name of a step in one word of 64 bits, which is why there are few
// numbers.
//
// The numbers depend on the order in which workers meet the names, and so on timing. No result
// does: reports are sorted by name, and where the engine orders steps, the number comes last,
// behind parent and action, which already tell any two steps apart. Only the limit could bring the
// order of arrival into a report, since the names beyond it are counted together. Therefore, once
// there are too many names, all that the model did not declare are reported as one: those with a
// number too.

// Names numbers the names of actions. The declared ones come first, the others in the order in
// which they are met, which is not the same in every run.
type Names struct {
	mu       sync.Mutex
	ids      map[string]uint16
	list     []string
	declared int
	full     bool // more names were met than there are numbers
}

// otherNames is the name under which actions are counted when there are more names than numbers:
// all but the declared ones, so that the counts do not depend on which were met first.
const otherNames = "(others)"

// NewNames returns the table of names of a run, with the declared ones.
func NewNames(declared []string) *Names {
	t := &Names{ids: map[string]uint16{}}
	for _, n := range declared {
		t.ID(n)
	}
	t.declared, t.full = len(t.list), false
	return t
}

// ID returns the number of a name.
func (t *Names) ID(name string) uint16 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if id, ok := t.ids[name]; ok {
		return id
	}
	if len(t.list) >= engine.NoName-1 {
		t.full = true
		return engine.NoName - 1
	}
	id := uint16(len(t.list))
	t.ids[name] = id
	t.list = append(t.list, name)
	return id
}

// Declares reports whether a declared name has its own number.
func (t *Names) Declares(name string) bool {
	id, ok := t.ids[name]
	return ok && int(id) < t.declared
}

// Name returns the name under which a number is reported, at the end of a run.
func (t *Names) Name(id int) string {
	if id < t.declared || id < len(t.list) && !t.full {
		return t.list[id]
	}
	return otherNames
}

// Namer finds the number of an action's name fast: naming an action costs more than all else that
// is done for a step.
//
// A name depends on the content of the action alone. Most actions are small structs of numbers,
// whose memory is their content, and a model has few different ones: so their names are remembered
// by memory. One or two bytes index an array, up to eight are looked up in a small direct-mapped
// table, in which a collision costs a call and nothing else. Larger actions, and those with
// strings or pointers, are named each time.
type Namer struct {
	table  *Names
	name   func(a unsafe.Pointer) string
	known  map[string]uint16
	size   uintptr        // bytes of an action whose memory is its content and fits a key; 0 for others
	direct []uint16       // number plus one by memory of actions of one or two bytes; 0 if unknown
	Naming unsafe.Pointer // the action that is named now, by user code; nil between
	cache  [nameCacheLen]nameEntry
}

const (
	nameCacheBits = 8
	nameCacheLen  = 1 << nameCacheBits
)

// nameEntry remembers the name of the action whose memory is key.
type nameEntry struct {
	key uint64
	id  uint16
	set bool
}

// NewNamer returns a namer of actions of a type, whose names a function gives.
func NewNamer(t *Names, typ reflect.Type, name func(a unsafe.Pointer) string) Namer {
	n := Namer{table: t, name: name, known: map[string]uint16{}}
	if typ.Size() <= 8 && pointerFree(typ) {
		n.size = typ.Size()
	}
	if n.size == 1 || n.size == 2 {
		n.direct = make([]uint16, 1<<(8*n.size))
	}
	return n
}

// Number returns the number of the name of *a.
func (n *Namer) Number(a unsafe.Pointer) uint16 {
	if len(n.direct) == 1<<16 {
		b := (*[2]byte)(a)
		if id := n.direct[uint16(b[0])|uint16(b[1])<<8]; id != 0 {
			return id - 1
		}
	}
	return n.find(a)
}

func (n *Namer) find(a unsafe.Pointer) uint16 {
	switch {
	case n.size == 0:
		return n.LookUp(a)
	case n.direct != nil:
		e := &n.direct[n.keyOf(a)]
		if *e == 0 {
			*e = n.LookUp(a) + 1
		}
		return *e - 1
	}
	k := n.keyOf(a)
	// Multiplicative hashing; actions of one model differ in few low bits of each field.
	e := &n.cache[k*0x9E3779B97F4A7C15>>(64-nameCacheBits)]
	if e.key != k || !e.set {
		*e = nameEntry{k, n.LookUp(a), true}
	}
	return e.id
}

// keyOf returns the memory of *a; bytes of padding may make equal actions differ, which costs a
// look-up and no more.
func (n *Namer) keyOf(a unsafe.Pointer) uint64 {
	switch n.size {
	case 1:
		return uint64(*(*uint8)(a))
	case 2:
		b := (*[2]uint8)(a)
		return uint64(b[0]) | uint64(b[1])<<8
	case 4:
		b := (*[4]uint8)(a)
		return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24
	case 8:
		b := (*[8]uint8)(a)
		return binary.LittleEndian.Uint64(b[:])
	}
	var k uint64
	for i, b := range unsafe.Slice((*uint8)(a), n.size) {
		k |= uint64(b) << (8 * i)
	}
	return k
}

// LookUp is Number without what was remembered: it asks for the name.
func (n *Namer) LookUp(a unsafe.Pointer) uint16 {
	n.Naming = a
	name := n.name(a)
	n.Naming = nil
	id, ok := n.known[name]
	if !ok {
		id = n.table.ID(name)
		n.known[name] = id
	}
	return id
}

// pointerFree reports whether a type's memory is all its content.
func pointerFree(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return pointerFree(t.Elem())
	case reflect.Struct:
		return !slices.ContainsFunc(reflect.VisibleFields(t), func(f reflect.StructField) bool {
			return !pointerFree(f.Type)
		})
	default:
		return Scalar(t.Kind()) || t.Kind() == reflect.Complex64 || t.Kind() == reflect.Complex128
	}
}

// Scalar reports whether values of a kind are plain numbers or booleans.
func Scalar(k reflect.Kind) bool { return k >= reflect.Bool && k <= reflect.Float64 }
