package diskrun

import "container/heap"

// Merge reads sorted runs as one. Equal records of several runs follow each other. Close it.
type Merge struct {
	heap  readers // those at their ends are closed
	begun bool
	bytes int64
}

// NewMerge returns a merge of runs, before the first record.
func NewMerge(runs []*Run) (*Merge, error) {
	m := &Merge{}
	for _, r := range runs {
		if r.Len() == 0 {
			continue
		}
		reader, err := r.NewReader()
		if err != nil {
			m.Close()
			return nil, err
		}
		m.heap = append(m.heap, reader)
		if _, err := reader.Next(); err != nil {
			m.Close()
			return nil, err
		}
	}
	heap.Init(&m.heap)
	return m, nil
}

// Next returns the next record, valid until the next call; nil at the end.
func (m *Merge) Next() ([]uint32, error) {
	if m.begun && len(m.heap) > 0 {
		if err := m.advance(); err != nil {
			return nil, err
		}
	}
	m.begun = true
	if len(m.heap) == 0 {
		return nil, nil
	}
	return m.heap[0].rec, nil
}

// advance takes the least record away.
func (m *Merge) advance() error {
	top := m.heap[0]
	rec, err := top.Next()
	if err != nil {
		return err
	}
	if rec == nil {
		m.drop(top)
		heap.Pop(&m.heap)
		return nil
	}
	heap.Fix(&m.heap, 0)
	return nil
}

func (m *Merge) drop(r *Reader) {
	m.bytes += r.Bytes()
	_ = r.Close() // all that was wanted of it was read
}

// Close closes the files. It returns the number of bytes read.
func (m *Merge) Close() (bytes int64) {
	for _, r := range m.heap {
		m.drop(r)
	}
	m.heap = nil
	return m.bytes
}

// readers are a [heap.Interface], by their current records.
type readers []*Reader

func (r readers) Len() int           { return len(r) }
func (r readers) Less(i, j int) bool { return Compare(r[i].rec, r[j].rec) < 0 }
func (r readers) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }
func (r *readers) Push(x any)        { *r = append(*r, x.(*Reader)) }

func (r *readers) Pop() any {
	last := len(*r) - 1
	x := (*r)[last]
	*r = (*r)[:last]
	return x
}
