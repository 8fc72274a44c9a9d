package valuetest

import (
	"bytes"
	"math/big"
	"net/netip"
	"reflect"
	"time"

	"pgregory.net/rapid"
)

// opaque is what there is to know of a type whose content is not that of its fields.
type opaque struct {
	draw     func(t *rapid.T, v reflect.Value)
	same     func(a, b reflect.Value) bool
	exact    func(v reflect.Value) string             // tells apart what a program can tell apart
	scramble func(v reflect.Value)                    // changes all memory that is reached
	reform   func(t *rapid.T, dst, src reflect.Value) // writes the same content in another form
}

// whole is opaque for T, with values passed by pointer.
func whole[T any](draw func(*rapid.T) T, same func(a, b *T) bool, exact func(*T) string, scramble func(*T),
	reform func(*rapid.T, *T) T) opaque {
	at := func(v reflect.Value) *T { return v.Addr().Interface().(*T) }
	return opaque{
		draw:     func(t *rapid.T, v reflect.Value) { *at(v) = draw(t) },
		same:     func(a, b reflect.Value) bool { return same(at(a), at(b)) },
		exact:    func(v reflect.Value) string { return exact(at(v)) },
		scramble: func(v reflect.Value) { scramble(at(v)) },
		reform:   func(t *rapid.T, dst, src reflect.Value) { *at(dst) = reform(t, at(src)) },
	}
}

// plainly is opaque for a type with == and without memory behind it.
func plainly[T interface {
	comparable
	String() string
}](other T, values ...T) opaque {
	return whole(
		func(t *rapid.T) T { return rapid.SampledFrom(append(values, *new(T))).Draw(t, "value") },
		func(a, b *T) bool { return *a == *b },
		func(v *T) string { return (*v).String() },
		func(v *T) { *v = other },
		func(_ *rapid.T, v *T) T { return *v })
}

var opaques = map[reflect.Type]opaque{
	reflect.TypeFor[time.Time](): whole(
		func(t *rapid.T) time.Time {
			s := rapid.SampledFrom([]int64{-62135596800, -1, 0, 1, 1 << 33}).Draw(t, "seconds")
			return time.Unix(s, int64(rapid.SampledFrom([]int{0, 1, 999999999}).Draw(t, "nanoseconds"))).UTC()
		},
		func(a, b *time.Time) bool { return a.Equal(*b) },
		func(v *time.Time) string { return v.Format(time.RFC3339Nano) },
		func(v *time.Time) { *v = v.Add(time.Hour) },
		func(t *rapid.T, v *time.Time) time.Time {
			return v.In(time.FixedZone("east", 60*rapid.IntRange(0, 90).Draw(t, "zone")))
		}),
	reflect.TypeFor[netip.Addr](): plainly(netip.IPv6Unspecified(),
		netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("::ffff:10.0.0.1"),
		netip.MustParseAddr("fe80::1%eth0"), netip.MustParseAddr("fe80::1")),
	reflect.TypeFor[netip.AddrPort](): plainly(netip.AddrPortFrom(netip.IPv6Unspecified(), 9),
		netip.MustParseAddrPort("10.0.0.1:80"), netip.AddrPortFrom(netip.Addr{}, 80),
		netip.MustParseAddrPort("[fe80::1%eth0]:80")),
	reflect.TypeFor[netip.Prefix](): plainly(netip.PrefixFrom(netip.IPv6Unspecified(), 9),
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("10.0.0.1/8"),
		netip.PrefixFrom(netip.MustParseAddr("10.0.0.1"), -1)),
	reflect.TypeFor[big.Int](): whole(
		func(t *rapid.T) big.Int { return *drawBig(t) },
		func(a, b *big.Int) bool { return a.Cmp(b) == 0 },
		(*big.Int).String,
		func(v *big.Int) { flipBits(v); v.SetInt64(-99) },
		func(_ *rapid.T, v *big.Int) big.Int { return *new(big.Int).Set(v) }),
	reflect.TypeFor[big.Rat](): whole(
		func(t *rapid.T) big.Rat {
			return *new(big.Rat).SetFrac(drawBig(t), big.NewInt(rapid.Int64Range(1, 6).Draw(t, "denominator")))
		},
		func(a, b *big.Rat) bool { return a.Cmp(b) == 0 },
		(*big.Rat).String,
		func(v *big.Rat) { flipBits(v.Num()); v.SetInt64(-99) },
		func(_ *rapid.T, v *big.Rat) big.Rat { return *new(big.Rat).Set(v) }),
	reflect.TypeFor[Own](): whole(
		func(t *rapid.T) Own { return Own{rapid.SliceOfN(rapid.Byte(), 0, 3).Draw(t, "bytes")} },
		func(a, b *Own) bool { return bytes.Equal(a.b, b.b) },
		func(v *Own) string { return string(v.b) },
		func(v *Own) {
			for i := range v.b {
				v.b[i]++
			}
			v.b = []byte("scrambled")
		},
		func(_ *rapid.T, v *Own) Own { return Own{bytes.Clone(v.b)} }),
}

func drawBig(t *rapid.T) *big.Int {
	x := big.NewInt(rapid.SampledFrom([]int64{0, 1, -1, 7, 1 << 62}).Draw(t, "big"))
	return x.Lsh(x, rapid.SampledFrom([]uint{0, 0, 64, 129}).Draw(t, "shift"))
}

// flipBits changes a number in its own memory.
func flipBits(v *big.Int) {
	for i := range v.Bits() {
		v.Bits()[i] ^= 5
	}
}
