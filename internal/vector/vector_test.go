package vector

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"unsafe"
)

// packed is the state of a protocol in natural style.
type packed struct {
	RM     [12]uint8
	TM     uint8
	Ready  [12]bool
	Sent   [12]bool
	Commit bool
	Abort  bool
}

type mixed struct {
	A bool
	_ int32
	B int16
	C [3]bool
	D int64
	E uint64
	F float64
	G []int
	H map[string]int8
	I *int
	J any
	K string
	L [2]struct{ X, Y int8 }
	M map[uint8]uint8
	N []struct{ X, Y int8 }
	O map[int]struct{}
}

func randomMixed(r *rand.Rand) mixed {
	wide := []int64{0, 1, -1, 1 << 30, -(1 << 30), 1<<30 + 1, 1 << 31, math.MinInt64, math.MaxInt64}
	m := mixed{
		A: r.IntN(2) == 0, B: int16(r.IntN(5) - 2), C: [3]bool{r.IntN(2) == 0, false, r.IntN(2) == 0},
		D: wide[r.IntN(len(wide))], E: uint64(wide[r.IntN(len(wide))]), F: []float64{0, 1.5, math.Inf(-1)}[r.IntN(3)],
		H: map[string]int8{}, K: []string{"", "x", "yy"}[r.IntN(3)],
		M: map[uint8]uint8{}, O: map[int]struct{}{},
	}
	for range r.IntN(4) {
		m.M[uint8(r.IntN(9)*7)] = uint8(r.IntN(2))
		m.N = append(m.N, struct{ X, Y int8 }{int8(r.IntN(2)), int8(-r.IntN(2))})
		m.O[r.IntN(9)*9-1] = struct{}{}
	}
	if r.IntN(2) == 0 {
		m.G = []int{r.IntN(3)}
		m.H["k"] = int8(r.IntN(3))
		m.I = new(int)
		m.J = r.IntN(2)
	}
	m.L[1].Y = int8(r.IntN(3))
	return m
}

func layoutOf[T any](t testing.TB) *Layout {
	t.Helper()
	l, err := NewLayout(reflect.TypeFor[T]())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func encode[T any](t testing.TB, c *Coder, v *T) []uint32 {
	t.Helper()
	vec := make([]uint32, c.Words())
	if err := c.Encode(vec, unsafe.Pointer(v)); err != nil {
		t.Fatal(err)
	}
	return vec
}

func TestPackedStateTakesFiveWords(t *testing.T) {
	if l := layoutOf[packed](t); l.Words() != 5 || !l.Packed() {
		t.Errorf("%d words, packed %t", l.Words(), l.Packed())
	}
}

// Two values have equal vectors exactly when they have equal content, and decoding gives the
// content back.
func TestVectorsAreContent(t *testing.T) {
	l := layoutOf[mixed](t)
	c, other := l.NewCoder(), l.NewCoder()
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		a, b := randomMixed(r), randomMixed(r)
		x, y := encode(t, c, &a), encode(t, other, &b)
		if same := reflect.DeepEqual(a, b); same != slices.Equal(x, y) {
			t.Fatalf("%+v and %+v: equal %t, vectors %v and %v", a, b, same, x, y)
		}
		var cached, fresh mixed
		c.Decode(x, unsafe.Pointer(&cached))
		c.DecodeFresh(x, unsafe.Pointer(&fresh))
		if !reflect.DeepEqual(a, cached) || !reflect.DeepEqual(a, fresh) {
			t.Fatalf("%+v decodes to %+v and %+v", a, cached, fresh)
		}
		// A successor that shares some memory with its parent.
		next := cached
		switch r.IntN(4) {
		case 0:
			next.D, next.G = b.D, b.G
		case 1:
			next.H, next.I, next.J, next.K = b.H, b.I, b.J, b.K
		case 2:
			next = a
			next.M, next.N = b.M, b.N
		}
		vec := make([]uint32, l.Words())
		if err := c.EncodeFrom(vec, unsafe.Pointer(&next), unsafe.Pointer(&cached), x); err != nil {
			t.Fatal(err)
		}
		if want := encode(t, c, &next); !slices.Equal(vec, want) {
			t.Fatalf("EncodeFrom gives %v, Encode %v", vec, want)
		}
		step := make([]uint32, l.Words())
		changed, err := c.EncodeStep(step, unsafe.Pointer(&next), unsafe.Pointer(&cached), x)
		if err != nil || !slices.Equal(step, vec) || changed != !slices.Equal(step, x) {
			t.Fatalf("EncodeStep gives %v, changed %t, %v; Encode %v from %v", step, changed, err, vec, x)
		}
	}
}

// Runs of bools of every length, one after another, between other fields.
func TestBoolRuns(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for n := range 41 {
		typ := reflect.StructOf([]reflect.StructField{
			{Name: "A", Type: reflect.TypeFor[uint8]()},
			{Name: "B", Type: reflect.ArrayOf(n, reflect.TypeFor[bool]())},
			{Name: "C", Type: reflect.TypeFor[uint16]()},
			{Name: "D", Type: reflect.ArrayOf(n/2, reflect.TypeFor[bool]())},
		})
		l, err := NewLayout(typ)
		if err != nil {
			t.Fatal(err)
		}
		c := l.NewCoder()
		for range 50 {
			v, back := reflect.New(typ), reflect.New(typ)
			v.Elem().Field(0).SetUint(uint64(r.IntN(256)))
			v.Elem().Field(2).SetUint(uint64(r.IntN(65536)))
			for _, f := range []int{1, 3} {
				for i := range v.Elem().Field(f).Len() {
					v.Elem().Field(f).Index(i).SetBool(r.IntN(2) == 0)
				}
			}
			vec := make([]uint32, l.Words())
			if err := c.Encode(vec, v.UnsafePointer()); err != nil {
				t.Fatal(err)
			}
			c.Decode(vec, back.UnsafePointer())
			if !reflect.DeepEqual(v.Interface(), back.Interface()) {
				t.Fatalf("%d bools: %+v decodes to %+v", n, v, back)
			}
		}
	}
}

func BenchmarkEncodePacked(b *testing.B) {
	c := layoutOf[packed](b).NewCoder()
	v, vec := packed{TM: 2, Commit: true}, make([]uint32, 5)
	for b.Loop() {
		c.Encode(vec, unsafe.Pointer(&v))
	}
}
