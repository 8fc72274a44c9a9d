package program

import (
	"errors"
	"fmt"
	"reflect"
	"sync"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/plan"
)

// names gives types names that do not depend on their packages, for what leaves a process: recordings and stored
// values are read by later versions of the program, in which a type may have moved. Those of registered types are
// fixed; two of one name are an error. Others get theirs when they are met.
type names struct {
	mu    sync.Mutex
	out   map[string]string // short names by full ones
	in    map[string]string // full names by short ones
	error error             // mistake in the last translation
}

func newNames(sys *core.System) (*names, error) {
	n := &names{out: map[string]string{}, in: map[string]string{}}
	for _, t := range append(append([]reflect.Type{}, sys.MessageTypes...), sys.ValueTypes...) {
		n.outward(plan.FullName(t))
	}
	return n, n.error
}

// outward returns the name under which a type is written.
func (n *names) outward(full string) string {
	short, ok := n.out[full]
	if ok {
		return short
	}
	short = plan.ShortName(full)
	if other, taken := n.in[short]; taken {
		n.error = fmt.Errorf("the types %s and %s would both be stored and recorded as %q: rename one of them",
			other, full, short)
		return full
	}
	n.out[full], n.in[short] = short, full
	return short
}

// inward returns the full name of the type that was written under a name.
func (n *names) inward(short string) string {
	if full, ok := n.in[short]; ok {
		return full
	}
	switch met := plan.Met(short); len(met) {
	case 0:
		n.error = fmt.Errorf("this program has met no type %q: name it with RegisterValues or RegisterMessages", short)
	case 1:
		return met[0]
	default:
		n.error = fmt.Errorf("the types %v are all called %q: name the one that is meant with RegisterValues", met, short)
	}
	return short
}

// rename translates a content.
func (n *names) rename(p *plan.Plan, content string, known, written func(string) string) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.error = nil
	content, err := plan.Rename(p, content, known, written)
	return content, errors.Join(n.error, err)
}

func unchanged(name string) string { return name }

// Names gives contents the form in which they leave the process, in which types have names without packages, and
// the reverse.
type Names struct{ program *Program }

// Names returns the names of the types of messages and values.
func (p *Program) Names() Names { return Names{p} }

// Outward returns the content of a message in the form in which it leaves the process.
func (n Names) Outward(message string) (string, error) {
	return n.program.names.rename(n.program.sys.Messages.Plan, message, unchanged, n.program.names.outward)
}

// Inward is the inverse of Outward.
func (n Names) Inward(message string) (string, error) {
	return n.program.names.rename(n.program.sys.Messages.Plan, message, n.program.names.inward, unchanged)
}

// OutwardValue is Outward for a stored value or an option.
func (n Names) OutwardValue(value string) (string, error) {
	return n.program.names.rename(n.program.sys.Values.Plan, value, unchanged, n.program.names.outward)
}

// InwardValue is the inverse of OutwardValue.
func (n Names) InwardValue(value string) (string, error) {
	return n.program.names.rename(n.program.sys.Values.Plan, value, n.program.names.inward, unchanged)
}

// local translates what belongs to an actor. What cannot be translated stays as it is: a stored value whose type
// was not met yet has its outward form anyway.
func (p *Program) local(id int, l *core.Local, known, written func(string) string) *core.Local {
	translate := func(k *core.Codec, content string) string {
		if s, err := p.names.rename(k.Plan, content, known, written); err == nil {
			return s
		}
		return content
	}
	n := *l
	n.State = translate(&p.sys.Actors[id].State, l.State)
	if l.Saved {
		n.Stored = translate(&p.sys.Values, l.Stored)
	}
	n.Choices = nil
	for _, c := range l.Choices {
		o := core.Choice{Key: c.Key}
		for _, x := range c.Options {
			o.Options = append(o.Options, translate(&p.sys.Values, x))
		}
		n.Choices = append(n.Choices, o)
	}
	return &n
}

// digest is the digest of an actor in the form in which it leaves the process.
func (p *Program) digest(id int, l *core.Local) uint64 {
	return p.local(id, l, unchanged, p.names.outward).Digest()
}
