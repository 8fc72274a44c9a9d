package plan_test

import (
	"bytes"
	"errors"
	"math"
	"math/big"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/allways-go/allways/internal/plan"
)

func soundPlan[T any](t testing.TB) *plan.Plan {
	t.Helper()
	p, err := plan.For[T]()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// soundDiffer checks that two contents have two encodings, and that each decodes to itself.
func soundDiffer[T any](t *testing.T, a, b T) {
	t.Helper()
	p := soundPlan[T](t)
	var codes [2][]byte
	for i, v := range []T{a, b} {
		var back T
		code, err := p.Append(nil, unsafe.Pointer(&v))
		if err != nil {
			t.Fatal(err)
		}
		if rest, err := p.Decode(code, unsafe.Pointer(&back)); err != nil || len(rest) > 0 ||
			!p.Equal(unsafe.Pointer(&v), unsafe.Pointer(&back)) {
			t.Errorf("%+v decodes to %+v, rest %x, error %v", v, back, rest, err)
		}
		codes[i] = code
	}
	if bytes.Equal(codes[0], codes[1]) || p.Equal(unsafe.Pointer(&a), unsafe.Pointer(&b)) {
		t.Errorf("%+v and %+v are the same content", a, b)
	}
}

// soundRefuse checks that a value is refused.
func soundRefuse[T any](t *testing.T, v *T, want string) {
	t.Helper()
	_, err := soundPlan[T](t).Append(nil, unsafe.Pointer(v))
	var ve *plan.ValueError
	if !errors.As(err, &ve) || ve.Reason != want {
		t.Errorf("%T: got %v, want %s", *v, err, want)
	}
	if err != nil && len(err.Error()) > 500 {
		t.Errorf("%T: an error of %d bytes", *v, len(err.Error()))
	}
}

type soundOwn struct{ b byte }

func (o soundOwn) AppendCanonical(dst []byte) []byte { return append(dst, o.b) }
func (o *soundOwn) DecodeCanonical(src []byte) error { o.b = src[0]; return nil } // panics without input

type soundEmbeds struct {
	soundOwn
	n int
}

func TestEmbeddedEncodingLeavesOtherFieldsIn(t *testing.T) {
	soundDiffer(t, soundEmbeds{soundOwn{1}, 1}, soundEmbeds{soundOwn{1}, 2})
	soundDiffer(t, soundEmbeds{soundOwn{1}, 1}, soundEmbeds{soundOwn{2}, 1})
}

func TestInvalidAddressesKeepTheirParts(t *testing.T) {
	a, b := netip.MustParseAddr("1.2.3.4"), netip.MustParseAddr("fe80::1%eth0")
	soundDiffer(t, netip.AddrPortFrom(netip.Addr{}, 1), netip.AddrPortFrom(netip.Addr{}, 2))
	soundDiffer(t, netip.AddrPortFrom(a, 1), netip.AddrPortFrom(b, 1))
	soundDiffer(t, netip.PrefixFrom(a, -1), netip.PrefixFrom(b, -1))
	soundDiffer(t, netip.PrefixFrom(a, 0), netip.PrefixFrom(a, -1))
	soundDiffer(t, a, netip.Addr{})
}

func TestBlankElementsHaveOnlyANumber(t *testing.T) {
	type blank struct{ _ [1024]byte }
	soundDiffer(t, make([]blank, 2), make([]blank, 3))
	soundDiffer(t, make([]struct{}, 2), make([]struct{}, 3))
	for _, garbage := range [][]byte{{0x80, 0x80, 0x40}, {2, 0}, {2, 0, 1}} {
		var s []blank
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := soundPlan[[]blank](t).Decode(garbage, unsafe.Pointer(&s))
		if runtime.ReadMemStats(&after); err == nil || after.TotalAlloc-before.TotalAlloc > 1<<20 {
			t.Errorf("%x: error %v, %d bytes", garbage, err, after.TotalAlloc-before.TotalAlloc)
		}
	}
}

type soundNode struct{ next *soundNode }

func TestDeepValues(t *testing.T) {
	list := func(n int) (l *soundNode) {
		for range n {
			l = &soundNode{l}
		}
		return l
	}
	soundDiffer(t, list(90_000), list(90_001))
	deep := list(1_000_000)
	soundRefuse(t, &deep, "the value is nested more than 100000 references deep")
	ring := list(1)
	ring.next = ring
	soundRefuse(t, &ring, "the value is cyclic: it contains itself")
	long := list(1500)
	last := long
	for last.next != nil {
		last = last.next
	}
	last.next = long
	soundRefuse(t, &long, "the value is cyclic: it contains itself")
	if _, err := soundPlan[*soundNode](t).Decode(bytes.Repeat([]byte{1}, 1<<22),
		unsafe.Pointer(new(*soundNode))); err == nil {
		t.Error("garbage decodes")
	}
	var boxed any
	for range 200_000 {
		boxed = [1]any{boxed}
	}
	soundRefuse(t, &boxed, "the value is nested more than 100000 references deep")
}

// Memory that is reached in two ways is two parts with one content.
func TestSharedMemoryIsEncodedTwice(t *testing.T) {
	type boxes struct {
		buf        [4]int
		rest, tail []int
		first, by  *int
		any        any
		pairs      [2]map[int]*int
	}
	x, table := 7, map[int]*int{1: new(3)}
	shared, own := new(boxes), new(boxes)
	shared.buf = [4]int{1, 2, 3, 4}
	shared.rest, shared.tail = shared.buf[1:], shared.buf[2:]
	shared.first, shared.by, shared.any = &x, &x, &x
	shared.pairs = [2]map[int]*int{table, table}
	own.buf, own.rest, own.tail = shared.buf, []int{2, 3, 4}, []int{3, 4}
	own.first, own.by, own.any = new(7), new(7), new(7)
	own.pairs = [2]map[int]*int{{1: new(3)}, {1: new(3)}}
	if p := soundPlan[boxes](t); !p.Equal(unsafe.Pointer(shared), unsafe.Pointer(own)) {
		t.Error("shared memory has another content than copies of it")
	}
}

// A value whose parts are shared so often that nothing could hold its content is refused.
func TestTooManyWays(t *testing.T) {
	type twin struct{ a, b *twin }
	v := new(twin)
	for range 60 {
		v = &twin{v, v}
	}
	_, err := soundPlan[twin](t).Append(nil, unsafe.Pointer(v))
	var ve *plan.ValueError
	if !errors.As(err, &ve) || !strings.Contains(ve.Reason, "more than 4194304 references") {
		t.Errorf("%v", err)
	}
}

func TestKeysAreKnownByContent(t *testing.T) {
	now := time.Unix(5, 0)
	times := map[time.Time]int{now.UTC(): 1, now.In(time.FixedZone("x", 60)): 2}
	soundRefuse(t, &times, "two keys of a map have the same content")
	type holder struct{ p *int }
	inside := map[any]int{holder{new(int)}: 1}
	soundRefuse(t, &inside, "a pointer in a map key is known by its address, not by its content")
	nested := map[any]int{[1]any{new(int)}: 1}
	soundRefuse(t, &nested, "a pointer in a map key is known by its address, not by its content")
	nan := map[any]int{[1]any{math.NaN()}: 1}
	soundRefuse(t, &nan, "a NaN in a map key is never found again")
	for _, garbage := range [][]byte{{2, 2, 2, 2, 4}, {2, 4, 2, 2, 4}, {2, 2, 2, 0x82, 0, 4}} {
		if _, err := soundPlan[map[int]int](t).Decode(garbage, unsafe.Pointer(new(map[int]int))); err == nil {
			t.Errorf("%x decodes", garbage)
		}
	}
}

// The order of entries is one that the decoder knows, whether or not reflection was needed to read
// them.
func TestMapsDecodeInTheOrderOfTheirEncoding(t *testing.T) {
	soundDiffer(t, map[int]int{-1: 1, 1: 2}, map[int]int{-1: 2, 1: 1})
	soundDiffer(t, map[uint16]bool{129: true, 256: true}, map[uint16]bool{129: true, 256: false})
	soundDiffer(t, map[int8]struct{}{-1: {}, 1: {}}, map[int8]struct{}{-2: {}, 1: {}})
	soundDiffer(t, map[int32]string{-70000: "a", 129: "b", 256: "c"}, map[int32]string{})
}

func TestClonesOfOpaqueFieldsHaveMemoryOfTheirOwn(t *testing.T) {
	type holder struct{ N [2]big.Int }
	var a, b holder
	a.N[1].SetInt64(5)
	soundPlan[holder](t).Clone(unsafe.Pointer(&b), unsafe.Pointer(&a))
	b.N[1].Bits()[0] = 7
	if a.N[1].Int64() != 5 {
		t.Errorf("the original became %v", &a.N[1])
	}
	type stamped struct{ At time.Time }
	s := stamped{time.Unix(5, 0).In(time.FixedZone("x", 60))}
	var c stamped
	if soundPlan[stamped](t).Clone(unsafe.Pointer(&c), unsafe.Pointer(&s)); c.At.Location() != time.UTC {
		t.Errorf("the clone's time is in %v", c.At.Location())
	}
}

func TestKeysWithoutContentTakeNoMemory(t *testing.T) {
	soundDiffer(t, map[struct{}]int{{}: 1}, map[struct{}]int{})
	var m map[struct{}]struct{}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := soundPlan[map[struct{}]struct{}](t).Decode([]byte{0x80, 0x80, 0x80, 8}, unsafe.Pointer(&m))
	if runtime.ReadMemStats(&after); err == nil || after.TotalAlloc-before.TotalAlloc > 1<<20 {
		t.Errorf("error %v, %d bytes", err, after.TotalAlloc-before.TotalAlloc)
	}
}

func TestOwnDecodingMayPanic(t *testing.T) {
	if _, err := soundPlan[soundOwn](t).Decode([]byte{0}, unsafe.Pointer(new(soundOwn))); err == nil {
		t.Error("garbage decodes")
	}
}

func TestTimesBefore1970ComeFirst(t *testing.T) {
	a, b := time.Unix(-5, 0), time.Unix(5, 0)
	soundDiffer(t, a, b)
	if c := soundPlan[time.Time](t).Compare(unsafe.Pointer(&a), unsafe.Pointer(&b)); c != -1 {
		t.Errorf("Compare gives %d", c)
	}
}

type soundEnum uint8

func (e soundEnum) String() string { return [...]string{"first"}[e] }

type soundPointer int

func (*soundPointer) String() string { return "by pointer" }

func TestTextOfScalars(t *testing.T) {
	v := struct {
		a, b soundEnum
		p    soundPointer
		f    float64
		c    complex128
		i    uint8
	}{0, 7, 1, math.Copysign(0, -1), complex(1, 2), 3}
	p, err := plan.For[struct {
		a, b soundEnum
		p    soundPointer
		f    float64
		c    complex128
		i    uint8
	}]()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(p.AppendText(nil,
		unsafe.Pointer(&v))), "{a:first b:7 p:by pointer c:(1+2i) i:3}"; got != want {
		t.Errorf("text %s, want %s", got, want)
	}
	want := `{"a":"first","b":7,"p":"by pointer","f":0,"c":"(1+2i)","i":3}`
	if got := string(p.AppendJSON(nil, unsafe.Pointer(&v))); got != want {
		t.Errorf("JSON %s, want %s", got, want)
	}
}

type soundZoo struct {
	A int16
	B []string
	C map[string][]bool
	D any
	E *soundZoo
	F [2]float32
	G map[any]uint32
	H time.Time
	I netip.Prefix
	J []struct{ _, x int }
	K complex64
}

// FuzzSoundDecode checks that what decodes is what Append writes, so that a content has one
// encoding even from outside.
func FuzzSoundDecode(f *testing.F) {
	p := soundPlan[soundZoo](f)
	v := soundZoo{
		A: -300, B: []string{"a", ""}, C: map[string][]bool{"x": {true}, "y": nil}, D: []int{1}, E: &soundZoo{D: 2.5},
		G: map[any]uint32{1: 2, "k": 3}, H: time.Unix(1, 2), I: netip.MustParsePrefix("10.0.0.0/8"), J: []struct {
			_,
			x int
		}{{x: 1}},
	}
	code, err := p.Append(nil, unsafe.Pointer(&v))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(code)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, src []byte) {
		var v soundZoo
		rest, err := p.Decode(src, unsafe.Pointer(&v))
		if err != nil {
			return
		}
		again, err := p.Append(nil, unsafe.Pointer(&v))
		if err != nil {
			t.Fatalf("decoded a value that is refused: %v", err)
		}
		if used := src[:len(src)-len(rest)]; !bytes.Equal(again, used) {
			t.Fatalf("%x decodes to what encodes as %x", used, again)
		}
		var c soundZoo
		p.Clone(unsafe.Pointer(&c), unsafe.Pointer(&v))
		if !p.Equal(unsafe.Pointer(&c), unsafe.Pointer(&v)) || len(p.Diff(unsafe.Pointer(&c), unsafe.Pointer(&v))) > 0 {
			t.Fatal("a clone differs")
		}
	})
}

type soundFlat struct {
	A, B, C int
	D       string
	E       [4]uint8
	F       bool
}

type soundMixed struct {
	Log   []soundFlat
	Votes map[string]bool
	Peers []int
}

func benchmarkSound[T any](b *testing.B, v T) {
	p := soundPlan[T](b)
	code, err := p.Append(nil, unsafe.Pointer(&v))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("append", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			code, _ = p.Append(code[:0], unsafe.Pointer(&v))
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var w T
			if _, err := p.Decode(code, unsafe.Pointer(&w)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkFlat(b *testing.B) {
	benchmarkSound(b, soundFlat{1, -2, 300, "leader", [4]uint8{1}, true})
}

func BenchmarkMixed(b *testing.B) {
	benchmarkSound(b, soundMixed{make([]soundFlat, 3), map[string]bool{"a": true, "b": false, "c": true},
		[]int{1, 2, 3}})
}
