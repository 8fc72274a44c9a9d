package actor_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor"
)

// relay follows a table: its state is a number, kept through crashes when it is saved.
type relay struct{ Next, Message, Set, Save [18]int8 }

func (r relay) do(c *actor.Context[int8], s *int8, event int) {
	k := int(*s)*6 + event
	if *s = r.Next[k]; r.Message[k] >= 0 {
		c.Send(1-c.Self(), r.Message[k])
	}
	if r.Set[k] > 0 {
		c.SetTimer("t", 0, time.Second)
	}
	if r.Save[k] > 0 {
		c.Save(*s)
	}
}

func (r relay) Start(c *actor.Context[int8], s *int8)                       { r.do(c, s, 0) }
func (r relay) Receive(c *actor.Context[int8], s *int8, _ actor.ID, m int8) { r.do(c, s, 1+int(m)) }
func (r relay) Timeout(c *actor.Context[int8], s *int8, _ string)           { r.do(c, s, 3) }
func (r relay) Restart(c *actor.Context[int8], s *int8) {
	*s, _ = actor.Stored[int8](c)
	r.do(c, s, 4)
}

// world is a state of two relays, as a reader of the documentation would write it down. Inboxes that are not ordered are sorted.
type world struct {
	state, stored           [2]int8
	down, set               [2]bool
	inbox                   [2]string
	split                   bool
	losses, crashes, splits int
}

// opinion explores two relays by the rules of the documentation, on its own: nothing of the package is used but the table.
type opinion struct {
	relays  [2]relay
	network actor.Network
	lossy   bool
	bound   int
}

func (o *opinion) do(w world, i, event int) world {
	r, k := o.relays[i], int(w.state[i])*6+event
	w.state[i] = r.Next[k]
	if m := r.Message[k]; m >= 0 {
		b := []byte(w.inbox[1-i])
		if o.network != actor.Duplicating || !slices.Contains(b, byte('0'+m)) {
			b = append(b, byte('0'+m))
		}
		if o.network != actor.Ordered {
			slices.Sort(b)
		}
		w.inbox[1-i] = string(b)
	}
	if r.Set[k] > 0 {
		w.set[i] = true
	}
	if r.Save[k] > 0 {
		w.stored[i] = w.state[i] + 1
	}
	return w
}

func (o *opinion) successors(w world) (all []world) {
	for i := range 2 {
		for at, m := range w.inbox[i] {
			if at > 0 && o.network == actor.Ordered {
				break
			}
			left := w
			left.inbox[i] = w.inbox[i][:at] + w.inbox[i][at+1:]
			if o.lossy && w.losses < 1 {
				lost := left
				lost.losses++
				all = append(all, lost)
			}
			if o.network == actor.Duplicating {
				left = w
			}
			if !w.down[i] && !w.split {
				all = append(all, o.do(left, i, 1+int(m-'0')))
			}
		}
		if w.set[i] {
			ran := w
			ran.set[i] = false
			all = append(all, o.do(ran, i, 3))
		}
		switch {
		case w.down[i]:
			up := w
			up.down[i], up.state[i] = false, max(w.stored[i]-1, 0)
			all = append(all, o.do(up, i, 4))
		case !w.down[1-i] && w.crashes < 1:
			crashed := w
			crashed.down[i], crashed.state[i], crashed.set[i] = true, 0, false
			crashed.crashes++
			all = append(all, crashed)
		}
	}
	if w.split {
		w.split = false
		all = append(all, w)
	} else if w.splits < 1 {
		w.split = true
		w.splits++
		all = append(all, w)
	}
	return all
}

// reachable returns how many states there are whose inboxes stay within the bound.
func (o *opinion) reachable(limit int) (n int, bad bool) {
	first := o.do(o.do(world{}, 0, 0), 1, 0)
	seen, queue := map[world]bool{first: true}, []world{first}
	for len(queue) > 0 && len(seen) < limit {
		w := queue[0]
		queue = queue[1:]
		bad = bad || w.state == [2]int8{2, 2}
		for _, next := range o.successors(w) {
			if max(len(next.inbox[0]), len(next.inbox[1])) <= o.bound && !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return len(seen), bad
}

// TestThirdOpinion compares searches of random systems with an independent reading of the rules of networks and faults.
func TestThirdOpinion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := opinion{bound: 2, lossy: rapid.Bool().Draw(t, "lossy")}
		o.network = rapid.SampledFrom([]actor.Network{actor.Unordered, actor.Duplicating, actor.Ordered}).Draw(t, "network")
		for i := range o.relays {
			for k := range 18 {
				n := rapid.Int8Range(0, 2)
				r := &o.relays[i]
				r.Next[k], r.Message[k] = n.Draw(t, "next"), n.Draw(t, "message")-1
				r.Set[k], r.Save[k] = n.Draw(t, "set")/2, n.Draw(t, "save")/2
			}
		}
		want, bad := o.reachable(3000)
		if want >= 3000 {
			t.Skip("too large")
		}
		for workers := 1; workers <= 2; workers++ {
			c := actor.Config{Network: o.network, Lossy: o.lossy, MaxDown: 1, MaxCrashes: 1, MaxPartitions: 1, Ignored: actor.Consume}
			if o.lossy {
				c.MaxLosses = 1
			}
			sys := actor.NewSystem[int8](c)
			var refs []actor.Ref[int8]
			for i, r := range o.relays {
				refs = append(refs, actor.Spawn(sys, fmt.Sprint("relay-", i), r))
			}
			sys.PartitionAll(0, 1)
			sys.Boundary(func(s *actor.State[int8]) bool {
				for id := range actor.ID(2) {
					n := 0
					for _, e := range s.Inbox(id) {
						n += e.Copies
					}
					if n > o.bound {
						return false
					}
				}
				return true
			})
			sys.Always("not both", func(s *actor.State[int8]) bool { return *refs[0].In(s) != 2 || *refs[1].In(s) != 2 })
			r, err := allways.Check(t.Context(), sys, allways.Options{Stop: allways.StopNever, Workers: workers})
			if err != nil {
				t.Fatal(err)
			}
			if r.Stats.Distinct != int64(want) || (r.Properties[0].Verdict == allways.Holds) == bad {
				t.Fatalf("%d states, %v; by the rules %d, bad %t", r.Stats.Distinct, r.Properties[0].Verdict, want, bad)
			}
		}
	})
}
