// Package repeat keeps the first questions that a run has put to user code, and has them put again:
// in another order, often, and at the end of the run. An answer that differs shows that the code
// depends on more than what it was asked.
//
// # How often
//
// Once more is enough for code that always answers differently, such as code that asks for the time.
// It is not for code that ranges over a map of two entries. Go begins to range over a small map at a
// random one of eight places, so that the entry that was added first comes first seven times out of
// eight. Two answers to the same question agree in 78 percent of all cases, and if the map is filled
// the other way round for the second one, still in 22 percent. So questions about maps are repeated
// until both orders have come up, but for a chance of one in a thousand million.
//
// A map that is not part of a question cannot be filled the other way round, and other code may
// answer differently once in a thousand times. What helps is many questions: a small run repeats all
// that it has asked until the number of answers is a large one, as in a run of medium size.
package repeat

import "sync"

const (
	// First is the number of questions that a run keeps.
	First = 10_000
	// maxBytes limits the memory of the answers that a run keeps.
	maxBytes = 32 << 20

	calls        = 15_000  // calls of user code after which a run asks no more
	orderedCalls = 200_000 // the same for questions about maps
	// Fourteen times in each order leave a chance of 2 * (7/8 * 1/8)^14 that a map of two entries
	// always begins with the same one, and of 2 * (1/4)^14 if copies of the map are ranged over.
	orderedTurns = 30
	maxTurns     = 120 // (7/8)^120 is one in ten million
)

// Log is the first questions of a run. Q is a question, with the answer that it had. It is safe for
// concurrent use.
type Log[Q any] struct {
	mu    sync.Mutex
	known map[uint64]bool
	asked []asked[Q]
	bytes int
}

type asked[Q any] struct {
	key      uint64
	question Q
	bytes    int
	kind     string
	calls    int
	ordered  bool
}

// Add keeps a question of a kind: what it takes to ask it again, in calls of user code; whether it
// holds maps whose order may matter; and how many bytes it takes. A kind is the code that is asked,
// and a kind with few questions is asked more often, so that code that runs once in a large run is
// repeated as often as in a small one. A question whose key is known is passed over. Add reports
// false if the log is full.
func (l *Log[Q]) Add(key uint64, kind string, q Q, calls int, ordered bool, bytes int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known[key] {
		return true
	}
	if l.full() {
		return false
	}
	if l.known == nil {
		l.known = map[uint64]bool{}
	}
	l.known[key] = true
	l.asked = append(l.asked, asked[Q]{key, q, bytes, kind, calls, ordered})
	l.bytes += bytes
	return true
}

// Full reports whether Add keeps no more questions.
func (l *Log[Q]) Full() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.full()
}

func (l *Log[Q]) full() bool { return len(l.asked) >= First || l.bytes >= maxBytes }

// Remove removes the questions of a kind.
func (l *Log[Q]) Remove(kind string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var kept []asked[Q]
	for _, a := range l.asked {
		if a.kind != kind {
			kept = append(kept, a)
			continue
		}
		delete(l.known, a.key)
		l.bytes -= a.bytes
	}
	l.asked = kept
}

// Again asks all questions again, until an answer is an error or there was enough. The turn says how
// often the question was asked before. stop, which is asked between questions, ends it early.
func (l *Log[Q]) Again(stop func() bool, ask func(q Q, turn int) error) error {
	l.mu.Lock()
	all := l.asked
	l.mu.Unlock()
	turns, orderedTurns := l.turns(all)
	rare := rareTurns(all)
	for turn := range max(turns, orderedTurns, mostOf(rare)) {
		for i := range all {
			a := &all[i]
			if turn%2 == 0 { // the first time in reverse
				a = &all[len(all)-1-i]
			}
			if turn >= turns && (!a.ordered || turn >= orderedTurns) && turn >= rare[a.kind] {
				continue
			}
			if stop() {
				return nil
			}
			if err := ask(a.question, turn); err != nil {
				return err
			}
		}
	}
	return nil
}

// turns returns how often all questions are asked again, and how often those about maps.
func (l *Log[Q]) turns(all []asked[Q]) (n, ordered int) {
	sum, sumOrdered := 1, 1
	for _, a := range all {
		sum += a.calls
		if a.ordered {
			sumOrdered += a.calls
		}
	}
	n = min(max(calls/sum, 1), maxTurns)
	if sumOrdered > 1 {
		ordered = min(max(orderedCalls/sumOrdered, 2), orderedTurns)
	}
	return n, ordered
}

// rareTurns returns how often the questions of each kind are asked again on account of their kind.
// Each kind may take the same number of calls.
func rareTurns[Q any](all []asked[Q]) map[string]int {
	sums := map[string]int{}
	for _, a := range all {
		sums[a.kind] += max(a.calls, 1)
	}
	turns := map[string]int{}
	for kind, n := range sums {
		turns[kind] = min(calls/len(sums)/n, maxTurns)
	}
	return turns
}

func mostOf(turns map[string]int) (most int) {
	for _, n := range turns {
		most = max(most, n)
	}
	return most
}
