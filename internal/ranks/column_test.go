package ranks

import (
	"sync"
	"testing"
)

func TestColumn(t *testing.T) {
	c := &Column{}
	if c.Size() != 0 || c.Key(5) != NoKey {
		t.Errorf("an empty column has %d bytes, and key %x", c.Size(), c.Key(5))
	}
	far := uint32(3*SegmentLen + 7)
	first := c.At(far)
	first.Store(11)
	if c.Size() != 4*SegmentLen*8 {
		t.Errorf("%d bytes, want 4 segments", c.Size())
	}
	for _, i := range []uint32{0, SegmentLen - 1, SegmentLen, far - 1, far + 1} {
		if v := c.At(i).Load(); v != 0 {
			t.Errorf("word %d is %d and was never written", i, v)
		}
	}
	c.At(10 * SegmentLen).Store(12)
	if c.At(far) != first || first.Load() != 11 {
		t.Error("a word has moved")
	}
	c.Clear(int(far)) // up to the word before
	if first.Load() != 11 {
		t.Error("a word beyond the cleared ones is gone")
	}
	c.Clear(int(far) + 1)
	if first.Load() != 0 || c.At(10*SegmentLen).Load() != 12 {
		t.Error("the cleared words are others than asked for")
	}
	c.Clear(100 * SegmentLen) // more than there is
	if c.At(10*SegmentLen).Load() != 0 {
		t.Error("the last word is left")
	}
}

// Of several goroutines that grow a column at once, none loses what it wrote.
func TestColumnGrowsForAll(t *testing.T) {
	c := &Column{}
	const goroutines, words = 4, 8 * SegmentLen
	var wg sync.WaitGroup
	for g := range uint32(goroutines) {
		wg.Go(func() {
			for i := g; i < words; i += goroutines {
				c.At(i).Add(uint64(i) + 1)
			}
		})
	}
	wg.Wait()
	for i := range uint32(words) {
		if v := c.At(i).Load(); v != uint64(i)+1 {
			t.Fatalf("word %d is %d", i, v)
		}
	}
}

func TestColumnOutOfMemory(t *testing.T) {
	const bytes = SegmentLen * 8
	c := &Column{}
	c.Allow = func(more int64) bool { return c.Size()+more <= 2*bytes+100 }
	if c.At(SegmentLen) == nil {
		t.Error("two segments were not granted")
	}
	if c.At(2*SegmentLen) != nil {
		t.Error("a third segment was granted")
	}
	if c.Size() != 2*bytes || c.At(0) == nil {
		t.Errorf("%d bytes after a refusal", c.Size())
	}
}
