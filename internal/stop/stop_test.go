package stop

import (
	"testing"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/property"
)

// What is decided, as sets of the properties a (always), b (always) and s (sometimes).
const (
	a engine.Mask = 1 << iota
	b
	s
)

var model = &gospace.Model{
	Promises: 3,
	Props: []gospace.Property{
		{Name: "a", Kind: property.Always}, {Name: "b", Kind: property.Always}, {Name: "s", Kind: property.Sometimes},
	},
}

// Each value ends a search at what it names, and most at a model that misbehaves.
func TestCondition(t *testing.T) {
	wrong := &engine.Misbehaviour{}
	for _, c := range []struct {
		when          When
		ends, goesOn  []engine.Mask
		atMisbehaving bool
	}{
		{Decided, []engine.Mask{a | b | s}, []engine.Mask{0, a | b}, true},
		{Violation, []engine.Mask{a, b | s}, []engine.Mask{0, s}, true},
		{Never, nil, []engine.Mask{0, a | b | s}, false},
		{AllOf("a", "s"), []engine.Mask{a | s, a | b | s}, []engine.Mask{a, b | s}, false},
		{AnyOf("a", "s"), []engine.Mask{a, s}, []engine.Mask{0, b}, false},
	} {
		ends := c.when.Condition(model)
		for _, decided := range c.ends {
			if !ends(decided, nil) {
				t.Errorf("%v goes on with %b decided", c.when, decided)
			}
		}
		for _, decided := range c.goesOn {
			if ends(decided, nil) {
				t.Errorf("%v ends with %b decided", c.when, decided)
			}
		}
		if got := ends(0, wrong); got != c.atMisbehaving {
			t.Errorf("%v ends at a model that misbehaves: %t", c.when, got)
		}
	}
}

// Text is read as what it was made of, and other text is refused.
func TestParse(t *testing.T) {
	for _, w := range []When{Decided, Violation, Never, AllOf("a", "b"), AnyOf("s")} {
		if got, err := Parse(w.String()); got != w || err != nil {
			t.Errorf("%q is read as %q, %v", w, got, err)
		}
	}
	for _, text := range []string{"all", "any:", "all:", "later", "never:a"} {
		if got, err := Parse(text); err == nil {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}

// A value fits a model that has what it names.
func TestMisfit(t *testing.T) {
	for w, fits := range map[When]bool{
		Decided: true, Violation: true, Never: true, AllOf("a", "s"): true, AnyOf("b"): true,
		"later": false, AllOf(): false, AnyOf("a", "c"): false,
	} {
		if got := w.Misfit(model); (got == "") != fits {
			t.Errorf("%q: %q", w, got)
		}
	}
}
