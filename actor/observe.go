package actor

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/plan"
	"github.com/allways-go/allways/internal/symmetry"
)

// Observed is a typed reference to the value of an observer.
type Observed[V any] struct {
	index int
	of    system
}

// In returns the value in s, a [*State] of its system, to be read only.
func (o Observed[V]) In(s auxiliaries) *V { return s.auxiliary(o.of, o.index).(*V) }

// Observe adds a value that follows every step of the system. step returns the value after an action. It may
// change the value that it is given, which is a private copy. States that differ only by the value are
// different states, so it should be small.
func Observe[V, M any](sys *System[M], name string, initial V, step func(v V, a Action[M]) V) Observed[V] {
	o := Observed[V]{len(sys.aux), system{sys.id}}
	k, err := contentOf[V]()
	if err == nil && step == nil {
		err = errors.New("there is no function: pass one that returns the value after an action")
	}
	if err != nil {
		sys.fail(fmt.Errorf("the value of observer %q: %w", name, err))
		return o
	}
	sys.addAux(&observer[V, M]{auxCodec: auxCodec{name, k, k.Encode(&initial)},
		step: step, sys: &core.System{Messages: sys.messages, Values: sys.values}})
	return o
}

// auxCodec is what histories and observers have in common: their name and their values.
type auxCodec struct {
	name    string
	codec   core.Codec
	initial string
}

// nameable is an auxiliary value whose texts may show ids of actors by name.
type nameable interface {
	named(plan.Naming) core.Auxiliary
}

// Name implements [core.Auxiliary].
func (a *auxCodec) Name() string { return a.name }

// Initial implements [core.Auxiliary].
func (a *auxCodec) Initial() string { return a.initial }

// Encode implements [core.Auxiliary].
func (a *auxCodec) Encode(value any) string { return a.codec.Encode(value) }

// Decode implements [core.Auxiliary].
func (a *auxCodec) Decode(value string) any { return a.codec.Decode(value) }

// Text implements [core.Auxiliary].
func (a *auxCodec) Text(value string) string { return a.codec.Text(value) }

// Rename implements [core.Auxiliary].
func (a *auxCodec) Rename(value string, to []int) string { return renamed(&a.codec, value, to) }

// renamed gives the actors in a content their new ids.
func renamed(k *core.Codec, content string, to []int) string {
	p, err := symmetry.Permuter(k.Plan.Type(), reflect.TypeFor[ID](), len(to))
	if err != nil {
		panic(err)
	}
	if p == nil {
		return content
	}
	v := k.Decode(content)
	if !p.Permute(core.PointerOf(v), to) {
		panic(fmt.Sprintf("a value of type %v cannot be renamed: %s", k.Plan.Type(), k.Text(content)))
	}
	return k.Encode(v)
}

// observer implements [core.Observer].
type observer[V, M any] struct {
	auxCodec
	sys  *core.System // for the codecs of messages and options
	step func(v V, a Action[M]) V
}

func (o *observer[V, M]) named(n plan.Naming) core.Auxiliary {
	named := *o
	named.codec.Naming = n
	return &named
}

// Observe implements [core.Observer].
func (o *observer[V, M]) Observe(value string, a core.Action) string {
	v := o.step(*o.codec.Decode(value).(*V), actionOf[M](o.sys, a))
	return o.codec.Encode(&v)
}
