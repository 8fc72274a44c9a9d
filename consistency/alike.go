package consistency

// alike tells which operations do the same and returned the same, or are both pending.
type alike[Op, Ret any] struct {
	ops     numbers[Op]
	rets    numbers[Ret]
	classes []class // by the number of the operation; empty as long as they are not known
}

type class struct {
	op, ret uint32
	pending bool
}

// classify finds out which operations are alike, once in a search for linearizability.
func (s *search[S, Op, Ret]) classify() error {
	a := &s.alike
	if len(a.classes) > 0 || s.tester.condition == SequentialConsistency {
		return nil
	}
	defer a.ops.forget()
	defer a.rets.forget()
	for _, iv := range s.ops {
		c := class{pending: iv.ret == never}
		var err error
		if c.op, err = a.ops.of(&s.events[iv.call].Op); err != nil {
			return err
		}
		if !c.pending {
			if c.ret, err = a.rets.of(&s.events[iv.back].Ret); err != nil {
				return err
			}
		}
		a.classes = append(a.classes, c)
	}
	return nil
}

// dropAlike drops the last choice, or the one of those from first on that is like it: the one that returned later. It
// reports whether it was the last one.
func (s *search[S, Op, Ret]) dropAlike(first int) bool {
	if len(s.alike.classes) == 0 {
		return false
	}
	last := len(s.choices) - 1
	class := s.alike.classes[s.choices[last].op]
	for i := first; i < last; i++ {
		if s.alike.classes[s.choices[i].op] != class {
			continue
		}
		if s.returnOf(last) >= s.returnOf(i) {
			s.choices = s.choices[:last]
			return true
		}
		s.choices = append(s.choices[:i], s.choices[i+1:]...)
		return false
	}
	return false
}
