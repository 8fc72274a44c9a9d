package engine

import "github.com/allways-go/allways/internal/ranks"

// deciding is the task of a search that decides properties by state predicates, steps and terminal
// states. A property that is decided is not evaluated again, from the next level on.
type deciding struct {
	byName []int64 // new states by the name of the first action that led to them
}

func (t *deciding) expansion(w *bfsWorker) ExpandOptions {
	return ExpandOptions{Steps: w.cfg.Steps &^ w.decided, Count: !w.cfg.Repeat}
}

// want returns the properties that are still to be decided. They change only between levels, so
// that all workers evaluate the same ones.
func (t *deciding) want(w *bfsWorker) Mask {
	if w.level == 0 {
		return w.cfg.Want | w.cfg.Inits // for initial states
	}
	return w.cfg.Want &^ w.decided
}

// expanded evaluates a state again that has turned out to have no successors. When it was new, that was not
// known yet.
func (t *deciding) expanded(w *bfsWorker, state []uint32, rank int, x *Expansion) {
	want := t.want(w)
	if !x.Terminal || want == 0 {
		return
	}
	at := position{rank, -1}
	mask, err := w.worker.Eval(state, want, true)
	if err != nil {
		w.misbehaved(at, err)
		return
	}
	w.decide(mask, at)
}

// fresh evaluates each state once, when it is new, by the worker that added it.
func (t *deciding) fresh(w *bfsWorker, state []uint32, number uint32) {
	want := t.want(w)
	if want == 0 {
		return
	}
	mask, err := w.worker.Eval(state, want, false)
	if mask == 0 && err == nil {
		return
	}
	f := findingAhead{number: number, mask: mask}
	if err != nil {
		f.err = AsMisbehaviour(err)
	}
	w.ahead = append(w.ahead, f)
}

func (t *deciding) lookedUp(*bfsWorker, *Batch) {}

// ranked counts the new states by name. The name is that of the least edge, so that the figures are
// reproducible.
func (t *deciding) ranked(s *bfs, _ *ranks.Ranking, n int) {
	if s.level == 0 {
		return
	}
	for i := range n {
		if k := s.keys.Key(uint32(i)); k != ranks.NoKey {
			t.byName[k.Name()]++
		}
	}
}
