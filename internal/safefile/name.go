package safefile

import (
	"fmt"
	"hash/fnv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the length in bytes from which names are cut. Most file systems allow 255, and an ending,
// a number and the suffix of a temporary file must still fit.
const maxName = 160

// Name turns a text into the name of a file on all systems: characters with a meaning in paths or
// shells are replaced, and long texts are cut and end in a hash of the whole. Different texts may
// have one name; see [Names].
func Name(text string) string {
	word := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' || r == '.' {
			return r
		}
		return '_'
	}, text)
	if strings.Trim(word, ".") == "" {
		word = "_" + word
	}
	if len(word) <= maxName {
		return word
	}
	end := maxName
	for !utf8.RuneStart(word[end]) {
		end--
	}
	return word[:end] + hash(text)
}

// Names returns the names of texts, all different, also where a file system ignores case. The first
// of several texts with one name keeps it, and the others get a hash of themselves: so a name
// does not depend on what else there is, as a number would.
func Names(texts []string) []string {
	names := make([]string, len(texts))
	taken := map[string]bool{}
	for i, text := range texts {
		name := Name(text)
		for taken[strings.ToLower(name)] {
			name += hash(text)
		}
		taken[strings.ToLower(name)] = true
		names[i] = name
	}
	return names
}

func hash(text string) string {
	h := fnv.New32a()
	h.Write([]byte(text))
	return fmt.Sprintf("-%08x", h.Sum32())
}
