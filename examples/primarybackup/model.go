// Primarybackup keeps a register on two servers: the primary answers a put when the backup has the value too, and the backup
// takes over when the primary has failed. That needs failures that are known for certain, as of the fail-stop processors of
// Schlichting and Schneider (1983): when the backup only guesses, both serve clients.
package main

import (
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
)

// Model says what system is made.
type Model struct {
	Clients   int
	Network   actor.Network
	Impatient bool // of the backup; see [Server]
	Hasty     bool // of the primary
}

// System returns a system of two servers, and clients that put a value and then get one.
func (m Model) System() *actor.System[register.Msg] {
	sys := actor.NewSystem[register.Msg](actor.Config{Network: m.Network})
	actor.Spawn(sys, "primary", Server{Other: 1, Impatient: m.Impatient, Hasty: m.Hasty})
	backup := actor.Spawn(sys, "backup", Server{Other: 0, Impatient: m.Impatient, Hasty: m.Hasty})
	register.Clients(sys, m.Clients, register.Client{Puts: 1})
	sys.RegisterMessages(Replicate{}, Replicated{}, Forward{}, Stopped{})
	sys.Sometimes("the backup takes over with a value", func(s *actor.State[register.Msg]) bool {
		return backup.In(s).Role == Alone && backup.In(s).Value != ""
	})
	return sys
}
