// Package register tests systems of actors that serve a register: a variable that clients read and
// write. It has the messages between clients and servers, and clients that write distinct values,
// read, and record a history. [Clients] is for ordinary registers, [OnceClients] for registers that
// are written once, as by a consensus protocol. The servers are up to the user.
package register

import "github.com/allways-go/allways/consistency"

// Msg is a message of a system that serves a register. Servers may define messages for the talk among
// themselves: types with the method RegisterMessage.
type Msg interface {
	// RegisterMessage marks a message. It does nothing.
	RegisterMessage()
}

// Request is the number of a request. The k-th request of the actor with the id n, counted from 1,
// has the number 100*n + k, so that no two requests of a system share a number.
type Request int

// maxRequests is the maximum number of requests of a client. More would make numbers collide.
const maxRequests = 99

// Value is a value of a register. A new register has the value "".
type Value string

// Put asks a server to write a value.
type Put struct {
	Request Request // number for the answer
	Value   Value   // value to write
}

// PutOK is the answer to a [Put]: the value was written.
type PutOK struct {
	Request Request // number of the Put
}

// PutFailed is the answer to a [Put] of a write-once register that holds another value.
type PutFailed struct {
	Request Request // number of the Put
}

// Get asks a server for the value.
type Get struct {
	Request Request // number for the answer
}

// GetOK is the answer to a [Get]. An empty Value means that none was written yet.
type GetOK struct {
	Request Request // number of the Get
	Value   Value   // value of the register
}

// RegisterMessage implements [Msg].
func (Put) RegisterMessage() {}

// RegisterMessage implements [Msg].
func (PutOK) RegisterMessage() {}

// RegisterMessage implements [Msg].
func (PutFailed) RegisterMessage() {}

// RegisterMessage implements [Msg].
func (Get) RegisterMessage() {}

// RegisterMessage implements [Msg].
func (GetOK) RegisterMessage() {}

// op is an operation of the history.
type op = consistency.RegisterOp[Value]

// Messages returns one message of each type of the package, for [actor.System.RegisterMessages].
func Messages() []Msg { return []Msg{Put{}, PutOK{}, PutFailed{}, Get{}, GetOK{}} }
