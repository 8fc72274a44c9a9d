// Primarybackup is a register on two servers. The primary answers a write when the backup has the
// value, and the backup takes over when the primary fails. This requires reliable failure
// detection, as for the fail-stop processors of Schlichting and Schneider ("Fail-stop processors",
// 1983): if the backup only guesses, both servers may serve clients.
package main

import (
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/register"
)

// Model holds the parameters of the system.
type Model struct {
	Clients   int
	Network   actor.Network
	Ignored   actor.IgnoredPolicy
	Impatient bool // whether the servers are [Impatient]
	Hasty     bool // whether the primary is hasty, see [Server]
}

// System returns a system of two servers, and clients that write and then read.
func (m Model) System() *actor.System[register.Msg] {
	sys := actor.NewSystem[register.Msg](actor.Config{Network: m.Network, Ignored: m.Ignored})
	spawn := func(name string, other actor.ID) actor.Ref[State] {
		sv := Server{Other: other, Hasty: m.Hasty}
		if m.Impatient {
			return actor.Spawn(sys, name, Impatient{sv})
		}
		return actor.Spawn(sys, name, Watched{sv})
	}
	spawn("primary", 1)
	backup := spawn("backup", 0)
	register.Clients(sys, m.Clients, register.Client{Puts: 1})
	sys.RegisterMessages(Replicate{}, Replicated{}, Forward{}, Stopped{})
	sys.Sometimes("the backup takes over with a value", func(s *actor.State[register.Msg]) bool {
		return backup.In(s).Role == Alone && backup.In(s).Value != ""
	})
	return sys
}
