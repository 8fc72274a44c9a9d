package repeat

import (
	"reflect"
	"unsafe"

	"github.com/allways-go/allways/internal/plan"
)

// A method may keep a reference to what it was given, or to what it has returned, and write to it in
// a later call. The search need not notice: it has encoded the value, and may never look at that
// memory again. But what the method does with it is part of no state. So a run keeps the first values
// that have passed between it and the model, and looks at its end whether they are what they were.

// keptBytes limits the encodings of the values that are kept.
const keptBytes = 8 << 20

// Passed are values that have passed between a run and user code. The zero value is empty. It is for
// one goroutine.
type Passed struct {
	all   []passedValue
	bytes int
}

// passedValue is a value, and the content that it had.
type passedValue struct {
	what    string
	plan    *plan.Plan
	at      unsafe.Pointer
	content string
}

// Keep keeps a shallow copy of a value: what it refers to is what may be changed.
func (k *Passed) Keep(what string, p *plan.Plan, t reflect.Type, v unsafe.Pointer) {
	if len(k.all) >= 4*First || k.bytes >= keptBytes {
		return
	}
	content, err := p.Append(nil, v)
	if err != nil {
		return // the next use of the value reports it
	}
	c := reflect.New(t)
	c.Elem().Set(reflect.NewAt(t, v).Elem())
	k.all = append(k.all, passedValue{what, p, c.UnsafePointer(), string(content)})
	k.bytes += len(content)
}

// Changed returns what a value is that was changed since it was kept, and its contents before and
// now, the latter nil if it has none. It calls progress before it looks at each value.
func (k *Passed) Changed(progress func()) (what string, was, now unsafe.Pointer, found bool) {
	for _, v := range k.all {
		progress()
		content, err := v.plan.Append(nil, v.at)
		if err == nil && string(content) == v.content {
			continue
		}
		was := reflect.New(v.plan.Type()).UnsafePointer()
		v.plan.FromContent(v.content, was)
		if err != nil {
			return v.what, was, nil, true
		}
		return v.what, was, v.at, true
	}
	return "", nil, nil, false
}
