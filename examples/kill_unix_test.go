//go:build unix

package examples_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"
)

// TestKillRegisters kills and restarts servers and clients at random moments, one at a time, and
// suspends others. The history is linearizable.
func TestKillRegisters(t *testing.T) {
	for example, params := range map[string][]string{
		"singlecopy": {"3", "-servers=1", "-puts=45", "-gets=45"},
		"abd":        {"3", "-puts=45", "-gets=45"},
		"paxos":      {"3", "-gets=90"},
	} {
		for _, transport := range transports {
			t.Run(example+" "+transport, func(t *testing.T) {
				t.Parallel()
				p := build(t, example, append(params, "-crashes=99")...)
				names := []string{"server-1", "server-2", "server-3", "client-1", "client-2", "client-3"}
				if example == "singlecopy" {
					names = slices.Delete(names, 1, 3)
				}
				for i, name := range names {
					p.start(name, i, "-transport", transport)
				}
				for range 12 {
					pausing := p.all[names[rand.IntN(len(names))]].Process
					pausing.Signal(syscall.SIGSTOP)
					time.Sleep(time.Duration(rand.IntN(50)) * time.Millisecond)
					pausing.Signal(syscall.SIGCONT)
					i := rand.IntN(len(names))
					p.end(names[i], os.Kill)
					time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
					p.start(names[i], i, "-transport", transport)
				}
				p.conforms()
			})
		}
	}
}
