package gospace

import (
	"fmt"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
)

// Choices are the actions among which a schedule picks, and the state in which they are enabled.
type Choices interface {
	Len() int
	Name(i int) string // name under which the i-th action is counted
	Text(i int) string
	State() any
	Action(i int) any
}

// Pick picks the position of one of the choices.
type Pick func(c Choices) int

// scheduler is where the user code of a schedule runs.
const scheduler = "Scheduler"

// Schedules adapts schedules of the user, one a walk, to the engine.
func (c *Model) Schedules(
	sp Space, walk func(r *engine.Rand, depth int) Pick,
) func(engine.Worker, *engine.Rand, int) engine.Schedule {
	return func(w engine.Worker, r *engine.Rand, depth int) engine.Schedule {
		sp.Scheduling(w)
		s := &schedule{space: sp}
		s.err = guard(scheduler, func() { s.pick = walk(r, depth) })
		return s
	}
}

// schedule shows the engine's candidates to the user's schedule.
type schedule struct {
	space Space
	pick  Pick
	err   error // of making it
}

// Pick implements [engine.Schedule].
func (s *schedule) Pick(state []uint32, w engine.Worker, candidates []int) (k int, err error) {
	if err = s.err; err == nil {
		s.space.Scheduling(w)
		err = guard(scheduler, func() { k = s.pick(s.space.Choices(w, state, candidates)) })
	}
	if err == nil && (k < 0 || k >= len(candidates)) {
		err = &engine.Misbehaviour{Kind: engine.ErrorValue, Where: scheduler, Act: -1, Message: fmt.Sprintf(
			"it picked %d of %d choices: return a number from 0 to %d", k, len(candidates), len(candidates)-1)}
	}
	return k, err
}

// choices are prepared actions of a Go model.
type choices struct {
	worker     *worker
	candidates []int
}

func (c *choices) Len() int                    { return len(c.candidates) }
func (c *choices) Name(i int) string           { return c.worker.actionName(c.action(i)) }
func (c *choices) Text(i int) string           { return c.worker.ActionText(c.action(i)) }
func (c *choices) State() any                  { return c.worker.boxState(c.worker.s) }
func (c *choices) Action(i int) any            { return c.worker.boxAction(c.action(i)) }
func (c *choices) action(i int) unsafe.Pointer { return c.worker.acts.At(c.candidates[i]) }

// nativeChoices are prepared actions of a native space.
type nativeChoices struct {
	worker     *nativeWorker
	state      []uint32
	candidates []int
}

func (c *nativeChoices) Len() int          { return len(c.candidates) }
func (c *nativeChoices) Name(i int) string { return c.worker.model.NameOf(c.action(i)) }
func (c *nativeChoices) Text(i int) string { return c.worker.model.ActionText(c.action(i)) }
func (c *nativeChoices) State() any        { return c.worker.State(c.state) }
func (c *nativeChoices) Action(i int) any  { return c.worker.Action(c.candidates[i]) }
func (c *nativeChoices) action(i int) unsafe.Pointer {
	return unbox(c.worker.model.Action, c.Action(i))
}
