package reads

import (
	"context"
	"reflect"

	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/plan"
)

// The most states that values are taken from, and the most values that a part is given.
const (
	maxStates = 48
	maxOthers = 8
)

// values are those that parts have in other states, or elsewhere in the same state.
type values struct {
	at     map[place][]reflect.Value // values by the path of the part
	fields map[place][]reflect.Value // values by the last field on the path
	seen   map[content]bool
}

// place is where values are found; those of another type do not fit.
type place struct {
	path string
	typ  reflect.Type
}

// content is a value at a place.
type content struct {
	place
	field bool
	value string
}

// gather collects the values that parts have in the states near the i-th of a path: those before it, the nearest
// first, those that other steps lead to, and those after it.
func gather(ctx context.Context, p *erased.Path, i int, name plan.Naming, read map[int]bool) *values {
	v := &values{map[place][]reflect.Value{}, map[place][]reflect.Value{}, map[content]bool{}}
	left := maxStates
	take := func(p *erased.Path, i int) {
		if left--; left < 0 || ctx.Err() != nil {
			return
		}
		w := &walker{name: name, left: maxParts}
		for _, r := range erased.Parts(p, i) {
			if r.Unit < 0 || read[r.Unit] {
				v.add(w.root(r))
			}
		}
	}
	take(p, i) // for what is equal elsewhere in the state
	for k := i - 1; k >= 0; k-- {
		take(p, k)
	}
	for _, k := range []int{i - 1, i} {
		if k < 0 {
			continue
		}
		next, err := erased.First(p, k).Successors()
		for _, q := range next {
			if err == nil {
				take(q, q.Len())
			}
		}
	}
	for k := i + 1; k <= p.Len(); k++ {
		take(p, k)
	}
	return v
}

// add takes the values of a part and of all inside of it.
func (v *values) add(p *part) {
	at, field := place{p.path, p.value.Type()}, place{p.field, p.value.Type()}
	if c, err := contentOf(p.value); err == nil {
		if key := (content{at, false, c}); !v.seen[key] {
			v.seen[key] = true
			v.at[at] = append(v.at[at], p.value)
		}
		if key := (content{field, true, c}); !v.seen[key] {
			v.seen[key] = true
			v.fields[field] = append(v.fields[field], p.value)
		}
	}
	for _, q := range p.inside {
		v.add(q)
	}
}

// others returns other values for a part: those that it has in other states, those that the same field has
// elsewhere, and zero.
func (v *values) others(p *part) (out []reflect.Value) {
	now, err := contentOf(p.value)
	if err != nil {
		return nil
	}
	seen := map[string]bool{now: true}
	offer := func(x reflect.Value) {
		c, err := contentOf(x)
		if err == nil && !seen[c] && len(out) < maxOthers {
			seen[c] = true
			out = append(out, x)
		}
	}
	zero := reflect.New(p.value.Type()).Elem()
	for _, x := range v.at[place{p.path, p.value.Type()}] {
		offer(x)
	}
	if len(out) > maxOthers-2 {
		out = out[:maxOthers-2] // there is room for others
	}
	offer(zero)
	for _, x := range v.fields[place{p.field, p.value.Type()}] {
		offer(x)
	}
	return out
}

// contentOf returns what is equal for equal values.
func contentOf(v reflect.Value) (string, error) {
	p, err := plan.Of(v.Type())
	if err != nil {
		return "", err
	}
	return p.Content(v.Addr().UnsafePointer())
}
