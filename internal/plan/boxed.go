package plan

import (
	"maps"
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// This file reads and writes values in interfaces where they are, without the copies and look-ups of package reflect, which
// take most of the time of messages.

// header is how an interface value lies in memory.
type header struct {
	word unsafe.Pointer // for the dynamic type; nil for a nil interface
	data unsafe.Pointer // the value if it is a pointer in all but type, else where it is
}

// boxed is what is known of a dynamic type in interfaces of one type.
type boxed struct {
	plan   *Plan
	name   string
	word   unsafe.Pointer
	direct bool // the value is in the place of its address
}

// boxes are the dynamic types that interfaces of one type were met with. The maps are replaced, never changed.
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

// boxAt returns what is known of the dynamic type of the interface at v, which is not nil.
func (p *Plan) boxAt(v unsafe.Pointer) (*boxed, error) {
	if known := (*p.boxes.byWord.Load())[(*header)(v).word]; known != nil {
		return known, nil
	}
	return p.box(p.value(v).Elem().Type())
}

// boxNamed returns what is known of a type that was met before, or nil if there is none of that name in such an interface.
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

// box learns about a dynamic type.
func (p *Plan) box(t reflect.Type) (*boxed, error) {
	q, name, err := dynamic(t)
	if err != nil {
		return nil, err
	}
	sample := reflect.New(p.typ)
	sample.Elem().Set(reflect.Zero(t))
	h := (*header)(sample.UnsafePointer())
	b := &boxed{q, name, h.word, h.data == nil} // a zero value has an address, or is nil itself
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

// put makes the interface at dst one that holds the value at x, which nothing else refers to.
func (b *boxed) put(dst, x unsafe.Pointer) {
	h := (*header)(dst)
	h.word = b.word
	if b.direct {
		h.data = *(*unsafe.Pointer)(x)
	} else {
		h.data = x
	}
}
