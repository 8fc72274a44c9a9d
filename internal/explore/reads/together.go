package reads

import (
	"reflect"
	"slices"

	"github.com/allways-go/allways/internal/erased"
)

// swap is a part with the value that it has in another state.
type swap struct {
	part      *part
	was, with reflect.Value
}

func (s swap) set(v reflect.Value) {
	s.part.value.Set(v)
	s.part.commit()
}

// together finds parts that change the verdict only together: all that differ from the nearest state with another
// verdict, without each of them that is not needed.
func (x *experiment) together(p *erased.Path, i int, w *walker) {
	for _, k := range nearest(i, p.Len()) {
		if !x.more() {
			return
		}
		holds, err := p.Holds(k, x.property)
		if err != nil || holds == (x.was == kept) {
			continue
		}
		other := &walker{name: w.name, left: maxParts}
		var roots []*part
		for _, r := range erased.Parts(p, k) {
			roots = append(roots, other.root(r))
		}
		all := differing(x.roots, roots)
		if !x.more() || !x.changes(all) {
			return // what differs cannot be brought into this state
		}
		x.shrink(all, w)
		return
	}
}

// nearest lists the states of a path other than the i-th, those before it first.
func nearest(i, length int) (all []int) {
	for k := i - 1; k >= 0; k-- {
		all = append(all, k)
	}
	for k := i + 1; k <= length; k++ {
		all = append(all, k)
	}
	return all
}

// differing returns the smallest parts that differ, of those that both states have.
func differing(these, those []*part) (all []swap) {
	byPlace := map[place]*part{}
	for _, b := range those {
		byPlace[place{b.path, b.value.Type()}] = b
	}
	for _, a := range these {
		b := byPlace[place{a.path, a.value.Type()}]
		if b == nil {
			continue
		}
		x, errA := contentOf(a.value)
		y, errB := contentOf(b.value)
		alike := len(a.inside) > 0 && slices.EqualFunc(a.inside, b.inside, func(a, b *part) bool {
			return a.path == b.path && a.value.Type() == b.value.Type()
		})
		switch {
		case errA != nil || errB != nil || x == y:
		case alike:
			all = append(all, differing(a.inside, b.inside)...)
		default:
			was := reflect.New(a.value.Type()).Elem()
			was.Set(a.value)
			all = append(all, swap{a, was, b.value})
		}
	}
	return all
}

// changes reports whether swaps change the verdict.
func (x *experiment) changes(all []swap) bool {
	for _, s := range all {
		s.set(s.with)
	}
	now := x.judge()
	for _, s := range slices.Backward(all) {
		s.set(s.was)
	}
	return now != x.was && now != failed
}

// shrink leaves out swaps that are not needed, and reports the others.
func (x *experiment) shrink(all []swap, w *walker) {
	for k := len(all) - 1; k >= 0; k-- {
		if !x.more() {
			return // what is left may not be the least
		}
		if without := slices.Delete(slices.Clone(all), k, k+1); x.changes(without) {
			all = without
		}
	}
	kind := Together
	if len(all) == 1 {
		kind = Decides
	}
	for _, s := range all {
		x.add(Finding{s.part.path, kind, brief(w.text(s.with))})
	}
}
