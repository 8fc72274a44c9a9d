package node

import (
	"fmt"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/record"
)

// heard has the last vector clock of each actor that an actor has heard of, by id. The clocks of one
// actor are in order: a later one counts at least what an earlier one does, except after a gap in its
// recording. No more can be known of
// them here, but it keeps liars who have not been listening from spoiling the recordings of all.
type heard [][]uint64

// check returns an error if the vector clock of a message cannot be that of its sender, and remembers it otherwise.
// Clocks matter to recordings only: without one, they are not looked at.
func (h *heard) check(p *process, m incoming) error {
	now := p.rec.now()
	if now == nil || m.clock == nil {
		return nil
	}
	if *h == nil {
		*h = make(heard, len(m.clock))
	}
	if mine, known := m.clock[p.id], now[p.id]; mine > known {
		return fmt.Errorf("the vector clock counts %d steps of %s, which has taken %d: either its recording was removed, or "+
			"the sender lies", mine, p.name, known)
	}
	if m.clock[m.from] == 0 {
		return fmt.Errorf("the vector clock does not count a step of its sender")
	}
	last := (*h)[m.from]
	if last == nil {
		(*h)[m.from] = m.clock
		return nil
	}
	earlier, later := m.clock, last
	if later[m.from] < earlier[m.from] {
		earlier, later = later, earlier
	}
	if later[m.from]-earlier[m.from] >= record.GapJump {
		(*h)[m.from] = later // the sender restarted after a gap in its recording, and knows less
		return nil
	}
	same := earlier[m.from] == later[m.from]
	for i := range later {
		if later[i] < earlier[i] || same && later[i] != earlier[i] {
			return fmt.Errorf("the vector clock contradicts an earlier one of the same sender in what it counts of %s",
				p.node.program.Name(actor.ID(i)))
		}
	}
	(*h)[m.from] = later
	return nil
}
