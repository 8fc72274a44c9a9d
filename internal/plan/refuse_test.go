package plan_test

//lint:file-ignore U1000 values of these types are read through reflection

import (
	"bytes"
	"errors"
	"math"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/allways-go/allways/internal/plan"
)

type refusedHandler func()

type refusedQueue chan int

type refusedPeer struct {
	id   int
	conn *refusedConn
}

type refusedConn struct {
	peers map[string][]refusedPeer
	cb    refusedHandler
}

type refusedEncoder struct{ n int }

func (refusedEncoder) AppendCanonical(dst []byte) []byte { return dst }

type refusedDecoder struct{ n int }

func (*refusedDecoder) DecodeCanonical([]byte) error { return nil }

type refusedKey struct {
	name string
	at   [2]*int
}

type refusedFault struct{ error }

// Parts of messages, and of remedies.
const (
	moveOut = "keep it outside the state, in the model's own fields, and only a name or number of it in the state"
	private = "its fields are private to the standard library; store what it means to you, or wrap it in a type " +
		"with AppendCanonical and DecodeCanonical methods"
	lock         = "locks and atomics are not content; a state is never shared while it changes: use the plain value"
	noErrors     = "errors seldom have comparable content; store a string, or a number from an enumeration"
	pointerKey   = "a map key that is a pointer is known by its address, not by its content; " + valueKey
	pointerInKey = "a pointer in a map key is known by its address, not by its content; " + valueKey
	valueKey     = "use a value or a number as the key"
	oneMethod    = "it has one of the methods AppendCanonical and DecodeCanonical; give it both, the second on its pointer"
	dynamic      = "; the dynamic type of an interface needs content too"
	isCyclic     = "the value is cyclic: it contains itself; refer to parts by a number instead of a pointer"
)

// nested is how a path is shown that goes on with the same step again and again.
func nested(path, step string) string {
	return strings.TrimPrefix((path + strings.Repeat(step, 200))[:200], ".") + "...: "
}

type refusedType struct {
	typ  reflect.Type
	want string
}

func refusedTypes() []refusedType {
	return []refusedType{
		{reflect.TypeFor[func()](), "func() (func()): functions cannot be compared; " + moveOut},
		{reflect.TypeFor[refusedConn](),
			"plan_test.refusedConn.cb (plan_test.refusedHandler): functions cannot be compared; " + moveOut},
		{reflect.TypeFor[***refusedPeer](),
			"plan_test.refusedPeer.conn.cb (plan_test.refusedHandler): functions cannot be compared; " + moveOut},
		{reflect.TypeFor[[]refusedPeer](),
			"[]plan_test.refusedPeer[].conn.cb (plan_test.refusedHandler): functions cannot be compared; " + moveOut},
		{reflect.TypeFor[struct{ In refusedQueue }](),
			"struct { In plan_test.refusedQueue }.In (plan_test.refusedQueue): channels cannot be compared by content; use a slice for what is in it"},
		{reflect.TypeFor[map[string]chan<- int](),
			"map[string]chan<- int[] (chan<- int): channels cannot be compared by content; use a slice for what is in it"},
		{reflect.TypeFor[struct{ at unsafe.Pointer }](),
			"struct { at unsafe.Pointer }.at (unsafe.Pointer): addresses are not content; " + moveOut},
		{reflect.TypeFor[struct{ at [0]uintptr }](),
			"struct { at [0]uintptr }.at[] (uintptr): addresses are not content; " + moveOut},
		{reflect.TypeFor[struct{ err error }](), "struct { err error }.err (error): " + noErrors},
		{reflect.TypeFor[refusedFault](), "plan_test.refusedFault.error (error): " + noErrors},
		{reflect.TypeFor[struct{ mu sync.Mutex }](), "struct { mu sync.Mutex }.mu (sync.Mutex): " + lock},
		{reflect.TypeFor[struct{ sync.RWMutex }](), "struct { sync.RWMutex }.RWMutex (sync.RWMutex): " + lock},
		{reflect.TypeFor[struct{ once []*sync.Once }](), "struct { once []*sync.Once }.once[] (sync.Once): " + lock},
		{reflect.TypeFor[struct{ n atomic.Int64 }](), "struct { n atomic.Int64 }.n (atomic.Int64): " + lock},
		{reflect.TypeFor[struct{ p atomic.Pointer[int] }](),
			"struct { p atomic.Pointer[int] }.p (atomic.Pointer[int]): " + lock},
		{reflect.TypeFor[struct{ buf *bytes.Buffer }](), "struct { buf *bytes.Buffer }.buf (bytes.Buffer): " + private},
		{reflect.TypeFor[struct{ at map[int]url.URL }](), "struct { at map[int]url.URL }.at[].User (url.Userinfo): " +
			private},
		{reflect.TypeFor[struct{ t *time.Timer }](), "struct { t *time.Timer }.t (time.Timer): " + private},
		{reflect.TypeFor[struct{ v reflect.Value }](), "struct { v reflect.Value }.v (reflect.Value): " + private},
		{reflect.TypeFor[struct{ seen map[*int]bool }](), "struct { seen map[*int]bool }.seen[key] (*int): " +
			pointerKey},
		{reflect.TypeFor[struct{ seen map[chan int]bool }](),
			"struct { seen map[chan int]bool }.seen[key] (chan int): " + pointerKey},
		{reflect.TypeFor[struct{ seen map[unsafe.Pointer]bool }](),
			"struct { seen map[unsafe.Pointer]bool }.seen[key] (unsafe.Pointer): " + pointerKey},
		{reflect.TypeFor[struct{ seen map[uintptr]bool }](),
			"struct { seen map[uintptr]bool }.seen[key] (uintptr): addresses are not content; " + moveOut},
		{reflect.TypeFor[struct{ seen map[error]bool }](), "struct { seen map[error]bool }.seen[key] (error): " +
			noErrors},
		{reflect.TypeFor[struct{ seen map[refusedKey]bool }](),
			"struct { seen map[plan_test.refusedKey]bool }.seen[key].at[] (*int): " + pointerKey},
		{reflect.TypeFor[struct{ seen map[[1]refusedKey]bool }](),
			"struct { seen map[[1]plan_test.refusedKey]bool }.seen[key][].at[] (*int): " + pointerKey},
		{reflect.TypeFor[struct {
			seen map[struct{ a struct{ b *int } }]bool
		}](), "struct { seen map[struct { a struct { b *int } }]bool }.seen[key].a.b (*int): " + pointerKey},
		{reflect.TypeFor[struct{ e [2]refusedEncoder }](),
			"struct { e [2]plan_test.refusedEncoder }.e[] (plan_test.refusedEncoder): " + oneMethod},
		{reflect.TypeFor[struct{ d *refusedDecoder }](),
			"struct { d *plan_test.refusedDecoder }.d (plan_test.refusedDecoder): " + oneMethod},
	}
}

func TestRefusedTypes(t *testing.T) {
	for _, c := range refusedTypes() {
		t.Run(c.typ.String(), func(t *testing.T) {
			_, err := plan.Of(c.typ)
			var te *plan.TypeError
			if !errors.As(err, &te) || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

type refusedRing struct{ next *refusedRing }

type refusedBoxes struct {
	first, second *int
	name          [2]*string
	list, tail    []int
	byName        map[string]*int
	any           any
	pairs         [2]map[int]int
	inner         *refusedBoxes
	keys          map[any]int
	points        map[struct{ x, y any }]int
	times         map[time.Time]int
	halves        map[float64]string
	many          []any
}

// refusedLocal returns values of two types that have the same name.
func refusedLocal() (a, b any) {
	{
		type local struct{ x int }
		a = local{}
	}
	type local struct{ y string }
	return a, local{}
}

type refusedValue struct {
	name  string
	value refusedBoxes
	want  string
}

func refusedValues() []refusedValue {
	x := new(int)
	slice := []any{0, 1}
	slice[1] = slice
	loop := map[string]any{}
	loop["again"] = loop
	ring := &refusedRing{}
	ring.next = &refusedRing{ring}
	own := &refusedBoxes{}
	own.inner = own
	localA, localB := refusedLocal()
	twoZones := map[time.Time]int{time.Unix(0, 0).UTC(): 1, time.Unix(0, 0).In(time.FixedZone("x", 60)): 1}
	return []refusedValue{
		{"a pointer back", *own, nested(``, `.inner`) + isCyclic},
		{"a ring", refusedBoxes{any: ring}, nested(`.any`, `.next`) + isCyclic},
		{"a slice in itself", refusedBoxes{many: slice}, nested(`.many`, `[1]`) + isCyclic},
		{"a map in itself", refusedBoxes{any: loop}, nested(`.any`, `["again"]`) + isCyclic},
		{"function", refusedBoxes{any: func() {}}, "any: func() (func()): functions cannot be compared; " + moveOut +
			dynamic},
		{"channel", refusedBoxes{many: []any{1, make(chan int)}},
			"many[1]: chan int (chan int): channels cannot be compared by content; use a slice for what is in it" + dynamic},
		{"error", refusedBoxes{any: errors.New("x")}, "any: errors.errorString (errors.errorString): " + private +
			dynamic},
		{"deep", refusedBoxes{inner: &refusedBoxes{any: map[string]any{"a": []any{0, refusedConn{}}}}},
			`inner.any["a"][1]: plan_test.refusedConn.cb (plan_test.refusedHandler): functions cannot be compared; ` +
				moveOut + dynamic},
		{"lock", refusedBoxes{any: &sync.Mutex{}}, "any: sync.Mutex (sync.Mutex): " + lock + dynamic},
		{"same name", refusedBoxes{many: []any{localA, localB}},
			"many[1]: two different types are both called github.com/allways-go/allways/internal/plan_test.local; " +
				"declare them under different names, outside functions"},
		{"NaN key", refusedBoxes{halves: map[float64]string{math.NaN(): "x"}},
			"halves[key]: a NaN in a map key is never found again; use another key"},
		{"NaN in a key", refusedBoxes{points: map[struct{ x, y any }]int{{x: 1, y: math.NaN()}: 1}},
			"points[key]: a NaN in a map key is never found again; use another key"},
		{"pointer key", refusedBoxes{keys: map[any]int{x: 1}}, "keys[key]: " + pointerInKey},
		{"channel key", refusedBoxes{keys: map[any]int{make(chan int): 1}},
			"keys[key]: chan int (chan int): channels cannot be compared by content; use a slice for what is in it" + dynamic},
		{"pointer in a key", refusedBoxes{points: map[struct{ x, y any }]int{{y: [1]*int{x}}: 1}},
			"points[key]: " + pointerInKey},
		{"instants", refusedBoxes{times: twoZones},
			"times: two keys of a map have the same content; use another key, such as a number"},
	}
}

func TestRefusedValues(t *testing.T) {
	for _, c := range refusedValues() {
		t.Run(c.name, func(t *testing.T) {
			_, err := soundPlan[refusedBoxes](t).Append(nil, unsafe.Pointer(&c.value))
			var ve *plan.ValueError
			if !errors.As(err, &ve) || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}
