package plan

import (
	"fmt"
	"strings"
)

// SchemaChange says where two results of [Schema] differ first: the path of the field, and what stands there
// in both.
func SchemaChange(was, now string) string {
	if !strings.ContainsAny(was, " {[") && len(was) == 16 {
		return "it was stored by an older version of allways, which did not store the fields"
	}
	same := 0
	for same < min(len(was), len(now)) && was[same] == now[same] {
		same++
	}
	begin := strings.LastIndexAny(now[:min(same, len(now))], "{;") + 1
	if k := strings.LastIndexAny(was[:min(same, len(was))], "{;") + 1; k < begin {
		begin = k
	}
	path := fieldPath(now[:begin])
	return fmt.Sprintf("%s has %s where the program has %s", path, partOf(was[begin:]), partOf(now[begin:]))
}

// fieldPath returns the names of the fields that are open at the end of a schema.
func fieldPath(s string) string {
	var path []string
	word := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			path = append(path, strings.TrimLeft(s[word:i], "*[]=0123456789"))
			word = i + 1
		case '}':
			path = path[:max(len(path)-1, 0)]
			word = i + 1
		case ';':
			word = i + 1
		}
	}
	for i, p := range path {
		name, _, _ := strings.Cut(p, " ")
		path[i], _, _ = strings.Cut(name, "=")
	}
	if len(path) == 0 {
		return "the value"
	}
	return strings.Join(path, ".")
}

// partOf returns the first field of the rest of a schema.
func partOf(s string) string {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				return quotedOrNone(s[:i])
			}
		case ';':
			if depth == 0 {
				return quotedOrNone(s[:i])
			}
		}
	}
	return quotedOrNone(s)
}

func quotedOrNone(s string) string {
	if s == "" {
		return "no more fields"
	}
	return fmt.Sprintf("%q", s)
}
