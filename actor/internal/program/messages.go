package program

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/allways-go/allways/actor/internal/text"
)

// Messages is what a program says of its messages.
type Messages struct{ program *Program }

// Messages returns the messages of the program.
func (p *Program) Messages() Messages { return Messages{p} }

// Type returns the type of messages, usually an interface.
func (m Messages) Type() reflect.Type { return m.program.sys.Messages.Plan.Type() }

// Types returns the types that [actor.System.RegisterMessages] has named.
func (m Messages) Types() []reflect.Type { return m.program.sys.MessageTypes }

// ClientTypes returns the types that [actor.RegisterClientMessages] has named.
func (m Messages) ClientTypes() []reflect.Type { return m.program.sys.ClientTypes }

// FromClients returns an error unless programs outside of the system may send a message.
func (m Messages) FromClients(message any) error {
	if slices.Contains(m.program.sys.ClientTypes, reflect.TypeOf(message)) {
		return nil
	}
	return fmt.Errorf("clients may not send a %T: the system names what they may with actor.RegisterClientMessages",
		message)
}

// Content returns the content of a message. It is an error if the message has another type than the system's
// messages.
func (m Messages) Content(message any) (content string, err error) {
	typ := m.Type()
	box := m.program.sys.Messages.New()
	if v := reflect.ValueOf(message); v.IsValid() {
		if v.Type() != typ && (typ.Kind() != reflect.Interface || !v.Type().Implements(typ)) {
			return "", fmt.Errorf("a message of type %T is no %v", message, typ)
		}
		reflect.ValueOf(box).Elem().Set(v)
	}
	defer recoverTo(&err)
	return m.program.sys.Messages.Encode(box), nil
}

// Of returns a copy of the message that has a content, which must come from the same program.
func (m Messages) Of(content string) (message any, err error) {
	defer recoverTo(&err)
	return m.program.sys.Messages.Value(content), nil
}

// Text returns a message as people read it.
func (m Messages) Text(content string) string { return text.Message(m.program.sys, content) }
