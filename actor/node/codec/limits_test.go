package codec_test

import (
	"math/big"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/actor/internal/program"
	"github.com/allways-go/allways/actor/node/codec"
	"github.com/allways-go/allways/internal/valuetest"
)

type (
	// box has a part of any kind of type.
	box[T any] struct{ X T }
	// chain is as deep as it is long.
	chain struct{ Next *chain }
	// long may have many parts.
	long struct {
		All []int
		By  map[int]int
	}
	// word has text in its keys and bytes.
	word struct {
		Text string
		By   map[string][]byte
		Key  map[[2]int8]string
	}
)

// encodings returns those by reflection that have no objection to the messages of a system.
func encodings(p *program.Program) (all []codec.Encoding) {
	for _, make := range []codec.Codec{codec.JSON, codec.CBOR} {
		if c, err := make(p); err == nil && codec.Check(c, p) == nil {
			all = append(all, c)
		}
	}
	return all
}

// Whatever a codec encodes it decodes to the same message: what it cannot is an error of the sender.
func TestEncodesWhatItDecodes(t *testing.T) {
	for _, m := range []any{
		box[float64]{}, box[float32]{}, box[string]{}, box[[]byte]{}, box[[3]byte]{}, box[time.Time]{}, box[*time.Time]{},
		box[time.Duration]{}, box[big.Int]{}, box[*big.Int]{}, box[*big.Rat]{}, box[netip.Addr]{}, box[netip.Prefix]{},
		box[map[float64]int]{}, box[map[time.Time]int]{}, box[map[netip.Addr]string]{}, box[map[string]float32]{},
		box[**int]{}, box[[]*string]{}, box[[][]byte]{}, box[map[int8][]string]{}, box[map[bool]int]{}, box[uint64]{},
		box[int64]{}, box[[]map[string]*[]int]{}, box[[]struct{}]{}, box[map[valuetest.Enum]valuetest.Level]{},
		box[complex128]{}, word{}, chain{}, long{}, box[*box[[]*box[**string]]]{},
	} {
		p := compiled(t, system(m))
		all := encodings(p)
		rapid.Check(t, func(rt *rapid.T) {
			m := valuetest.Value(rt, reflect.TypeOf(m)).Elem().Interface()
			for _, c := range all {
				comesBack(rt, c, p, m)
			}
		})
	}
}

// comesBack asserts that a message that is encoded is decoded to the same, and reports whether it is encoded.
func comesBack(t rapid.TB, c codec.Encoding, p *program.Program, m any) bool {
	b, err := c.Append(nil, m)
	if err != nil {
		return false
	}
	back, err := c.Decode(b)
	if err != nil {
		t.Fatalf("%s: a %T of %d bytes cannot be decoded: %v", c.Name(), m, len(b), err)
	}
	want, err := p.Messages().Content(m)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.Messages().Content(back); err != nil || got != want {
		t.Fatalf("%s: %#v is %q, which is decoded to %#v, %v", c.Name(), m, b, back, err)
	}
	return true
}

// Both ends of an encoding have the same limits, of depth and of length.
func TestLimits(t *testing.T) {
	deep := func(n int) (c *chain) {
		for range n {
			c = &chain{c}
		}
		return c
	}
	keys := map[int]int{}
	for i := range 131_073 {
		keys[i] = i
	}
	for _, c := range []struct {
		what string
		m    any
		ok   bool
	}{
		{"elements", long{All: make([]int, 131_073)}, true},
		{"pairs", long{By: keys}, true},
		{"30 levels", *deep(30), true},
		{"9,900 levels", *deep(9_900), true},
		{"10,000 levels", *deep(10_000), false},
		{"30,000 levels", *deep(30_000), false},
	} {
		p := compiled(t, system(c.m))
		for _, e := range encodings(p) {
			if ok := comesBack(t, e, p, c.m); ok != c.ok {
				t.Errorf("%s with codec %s: encoded is %t", c.what, e.Name(), ok)
			}
		}
	}
}
