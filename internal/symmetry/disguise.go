package symmetry

import (
	"fmt"
	"reflect"
	"slices"
	"unsafe"
)

// Identifiers are found by their type. One that is kept as a plain number, or as a bit of a mask, keeps its
// name while all others get new ones. When a state and its representative differ for that reason, they cease to
// differ once the number is renamed as well. So this file tries that for each field of numbers: what it says is a
// guess, but one that was tried.

// Numbers is a field of integers, perhaps an array of them, at a fixed place of a state.
type Numbers struct {
	path   string
	typ    string
	places []place
}

type place struct{ off, size uintptr }

// String says where the numbers are.
func (f *Numbers) String() string {
	if f.path == "" {
		return "each number of the state"
	}
	return "field " + f.path[1:]
}

// numbersIn lists the fields of integers of a type that is at an offset of the state.
func numbersIn(dst []*Numbers, t reflect.Type, path string, off uintptr) []*Numbers {
	switch k := t.Kind(); {
	case k == reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			dst = numbersIn(dst, f.Type, path+"."+f.Name, off+f.Offset)
		}
	case k == reflect.Array:
		for i := range t.Len() {
			dst = numbersIn(dst, t.Elem(), path, off+uintptr(i)*t.Elem().Size())
		}
	case k >= reflect.Int && k <= reflect.Uint64:
		at := slices.IndexFunc(dst, func(f *Numbers) bool { return f.path == path })
		if at < 0 {
			at = len(dst)
			dst = append(dst, &Numbers{path: path, typ: t.String()})
		}
		dst[at].places = append(dst[at].places, place{off, t.Size()})
	}
	return dst
}

// change exchanges the numbers of the field in the state at s.
func (f *Numbers) change(s unsafe.Pointer, to func(x uint64) uint64) {
	for _, p := range f.places {
		at := unsafe.Add(s, p.off)
		setIdentifier(at, p.size, to(number(p.size, at)))
	}
}

// Hide makes all numbers of the field in the state at s zero. A nil field has none.
func (f *Numbers) Hide(s unsafe.Pointer) {
	if f != nil {
		f.change(s, func(uint64) uint64 { return 0 })
	}
}

// triedBits is the number of identifiers that are tried, in all orders.
const triedBits = 5

// disguises are the forms in which a number may hold identifiers, with what a renaming does to the number.
var disguises = []struct {
	name, cure string
	renamed    func(x uint64, to []int) uint64
}{
	{"a bit mask of identifiers", "use an array of bools with a tag, or a map[ID]bool",
		func(x uint64, to []int) (y uint64) {
			for i, k := range to {
				y |= x >> i & 1 << k
			}
			return y | x>>len(to)<<len(to)
		}},
	{"an identifier", "give it the type of the identifiers",
		func(x uint64, to []int) uint64 {
			if x < uint64(len(to)) {
				return uint64(to[x])
			}
			return x
		}},
}

// Disguised names a field of a state type that holds identifiers in disguise, in words that end an error; they are
// empty if none was found. explains reports whether a state and its representative no longer differ when the numbers
// of a field are renamed in the representative, and hidden in what both lead to.
func Disguised(t reflect.Type, explains func(f *Numbers, rename func(s unsafe.Pointer)) bool) string {
	for _, f := range numbersIn(nil, t, "", 0) {
		for _, d := range disguises {
			to := make([]int, triedBits)
			for i := range to {
				to[i] = i
			}
			rename := func(s unsafe.Pointer) { f.change(s, func(x uint64) uint64 { return d.renamed(x, to) }) }
			if permuted(to, 0, func() bool { return explains(f, rename) }) {
				return fmt.Sprintf("; %s, of type %s, seems to be %s, which is not renamed: %s", f, f.typ, d.name, d.cure)
			}
		}
	}
	return ""
}

// permuted brings to from place k on into all orders, until f returns true.
func permuted(to []int, k int, f func() bool) bool {
	if k == len(to) {
		return f()
	}
	for i := k; i < len(to); i++ {
		to[k], to[i] = to[i], to[k]
		if permuted(to, k+1, f) {
			return true
		}
		to[k], to[i] = to[i], to[k]
	}
	return false
}
