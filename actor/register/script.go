package register

import (
	"fmt"
	"strconv"

	"github.com/allways-go/allways/actor"
)

// ClientState is the state of a client.
type ClientState struct {
	Waits Request // pending request, 0 means none
	Done  int     // number of requests that were answered or abandoned in a crash
	Got   Value   // value of the last read
}

// answered reports whether a message answers the pending request.
func (s *ClientState) answered(m Msg) bool {
	switch m := m.(type) {
	case PutOK:
		return m.Request == s.Waits
	case PutFailed:
		return m.Request == s.Waits
	case GetOK:
		return m.Request == s.Waits
	}
	return false
}

// script is the sequence of requests of a client.
type script struct {
	servers, puts, gets int
	durable             bool
}

// newScript applies the default number of reads. It panics if there are too many requests.
func newScript(servers, puts, gets int, durable bool) script {
	if gets == 0 {
		gets = 1
	}
	if puts+gets > maxRequests {
		panic(fmt.Sprintf("a client makes %d requests, want at most %d: set Puts or Gets lower", puts+gets,
			maxRequests))
	}
	return script{servers, puts, gets, durable}
}

// next sends the next request, if there is one, and calls invoke with its operation.
func (sc script) next(c *actor.Context[Msg], s *ClientState, invoke func(op)) {
	s.Waits = 0
	if s.Done == sc.puts+sc.gets {
		return
	}
	self := int(c.Self())
	if sc.durable {
		c.Save(s.Done + 1)
	}
	s.Waits = Request(100*self + s.Done + 1)
	server := actor.ID((self + s.Done) % sc.servers)
	if s.Done < sc.puts {
		v := sc.value(c.Self(), s.Done)
		invoke(op{Write: true, Value: v})
		c.Send(server, Put{s.Waits, v})
		return
	}
	invoke(op{})
	c.Send(server, Get{s.Waits})
}

// restart skips the requests that a durable client has begun before a crash.
func (sc script) restart(c *actor.Context[Msg], s *ClientState) { s.Done, _ = actor.Load[int](c) }

// value returns the k-th value of a client: A, A1, A2 ... of the first client, B ... of the second,
// AA ... of the 27th.
func (sc script) value(client actor.ID, k int) Value {
	v := ""
	for n := int(client) - sc.servers + 1; n > 0; n = (n - 1) / 26 {
		v = string(rune('A'+(n-1)%26)) + v
	}
	if k > 0 {
		v += strconv.Itoa(k)
	}
	return Value(v)
}
