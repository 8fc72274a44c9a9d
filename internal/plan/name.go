package plan

import (
	"reflect"
	"strings"
)

// ShortName returns the name of a type without the packages of its parts.
func ShortName(full string) string {
	var b strings.Builder
	word := 0 // beginning of what may be a package
	for i := range len(full) {
		switch full[i] {
		case '*', '[', ']', ',', ' ', '(', ')', '{', '}', ';':
			b.WriteString(full[word : i+1])
			word = i + 1
		case '.', '/':
			word = i + 1
		}
	}
	return b.String() + full[word:]
}

// TypeText returns the name of a type for people, without packages. For a pointer it is the name of what the
// pointer leads to.
func TypeText(t reflect.Type) string {
	return strings.TrimLeft(ShortName(t.String()), "*")
}
