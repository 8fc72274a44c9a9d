package ranks

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/allways-go/allways/internal/longtest"
)

func TestKey(t *testing.T) {
	for _, c := range []struct {
		rank uint32
		act  int
		name uint16
	}{{0, 0, 0}, {1, 2, 3}, {math.MaxUint32 - 1, MaxActions - 1, NoName}, {7, MaxActions - 1, 0}} {
		if k := NewKey(c.rank, c.act, c.name); k.Rank() != c.rank || k.Act() != c.act || k.Name() != c.name {
			t.Errorf("%+v became %d, %d, %d", c, k.Rank(), k.Act(), k.Name())
		}
	}
	if k := NewKey(1, 2, NoName+5); k.Name() != NoName || k.Act() != 2 {
		t.Errorf("a name too many became %d, and its action %d", k.Name(), k.Act())
	}
	ascending := []Key{NewKey(0, 0, 9), NewKey(0, 1, 0), NewKey(1, 0, 5), NewKey(2, 0, 0), NoKey}
	if !slices.IsSorted(ascending) {
		t.Errorf("%v do not ascend by parent, then action", ascending)
	}
}

// offered is an edge to a state.
type offered struct {
	state uint32
	key   Key
}

// randomOffers returns random edges to n states. Each edge leads to one state.
func randomOffers(r *rand.Rand, n, parents int) (all []offered) {
	taken := map[[2]int]bool{}
	for range n * (1 + r.IntN(4)) {
		rank, act, state := r.IntN(parents), r.IntN(50), uint32(r.IntN(n))
		if !taken[[2]int{rank, act}] {
			taken[[2]int{rank, act}] = true
			all = append(all, offered{state, NewKey(uint32(rank), act, uint16(r.IntN(5)))})
		}
	}
	return all
}

// The rank of a state is its place among all states sorted by the least edge that leads to each, in
// whatever order the edges arrive and however many workers offer them.
func TestRankingIsSorting(t *testing.T) {
	for seed := range uint64(longtest.Size(40, 400)) {
		r := rand.New(rand.NewPCG(seed, 4))
		n, parents := 1+r.IntN(200), 1+r.IntN(60)
		keys := &Column{}
		least := make([]Key, n)
		for i := range least {
			least[i] = NoKey
		}
		all := randomOffers(r, n, parents)
		for _, o := range all {
			least[o.state] = min(least[o.state], o.key)
		}
		var wg sync.WaitGroup
		for half := range 2 {
			wg.Go(func() {
				for i := half; i < len(all); i += 2 {
					Offer(keys.At(all[i].state), all[i].key)
				}
			})
		}
		wg.Wait()
		skip := []bool(nil)
		if seed%3 == 0 {
			skip = make([]bool, n)
			for i := range skip {
				skip[i] = r.IntN(4) == 0
			}
		}
		var want []uint32
		for i := range uint32(n) {
			if keys.Key(i) != least[i] {
				t.Fatalf("seed %d: the key of state %d is %x, want %x", seed, i, keys.Key(i), least[i])
			}
			if least[i] != NoKey && (skip == nil || !skip[i]) {
				want = append(want, i)
			}
		}
		slices.SortFunc(want, func(a, b uint32) int { return cmp.Compare(least[a], least[b]) })
		got := Rank(keys, n, parents, skip)
		var order []uint32
		for rank := range got.n {
			order = append(order, got.Number(rank))
		}
		if !slices.Equal(order, want) {
			t.Fatalf("seed %d: order %v, want %v", seed, order, want)
		}
	}
}

// States that arrive in order, as with one worker, need no table.
func TestRankingInOrder(t *testing.T) {
	keys := &Column{}
	for i := range uint32(100) {
		Offer(keys.At(i), NewKey(i/3, int(i%3), 0))
	}
	if r := Rank(keys, 100, 40, nil); r.n != 100 || r.order != nil || r.Number(70) != 70 {
		t.Errorf("%+v", r)
	}
	if r := Rank(keys, 0, 40, nil); r.n != 0 {
		t.Errorf("an empty level has %d states", r.n)
	}
}
