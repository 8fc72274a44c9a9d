package vector

import (
	"math/rand/v2"
	"testing"
	"unsafe"
)

// A coder that has met more contents than it remembers gives each the id that a coder without memory gives it.
func TestDisplacedContentsKeepTheirIds(t *testing.T) {
	l := layoutOf[map[uint8]uint16](t)
	c, ids := l.NewCoder(), map[[4]uint16]uint32{}
	r := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		var key [4]uint16
		m, vec := map[uint8]uint16{}, make([]uint32, 1)
		for i := range key {
			if key[i] = uint16(r.IntN(10)); key[i] > 0 {
				m[uint8(5*i)] = key[i]
			}
		}
		if err := c.Encode(vec, unsafe.Pointer(&m)); err != nil {
			t.Fatal(err)
		}
		if id, met := ids[key]; met && id != vec[0] {
			t.Fatalf("%v had the id %d, and has %d", m, id, vec[0])
		}
		ids[key] = vec[0]
	}
	if n := l.cells[0].table.Len(); n != len(ids) {
		t.Errorf("%d ids for %d contents", n, len(ids))
	}
	if n := len(c.known[0].entries); n <= firstKnown || c.CacheSize() != int64(n)*entryBytes {
		t.Errorf("%d entries, %d bytes", n, c.CacheSize())
	}
}
