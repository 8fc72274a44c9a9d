// Package values passes slices of values whose type only the caller knows.
package values

import (
	"reflect"
	"unsafe"
)

// Slice is a slice of values without its type.
type Slice struct {
	Base unsafe.Pointer // address of the first one
	Len  int
	Cap  int
	Size uintptr // bytes of one
}

// At returns the address of the i-th value.
func (v Slice) At(i int) unsafe.Pointer { return unsafe.Add(v.Base, uintptr(i)*v.Size) }

// Of forgets the type of a slice.
func Of[T any](s []T) Slice {
	var t T
	return Slice{Base: unsafe.Pointer(unsafe.SliceData(s)), Len: len(s), Cap: cap(s), Size: unsafe.Sizeof(t)}
}

// As remembers the type of a slice.
func As[T any](v Slice) []T { return unsafe.Slice((*T)(v.Base), v.Cap)[:v.Len] }

// Clone returns a copy of a slice.
func Clone(t reflect.Type, v Slice) Slice {
	s := reflect.MakeSlice(reflect.SliceOf(t), v.Len, v.Len)
	for i := range v.Len {
		s.Index(i).Set(reflect.NewAt(t, v.At(i)).Elem())
	}
	return Slice{Base: s.UnsafePointer(), Len: v.Len, Cap: v.Len, Size: v.Size}
}
