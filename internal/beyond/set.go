// Package beyond keeps on disk what a breadth-first search has no memory for: the states that it has met, those that it
// has to expand next, and how each was reached. It is the part of such a search that knows no models: states are
// vectors of words, and the steps that led to them are keys of [ranks.Key].
//
// The search is a level-synchronous one with delayed duplicate detection. While a level is expanded, the successors
// are candidates for the next one. When there is no memory for more of them, [Set.Candidates] writes them down, sorted.
// When the level has been expanded, [Set.Settle] merges them with the states that are known, from front to back:
// what is left is new. Nothing is ever looked up at a random place of a disk.
//
// States are cut into partitions by their hashes, so that several processors can work at a level. What is reported
// depends on neither.
//
// States are kept whole, in the order of their words. So no state is lost to a hash, and they take less
// room than hashes of 128 bits would: neighbours differ in few words.
package beyond

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/allways-go/allways/internal/diskrun"
	"github.com/allways-go/allways/internal/offheap"
	"github.com/allways-go/allways/internal/ranks"
	"github.com/allways-go/allways/internal/visited"
)

// ErrEnded says that the search had to end before the work was done.
var ErrEnded = errors.New("beyond: the search has ended")

// Place is where a set keeps its files.
type Place struct {
	Dir        string     // folder in which the set makes another one for its files
	FS         diskrun.FS // nil for the operating system's
	Partitions int        // 0 for enough of them
	Most       int        // states in memory before they are written, for tests; 0 for as many as there is memory for
}

// Config says how a set is made.
type Config struct {
	Place
	Words   int    // width of a state
	Seed    uint64 // seed of the hashes of states
	Workers int    // goroutines

	Room  func(bytes int64) bool // reports whether there is memory for so much more
	Ended func() bool            // reports whether the search must end
}

// defaultPartitions is the number of parts that are merged side by side. Each has its files, so that many more would
// only make small levels slower.
const defaultPartitions = 16

// Set is the states of a search on disk. One goroutine at a time may call its methods.
type Set struct {
	Config
	dir      string
	parts    []part
	frontier *diskrun.Run
	births   []*diskrun.Run

	files          atomic.Int64 // number of files so far
	held           atomic.Int64 // bytes of buffers
	size           atomic.Int64 // bytes of what is known of runs
	written, bytes atomic.Int64
	mu             sync.Mutex
	err            error
}

// part is a partition.
type part struct {
	visited    []*diskrun.Run // sorted, without duplicates, the newest last
	candidates []*diskrun.Run // sorted, with their keys
}

// forced is Place.Most of sets that have none.
var forced atomic.Int64

// Force makes all searches that may go beyond memory do so when they hold some number of states, until restore is
// called. It is for tests of packages that have no place to say so, whose models are too small to fill any memory.
func Force(most int) (restore func()) {
	old := forced.Swap(int64(most))
	return func() { forced.Store(old) }
}

// New returns an empty set, and makes a folder for its files.
func New(c Config) (*Set, error) {
	dir, err := os.MkdirTemp(c.Dir, "allways-spill-")
	if err != nil {
		return nil, err
	}
	if c.FS == nil {
		c.FS = diskrun.OS{}
	}
	if c.Partitions == 0 {
		c.Partitions = defaultPartitions
	}
	if c.Most == 0 {
		c.Most = int(forced.Load())
	}
	c.Workers = max(c.Workers, 1)
	return &Set{Config: c, dir: dir, parts: make([]part, c.Partitions)}, nil
}

// Close removes the folder.
func (s *Set) Close() error { return os.RemoveAll(s.dir) }

// Size returns the bytes of memory held.
func (s *Set) Size() int64 { return s.size.Load() + s.held.Load() }

// Written returns the number of bytes written so far.
func (s *Set) Written() int64 { return s.written.Load() }

// Read returns the number of bytes read so far.
func (s *Set) Read() int64 { return s.bytes.Load() }

// Err returns the first error of [Births.Of].
func (s *Set) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

func (s *Set) noteErr(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
}

// hold counts the buffers of a number of open files, until release is called.
func (s *Set) hold(files int) (release func()) {
	bytes := int64(files) * diskrun.BufferLen
	s.held.Add(bytes)
	return func() { s.held.Add(-bytes) }
}

// measure adds up what is held of runs. It must not run beside other methods but Size.
func (s *Set) measure() {
	sum := int64(0)
	add := func(runs ...*diskrun.Run) {
		for _, r := range runs {
			sum += r.Size()
		}
	}
	for i := range s.parts {
		add(s.parts[i].visited...)
		add(s.parts[i].candidates...)
	}
	if s.frontier != nil {
		add(s.frontier)
	}
	add(s.births...)
	s.size.Store(sum)
}

// create begins a run in a new file.
func (s *Set) create(words int) (*diskrun.Writer, error) {
	w, err := diskrun.Create(s.FS, filepath.Join(s.dir, fmt.Sprintf("%06d.run", s.files.Add(1))), words)
	return w, hint(err)
}

// finish ends a run.
func (s *Set) finish(w *diskrun.Writer) (*diskrun.Run, error) {
	r, err := w.Close()
	if err != nil {
		return nil, hint(err)
	}
	s.written.Add(r.Bytes())
	return r, nil
}

// hint says what to do about an error of the disk.
func hint(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(
		"the search cannot go on beyond memory: %w: choose a folder with more room, or give it more memory", err)
}

// pollLen is the number of records after which it is asked whether the search must end.
const pollLen = 1 << 12

// write writes the records that next returns, until it returns nil.
func (s *Set) write(words int, next func() ([]uint32, error)) (*diskrun.Run, error) {
	w, err := s.create(words)
	if err != nil {
		return nil, err
	}
	for i := 1; ; i++ {
		rec, err := next()
		if rec == nil && err == nil {
			return s.finish(w)
		}
		if err == nil {
			err = hint(w.Append(rec))
		}
		if err == nil && i%pollLen == 0 && s.Ended() {
			err = ErrEnded
		}
		if err != nil {
			w.Abandon()
			return nil, err
		}
	}
}

// merged merges runs into one, and removes them.
func (s *Set) merged(words int, runs []*diskrun.Run) (*diskrun.Run, error) {
	m, err := diskrun.NewMerge(runs)
	if err != nil {
		return nil, err
	}
	all, err := s.write(words, m.Next)
	s.bytes.Add(m.Close())
	if err != nil {
		return nil, err
	}
	return all, drop(runs)
}

// drop removes runs that are no longer needed.
func drop(runs []*diskrun.Run) error {
	for _, r := range runs {
		if err := r.Remove(); err != nil {
			return err
		}
	}
	return nil
}

// each calls f for all partitions, on several goroutines, which have numbers below Workers. It returns the first error.
func (s *Set) each(f func(worker, partition int) error) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, s.Workers)
	for worker := range errs {
		wg.Go(func() {
			for errs[worker] == nil {
				i := int(next.Add(1)) - 1
				if i >= len(s.parts) {
					return
				}
				errs[worker] = f(worker, i)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// Known adds the states with ids below end to those that are known. The index of the set must have been freed.
func (s *Set) Known(set *visited.Exact, end uint32) error {
	return s.sorted(set, 0, end, func(p *part, ids []uint64) error {
		state := make([]uint32, s.Words)
		run, err := s.write(s.Words, func() ([]uint32, error) {
			if len(ids) == 0 {
				return nil, nil
			}
			id := uint32(ids[0])
			ids = ids[1:]
			return set.Read(id, state), nil
		})
		if err == nil {
			p.visited = append(p.visited, run)
		}
		return err
	})
}

// keyWords is the number of words of a key in a record.
const keyWords = 2

// appendKey appends a key to a record, so that records are in its order.
func appendKey(rec []uint32, k ranks.Key) []uint32 { return append(rec, uint32(k>>32), uint32(k)) }

func keyOf(words []uint32) ranks.Key { return ranks.Key(words[0])<<32 | ranks.Key(words[1]) }

// Candidates adds the states with ids from first on to those that may be new, with their keys, which have the same
// numbers from 0. A state without a key gets one with other candidates. The index of the set must have been freed.
func (s *Set) Candidates(set *visited.Exact, first uint32, keys *ranks.Column) error {
	return s.sorted(set, first, uint32(set.Len()), func(p *part, ids []uint64) error {
		rec := make([]uint32, s.Words, s.Words+keyWords)
		run, err := s.write(s.Words+keyWords, func() ([]uint32, error) {
			if len(ids) == 0 {
				return nil, nil
			}
			id := uint32(ids[0])
			ids = ids[1:]
			return appendKey(set.Read(id, rec), keys.Key(id-first)), nil
		})
		if err != nil {
			return err
		}
		p.candidates = append(p.candidates, run)
		if len(p.candidates) < maxCandidates {
			return nil
		}
		all, err := s.merged(s.Words+keyWords, p.candidates)
		if err == nil {
			p.candidates = []*diskrun.Run{all}
		}
		return err
	})
}

// maxCandidates is the number of runs of candidates from which on they are merged, so that not too many files are open
// at a time.
const maxCandidates = 64

// sorted calls f with the ids of the states of each partition, sorted by state. The index of the set must have been
// freed: the ids take less memory than it did.
func (s *Set) sorted(set *visited.Exact, from, to uint32, f func(p *part, ids []uint64) error) error {
	if from == to {
		return nil
	}
	ids, err := offheap.Uint64s(int(to - from))
	if err != nil {
		return err
	}
	defer offheap.Free64(ids)
	defer s.measure()
	at := make([]int, len(s.parts)+1)
	state := make([]uint32, s.Words)
	for id := from; id < to; id++ {
		at[s.partition(set.Read(id, state))+1]++
	}
	for i := range s.parts {
		at[i+1] += at[i]
	}
	ends := slices.Clone(at)
	for id := from; id < to; id++ {
		p := s.partition(set.Read(id, state))
		ids[ends[p]] = uint64(id)
		ends[p]++
	}
	return s.each(func(_, i int) error {
		part := ids[at[i]:at[i+1]]
		if len(part) == 0 {
			return nil
		}
		newSorter(set, s.Words).sort(part, 0)
		return f(&s.parts[i], part)
	})
}

// partition returns the number of the partition of a state. The lower bits of its hash choose, since the set of
// candidates uses the upper ones.
func (s *Set) partition(state []uint32) int {
	return int(uint32(visited.Seeded(state, s.Seed)) % uint32(len(s.parts)))
}

// Frontier makes n states the current level, by rank.
func (s *Set) Frontier(n int, state func(rank int) []uint32) error {
	rank := 0
	run, err := s.write(s.Words, func() ([]uint32, error) {
		if rank == n {
			return nil, nil
		}
		rank++
		return state(rank - 1), nil
	})
	s.frontier = run
	s.measure()
	return err
}

// NewReader returns a reader of the states of the current level, by rank. The error is [ErrEnded] if it was not
// written, for a reason that is known already.
func (s *Set) NewReader() (*diskrun.Reader, error) {
	if s.frontier == nil {
		return nil, ErrEnded
	}
	return s.frontier.NewReader()
}

// Done closes a reader.
func (s *Set) Done(r *diskrun.Reader) { s.closeAll([]*diskrun.Reader{r}) }

// Births are how the states of a level were reached.
type Births struct {
	set *Set
	run *diskrun.Run
}

// Of returns the rank of the parent of the state with a rank, and the action that led to it. ok is false if there is no
// such state, or if it cannot be read, which is then the error of the set.
func (b Births) Of(rank int) (parent, act int, ok bool) {
	if int64(rank) >= b.run.Len() {
		return 0, 0, false
	}
	r, err := b.run.NewReader()
	if err != nil {
		b.set.noteErr(err)
		return 0, 0, false
	}
	defer r.Close()
	rec, err := r.At(int64(rank))
	if err != nil {
		b.set.noteErr(err)
		return 0, 0, false
	}
	return int(rec[0]), int(rec[1]), true
}
