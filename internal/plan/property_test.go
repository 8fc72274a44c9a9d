package plan_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/internal/plan"
	"github.com/allways-go/allways/internal/valuetest"
)

// TestMain has properties tried often: each try takes microseconds.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "1000"); err != nil {
		panic(err)
	}
	m.Run()
}

// subject is a drawn type and its plan. Its methods fail the test on errors.
type subject struct {
	*rapid.T
	*plan.Plan
}

func drawSubject(t *rapid.T) subject {
	typ := valuetest.Type(t)
	p, err := plan.Of(typ)
	if err != nil {
		t.Fatalf("%v: %v", typ, err)
	}
	return subject{t, p}
}

func (s subject) value() reflect.Value { return valuetest.Value(s.T, s.Type()) }

func (s subject) zero() reflect.Value { return reflect.New(s.Type()) }

// pair draws two values that are equal, nearly equal or unrelated.
func (s subject) pair() (a, b reflect.Value) {
	a = s.value()
	switch rapid.IntRange(0, 3).Draw(s.T, "relation") {
	case 0:
		return a, valuetest.Reform(s.T, a)
	case 1:
		return a, s.value()
	}
	return a, valuetest.Near(s.T, a)
}

func (s subject) encode(v reflect.Value) []byte {
	b, err := s.Append(nil, v.UnsafePointer())
	if err != nil {
		s.Fatalf("%v %s: %v", s.Type(), valuetest.Exact(v), err)
	}
	return b
}

// sameAs fails the test unless two values have the same content and the second one has the given
// form.
func (s subject) sameAs(what string, want, got reflect.Value, form valuetest.Form) {
	if !valuetest.Same(want, got) {
		s.Fatalf("%s of %v\n%s\ngives\n%s", what, s.Type(), valuetest.Exact(want), valuetest.Exact(got))
	}
	if err := valuetest.Check(got, form); err != nil {
		s.Fatalf("%s of %v gives another form: %v", what, s.Type(), err)
	}
}

func TestDecodingGivesTheContentBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSubject(t)
		v, back := s.value(), s.zero()
		before := valuetest.Exact(v)
		code := s.encode(v)
		rest, err := s.Decode(append(code, "rest"...), back.UnsafePointer())
		if err != nil || string(rest) != "rest" {
			t.Fatalf("%v %s: error %v, rest %q", s.Type(), before, err, rest)
		}
		s.sameAs("Decode", v, back, valuetest.Canonical)
		if again := s.encode(back); !bytes.Equal(again, code) {
			t.Fatalf("%v: encoded as %x, and as %x after decoding", s.Type(), code, again)
		}
		if after := valuetest.Exact(v); after != before {
			t.Fatalf("%v: %s became %s", s.Type(), before, after)
		}
	})
}

// What of an encoding is missing is missed: no encoding is the beginning of another one.
func TestEncodingsDelimitThemselves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSubject(t)
		code := s.encode(s.value())
		if len(code) == 0 {
			return
		}
		cut := rapid.IntRange(0, len(code)-1).Draw(t, "cut")
		if _, err := s.Decode(code[:cut], s.zero().UnsafePointer()); err == nil {
			t.Fatalf("%v: the first %d bytes of %x decode", s.Type(), cut, code)
		}
	})
}

// Encodings, hashes, Equal, Compare, Diff and texts agree on which contents are the same.
func TestSameContentIsTheSameForAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSubject(t)
		v, w := s.pair()
		a, b := v.UnsafePointer(), w.UnsafePointer()
		want := valuetest.Same(v, w)
		for _, got := range []struct {
			what string
			same bool
		}{
			{"Append", bytes.Equal(s.encode(v), s.encode(w))},
			{"Hash", s.Hash(a) == s.Hash(b)},
			{"Equal", s.Equal(a, b)},
			{"Compare", s.Compare(a, b) == 0},
			{"Diff", len(s.Diff(a, b)) == 0},
		} {
			if got.same != want {
				t.Fatalf("%s of %v\n%s\n%s\nsame %t, want %t", got.what, s.Type(), valuetest.Exact(v),
					valuetest.Exact(w), got.same, want)
			}
		}
		if want && (!bytes.Equal(s.AppendText(nil, a), s.AppendText(nil, b)) ||
			!bytes.Equal(s.AppendJSON(nil, a), s.AppendJSON(nil, b))) {
			t.Fatalf("%v %s: two forms of a content have different texts", s.Type(), valuetest.Exact(v))
		}
	})
}

func TestCompareIsATotalOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSubject(t)
		v, w := s.pair()
		x := valuetest.Near(t, w)
		a, b, c := v.UnsafePointer(), w.UnsafePointer(), x.UnsafePointer()
		if s.Compare(a, b) != -s.Compare(b, a) {
			t.Fatalf("%v: %d one way, %d the other way", s.Type(), s.Compare(a, b), s.Compare(b, a))
		}
		if s.Compare(a, b) <= 0 && s.Compare(b, c) <= 0 && s.Compare(a, c) > 0 {
			t.Fatalf("%v: not transitive:\n%s\n%s\n%s", s.Type(), valuetest.Exact(v), valuetest.Exact(w),
				valuetest.Exact(x))
		}
	})
}

func TestCopiesShareNoMemory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSubject(t)
		v := s.value()
		before := valuetest.Exact(v)
		for _, method := range []struct {
			name string
			copy func(dst, src reflect.Value)
			form valuetest.Form
		}{
			{"Clone", func(dst, src reflect.Value) { s.Clone(dst.UnsafePointer(), src.UnsafePointer()) },
				valuetest.Canonical},
			{"Alternate", func(dst, src reflect.Value) { s.Alternate(dst.UnsafePointer(), src.UnsafePointer()) },
				valuetest.Alternate},
		} {
			w := s.zero()
			method.copy(w, v)
			s.sameAs(method.name, v, w, method.form)
			if !bytes.Equal(s.encode(v), s.encode(w)) {
				t.Fatalf("%s of %v %s: another encoding", method.name, s.Type(), before)
			}
			if valuetest.Scramble(w); valuetest.Exact(v) != before {
				t.Fatalf("%s of %v: writing to it changed\n%s\nto\n%s", method.name, s.Type(), before,
					valuetest.Exact(v))
			}
		}
	})
}

// For a type without forms, which are not looked for, the alternate form is the canonical one.
func TestTypesWithoutForms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSubject(t)
		v, a, c := s.value(), s.zero(), s.zero()
		s.Alternate(a.UnsafePointer(), v.UnsafePointer())
		s.Clone(c.UnsafePointer(), v.UnsafePointer())
		if !s.HasForms() && valuetest.Exact(a) != valuetest.Exact(c) {
			t.Fatalf("%v: %s and %s", s.Type(), valuetest.Exact(a), valuetest.Exact(c))
		}
	})
}

func TestJSONIsValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSubject(t)
		v := s.value()
		if text := s.AppendJSON(nil, v.UnsafePointer()); !json.Valid(text) {
			t.Fatalf("%v %s: %s", s.Type(), valuetest.Exact(v), text)
		}
	})
}

func TestTextIsOneLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSubject(t)
		if text := s.AppendText(nil, s.value().UnsafePointer()); bytes.ContainsAny(text, "\n\r\x00") {
			t.Fatalf("%v: %q", s.Type(), text)
		}
	})
}

// Every change names a place where the values differ, and there is no other such place.
func TestDiffNamesWhatDiffers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSubject(t)
		v, w := s.pair()
		changes := s.Diff(v.UnsafePointer(), w.UnsafePointer())
		d := differences{byPath: map[string][]plan.Change{}}
		for _, c := range changes {
			d.byPath[c.Path] = append(d.byPath[c.Path], c)
		}
		d.walk("", v, w)
		for path, left := range d.byPath {
			if len(left) > 0 {
				d.wrong = append(d.wrong, path+": no difference there")
			}
		}
		if len(d.wrong) > 0 {
			t.Fatalf("%v\n%s\n%s\n%+v\n%s", s.Type(), valuetest.Exact(v), valuetest.Exact(w), changes,
				strings.Join(d.wrong, "\n"))
		}
	})
}

// differences compares changes to what valuetest.Parts finds.
type differences struct {
	byPath map[string][]plan.Change
	wrong  []string
}

// walk takes the changes at and below a path, where a and b point to, out of those that are left.
func (d *differences) walk(path string, a, b reflect.Value) {
	if valuetest.Same(a, b) {
		return
	}
	x, divided := valuetest.Parts(a, keyText)
	y, both := valuetest.Parts(b, keyText)
	if !divided || !both || len(x) == 1 && len(y) == 1 && x[0].Value.Type() != y[0].Value.Type() {
		before, after := text(a), text(b)
		if before == after && a.Elem().Kind() == reflect.Interface {
			before, after = fmt.Sprintf("%v(%s)", x[0].Value.Type().Elem(), before), fmt.Sprintf("%v(%s)",
				y[0].Value.Type().Elem(), after)
		}
		d.take(path, before, after)
		return
	}
	for _, p := range x {
		if i := p.In(y); i >= 0 {
			d.walk(path+p.Step, p.Value, y[i].Value)
			y = append(y[:i:i], y[i+1:]...)
		} else {
			d.take(path+p.Step, text(p.Value), "")
		}
	}
	for _, p := range y {
		d.take(path+p.Step, "", text(p.Value))
	}
}

func (d *differences) take(path, before, after string) {
	want := plan.Change{Path: strings.TrimPrefix(path, "."), Before: before, After: after}
	if want.Path == "" {
		want.Path = "."
	}
	for i, c := range d.byPath[want.Path] {
		if c == want {
			d.byPath[want.Path] = append(d.byPath[want.Path][:i:i], d.byPath[want.Path][i+1:]...)
			return
		}
	}
	d.wrong = append(d.wrong, fmt.Sprintf("want %+v", want))
}

func text(v reflect.Value) string {
	p, err := plan.Of(v.Type().Elem())
	if err != nil {
		panic(err)
	}
	return string(p.AppendText(nil, v.UnsafePointer()))
}

func keyText(v reflect.Value) string { return "[" + text(v) + "]" }
