//go:build go1.26 && !go1.27 && (amd64 || arm64)

package plan

import (
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"
)

// However a map has come to its entries, a read of its group and a range give the same form, and a small map that was
// never large is read from its group.
func TestSmallMapsAreReadAsTheyLie(t *testing.T) {
	readsAlike[uint8, uint8](t)
	readsAlike[uint8, uint32](t)
	readsAlike[uint16, uint64](t)
	readsAlike[uint32, uint16](t)
	readsAlike[uint64, uint8](t)
	readsAlike[uint64, uint64](t)
}

func readsAlike[K, E plain](t *testing.T) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	direct := 0
	for range 2_000 {
		m, large := make(map[K]E, r.IntN(2)*12), false
		set := make(map[K]struct{}, r.IntN(2)*12)
		keys := K(1 + r.IntN(40))
		for range r.IntN(40) {
			k := K(r.Uint64()) % keys
			if r.IntN(3) > 0 {
				m[k], set[k] = E(r.Uint64()), struct{}{}
			} else {
				delete(m, k)
				delete(set, k)
			}
			large = large || len(m) > 8
		}
		if _, taken := smallGroup[K, E](unsafe.Pointer(&m), len(m)); taken != 0 {
			direct++
			if large {
				t.Fatalf("%v was large", m)
			}
		}
		compareForms(t, m, briefMap[K, E], briefSmallMap[K, E], unsafe.Pointer(&m))
		compareForms(t, set, briefSet[K], briefSmallSet[K], unsafe.Pointer(&set))
	}
	if direct < 300 {
		t.Errorf("%d maps were read from their groups", direct)
	}
}

func compareForms(t *testing.T, m any, ranged, small briefer, v unsafe.Pointer) {
	t.Helper()
	a, b := Brief{1, 2, 3, 4, 5, 6, 7}, Brief{7, 6, 5, 4, 3, 2, 1}
	n, ok := ranged(v, &a)
	k, also := small(v, &b)
	if ok != also || ok && (n != k || !slices.Equal(a[:n], b[:n])) {
		t.Fatalf("%v: %x, %t by a range, %x, %t without", m, a[:n], ok, b[:k], also)
	}
}
