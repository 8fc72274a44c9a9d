package register

import (
	"fmt"
	"strconv"

	"github.com/allways-go/allways/actor"
)

// ClientState is the state of a client.
type ClientState struct {
	Waits Request // for the answer to a request; 0 for none
	Done  int     // requests that were answered, or given up in a crash
	Got   Value   // from the last get
}

// answered reports whether a message is the answer that the client waits for.
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

// script is what a client does.
type script struct {
	servers, puts, gets int
	durable             bool
}

// newScript makes a client get once where no number is given, as the zero value of its field says.
func newScript(servers, puts, gets int, durable bool) script {
	if gets == 0 {
		gets = 1
	}
	if puts+gets > maxRequests {
		panic(fmt.Sprintf("a client makes %d requests, and may make %d: have it put or get less often", puts+gets, maxRequests))
	}
	return script{servers, puts, gets, durable}
}

// next sends the next request, if there is one, and has its operation recorded.
func (sc script) next(c *actor.Context[Msg], s *ClientState, invoke func(Op)) {
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
		invoke(Op{Write: true, Value: v})
		c.Send(server, Put{s.Waits, v})
		return
	}
	invoke(Op{})
	c.Send(server, Get{s.Waits})
}

// restart has a client go on after what it has begun before a crash.
func (sc script) restart(c *actor.Context[Msg], s *ClientState) { s.Done, _ = actor.Load[int](c) }

// value returns the k-th value of a client: A, A1 and so on of the first one, B of the second, AA of the 27th.
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
