package render

import (
	"bytes"
	"testing"
	"time"

	"github.com/allways-go/allways"
)

func TestProgressLine(t *testing.T) {
	var out bytes.Buffer
	p := NewProgressLine(&out, func() int { return 40 }, func() string { return "" })
	p.Erase()
	if out.Len() != 0 {
		t.Errorf("nothing was shown, and %q erases it", &out)
	}
	p = NewProgressLine(&out, func() int { return 40 }, func() string { return "" })
	g := allways.Progress{
		Phase: "search", Generated: 1234567, Distinct: 89012, Depth: 17, Queue: 3456, Memory: 5 << 30,
		Elapsed: 83 * time.Second,
	}
	p.Report(g)
	p.Erase()
	p.Report(g)
	p.Erase()
	if want := "\r\x1b[K1m23s  1,234,567 generated\r\x1b[K"; out.String() != want {
		t.Errorf("the line is %q, want %q", &out, want)
	}
	want := "1m23s  1,234,567 generated  89,012 distinct  14.9k/s  depth 17  queue 3,456  5.0 GiB"
	if got := Progress(g); got != want {
		t.Errorf("progress is %q, want %q", got, want)
	}
	g.Phase = "eventually it ends"
	want = "eventually it ends:  1m23s  1,234,567 generated  89,012 distinct  depth 17  queue 3,456  5.0 GiB"
	if got := Progress(g); got != want {
		t.Errorf("progress is %q, want %q", got, want)
	}
	g.Phase, g.Pairs, g.PairsDone = "leads to it ends", 178024, 4096
	want = "leads to it ends:  1m23s  components of 4,096 of 178,024 pairs  5.0 GiB"
	if got := Progress(g); got != want {
		t.Errorf("progress is %q, want %q", got, want)
	}
}
