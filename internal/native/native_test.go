package native_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/native"
	"github.com/allways-go/allways/internal/packer"
	"github.com/allways-go/allways/internal/values"
)

// counter is a model that counts, as package allways would hand it over.
type counter struct{}

func (counter) Init() values.Slice { return values.Of([]int{0}) }

func (counter) Actions(dst values.Slice, s unsafe.Pointer) values.Slice {
	return values.Of([]string{"count"})
}

func (counter) Next(next, s, action unsafe.Pointer) bool {
	*(*int)(next) = *(*int)(s) + 1
	return true
}

func (counter) Expand(p *packer.Packer, s unsafe.Pointer, actions values.Slice) {}
func (counter) Properties() []gospace.Property                                  { return nil }

// system is a counter that brings its space, whose methods are those that a test needs.
type system struct {
	counter
	space  brought
	refuse error
}

func (m system) NativeSpace(bool, int64, []engine.Atom) (engine.Native, error) {
	return m.space, m.refuse
}
func (system) Symmetric() bool                 { return false }
func (system) Same(a, b any) bool              { return a == b }
func (system) Hold(s, held any) any            { return s }
func (system) Copy(s, earlier, copied any) any { return s }

type brought struct {
	engine.Native
	finish func() error
}

func (sp brought) Finish(func() bool, bool) error                 { return sp.finish() }
func (brought) NewWorker(func(string) uint16) engine.NativeWorker { return brittle{} }

// brittle is a worker whose user code panics.
type brittle struct{ engine.NativeWorker }

func (brittle) Init(*engine.Batch) error          { panic("at the start") }
func (brittle) Actions([]uint32) (int, error)     { panic("at a step") }
func (brittle) Where() (where, act string, n int) { return "a handler", "deliver", 3 }

func compile(t *testing.T, m any) *gospace.Model {
	t.Helper()
	c, err := gospace.Compile(&gospace.Source{
		Model: m, State: reflect.TypeFor[int](), Action: reflect.TypeFor[string](), Code: counter{},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func spaceOf(t *testing.T, m any) gospace.Space {
	t.Helper()
	sp, err := native.SpaceOf(compile(t, m), false, 0)
	if err != nil {
		t.Fatal(err)
	}
	return sp
}

// A model without a space has that of its Go values, and a space that is refused makes a misbehaviour.
func TestSpaceOf(t *testing.T) {
	s := 7
	if vec, err := spaceOf(t, counter{}).Encode(unsafe.Pointer(&s)); err != nil || len(vec) == 0 {
		t.Errorf("the state is encoded as %v (%v)", vec, err)
	}
	_, err := native.SpaceOf(compile(t, system{refuse: errors.New("no actors")}), false, 0)
	if m, ok := err.(*engine.Misbehaviour); !ok || m.Kind != engine.ErrorDeclaration || m.Message != "no actors" {
		t.Errorf("the error is %v", err)
	}
}

// A panic of user code in a native space is a misbehaviour that says where it was.
func TestPanics(t *testing.T) {
	w := spaceOf(t, system{}).NewWorker()
	_, err := w.Actions(nil)
	for _, c := range []struct {
		err  error
		want string
	}{{w.Init(nil), "at the start"}, {err, "at a step"}} {
		m, ok := c.err.(*engine.Misbehaviour)
		if !ok || m.Where != "a handler" || m.Action != "deliver" || m.Act != 3 || !m.Tolerable || m.Message != c.want {
			t.Errorf("%s: %+v", c.want, c.err)
		}
	}
}

// What a space says at the end of a run is a misbehaviour of the model, and so is a panic there.
func TestFinish(t *testing.T) {
	known := &engine.Misbehaviour{Kind: engine.ErrorNondeterminism, Message: "it differs"}
	for name, c := range map[string]struct {
		finish func() error
		kind   engine.ErrorKind
		text   string
	}{
		"a misbehaviour": {func() error { return known }, engine.ErrorNondeterminism, "it differs"},
		"an error":       {func() error { return errors.New("it changed") }, engine.ErrorMutation, "it changed"},
		"a panic":        {func() error { panic("late") }, engine.ErrorPanic, "late"},
	} {
		m := spaceOf(t, system{space: brought{finish: c.finish}}).Finish(nil, false)
		if m == nil || m.Kind != c.kind || !strings.Contains(m.Message, c.text) {
			t.Errorf("%s becomes %+v", name, m)
		}
	}
	if m := spaceOf(t, system{space: brought{finish: func() error { return nil }}}).Finish(nil, false); m != nil {
		t.Errorf("no error becomes %v", m)
	}
}
