package exampletest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/allways-go/allways/internal/longtest"
)

// Processes runs members of a system, each in a separate process, which is the test binary again:
// see [Main].
type Processes struct {
	t         *testing.T
	transport string
	dir       string
	port      int
	params    []string // parameters of the model
	all       map[string]*exec.Cmd
}

// NewProcesses returns members of which none runs yet, over udp or tcp. The parameters are those of
// the model.
func NewProcesses(t *testing.T, transport string, params ...string) *Processes {
	t.Helper()
	p := &Processes{
		t: t, transport: transport, dir: t.TempDir(), port: freePorts(t), params: params, all: map[string]*exec.Cmd{},
	}
	t.Cleanup(func() {
		for _, c := range p.all {
			c.Process.Kill()
			c.Wait()
		}
	})
	return p
}

// freePorts returns a port from which on some are free, outside of those that systems give away
// themselves.
func freePorts(t *testing.T) int {
	t.Helper()
	for range 1000 {
		port := 10_000 + rand.IntN(20_000)
		l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", port))
		if err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}

// Start starts the member with a name and an id, and waits until it serves clients.
func (p *Processes) Start(name string, id int) {
	p.t.Helper()
	args := append([]string{"run"}, p.params...)
	args = append(args, "-node", name, "-port", fmt.Sprint(p.port), "-data", filepath.Join(p.dir, "data"),
		"-record", filepath.Join(p.dir, "rec"), "-transport", p.transport, "-quiet")
	c := program(p.t, args...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	if err := c.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.all[name] = c
	for range 1500 {
		r, err := http.Get(p.URL(id, "/health"))
		if err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.t.Fatalf("%s does not start: %s", name, stderr.String())
}

// Quiet waits until the recordings of all members have not grown for half a second, 20 s at most.
func (p *Processes) Quiet() {
	last, since := p.recorded(), 0
	for range 800 {
		time.Sleep(25 * time.Millisecond)
		if now := p.recorded(); now != last {
			last, since = now, 0
		} else if since++; since >= 20 {
			return
		}
	}
}

// recorded returns the bytes of all recordings.
func (p *Processes) recorded() (bytes int64) {
	entries, err := os.ReadDir(filepath.Join(p.dir, "rec"))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}

// URL returns the address at which the member with an id serves a path.
func (p *Processes) URL(id int, path string) string {
	return fmt.Sprintf("http://127.0.0.1:%d%s", p.port+100+id, path)
}

// Signal sends a signal to the process of a member, which goes on.
func (p *Processes) Signal(name string, s os.Signal) { p.all[name].Process.Signal(s) }

// End ends the process of a member by a signal. Anything but a kill must make it end without an
// error.
func (p *Processes) End(name string, s os.Signal) {
	p.t.Helper()
	c := p.all[name]
	delete(p.all, name)
	c.Process.Signal(s)
	if err := c.Wait(); err != nil && s != os.Kill {
		p.t.Errorf("%s: %v: %s", name, err, c.Stderr)
	}
}

// Replay ends all members, and returns the report on their recordings.
func (p *Processes) Replay() string {
	p.t.Helper()
	for name := range p.all {
		p.End(name, os.Interrupt)
	}
	out, err := program(p.t, "replay", filepath.Join(p.dir, "rec")).CombinedOutput()
	if err != nil && !strings.Contains(string(out), "recorded") {
		p.t.Fatalf("replay: %v: %s", err, out)
	}
	return string(out)
}

// Conforms ends all members, and asserts that the model allows this run.
func (p *Processes) Conforms() {
	p.t.Helper()
	text := p.Replay()
	if !strings.Contains(text, "the model allows this run") {
		p.t.Error(text)
	}
	p.t.Log(text)
}

// OverNetworks runs a test with processes that talk over UDP, and one over TCP. Each needs seconds:
// the ordinary run has the first only.
func OverNetworks(t *testing.T, test func(t *testing.T, transport string)) {
	for _, transport := range []string{"udp", "tcp"} {
		t.Run(transport, func(t *testing.T) {
			if transport != "udp" {
				longtest.Run(t)
			}
			t.Parallel()
			test(t, transport)
		})
	}
}

// KillForGood kills a client and one of three servers without a restart, over every network. The
// other servers are a majority: client-2 asks them, and the run conforms to the model with these
// parameters.
func KillForGood(t *testing.T, params ...string) {
	OverNetworks(t, func(t *testing.T, transport string) {
		p := NewProcesses(t, transport, params...)
		for i := range 3 {
			p.Start(fmt.Sprint("server-", i+1), i)
		}
		p.Start("client-1", 3)
		p.End("client-1", os.Kill)
		p.End("server-1", os.Kill)
		p.Start("client-2", 4)
		p.Quiet()
		p.Conforms()
	})
}

// RunAll runs the example as a whole cluster for a moment, and compares the recording with the
// model.
func RunAll(t *testing.T) {
	for i, codec := range []string{"json", "cbor"} {
		t.Run(codec, func(t *testing.T) {
			if i > 0 {
				longtest.Run(t)
			}
			t.Parallel()
			folder := filepath.Join(t.TempDir(), codec)
			var errs bytes.Buffer
			c := program(t, "run", "-port", fmt.Sprint(freePorts(t)), "-record", folder, "-data", folder+"-data",
				"-codec", codec, "-timeout", "1200ms", "-quiet")
			c.Stderr = &errs
			if err := c.Run(); err != nil {
				t.Fatalf("%v: %s", err, errs.String())
			}
			out, err := program(t, "replay", folder).CombinedOutput()
			if err != nil || !strings.Contains(string(out), "the model allows this run") {
				t.Errorf("%s: %v: %s", codec, err, out)
			}
		})
	}
}
