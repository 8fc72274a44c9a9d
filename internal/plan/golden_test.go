package plan_test

//lint:file-ignore U1000 values of these types are read through reflection

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/allways-go/allways/internal/plan"
)

// update rewrites the golden files; look at the difference before it is committed.
var update = flag.Bool("update", false, "rewrite the golden files")

type goldenPhase uint8

func (p goldenPhase) String() string { return [...]string{"follower", "leader"}[p] }

type goldenName string

func (n goldenName) String() string { return "<" + string(n) + ">" }

type goldenKey struct {
	from, to uint8
	phase    goldenPhase
}

type goldenNode struct {
	Term  int
	Phase goldenPhase
	Log   []string
	_     [4]byte
	votes map[uint8]bool
	next  *goldenNode
}

type goldenMessage interface{ message() }

type goldenVote struct{ term int }

type goldenAppend struct {
	entries []int
	at      time.Time
}

func (goldenVote) message()    {}
func (*goldenAppend) message() {}

type goldenPair[A, B any] struct {
	first  A
	second B
}

type goldenOwn struct{ secret int }

func (o goldenOwn) AppendCanonical(dst []byte) []byte { return append(dst, byte(o.secret)) }
func (o *goldenOwn) DecodeCanonical(src []byte) error { o.secret = int(src[0]); return nil }
func (o goldenOwn) String() string                    { return fmt.Sprintf("own(%d)", o.secret) }

type goldenMute struct{ goldenBytes [2]byte }

func (m goldenMute) AppendCanonical(dst []byte) []byte { return append(dst, m.goldenBytes[:]...) }
func (m *goldenMute) DecodeCanonical(src []byte) error { copy(m.goldenBytes[:], src); return nil }

// shown is a pair of values of one type.
type shown struct {
	name string
	plan *plan.Plan
	a, b unsafe.Pointer
}

func show[T any](t *testing.T, name string, a, b T) shown {
	return shown{name, soundPlan[T](t), unsafe.Pointer(&a), unsafe.Pointer(&b)}
}

func goldenTable(t *testing.T) []shown {
	date := time.Date(2024, 2, 29, 12, 0, 0, 5e8, time.FixedZone("east", 3600))
	return []shown{
		show(t, "bool", true, false),
		show(t, "int", -1, math.MaxInt),
		show(t, "uint64", uint64(0), math.MaxUint64),
		show(t, "float", 0.1, 1e21),
		show(t, "float32", float32(0.1), 1e21),
		show(t, "float that JSON lacks", math.Inf(-1), math.NaN()),
		show(t, "negative zero", math.Copysign(0, -1), math.SmallestNonzeroFloat64),
		show(t, "complex", complex(1, -2), complex(math.Copysign(0, -1), math.Inf(1))),
		show(t, "string", "a\"b\n\x00", "ü\xff<&>"),
		show(t, "enumeration", goldenPhase(0), goldenPhase(9)),
		show(t, "string with a name", goldenName("x"), goldenName("")),
		show(t, "struct", goldenNode{Term: 1, Log: []string{"x"}}, goldenNode{Term: 2, Phase: 1,
			Log: []string{"y", "z"}, votes: map[uint8]bool{1: true}}),
		show(t, "recursive", goldenNode{next: &goldenNode{Term: 1, next: &goldenNode{Term: 2}}},
			goldenNode{next: &goldenNode{Term: 1, next: &goldenNode{Term: 3, next: new(goldenNode)}}}),
		show(t, "struct without content", struct{ _ int }{}, struct{ _ int }{}),
		show(t, "array", [2][2]bool{{true, false}, {}}, [2][2]bool{{}, {true, true}}),
		show(t, "slice", []int{1, 2, 3}, []int{1, 5}),
		show(t, "bytes", []byte("ab"), []byte{}),
		show(t, "nil slice", []int(nil), []int{}),
		show(t, "map", map[string]int{"b": 2, "a": 1, "": 0}, map[string]int{"b": 3, "c": 1, "": 0}),
		show(t, "map with numbers", map[int16][]bool{-1: nil, 129: {true}, 2: {}},
			map[int16][]bool{129: {false}, 256: nil}),
		show(t, "map with struct keys", map[goldenKey]int8{{1, 2, 1}: 1, {0, 9, 0}: 2},
			map[goldenKey]int8{{1, 2, 0}: 1, {0, 9, 0}: -2}),
		show(t, "map with named keys", map[goldenPhase]goldenName{1: "x", 0: "y"}, map[goldenPhase]goldenName{1: "z"}),
		show(t, "map with any keys", map[any]int{1: 1, "1": 2, goldenPhase(1): 3}, map[any]int{uint8(1): 1, "1": 2}),
		show(t, "nil map", map[string]int(nil), map[string]int{}),
		show(t, "pointer", new("x"), (*string)(nil)),
		show(t, "pointer to a struct", &goldenKey{1, 2, 0}, &goldenKey{1, 3, 1}),
		show(t, "interface", goldenMessage(goldenVote{1}), goldenMessage(goldenVote{2})),
		show(t, "other dynamic type", goldenMessage(goldenVote{1}), goldenMessage(&goldenAppend{[]int{1}, date})),
		show(t, "interfaces", []any{nil, 1, "s", 2.5, []int{1}, map[string]any{"a": nil}, goldenPhase(1)},
			[]any{0, "1", "s", 2.5, []int{2}, map[string]any{"a": 1}, goldenPhase(0)}),
		show(t, "interface with the same text", any(1), any(uint8(1))),
		show(t, "pointers in interfaces", []any{(*goldenKey)(nil), new(5), new(&goldenKey{})},
			[]any{(**goldenKey)(nil), nil, new((*goldenKey)(nil))}),
		show(t, "types made of others", []any{[]goldenVote{{1}}, map[goldenKey]*goldenVote{},
			goldenPair[goldenVote, []time.Time]{}}, nil),
		show(t, "time", date, date.Add(-100*time.Hour)),
		show(t, "address", netip.MustParseAddr("fe80::1%eth0"), netip.Addr{}),
		show(t, "address and port", netip.MustParseAddrPort("10.0.0.1:80"), netip.AddrPort{}),
		show(t, "prefix", netip.MustParsePrefix("10.0.0.0/8"), netip.Prefix{}),
		show(t, "big number", *new(big.Int).Lsh(big.NewInt(-1), 100), big.Int{}),
		show(t, "pointer to a big number", big.NewInt(7), nil),
		show(t, "fraction", *big.NewRat(6, -4), big.Rat{}),
		show(t, "encodes itself", goldenOwn{3}, goldenOwn{4}),
		show(t, "encodes itself without a text", goldenMute{[2]byte{1, 2}}, goldenMute{}),
		show(t, "fields that encode themselves", struct{ O []goldenOwn }{[]goldenOwn{{1}}},
			struct{ O []goldenOwn }{[]goldenOwn{{2}, {3}}}),
	}
}

func TestGolden(t *testing.T) {
	for _, c := range []struct {
		file string
		show func(b *strings.Builder, s shown)
	}{
		{"text", func(b *strings.Builder, s shown) {
			fmt.Fprintf(b, "\t%s\n\t%s\n", s.plan.AppendText(nil, s.a), s.plan.AppendText(nil, s.b))
		}},
		{"json", func(b *strings.Builder, s shown) {
			for _, v := range []unsafe.Pointer{s.a, s.b} {
				text := s.plan.AppendJSON(nil, v)
				if !json.Valid(text) {
					t.Errorf("%s: %s is no JSON", s.name, text)
				}
				fmt.Fprintf(b, "\t%s\n", text)
			}
		}},
		{"diff", func(b *strings.Builder, s shown) {
			for _, c := range s.plan.Diff(s.a, s.b) {
				fmt.Fprintf(b, "\t%s: %s -> %s\n", c.Path, c.Before, c.After)
			}
		}},
		{"type", func(b *strings.Builder, s shown) {
			fmt.Fprintf(b, "\t%s\n\t%s\n", s.plan.Signature(), s.plan.Fingerprint())
		}},
	} {
		t.Run(c.file, func(t *testing.T) {
			var b strings.Builder
			for _, s := range goldenTable(t) {
				b.WriteString(s.name + "\n")
				c.show(&b, s)
			}
			compareGolden(t, c.file, b.String())
		})
	}
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name+".txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	x, y := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			t.Fatalf("%s:%d: got\n%s\nwant\n%s", file, i+1, x[i], y[i])
		}
	}
	if len(x) != len(y) {
		t.Fatalf("%s: got %d lines, want %d", file, len(x), len(y))
	}
}
