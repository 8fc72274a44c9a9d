package mdd

// Cache remembers the results of an operation on two numbers, the second of which is a node. It forgets a result
// when another one needs its place, and when one of its nodes was collected. Make it known by [Forest.Remember].
type Cache struct {
	slots []cached
	first bool // the first number is a node, too
}

type cached struct {
	a    uint32
	b, r Node
}

const (
	cachedBytes = 12
	firstCache  = 1 << 10
)

// Remember makes a cache known to a forest, which lets it grow and forget.
func (f *Forest) Remember(c *Cache) {
	c.slots = make([]cached, firstCache)
	c.first = c == &f.unions
	f.caches = append(f.caches, c)
}

// Find returns the result for two numbers.
func (c *Cache) Find(a uint32, b Node) (r Node, ok bool) {
	s := &c.slots[slotOf(a, b)&uint64(len(c.slots)-1)]
	if s.a == a && s.b == b {
		return s.r, true
	}
	return None, false
}

// Put sets the result for two numbers, of which the second is not None.
func (c *Cache) Put(a uint32, b, r Node) {
	c.slots[slotOf(a, b)&uint64(len(c.slots)-1)] = cached{a, b, r}
}

func slotOf(a uint32, b Node) uint64 {
	return (uint64(a)<<32 | uint64(b)) * 0x9E3779B97F4A7C15 >> 28
}

func (c *Cache) entries() int            { return len(c.slots) }
func (c *Cache) size() int64             { return c.bytesOf(len(c.slots)) }
func (c *Cache) bytesOf(slots int) int64 { return cachedBytes * int64(slots) }

func (c *Cache) grow(slots int) {
	old := c.slots
	c.slots = make([]cached, slots)
	for _, s := range old {
		if s.b != None {
			c.Put(s.a, s.b, s.r)
		}
	}
}

// sweep forgets results with nodes that are not alive.
func (c *Cache) sweep(alive func(Node) bool) {
	for i := range c.slots {
		s := &c.slots[i]
		if s.b != None && !(alive(s.b) && alive(s.r) && (!c.first || alive(Node(s.a)))) {
			*s = cached{}
		}
	}
}
