package vector

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"unsafe"

	"pgregory.net/rapid"
)

type odd struct {
	a [12]uint8
	b uint8
	c [12]bool
	d [12]bool
	e bool
	f bool
}

type padded struct {
	a uint8
	b uint32
	c bool
	_ uint16
	d uint16
	e [3]bool
}

type tiny struct {
	a uint8
	b bool
}

// TestEncodeChange: encoding by difference gives the vector that encoding as a whole gives.
func TestEncodeChange(t *testing.T) {
	t.Run("39 bytes", encodesChanges(func(r *rapid.T, s string) odd {
		var v odd
		for i := range v.a {
			v.a[i], v.c[i], v.d[i] = rapid.Uint8Range(0, 3).Draw(r, s), rapid.Bool().Draw(r, s), rapid.Bool().Draw(r, s)
		}
		v.b, v.e, v.f = rapid.Uint8().Draw(r, s), rapid.Bool().Draw(r, s), rapid.Bool().Draw(r, s)
		return v
	}))
	t.Run("padding", encodesChanges(func(r *rapid.T, s string) padded {
		v := padded{a: rapid.Uint8().Draw(r, s), b: rapid.Uint32().Draw(r, s), c: rapid.Bool().Draw(r, s),
			d: rapid.Uint16().Draw(r, s)}
		for i := range v.e {
			v.e[i] = rapid.Bool().Draw(r, s)
		}
		// Padding is no content, whatever it holds.
		(*[unsafe.Sizeof(v)]byte)(unsafe.Pointer(&v))[1] = rapid.Uint8().Draw(r, s)
		return v
	}))
	t.Run("shorter than a piece", encodesChanges(func(r *rapid.T, s string) tiny {
		return tiny{rapid.Uint8().Draw(r, s), rapid.Bool().Draw(r, s)}
	}))
}

func encodesChanges[T any](draw func(*rapid.T, string) T) func(*testing.T) {
	return func(t *testing.T) {
		l, err := NewLayout(reflect.TypeFor[T]())
		if err != nil {
			t.Fatal(err)
		}
		if !l.Packed() {
			t.Fatalf("%v is not packed", reflect.TypeFor[T]())
		}
		rapid.Check(t, func(r *rapid.T) {
			c := l.NewCoder()
			base, v := draw(r, "base"), draw(r, "value")
			if rapid.Bool().Draw(r, "same") {
				v = base
			}
			from, want, got := make([]uint32, l.Words()), make([]uint32, l.Words()), make([]uint32, l.Words())
			if err := c.Encode(from, unsafe.Pointer(&base)); err != nil {
				r.Fatal(err)
			}
			if err := c.Encode(want, unsafe.Pointer(&v)); err != nil {
				r.Fatal(err)
			}
			got[0] = ^uint32(0) // what a slot holds before does not matter
			changed := c.EncodeChange(got, unsafe.Pointer(&v), unsafe.Pointer(&base), from)
			if !slices.Equal(got, want) || changed == slices.Equal(from, want) {
				r.Fatal(fmt.Sprintf("from %v by change %v (%t), as a whole %v", from, got, changed, want))
			}
		})
	}
}
