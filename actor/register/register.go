// Package register is a harness for systems that keep a value for clients: the messages between them, and clients that
// put distinct values, get, and record a history, of a register that may be written again or of one that takes one value.
// It is no system itself.
package register

import "github.com/allways-go/allways/consistency"

// Msg is a message of a system that serves as a register: one of those below, or one of its own that has the method.
type Msg interface{ RegisterMessage() }

// Request numbers the requests of all clients: the k-th one of the actor with an id has the number 100 id + k.
type Request int

// maxRequests is how many requests a client may make, so that no two requests of all clients have the same number.
const maxRequests = 99

// Value is what a register holds; "" is that of a new one.
type Value string

// Put asks a server to write a value.
type Put struct {
	Request Request
	Value   Value
}

// PutOK says that a value was written.
type PutOK struct{ Request Request }

// PutFailed says that a value was not written, since the register takes one only and has another one.
type PutFailed struct{ Request Request }

// Get asks a server for the value.
type Get struct{ Request Request }

// GetOK tells the value; "" is that of a register that has none.
type GetOK struct {
	Request Request
	Value   Value
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

// Op is an operation of the history.
type Op = consistency.RegisterOp[Value]

// Messages returns an example of each message between clients and servers, for [actor.System.Messages].
func Messages() []Msg { return []Msg{Put{}, PutOK{}, PutFailed{}, Get{}, GetOK{}} }
