package engine

import (
	"sync"
	"testing"
)

func TestColumn(t *testing.T) {
	c := &column{budget: budget(t, Limits{})}
	if c.Size() != 0 || c.key(5) != noKey {
		t.Errorf("an empty column has %d bytes, and key %x", c.Size(), c.key(5))
	}
	far := uint32(3*columnLen + 7)
	first := c.at(far)
	first.Store(11)
	if c.Size() != 4*columnLen*8 {
		t.Errorf("%d bytes, want 4 segments", c.Size())
	}
	for _, i := range []uint32{0, columnLen - 1, columnLen, far - 1, far + 1} {
		if v := c.at(i).Load(); v != 0 {
			t.Errorf("word %d is %d and was never written", i, v)
		}
	}
	c.at(10 * columnLen).Store(12)
	if c.at(far) != first || first.Load() != 11 {
		t.Error("a word has moved")
	}
	c.clear(int(far)) // up to the word before
	if first.Load() != 11 {
		t.Error("a word beyond the cleared ones is gone")
	}
	c.clear(int(far) + 1)
	if first.Load() != 0 || c.at(10*columnLen).Load() != 12 {
		t.Error("the cleared words are others than asked for")
	}
	c.clear(100 * columnLen) // more than there is
	if c.at(10*columnLen).Load() != 0 {
		t.Error("the last word is left")
	}
}

// Of several goroutines that grow a column at once, none loses what it wrote.
func TestColumnGrowsForAll(t *testing.T) {
	c := &column{budget: budget(t, Limits{})}
	const goroutines, words = 4, 8 * columnLen
	var wg sync.WaitGroup
	for g := range uint32(goroutines) {
		wg.Go(func() {
			for i := g; i < words; i += goroutines {
				c.at(i).Add(uint64(i) + 1)
			}
		})
	}
	wg.Wait()
	for i := range uint32(words) {
		if v := c.at(i).Load(); v != uint64(i)+1 {
			t.Fatalf("word %d is %d", i, v)
		}
	}
}

func TestColumnOutOfMemory(t *testing.T) {
	const segment = columnLen * 8
	b := budget(t, Limits{MaxMemory: 2*segment + 100})
	c := &column{budget: b}
	b.hold(c)
	if c.at(columnLen) == nil {
		t.Error("two segments were not granted")
	}
	if c.at(2*columnLen) != nil {
		t.Error("a third segment was granted")
	}
	if c.Size() != 2*segment || c.at(0) == nil {
		t.Errorf("%d bytes after a refusal", c.Size())
	}
}

// budget returns the budget of a space that holds nothing.
func budget(t *testing.T, l Limits) *Budget {
	b := NewBudget(t.Context(), &tree{}, l)
	t.Cleanup(b.Close)
	return b
}
