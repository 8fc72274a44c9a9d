package plan_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/internal/plan"
	"github.com/allways-go/allways/internal/valuetest"
)

// briefTypes are types whose values have brief forms.
var briefTypes = []reflect.Type{
	reflect.TypeFor[string](),
	reflect.TypeFor[[]byte](),
	reflect.TypeFor[[]int16](),
	reflect.TypeFor[[]int](),
	reflect.TypeFor[[][3]bool](),
	reflect.TypeFor[[]struct {
		A uint16
		B [2]int8
	}](),
	reflect.TypeFor[map[uint8]uint8](),
	reflect.TypeFor[map[int8]bool](),
	reflect.TypeFor[map[uint16]int16](),
	reflect.TypeFor[map[int]uint32](),
	reflect.TypeFor[map[uint32]int64](),
	reflect.TypeFor[map[bool]int](),
	reflect.TypeFor[map[int64]struct{}](),
	reflect.TypeFor[map[uint8]struct{}](),
}

// briefOf returns the words of the brief form of a value, if it has one. Words that mean nothing are left out.
func briefOf(t *rapid.T, p *plan.Plan, v reflect.Value) ([]uint64, bool) {
	form := plan.Brief{}
	for i := range form {
		form[i] = rapid.Uint64().Draw(t, "garbage")
	}
	n, ok := plan.BriefOf(p)(v.UnsafePointer(), &form)
	return form[:n], ok
}

// Two values have equal brief forms exactly if they have equal contents; and the first word determines how many
// words there are.
func TestBriefFormsAreContent(t *testing.T) {
	for _, typ := range briefTypes {
		t.Run(typ.String(), func(t *testing.T) {
			p, err := plan.Of(typ)
			if err != nil {
				t.Fatal(err)
			}
			brief, equal := 0, 0
			rapid.Check(t, func(t *rapid.T) {
				s := subject{t, p}
				v, w := s.pair()
				a, ok := briefOf(t, p, v)
				b, also := briefOf(t, p, w)
				same := valuetest.Same(v, w)
				if same && ok != also {
					t.Fatalf("%v has a brief form, %v has not: %t, %t", v.Elem(), w.Elem(), ok, also)
				}
				if !ok || !also {
					return
				}
				if same != reflect.DeepEqual(a, b) {
					t.Fatalf("%v and %v: equal %t, forms %x and %x", v.Elem(), w.Elem(), same, a, b)
				}
				if a[0] == b[0] && len(a) != len(b) {
					t.Fatalf("%v and %v: first words are equal, lengths are not: %x and %x", v.Elem(), w.Elem(), a, b)
				}
				brief++
				if same {
					equal++
				}
			})
			if brief < 100 || equal < 10 {
				t.Errorf("%d pairs with brief forms, %d of them equal: too few", brief, equal)
			}
		})
	}
}

// Every content up to some length has a brief form, and no longer one has.
func TestBriefLengths(t *testing.T) {
	numbers := map[int16]uint16{}
	for k := range int16(24) {
		numbers[k] = uint16(k)
	}
	for _, c := range []struct {
		name  string
		value any
		brief bool
	}{
		{"48 bytes", new(strings.Repeat("x", 48)), true},
		{"49 bytes", new(strings.Repeat("x", 49)), false},
		{"6 words", new(make([]int, 6)), true},
		{"7 words", new(make([]int, 7)), false},
		{"keys below 24", &numbers, true},
		{"key 24", new(map[int16]uint16{24: 0}), false},
		{"negative key", new(map[int16]uint16{-1: 0}), false},
		{"set below 64", new(map[int]struct{}{63: {}}), true},
		{"set with 64", new(map[int]struct{}{64: {}}), false},
		{"nothing", new([]int), true},
	} {
		v := reflect.ValueOf(c.value)
		p, err := plan.Of(v.Type().Elem())
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := plan.BriefOf(p)(v.UnsafePointer(), new(plan.Brief)); ok != c.brief {
			t.Errorf("%s: brief %t", c.name, ok)
		}
	}
}

// Memory that is not content, such as that of floats and padding, makes no brief form.
func TestTypesWithoutBriefForms(t *testing.T) {
	for _, typ := range []reflect.Type{
		reflect.TypeFor[[]float64](),
		reflect.TypeFor[[]string](),
		reflect.TypeFor[[]struct{}](),
		reflect.TypeFor[[]struct {
			A uint8
			B uint16
		}](),
		reflect.TypeFor[[]struct {
			A uint8
			_ uint8
		}](),
		reflect.TypeFor[map[string]int](),
		reflect.TypeFor[map[int]float64](),
		reflect.TypeFor[map[float64]int](),
		reflect.TypeFor[*int](),
		reflect.TypeFor[any](),
		reflect.TypeFor[fmt.Stringer](),
	} {
		p, err := plan.Of(typ)
		if err != nil {
			t.Fatal(err)
		}
		if plan.BriefOf(p) != nil {
			t.Errorf("%v has brief forms", typ)
		}
	}
}
