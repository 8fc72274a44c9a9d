// Package schedule runs the schedules of users, which pick the steps of a walk, for the engine. It picks
// nothing itself.
package schedule

import (
	"fmt"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/random"
	"github.com/allways-go/allways/internal/usercode"
	"github.com/allways-go/allways/internal/walks"
)

// A schedule is user code that runs in the middle of a walk. A panic there, or a position that does
// not exist, is reported like misbehaviour of the model, with the walk that led there.

// Of adapts schedules of the user, one a walk, to the engine.
func Of(
	sp gospace.Space, walk func(r *random.Rand, depth int) gospace.Pick,
) func(engine.Worker, *random.Rand, int) walks.Schedule {
	return func(w engine.Worker, r *random.Rand, depth int) walks.Schedule {
		sp.Scheduling(w)
		s := &schedule{space: sp}
		s.err = usercode.Run(gospace.Scheduler, func() { s.pick = walk(r, depth) })
		return s
	}
}

// schedule shows the engine's candidates to the user's schedule.
type schedule struct {
	space gospace.Space
	pick  gospace.Pick
	err   error // error of making the schedule
}

// Pick implements [walks.Schedule].
func (s *schedule) Pick(state []uint32, w engine.Worker, candidates []int) (k int, err error) {
	if err = s.err; err == nil {
		s.space.Scheduling(w)
		err = usercode.Run(gospace.Scheduler, func() { k = s.pick(s.space.Choices(w, state, candidates)) })
	}
	if err == nil && (k < 0 || k >= len(candidates)) {
		err = &engine.Misbehaviour{Kind: engine.ErrorValue, Where: gospace.Scheduler, Act: -1, Message: fmt.Sprintf(
			"it picked %d of %d choices: return a number from 0 to %d", k, len(candidates), len(candidates)-1)}
	}
	return k, err
}
