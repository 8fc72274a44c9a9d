package plan

import (
	"strings"
	"testing"
	"unsafe"
)

type (
	renamedInner struct{ N int }
	renamedDeep  struct{ Any any }
)

func TestShortName(t *testing.T) {
	for full, want := range map[string]string{
		"int": "int", "main.Durable": "Durable", "github.com/a.b/c.T": "T", "*github.com/a/b.T": "*T",
		"[]main.T": "[]T", "map[string]a/b.T": "map[string]T", "a/b.Box[c/d.T,e.U]": "Box[T,U]",
		"main.S{A int;B b.T=int;}": "S{A int;B T=int;}",
	} {
		if got := ShortName(full); got != want {
			t.Errorf("%s becomes %s, want %s", full, got, want)
		}
	}
}

// A content that left the process and came back is the same, wherever interfaces are in it.
func TestRename(t *testing.T) {
	out := func(full string) string { return ShortName(full) }
	in := func(short string) string {
		if met := Met(short); len(met) == 1 {
			return met[0]
		}
		return short
	}
	p, err := TypedFor[map[string]any]()
	if err != nil {
		t.Fatal(err)
	}
	q, err := TypedFor[any]()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{nil, renamedInner{3}, renamedDeep{renamedInner{4}}, renamedDeep{}, 7, []renamedInner{{1}}} {
		m := map[string]any{"a": v, "b": renamedInner{1}}
		for _, x := range []struct {
			plan *Plan
			at   unsafe.Pointer
		}{{p.Plan(), unsafe.Pointer(&m)}, {q.Plan(), unsafe.Pointer(&v)}} {
			content, err := x.plan.Content(x.at)
			if err != nil {
				t.Fatal(err)
			}
			written, err := Rename(x.plan, content, func(s string) string { return s }, out)
			if err != nil || strings.Contains(written, "plan.") {
				t.Fatalf("%q becomes %q, %v", content, written, err)
			}
			back, err := Rename(x.plan, written, in, func(s string) string { return s })
			if err != nil || back != content {
				t.Fatalf("%q comes back as %q, %v", content, back, err)
			}
		}
	}
	if _, err := Rename(q.Plan(), "\x01\x03Foo", in, out); err == nil || !strings.Contains(err.Error(), `"Foo"`) {
		t.Errorf("an unknown type: %v", err)
	}
}

func TestSchemaChange(t *testing.T) {
	for _, c := range []struct{ was, now, want string }{
		{"D{A int;B int;}", "D{A int;B string;}", `D has "B int" where the program has "B string"`},
		{"D{A int;}", "D{A int;B string;}", `D has no more fields where the program has "B string"`},
		{"D{L L=[]E{T int;};}", "D{L L=[]E{U int;};}", `D.L has "T int" where the program has "U int"`},
		{"D{A int;}", "F{A int;}", `the value has "D{A int;}" where the program has "F{A int;}"`},
		{"0123456789abcdef", "F{A int;}", "it was stored by an older version of allways, which did not store the fields"},
	} {
		if got := SchemaChange(c.was, c.now); got != c.want {
			t.Errorf("from %s to %s: %s; want %s", c.was, c.now, got, c.want)
		}
	}
}
