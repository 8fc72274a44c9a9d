package engine

import "github.com/allways-go/allways/internal/beyond"

// Config controls a search. It says what to do and when to stop, and never how: batches, pieces of
// levels and tables have sizes that suit all models, so that there is nothing to tune.
type Config struct {
	Workers      int  // goroutines; less than 1 means 1
	Fingerprints bool // keep fingerprints instead of states
	// Spill is where a breadth-first search keeps states, as they are, for which there is no memory; the zero value for
	// nowhere.
	Spill beyond.Place
	Want  Mask // properties to decide by state predicates and terminal states
	Steps Mask // step properties to decide
	Inits Mask // those of Steps that have a predicate, which initial states must satisfy
	// Stop reports whether the search may stop, given the decided properties and the first
	// misbehaviour; nil never stops.
	Stop   func(decided Mask, m *Misbehaviour) bool
	Budget *Budget
	// Visit is called for every distinct state, in the order of the search and never concurrently;
	// nil for none. If it cannot go on, it ends the budget.
	Visit   func(v *Visit)
	Retrace func() // called before user code is run again for trails; nil for none
	// SampleFirst makes the first n states be expanded with ExpandOptions.Sample, and SampleEvery
	// every n-th one; 0 for none.
	SampleFirst, SampleEvery int
	Repeat                   bool // an earlier search counted the same states within its limits
}

// Visit is a state that is shown to a visitor.
type Visit struct {
	State []uint32
	Depth int
	Trail func() *Trail // nil if the search keeps no paths
}

func (c *Config) retrace() {
	if c.Retrace != nil {
		c.Retrace()
	}
}

// MayStop reports whether the search may stop. After a misbehaviour that is not tolerable it must.
func (c *Config) MayStop(decided Mask, m *Misbehaviour) bool {
	if m != nil && !m.Tolerable {
		return true
	}
	return c.Stop != nil && c.Stop(decided, m)
}

// samples reports whether the n-th expanded state is expanded with the expensive guards. The first
// ones all are, so that a small model is guarded as a whole.
func (c *Config) samples(n int64) bool {
	return n < int64(c.SampleFirst) || c.SampleEvery > 0 && n%int64(c.SampleEvery) == 0
}
