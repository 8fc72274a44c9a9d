package plan

import (
	"maps"
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// This file reads and writes the values in interfaces in place. Package reflect would copy each
// value and look up its type, which takes most of the time of encoding a message: messages are
// interfaces.

// header is the memory of an interface value. Its first word is an itab or a type, depending on the
// interface, and the same for all values of one dynamic type.
type header struct {
	word unsafe.Pointer // identifies the dynamic type; nil for a nil interface
	data unsafe.Pointer // the value itself if it is a single pointer, else its address
}

// boxed describes a dynamic type in interfaces of one type.
type boxed struct {
	plan   *Plan
	name   string
	word   unsafe.Pointer
	direct bool // the value takes the place of its address
}

// boxes are the dynamic types that were met in interfaces of one type. There are few of them, and
// they are read at each encoding and decoding: so readers take no lock, and a writer replaces the
// maps instead of changing them.
type boxes struct {
	mu     sync.Mutex
	byWord atomic.Pointer[map[unsafe.Pointer]*boxed]
	byName atomic.Pointer[map[string]*boxed]
}

func newBoxes() *boxes {
	b := &boxes{}
	b.byWord.Store(&map[unsafe.Pointer]*boxed{})
	b.byName.Store(&map[string]*boxed{})
	return b
}

// boxAt describes the dynamic type of the interface at v, which is not nil.
func (p *Plan) boxAt(v unsafe.Pointer) (*boxed, error) {
	if known := (*p.boxes.byWord.Load())[(*header)(v).word]; known != nil {
		return known, nil
	}
	return p.box(p.value(v).Elem().Type())
}

// boxNamed describes a type that was met before, by name. It returns nil if no such type is known,
// or if the interface cannot hold it.
func (p *Plan) boxNamed(name []byte) *boxed {
	if known := (*p.boxes.byName.Load())[string(name)]; known != nil {
		return known
	}
	t, ok := dynamicTypes.Load(string(name))
	if !ok || !t.(reflect.Type).AssignableTo(p.typ) {
		return nil
	}
	b, err := p.box(t.(reflect.Type))
	if err != nil {
		return nil
	}
	return b
}

// box describes a dynamic type. The first word and the placement are read off a sample, so that
// nothing here depends on how the compiler chooses them.
func (p *Plan) box(t reflect.Type) (*boxed, error) {
	q, name, err := dynamic(t)
	if err != nil {
		return nil, err
	}
	sample := reflect.New(p.typ)
	sample.Elem().Set(reflect.Zero(t))
	h := (*header)(sample.UnsafePointer())
	b := &boxed{q, name, h.word, h.data == nil} // a zero value has an address, unless it is a nil pointer itself
	p.boxes.mu.Lock()
	defer p.boxes.mu.Unlock()
	byWord, byName := maps.Clone(*p.boxes.byWord.Load()), maps.Clone(*p.boxes.byName.Load())
	byWord[b.word], byName[name] = b, b
	p.boxes.byWord.Store(&byWord)
	p.boxes.byName.Store(&byName)
	return b, nil
}

// at returns the address of the value in the interface at v, which must not be changed.
func (b *boxed) at(v unsafe.Pointer) unsafe.Pointer {
	h := (*header)(v)
	if b.direct {
		return unsafe.Pointer(&h.data)
	}
	return h.data
}

// put makes the interface at dst hold the value at x, to which nothing else may refer.
func (b *boxed) put(dst, x unsafe.Pointer) {
	h := (*header)(dst)
	h.word = b.word
	if b.direct {
		h.data = *(*unsafe.Pointer)(x)
	} else {
		h.data = x
	}
}
