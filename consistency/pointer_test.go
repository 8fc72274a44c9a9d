package consistency_test

import (
	"strings"
	"testing"

	"github.com/allways-go/allways/consistency"
)

// box is a value that == does not compare by content.
type box struct {
	Tags  []string
	Count *int
}

func boxed(n int) box { return box{Tags: []string{"n"}, Count: &n} }

// Values behind pointers, and values that == cannot compare, are compared by content.
func TestSpecsCompareByContent(t *testing.T) {
	t.Run("pointers", func(t *testing.T) { specsCompareByContent(t, func(n int) *int { return &n }) })
	t.Run("structs", func(t *testing.T) { specsCompareByContent(t, boxed) })
	t.Run("interfaces", func(t *testing.T) { specsCompareByContent(t, func(n int) any { return &n }) })
	t.Run("numbers", func(t *testing.T) { specsCompareByContent(t, func(n int) int { return n }) })
	t.Run("named", func(t *testing.T) {
		type id uint16
		specsCompareByContent(t, func(n int) id { return id(n) })
	})
}

func specsCompareByContent[T any](t *testing.T, value func(int) T) {
	ok, none := consistency.OK[T](), consistency.None[T]()
	for expected, swapped := range map[int]bool{1: true, 9: false} {
		ret, read := none, value(1)
		if swapped {
			ret, read = ok, value(2)
		}
		var cas consistency.CASRegister[T]
		requireSatisfied(t, cas, newScript(cas).invoke(1, cas.Write(value(1))).comeBack(1, ok).
			invoke(1, cas.CAS(value(expected), value(2))).comeBack(1, ret).
			invoke(1, cas.Read()).comeBack(1, consistency.Some(read)).h)
		var kv consistency.KV[string, T]
		requireSatisfied(t, kv, newScript(kv).invoke(1, kv.Put("k", value(1))).comeBack(1, ok).
			invoke(1, kv.CAS("k", value(expected), value(2))).comeBack(1, ret).
			invoke(1, kv.Get("k")).comeBack(1, consistency.Some(read)).h)
	}
	var once consistency.WriteOnce[T]
	requireSatisfied(t, once, newScript(once).invoke(1, once.Write(value(1))).comeBack(1, ok).
		invoke(2, once.Write(value(1))).comeBack(2, ok).invoke(2, once.Write(value(2))).comeBack(2, none).h)
}

func requireSatisfied[S, Op, Ret any](
	t *testing.T, spec consistency.Spec[S, Op, Ret], h consistency.History[Op, Ret],
) {
	t.Helper()
	if v := must(consistency.Linearizable(t.Context(), spec, h)); !satisfied(v) {
		t.Error(v)
	}
}

// Keys with pointers are refused: == compares them by identity, not by content.
func TestKeysWithPointersAreRefused(t *testing.T) {
	if _, err := consistency.NewTester(consistency.KV[*int, int]{}, consistency.Linearizability); err == nil {
		t.Error("a map with pointers as keys was accepted")
	}
	if _, err := consistency.NewTester(consistency.Set[*int]{}, consistency.Linearizability); err == nil {
		t.Error("a set of pointers was accepted")
	}
}

// The text of a verdict shows what pointers point to, and not their addresses.
func TestTextsFollowPointers(t *testing.T) {
	var reg consistency.Register[*int]
	one, ret := 1, 1
	got := verdictOf(reg, consistency.Linearizability, newScript(reg).invoke(1, reg.Write(&one)).comeBack(1, &ret).
		invoke(1, reg.Read()).comeBack(1, &one).h)
	if strings.Contains(got, "0x") || !strings.Contains(got, "read → ") {
		t.Errorf("text %s", got)
	}
	t.Log(got)
}
