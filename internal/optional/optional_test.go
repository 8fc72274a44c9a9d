package optional

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
)

// Every optional function of a model has an entry in the table.
func TestMethodsCoverHooks(t *testing.T) {
	// No hooks: the one is called once, before the model is compiled, the other one with the properties.
	names := []string{"Snapshot", "Fairness"}
	for i := range reflect.TypeFor[gospace.Hooks]().NumField() {
		names = append(names, reflect.TypeFor[gospace.Hooks]().Field(i).Name)
	}
	slices.Sort(names)
	var table []string
	for i := range methods {
		table = append(table, methods[i].name)
	}
	if !slices.Equal(table, names) {
		t.Errorf("the table has %q, want %q", table, names)
	}
}

// nearly has the names of optional methods, and other signatures.
type nearly struct{}

func (nearly) Within(string) bool        { return true }
func (*nearly) Representative(s int) int { return s }
func (nearly) Notes() []string           { return nil }

// A method that misses its interface is refused with both signatures; one with a pointer receiver is
// refused for a model that is passed by value; what is bound is not looked at.
func TestCheck(t *testing.T) {
	check := func(model any, bound ...string) string {
		err := Check(model, reflect.TypeFor[int](), reflect.TypeFor[string](), bound)
		if err == nil {
			return ""
		}
		m, ok := errors.AsType[*engine.Misbehaviour](err)
		if !ok || m.Kind != engine.ErrorDeclaration {
			t.Errorf("%v is no error of the declaration", err)
		}
		return m.Message
	}
	all := check(nearly{}, "Notes")
	for _, want := range []string{
		"method Within has the signature func(string) bool, want func(int) bool",
		"method Representative has a pointer receiver, so a model passed by value does not have it: pass a pointer",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q does not say %q", all, want)
		}
	}
	if strings.Contains(all, "Notes") {
		t.Errorf("%q refuses a method that is bound", all)
	}
	if got := check(&nearly{}, "Notes", "Representative"); strings.Contains(got, "Representative") {
		t.Errorf("a pointer has the method, yet %q", got)
	}
	if got := check(struct{}{}); got != "" {
		t.Errorf("a model without methods: %q", got)
	}
}
