// Package label numbers what steps are: which step predicates they satisfy, and which instances of
// fairness constraints they take. Few labels occur in a state space, however many steps it has, so a
// step is kept with the number of its label. The package knows neither states nor formulas.
package label

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/cmplx"
	"reflect"
	"slices"
	"sync"
)

// Label is what a step is.
type Label struct {
	Steps uint64   // step predicates that it satisfies, by their places in the list of a [Table]
	Keys  []uint32 // instances of keyed constraints that it takes, ascending
}

// Instance is a constraint for one value of its key.
type Instance struct {
	Keyed int // place of the key function in the list of a [Table]
	Value any
}

// Table numbers labels and instances. It is safe for concurrent use. Numbers depend on the order in
// which they are asked for. Label 0 is that of a step that changes nothing, or that no predicate and
// no constraint is about.
type Table struct {
	Steps []int // properties whose step predicates are evaluated, at most 64
	Keyed []int // properties whose functions give keys

	mu        sync.RWMutex
	numbers   map[string]uint32
	labels    []Label
	instances []Instance
	byValue   map[Instance]uint32
}

// maxInstances bounds the instances of keyed constraints: a key that takes that many values is a
// mistake, such as one that holds a counter.
const maxInstances = 4096

// NewTable returns a table that has label 0 only.
func NewTable(steps, keyed []int) *Table {
	return &Table{
		Steps: steps, Keyed: keyed, numbers: map[string]uint32{string(make([]byte, 8)): 0}, labels: []Label{{}},
		byValue: map[Instance]uint32{},
	}
}

// Number returns the number of a label. It keeps keys.
func (t *Table) Number(steps uint64, keys []uint32) uint32 {
	if steps == 0 && len(keys) == 0 {
		return 0
	}
	var room [64]byte
	b := binary.LittleEndian.AppendUint64(room[:0], steps)
	slices.Sort(keys)
	for _, k := range keys {
		b = binary.LittleEndian.AppendUint32(b, k)
	}
	t.mu.RLock()
	n, ok := t.numbers[string(b)]
	t.mu.RUnlock()
	if ok {
		return n
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if n, ok := t.numbers[string(b)]; ok {
		return n
	}
	n = uint32(len(t.labels))
	t.numbers[string(b)] = n
	t.labels = append(t.labels, Label{steps, slices.Clone(keys)})
	return n
}

// Instance returns the number of an instance. The error says that there are too many, or that the value does not equal
// itself when it occurs again.
func (t *Table) Instance(keyed int, value any) (n uint32, err error) {
	x := Instance{keyed, value}
	t.mu.RLock()
	n, ok := t.byValue[x]
	t.mu.RUnlock()
	if ok {
		return n, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if n, ok := t.byValue[x]; ok {
		return n, nil
	}
	if wrong := unfit(reflect.ValueOf(value)); wrong != "" {
		return 0, fmt.Errorf("the key holds %s, which is another one each time: let it name what is to be treated fairly "+
			"by its content, such as the number of a process", wrong)
	}
	if len(t.instances) == maxInstances {
		return 0, fmt.Errorf("the key takes more than %d values, each of which would be one more constraint: "+
			"let it name what is to be treated fairly, such as a process", maxInstances)
	}
	n = uint32(len(t.instances))
	t.byValue[x] = n
	t.instances = append(t.instances, x)
	return n, nil
}

// unfit returns a part of a key that does not tell an instance apart by content, or "".
func unfit(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer, reflect.UnsafePointer, reflect.Chan:
		if !v.IsNil() {
			return "a " + v.Type().String()
		}
	case reflect.Float32, reflect.Float64:
		if math.IsNaN(v.Float()) {
			return "NaN"
		}
	case reflect.Complex64, reflect.Complex128:
		if cmplx.IsNaN(v.Complex()) {
			return "NaN"
		}
	case reflect.Interface:
		return unfit(v.Elem())
	case reflect.Array:
		for i := range v.Len() {
			if wrong := unfit(v.Index(i)); wrong != "" {
				return wrong
			}
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			if wrong := unfit(field); wrong != "" {
				return wrong
			}
		}
	}
	return ""
}

// Labels returns all labels by number.
func (t *Table) Labels() []Label {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.labels
}

// Instances returns all instances by number.
func (t *Table) Instances() []Instance {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.instances
}
