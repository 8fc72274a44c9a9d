package plan

import (
	"reflect"
	"sync"
	"unsafe"
)

// dynamicTypes holds the types that were met in interfaces, by name: an encoding names the dynamic
// type, and Decode must find it. Names are used because a number would depend on the order in which
// types are met, and encodings must be the same in every process. A name stands for one type; a
// second type of the same name is refused. Two functions may each declare a type of one name, and
// then values of both could have one encoding, though no assertion would confuse them.
var dynamicTypes sync.Map // string -> reflect.Type

// dynamicPlans caches the results of dynamic, by type.
var dynamicPlans sync.Map // reflect.Type -> *dynamicPlan

type dynamicPlan struct {
	plan *Plan
	name string
}

// typeName returns the full name of a type.
func typeName(t reflect.Type) string {
	if t.Name() != "" {
		if t.PkgPath() == "" {
			return t.Name()
		}
		return t.PkgPath() + "." + t.Name()
	}
	switch t.Kind() {
	case reflect.Pointer:
		return "*" + typeName(t.Elem())
	case reflect.Slice:
		return "[]" + typeName(t.Elem())
	case reflect.Map:
		return "map[" + typeName(t.Key()) + "]" + typeName(t.Elem())
	}
	return t.String()
}

// dynamic returns the plan of a type that was met in an interface.
func dynamic(t reflect.Type) (*Plan, string, error) {
	if d, ok := dynamicPlans.Load(t); ok {
		return d.(*dynamicPlan).plan, d.(*dynamicPlan).name, nil
	}
	p, err := Of(t)
	if err != nil {
		return nil, "", &ValueError{Reason: err.Error(), Remedy: "the dynamic type of an interface needs content too"}
	}
	name := typeName(t)
	if known, _ := dynamicTypes.LoadOrStore(name, t); known != t {
		return nil, "", &ValueError{Reason: "two different types are both called " + name,
			Remedy: "declare them under different names, outside functions"}
	}
	dynamicPlans.Store(t, &dynamicPlan{p, name})
	return p, name, nil
}

// appendInterface appends 0 for nil; otherwise 1, the name of the dynamic type and the value.
func (p *Plan) appendInterface(dst []byte, v unsafe.Pointer, t *tracker) ([]byte, error) {
	if (*header)(v).word == nil {
		return append(dst, 0), nil
	}
	b, err := p.boxAt(v)
	if err != nil {
		return dst, err
	}
	w := b.at(v)
	if b.plan.coded { // a method of the user must not get at the memory of the interface
		w = addressOf(p.value(v).Elem())
	}
	if err := t.enter(w, false); err != nil {
		return dst, err
	}
	defer t.leave()
	name := b.name
	if t.written != nil {
		name = t.written(name)
	}
	return b.plan.append(appendString(append(dst, 1), name), w, t)
}

// addressOf returns the address of a copy of x.
func addressOf(x reflect.Value) unsafe.Pointer {
	c := reflect.New(x.Type())
	c.Elem().Set(x)
	return c.UnsafePointer()
}

// open returns the plan of the dynamic type of the interface at v, and the address of a copy of its
// value. Both are nil for a nil interface.
func (p *Plan) open(v unsafe.Pointer) (*Plan, unsafe.Pointer) {
	x := p.value(v).Elem()
	if !x.IsValid() {
		return nil, nil
	}
	q, _, err := dynamic(x.Type())
	if err != nil {
		panic(err)
	}
	return q, addressOf(x)
}
