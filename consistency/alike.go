package consistency

// alike finds operations with equal content that have equal results, or are both pending.
type alike[Op, Ret any] struct {
	ops     numbers[Op]
	rets    numbers[Ret]
	classes []class // classes by number of the operation, empty until classify
}

type class struct {
	op, ret uint32
	pending bool
}

// classify computes the classes of operations, once in a search.
func (s *search[S, Op, Ret]) classify() {
	a := &s.alike
	if len(a.classes) > 0 {
		return
	}
	defer a.ops.forget()
	defer a.rets.forget()
	for _, iv := range s.ops {
		c := class{pending: iv.ret == never}
		var err error
		if c.op, err = a.ops.of(&s.events[iv.call].Op); err == nil && !c.pending {
			c.ret, err = a.rets.of(&s.events[iv.back].Ret)
		}
		if err != nil {
			s.err = err
			return
		}
		a.classes = append(a.classes, c)
	}
}

// dropAlike looks for a choice, from first on, that is like the last one, and drops the one of the
// two with the later return. It reports whether it has dropped the last one.
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
