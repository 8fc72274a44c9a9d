package diskrun

// Merge reads sorted runs as one. Equal records of several runs follow each other. Close it.
type Merge struct {
	heap  []*Reader // a heap by their current records; those at their ends are closed
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
	for i := len(m.heap)/2 - 1; i >= 0; i-- {
		m.sink(i)
	}
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
		last := len(m.heap) - 1
		m.heap[0] = m.heap[last]
		m.heap = m.heap[:last]
	}
	m.sink(0)
	return nil
}

// sink restores the heap below i.
func (m *Merge) sink(i int) {
	for {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(m.heap); c++ {
			if Compare(m.heap[c].rec, m.heap[least].rec) < 0 {
				least = c
			}
		}
		if least == i {
			return
		}
		m.heap[i], m.heap[least] = m.heap[least], m.heap[i]
		i = least
	}
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
