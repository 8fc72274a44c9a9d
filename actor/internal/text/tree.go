package text

import (
	"encoding/json"
	"reflect"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/plan"
)

// Tree returns a state as JSON, with the names of actors as keys: the states of all actors, and where there are
// any, what they have stored, their timers and choices, which are down, the partition, the histories and
// observers, and the messages in flight.
func Tree(sys *core.System, s *core.State) []byte {
	var actors, stored, timers, choices, rest object
	var down list
	for id, l := range s.Actors {
		name, v := sys.Name(id), sys.ActorView(id, l)
		actors.add(name, content(sys, v.State))
		if v.Saved {
			stored.add(name, content(sys, &v.Stored))
		}
		if len(v.Timers) > 0 {
			timers.add(name, quoted(v.Timers))
		}
		if len(v.Choices) > 0 {
			choices.add(name, offers(sys, v.Choices))
		}
		if v.Down {
			down = append(down, quoted(name))
		}
	}
	for k, v := range s.Aux {
		rest.add(sys.Aux[k].Name(), quoted(auxText(sys, k, v)))
	}
	var all object
	all.add("actors", actors.json())
	all.addObject("stored", stored)
	all.addObject("timers", timers)
	all.addObject("choices", choices)
	if len(down) > 0 {
		all.add("down", down.json())
	}
	if s.Faults.Split != 0 {
		all.add("partition", quoted(Split(sys, s.Faults.Split)))
	}
	all.addObject("observed", rest)
	all.add("inFlight", inFlight(sys, s).json())
	return all.json()
}

// inFlight lists the messages in flight by receiver.
func inFlight(sys *core.System, s *core.State) (out list) {
	for to, box := range s.Inboxes {
		for _, e := range box.All() {
			m := sys.Messages.Decode(e.Msg)
			var o object
			o.add("from", quoted(sys.Name(e.From)))
			o.add("to", quoted(sys.Name(to)))
			o.add("type", quoted(typeName(sys.Messages.Elem(m))))
			o.add("message", content(sys, m))
			if e.Copies > 1 {
				o.add("copies", quoted(e.Copies))
			}
			out = append(out, o.json())
		}
	}
	return out
}

func offers(sys *core.System, all []core.Offer) []byte {
	var o object
	for _, offer := range all {
		var options list
		for _, v := range offer.Options {
			options = append(options, quoted(value(sys, v)))
		}
		o.add(offer.Key, options.json())
	}
	return o.json()
}

// content returns what a pointer points to as JSON; what is in an interface without its type.
func content(sys *core.System, pointer any) []byte {
	v := reflect.ValueOf(pointer).Elem()
	if v.Kind() == reflect.Interface && !v.IsNil() {
		copied := reflect.New(v.Elem().Type())
		copied.Elem().Set(v.Elem())
		v = copied.Elem()
	}
	p, err := plan.Of(v.Type())
	if err != nil {
		return quoted(err.Error())
	}
	return core.Naming(sys).AppendTree(nil, p, v.Addr().UnsafePointer())
}

// quoted returns a text, a number or a list of texts as JSON.
func quoted(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("text: no JSON: " + err.Error())
	}
	return b
}

// object and list are JSON in the making. An object keeps the order of what is added.
type (
	object [][2][]byte
	list   [][]byte
)

func (o *object) add(key string, value []byte) { *o = append(*o, [2][]byte{quoted(key), value}) }

// addObject adds an object unless it is empty.
func (o *object) addObject(key string, value object) {
	if len(value) > 0 {
		o.add(key, value.json())
	}
}

func (o object) json() []byte {
	out := []byte{'{'}
	for i, pair := range o {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, pair[0]...), ':'), pair[1]...)
	}
	return append(out, '}')
}

func (l list) json() []byte {
	out := []byte{'['}
	for i, v := range l {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, v...)
	}
	return append(out, ']')
}
