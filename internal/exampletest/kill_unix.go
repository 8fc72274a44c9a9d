//go:build unix

package exampletest

import (
	"math/rand/v2"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/allways-go/allways/internal/longtest"
)

// KillMembers kills members at random moments, one at a time, and starts them again, and lets
// others pause: what clients see is a run of the model all the same. The ids of members are their
// places in names.
func KillMembers(t *testing.T, names, params []string) {
	longtest.Run(t)
	OverNetworks(t, func(t *testing.T, transport string) {
		p := NewProcesses(t, transport, params...)
		for i, name := range names {
			p.Start(name, i)
		}
		for range 12 {
			pausing := names[rand.IntN(len(names))]
			p.Signal(pausing, syscall.SIGSTOP)
			time.Sleep(time.Duration(rand.IntN(50)) * time.Millisecond)
			p.Signal(pausing, syscall.SIGCONT)
			i := rand.IntN(len(names))
			p.End(names[i], os.Kill)
			time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
			p.Start(names[i], i)
		}
		p.Conforms()
	})
}
