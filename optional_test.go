package allways_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/property"
)

// plain is a model without optional methods; the types below add one with a wrong signature each.
type plain struct{}

func (plain) Init() []int                          { return []int{0} }
func (plain) Actions(dst []string, _ int) []string { return append(dst, "add") }
func (plain) Next(s int, _ string) (int, bool)     { return (s + 1) % 5, true }
func (plain) Properties() []allways.Property[int] {
	return []allways.Property[int]{allways.Always("small", func(s int) bool { return s < 9 })}
}

type (
	wrongActionName     struct{ plain }
	wrongActionNames    struct{ plain }
	wrongChanges        struct{ plain }
	wrongDiagram        struct{ plain }
	wrongFormatAction   struct{ plain }
	wrongFormatState    struct{ plain }
	wrongFormatStep     struct{ plain }
	wrongNextInPlace    struct{ plain }
	wrongNotes          struct{ plain }
	wrongParts          struct{ plain }
	wrongRepresentative struct{ plain }
	wrongSnapshot       struct{ plain }
	wrongWithin         struct{ plain }
)

func (wrongActionName) ActionName(int) string               { return "" }
func (wrongActionNames) ActionNames() string                { return "" }
func (wrongChanges) Changes(_, _ int) []string              { return nil }
func (wrongDiagram) Diagram(*allways.Path[int, int]) string { return "" }
func (wrongFormatAction) FormatAction(string) []byte        { return nil }
func (wrongFormatState) FormatState(string) string          { return "" }
func (wrongFormatStep) FormatStep(int, int) string          { return "" }
func (wrongNextInPlace) NextInPlace(int, string) bool       { return true }
func (wrongNotes) Notes() string                            { return "" }
func (wrongParts) Parts(int) map[string]string              { return nil }
func (wrongRepresentative) Representative(int) string       { return "" }
func (wrongSnapshot) Snapshot() allways.Model[int, string]  { return nil }
func (wrongWithin) Within(string) bool                      { return true }

// An optional method with another signature is an error, which says what is wanted, for every entry
// point.
func TestWrongOptionalMethods(t *testing.T) {
	for _, c := range []struct {
		m    allways.Model[int, string]
		want string
	}{
		{wrongActionName{}, "method ActionName has the signature func(int) string, want func(string) string"},
		{wrongActionNames{}, "method ActionNames has the signature"},
		{wrongChanges{}, "method Changes has the signature func(int, int) []string, want func(int, int) []allways.Change"},
		{wrongDiagram{}, "want func(*allways.Path[int, string]) string"},
		{wrongFormatAction{}, "method FormatAction has the signature"},
		{wrongFormatState{}, "method FormatState has the signature"},
		{wrongFormatStep{}, "want func(int, string, int) string"},
		{wrongNextInPlace{}, "method NextInPlace has the signature func(int, string) bool, want func(*int, string) bool"},
		{wrongNotes{}, "method Notes has the signature"},
		{wrongParts{}, "want func(int, func(path, value string))"},
		{wrongRepresentative{}, "want func(int) int"},
		{wrongSnapshot{}, "want func() (allways.Model[int, string], error)"},
		{wrongWithin{}, "method Within has the signature func(string) bool, want func(int) bool"},
	} {
		m, want := c.m, c.want
		_, checked := allways.Check(context.Background(), m, allways.Options{})
		_, simulated := allways.Simulate(context.Background(), m, allways.SimulateOptions{})
		_, stepped := allways.NewStepper(m)
		_, explored := allways.NewExplorer(m)
		_, profiled := allways.NewProfile(m)
		for name, err := range map[string]error{
			"Check": checked, "Simulate": simulated, "NewStepper": stepped, "NewExplorer": explored, "NewProfile": profiled,
		} {
			e, ok := errors.AsType[*allways.ModelError](err)
			declared := ok && e.Kind == allways.ErrorDeclaration && e.Where == reflect.TypeOf(m).String()
			if !declared || !strings.Contains(e.Message, want) {
				t.Errorf("%s of %T: %v, want %s", name, m, err, want)
			}
		}
	}
}

// pointed has its optional method on the pointer alone.
type pointed struct{ plain }

func (*pointed) Within(int) bool { return true }

func TestOptionalMethodOfThePointer(t *testing.T) {
	_, err := allways.NewStepper[int, string](pointed{})
	if err == nil || !strings.Contains(err.Error(), "method Within has a pointer receiver") {
		t.Errorf("%v", err)
	}
	if _, err := allways.NewStepper[int, string](&pointed{}); err != nil {
		t.Error(err)
	}
}

// builder is a model that grows until it is used.
type builder struct {
	plain
	props []allways.Property[int]
	fails error
	asked int
}

func (b *builder) add(p allways.Property[int]) { b.props = append(b.props, p) }

func (b *builder) Snapshot() (allways.Model[int, string], error) {
	b.asked++
	return built{props: slices.Clone(b.props)}, b.fails
}

// Within is not asked for: only the methods of the snapshot count.
func (b *builder) Within(int) bool { panic("the builder was asked") }

type built struct {
	plain
	props []allways.Property[int]
}

func (b built) Properties() []allways.Property[int] { return b.props }

// A use of a model that can be extended sees all that was added before, and nothing that is added
// later.
func TestSnapshot(t *testing.T) {
	b := &builder{}
	b.add(allways.Always("first", func(int) bool { return true }))
	stepper, err := allways.NewStepper[int, string](b)
	if err != nil {
		t.Fatal(err)
	}
	b.add(allways.Always("second", func(s int) bool { return s < 3 }))
	r, err := allways.Check[int, string](t.Context(), b, allways.Options{})
	if err != nil || len(r.Properties) != 2 || r.Properties[1].Verdict != allways.Violated {
		t.Errorf("%+v, %v", r, err)
	}
	if p := stepper.Properties(); len(p) != 1 || p[0].Name() != "first" {
		t.Errorf("the stepper has %v", p)
	}
	if b.asked != 2 {
		t.Errorf("%d snapshots were taken of 2 uses", b.asked)
	}
	b.fails = errors.New("it is not finished")
	_, err = allways.Simulate[int, string](t.Context(), b, allways.SimulateOptions{})
	e, ok := errors.AsType[*allways.ModelError](err)
	if !ok || e.Kind != allways.ErrorDeclaration || e.Message != "it is not finished" {
		t.Errorf("%v", err)
	}
}

// The words and numbers of the packages below are those of this one.
func TestWordsAgree(t *testing.T) {
	for public, own := range map[allways.ErrorKind]engine.ErrorKind{
		allways.ErrorInit: engine.ErrorInit, allways.ErrorDeclaration: engine.ErrorDeclaration,
		allways.ErrorType: engine.ErrorType, allways.ErrorValue: engine.ErrorValue,
		allways.ErrorMutation: engine.ErrorMutation, allways.ErrorNondeterminism: engine.ErrorNondeterminism,
		allways.ErrorPanic: engine.ErrorPanic, allways.ErrorSymmetry: engine.ErrorSymmetry,
	} {
		if string(public) != string(own) {
			t.Errorf("%s and %s", public, own)
		}
	}
	for public, own := range map[allways.PropertyKind]property.Kind{
		allways.KindAlways: property.Always, allways.KindSometimes: property.Sometimes, allways.KindStep: property.Step,
		allways.KindEventually: property.Eventually, allways.KindDeadlock: property.Deadlock,
	} {
		if uint8(public) != uint8(own) {
			t.Errorf("%v and %v", public, own)
		}
	}
	for public, own := range map[allways.Verdict]property.Verdict{
		allways.Inconclusive: property.Inconclusive, allways.Holds: property.Holds, allways.Violated: property.Violated,
	} {
		if uint8(public) != uint8(own) {
			t.Errorf("%v and %v", public, own)
		}
	}
}
