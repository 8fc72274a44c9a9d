package consistency

import (
	"fmt"
	"strings"
)

// opKind says which method of a spec made an operation. The zero kind only reads, so that the zero
// operation of every spec is harmless.
type opKind uint8

const (
	opRead opKind = iota
	opWrite
	opCAS
	opAdd
	opFetchAdd
	opRemove
)

// unused returns the fields that an operation of a kind does not use, of those that a CAS has.
func (k opKind) unused() []string {
	switch k {
	case opCAS:
		return nil
	case opWrite:
		return []string{"Old"}
	}
	return []string{"Old", "Value"}
}

// call returns the text of an operation with arguments, such as `write(v)`.
func call(name string, args ...any) string {
	texts := make([]string, len(args))
	for i, a := range args {
		texts[i] = text(a)
	}
	return name + "(" + strings.Join(texts, ", ") + ")"
}

// describe returns the text of an operation and its result.
func describe(op, ret any) string { return fmt.Sprintf("%v → %s", op, text(ret)) }

// text returns the text of a value. An empty text is quoted to be visible.
func text(v any) string {
	if s := fmt.Sprint(v); s != "" {
		return s
	}
	return `""`
}
