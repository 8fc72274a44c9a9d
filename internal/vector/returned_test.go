package vector

import (
	"testing"
	"unsafe"
)

// A content that was changed while it was lent is noticed, whether or not it has a brief form, once; contents that
// are as they were are not.
func TestReturned(t *testing.T) {
	const far = 1_000 // a key that has no place in a brief form
	made := func() mixed {
		one := 1
		return mixed{
			G: []int{1, 2}, H: map[string]int8{"k": 1}, I: &one, J: []int{3}, K: "text",
			M: map[uint8]uint8{3: 1, 5: 2}, N: make([]struct{ X, Y int8 }, 2), O: map[int]struct{}{7: {}},
		}
	}
	for name, change := range map[string]func(m *mixed){
		"nothing": func(m *mixed) {
			m.M[3], m.G[0] = 9, 9
			m.M[3], m.G[0] = 1, 1
		},
		"the value alone":     func(m *mixed) { m.D, m.M, m.K = 4, nil, "other" },
		"slice":               func(m *mixed) { m.G[1] = 9 },
		"map with strings":    func(m *mixed) { m.H["k"] = 2 },
		"pointer":             func(m *mixed) { *m.I = 2 },
		"interface":           func(m *mixed) { m.J.([]int)[0] = 4 },
		"element of a map":    func(m *mixed) { m.M[5] = 1 },
		"entry that is added": func(m *mixed) { m.M[4] = 0 },
		"entry that is lost":  func(m *mixed) { delete(m.M, 3) },
		"far key":             func(m *mixed) { m.O[far] = struct{}{} },
		"slice of structs":    func(m *mixed) { m.N[1].Y = 1 },
		"all that there was":  func(m *mixed) { clear(m.O) },
	} {
		l := layoutOf[mixed](t)
		c, v, vec := l.NewCoder(), made(), make([]uint32, l.Words())
		if err := c.Encode(vec, unsafe.Pointer(&v)); err != nil {
			t.Fatal(err)
		}
		var lent mixed
		c.Decode(vec, unsafe.Pointer(&lent))
		change(&lent)
		if got, want := c.Returned(), name == "nothing" || name == "the value alone"; got != want {
			t.Errorf("%s: returned %t, want %t", name, got, want)
		}
		if !c.Returned() {
			t.Errorf("%s: it is noticed again, though nothing was lent", name)
		}
	}
}
