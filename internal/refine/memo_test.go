package refine

import (
	"fmt"
	"sync"
	"testing"
)

// A memo gives the answers that it was given, or none, and keeps within its bound.
func TestMemo(t *testing.T) {
	for _, bound := range []int64{0, 100, 10_000, 1 << 30} {
		var m memo
		m.bound.Store(bound)
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for i := range 2_000 {
					key := fmt.Appendf(nil, "key %d", i*(w+1)%3_000)
					want := len(key)%2 == 0
					if answer, known := m.get(key); known && answer != want {
						t.Errorf("%s: %t", key, answer)
					}
					m.put(key, want)
				}
			})
		}
		wg.Wait()
		const slack = 4 * (entryBytes + 16) // each worker may add an answer at the same time
		if size := m.size.Load(); size > bound+slack || size < 0 {
			t.Errorf("bound %d: %d bytes", bound, size)
		}
		if _, known := m.get([]byte("key 6")); bound == 0 && known || bound == 1<<30 && !known {
			t.Errorf("bound %d: the answer is known: %t", bound, known)
		}
		m.forget()
		if size := m.size.Load(); size != 0 {
			t.Errorf("bound %d: %d bytes of nothing", bound, size)
		}
	}
}
