package symmetry

import (
	"math"
	"reflect"
	"slices"
	"sync"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/internal/plan"
)

type ID uint8

const n = 4

// none is an identifier out of range.
const none ID = 255

// tester renames states of one type, by the plan and by a permutation written by hand.
type tester[S any] struct {
	plan    *Plan
	permute func(s S, to []ID) S
}

func newTester[S any](t testing.TB, permute func(S, []ID) S) *tester[S] {
	t.Helper()
	p, err := Compile(reflect.TypeFor[S](), Kind{reflect.TypeFor[ID](), n})
	if err != nil {
		t.Fatal(err)
	}
	return &tester[S]{p, permute}
}

func (x *tester[S]) rep(s S) S {
	if x.plan.Sorted() {
		x.plan.Sort(unsafe.Pointer(&s))
		return s
	}
	named := s
	if !x.plan.Rename(unsafe.Pointer(&named)) {
		return s
	}
	return named
}

func content[S any](t interface{ Fatal(...any) }, s S) string {
	p, err := plan.For[S]()
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.Append(nil, unsafe.Pointer(&s))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// orbit returns the contents of all renamings of s.
func (x *tester[S]) orbit(t interface{ Fatal(...any) }, s S) map[string]S {
	out := map[string]S{}
	for _, to := range permutations(n) {
		r := x.permute(s, to)
		out[content(t, r)] = r
	}
	return out
}

// check tests one state: its representative is in its orbit and its own, the state stays as it was,
// and, if exact, the whole orbit has the same one.
func (x *tester[S]) check(t *rapid.T, s S, exact bool) {
	before := content(t, s)
	r := x.rep(s)
	if content(t, s) != before {
		t.Fatalf("the state has changed to %+v", s)
	}
	want := content(t, r)
	orbit := x.orbit(t, s)
	if _, ok := orbit[want]; !ok {
		t.Fatalf("%+v is no renaming of %+v", r, s)
	}
	if again := x.rep(r); content(t, again) != want {
		t.Fatalf("the representative of %+v is %+v", r, again)
	}
	if !exact {
		return
	}
	for _, o := range orbit {
		if or := x.rep(o); content(t, or) != want {
			t.Fatalf("representatives differ:\n%+v of %+v\n%+v of %+v", r, s, or, o)
		}
	}
}

func permutations(n int) (out [][]ID) {
	var extend func(p []ID, used int)
	extend = func(p []ID, used int) {
		if len(p) == n {
			out = append(out, append([]ID(nil), p...))
			return
		}
		for i := range n {
			if used&(1<<i) == 0 {
				extend(append(p, ID(i)), used|1<<i)
			}
		}
	}
	extend(nil, 0)
	return out
}

func move[T any](dst, src []T, to []ID) {
	for i, k := range to {
		dst[k] = src[i]
	}
}

func ref(i ID, to []ID) ID {
	if int(i) < len(to) {
		return to[i]
	}
	return i
}

func moveKeys[V any](m map[ID]V, to []ID) map[ID]V {
	out := map[ID]V{}
	for k, v := range m {
		out[ref(k, to)] = v
	}
	return out
}

// Scalars are covered by columns of one word.
type scalars struct {
	Phase    [n]int8     `allways:"indexed=ID"`
	Prepared [n + 1]bool `allways:"indexed=ID"`
	Round    int
	Log      []string
	Msgs     [2]struct {
		Sent [n]uint16 `allways:"indexed=ID"`
	}
}

func scalarsOf(t *rapid.T) (s scalars) {
	for i := range n {
		s.Phase[i] = rapid.Int8Range(-1, 1).Draw(t, "phase")
		s.Msgs[i%2].Sent[i] = rapid.Uint16Range(255, 257).Draw(t, "sent")
	}
	for i := range s.Prepared {
		s.Prepared[i] = rapid.Bool().Draw(t, "prepared")
	}
	s.Log = []string{"a"}
	return s
}

func permuteScalars(s scalars, to []ID) scalars {
	r := s
	move(r.Phase[:], s.Phase[:], to)
	move(r.Prepared[:], s.Prepared[:], to)
	for i := range r.Msgs {
		move(r.Msgs[i].Sent[:], s.Msgs[i].Sent[:], to)
	}
	return r
}

func TestScalars(t *testing.T) {
	x := newTester(t, permuteScalars)
	if !x.plan.Sorted() {
		t.Fatal("it takes more than sorting columns")
	}
	rapid.Check(t, func(t *rapid.T) { x.check(t, scalarsOf(t), true) })
}

// Wide needs keys of several words, with holes in the elements.
type wide struct {
	Big [n]struct {
		A bool
		B int64
		_ uint8
		C [2]uint32
	} `allways:"indexed=ID"`
	D [n]int `allways:"indexed=ID"`
}

func TestSeveralWords(t *testing.T) {
	x := newTester(t, func(s wide, to []ID) wide {
		r := s
		move(r.Big[:], s.Big[:], to)
		move(r.D[:], s.D[:], to)
		return r
	})
	if !x.plan.Sorted() || x.plan.kinds[0].words < 2 {
		t.Fatalf("keys of %d words, sorted %t", x.plan.kinds[0].words, x.plan.Sorted())
	}
	rapid.Check(t, func(t *rapid.T) {
		var s wide
		for i := range n {
			s.Big[i].A = rapid.Bool().Draw(t, "a")
			s.Big[i].B = rapid.Int64Range(-1, 1).Draw(t, "b")
			s.Big[i].C[1] = rapid.Uint32Range(0, 1).Draw(t, "c")
			s.D[i] = rapid.IntRange(-1, 1).Draw(t, "d")
		}
		x.check(t, s, true)
	})
}

// Free has identifiers everywhere but no references between them.
type free struct {
	Phase [n]int8    `allways:"indexed=ID"`
	Name  [n]string  `allways:"indexed=ID"`
	Slice []float64  `allways:"indexed=ID"`
	Log   [n][]uint8 `allways:"indexed=ID"`
	Votes map[ID]int8
	Bag   map[string]map[ID]bool
	Deep  *struct {
		Bits []bool `allways:"indexed=ID"`
		Next any
	}
	Leader ID
	Queue  []ID
}

func freeOf(t *rapid.T) (s free) {
	small := rapid.Int8Range(0, 1)
	anyone := rapid.OneOf(rapid.Just(none), rapid.Custom(func(t *rapid.T) ID {
		return ID(rapid.IntRange(0, n-1).Draw(t,
			"id"))
	}))
	for i := range n {
		s.Phase[i] = small.Draw(t, "phase")
		s.Name[i] = rapid.SampledFrom([]string{"", "x"}).Draw(t, "name")
		s.Log[i] = rapid.SliceOfN(rapid.Uint8Range(0, 1), 0, 1).Draw(t, "log")
	}
	negativeZero := math.Copysign(0, -1)
	if rapid.Bool().Draw(t, "has slice") {
		s.Slice = rapid.SliceOfN(rapid.SampledFrom([]float64{0, negativeZero, 1}), n, n+1).Draw(t, "slice")
	}
	s.Votes = rapid.MapOfN(anyone, small, 0, 2).Draw(t, "votes")
	s.Bag = rapid.MapOfN(rapid.SampledFrom([]string{"p", "q"}), rapid.MapOfN(anyone, rapid.Bool(), 0, 2), 0, 2).Draw(t,
		"bag")
	if rapid.Bool().Draw(t, "has deep") {
		s.Deep = new(struct {
			Bits []bool `allways:"indexed=ID"`
			Next any
		})
		s.Deep.Bits = rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "bits")
		s.Deep.Next = rapid.SampledFrom([]any{nil, 1, ID(2), "s"}).Draw(t, "next")
	}
	s.Leader = anyone.Draw(t, "leader")
	s.Queue = rapid.SliceOfN(anyone, 0, 2).Draw(t, "queue")
	return s
}

func permuteFree(s free, to []ID) free {
	r := s
	move(r.Phase[:], s.Phase[:], to)
	move(r.Name[:], s.Name[:], to)
	move(r.Log[:], s.Log[:], to)
	r.Slice = append([]float64(nil), s.Slice...)
	if s.Slice != nil {
		move(r.Slice, s.Slice, to)
	}
	r.Votes = moveKeys(s.Votes, to)
	r.Bag = map[string]map[ID]bool{}
	for k, m := range s.Bag {
		r.Bag[k] = moveKeys(m, to)
	}
	if s.Deep != nil {
		d := *s.Deep
		d.Bits = make([]bool, n)
		move(d.Bits, s.Deep.Bits, to)
		if i, ok := d.Next.(ID); ok {
			d.Next = ref(i, to)
		}
		r.Deep = &d
	}
	r.Leader = ref(s.Leader, to)
	r.Queue = nil
	for _, i := range s.Queue {
		r.Queue = append(r.Queue, ref(i, to))
	}
	return r
}

func TestWithoutReferencesBetweenIdentifiers(t *testing.T) {
	x := newTester(t, permuteFree)
	rapid.Check(t, func(t *rapid.T) { x.check(t, freeOf(t), true) })
}

type message struct {
	From, To ID
	Kind     int8
}

type row struct {
	Seen [n]int8 `allways:"indexed=ID"`
}

// Tied has identifiers that refer to each other.
type tied struct {
	Peer  [n]ID  `allways:"indexed=ID"`
	Table [n]row `allways:"indexed=ID"`
	Net   map[message]bool
	Know  map[ID]map[ID]int8
	Box   [n]any `allways:"indexed=ID"`
}

func tiedOf(t *rapid.T) (s tied) {
	anyone := rapid.Custom(func(t *rapid.T) ID {
		if i := rapid.IntRange(0, n).Draw(t, "id"); i < n {
			return ID(i)
		}
		return none
	})
	rare := rapid.SampledFrom([]int8{0, 0, 0, 1})
	for i := range n {
		s.Peer[i] = anyone.Draw(t, "peer")
		for j := range n {
			s.Table[i].Seen[j] = rare.Draw(t, "seen")
		}
		if rapid.Bool().Draw(t, "boxed") {
			s.Box[i] = &message{From: anyone.Draw(t, "from"), To: none}
		}
	}
	s.Net = rapid.MapOfN(rapid.Custom(func(t *rapid.T) message {
		return message{anyone.Draw(t, "from"), anyone.Draw(t, "to"), 0}
	}), rapid.Just(true), 0, 3).Draw(t, "net")
	s.Know = rapid.MapOfN(anyone, rapid.MapOfN(anyone, rapid.Int8Range(0, 1), 0, 1), 0, 1).Draw(t, "know")
	return s
}

func permuteTied(s tied, to []ID) tied {
	r := s
	move(r.Peer[:], s.Peer[:], to)
	move(r.Table[:], s.Table[:], to)
	move(r.Box[:], s.Box[:], to)
	for i := range n {
		r.Peer[i] = ref(r.Peer[i], to)
		seen := r.Table[i].Seen
		move(r.Table[i].Seen[:], seen[:], to)
		if m, ok := r.Box[i].(*message); ok {
			r.Box[i] = &message{ref(m.From, to), ref(m.To, to), m.Kind}
		}
	}
	r.Net = map[message]bool{}
	for m, v := range s.Net {
		r.Net[message{ref(m.From, to), ref(m.To, to), m.Kind}] = v
	}
	r.Know = map[ID]map[ID]int8{}
	for k, m := range s.Know {
		r.Know[ref(k, to)] = moveKeys(m, to)
	}
	return r
}

func TestReferencesBetweenIdentifiers(t *testing.T) {
	x := newTester(t, permuteTied)
	rapid.Check(t, func(t *rapid.T) { x.check(t, tiedOf(t), true) })
}

type peers struct {
	Peer [n]ID `allways:"indexed=ID"`
}

// With one reference each, identifiers that look alike play the same part, so that orbits are
// exact.
func TestOneReferenceEachIsExact(t *testing.T) {
	x := newTester(t, func(s peers, to []ID) peers {
		r := s
		move(r.Peer[:], s.Peer[:], to)
		for i := range r.Peer {
			r.Peer[i] = ref(r.Peer[i], to)
		}
		return r
	})
	reps, orbits := map[string]bool{}, map[string]bool{}
	for k := range (n + 1) * (n + 1) * (n + 1) * (n + 1) {
		var s peers
		for i := range s.Peer {
			if s.Peer[i] = ID(k % (n + 1)); s.Peer[i] == n {
				s.Peer[i] = none
			}
			k /= n + 1
		}
		reps[content(t, x.rep(s))] = true
		least := ""
		for c := range x.orbit(t, s) {
			if least == "" || c < least {
				least = c
			}
		}
		orbits[least] = true
	}
	if len(reps) != len(orbits) {
		t.Fatalf("%d representatives of %d orbits", len(reps), len(orbits))
	}
}

// A state that cannot be renamed stands for itself.
func TestUnrenamable(t *testing.T) {
	type list struct {
		A    []bool `allways:"indexed=ID"`
		Next *list
		Any  []any
	}
	x := newTester[list](t, nil)
	s := x.rep(list{A: []bool{true, false}})
	if !s.A[0] || len(s.A) != 2 {
		t.Errorf("a short slice became %v", s.A)
	}
	s = x.rep(list{A: []bool{true, false, true, false, true, false}})
	if want := []bool{false, false, true, true, true, false}; !reflect.DeepEqual(s.A, want) {
		t.Errorf("a long slice became %v", s.A)
	}
	cyclic := &list{A: []bool{true, false, false, false}}
	cyclic.Next = cyclic
	if s := x.rep(*cyclic); !s.A[0] {
		t.Error("a cyclic state was renamed")
	}
	loop := []any{nil, nil}
	loop[0], loop[1] = loop, loop
	if s := x.rep(list{A: cyclic.A, Any: loop}); !s.A[0] {
		t.Error("a cyclic slice was renamed")
	}
	x.plan.limit = 1 << 16 // all steps would take a while
	var shared any = "leaf"
	for range 100 {
		shared = []any{shared, shared}
	}
	if s := x.rep(list{A: cyclic.A, Any: []any{shared}}); !s.A[0] {
		t.Error("an endless state was renamed")
	}
}

// A type with a wrong tag that hides in an interface is refused when it is met.
func TestWrongTagInInterface(t *testing.T) {
	type inner struct {
		A [2]bool `allways:"indexed=ID"`
	}
	x := newTester[struct{ Box any }](t, nil)
	defer func() {
		e, ok := recover().(*DeclarationError)
		if !ok || e.Path != "inner.A" {
			t.Errorf("panic with %v", e)
		}
		if r := x.rep(struct{ Box any }{"later"}); r.Box != "later" {
			t.Errorf("after the panic: %v", r)
		}
	}()
	x.rep(struct{ Box any }{inner{}})
}

func TestConcurrentUse(t *testing.T) {
	x := newTester(t, permuteTied)
	gen := rapid.Custom(tiedOf)
	var wg sync.WaitGroup
	for g := range 4 {
		s := gen.Example(g % 2)
		want := content(t, x.rep(s))
		wg.Go(func() {
			for range 50 {
				if content(t, x.rep(s)) != want {
					t.Error("the representative changes")
				}
			}
		})
	}
	wg.Wait()
}

func TestManyIdentifiers(t *testing.T) {
	type many struct {
		A [200]uint8 `allways:"indexed=ID"`
		B [200]int   `allways:"indexed=ID"`
	}
	p, err := Compile(reflect.TypeFor[many](), Kind{reflect.TypeFor[ID](), 200})
	if err != nil {
		t.Fatal(err)
	}
	var a, b many
	for i := range 200 {
		a.A[i], a.B[i] = uint8(i*7%13), -i*i%11
		b.A[199-i], b.B[199-i] = a.A[i], a.B[i]
	}
	p.Sort(unsafe.Pointer(&a))
	p.Sort(unsafe.Pointer(&b))
	if a != b || !slices.IsSorted(a.A[:]) {
		t.Errorf("%v\n%v", a, b)
	}
}

func BenchmarkReferences(b *testing.B) {
	type state struct {
		Phase [n]uint8 `allways:"indexed=ID"`
		Votes map[ID]bool
		Log   [n][]uint8 `allways:"indexed=ID"`
	}
	x := newTester[state](b, nil)
	s := state{Phase: [n]uint8{2, 1, 2, 1}, Votes: map[ID]bool{1: true, 3: true},
		Log: [n][]uint8{{1}, {2}, {3}, {1, 2}}}
	b.ReportAllocs()
	for b.Loop() {
		x.rep(s)
	}
}
