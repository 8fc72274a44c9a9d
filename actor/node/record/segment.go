package record

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// The ends of the names of files in a directory of recordings. The first file of actor a is a.ndjson, the
// next one a.000001.ndjson.
const (
	suffix     = ".ndjson"
	lockSuffix = ".lock"
	gapSuffix  = ".gap"
)

// fileName returns a file name for an actor. Characters with a meaning in paths are escaped, as are
// all unusual ones, so that a dot ends the name.
func fileName(name string) string {
	b := []byte(name)
	var out []byte
	for _, c := range b {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' {
			out = append(out, c)
		} else {
			out = fmt.Appendf(out, "%%%02x", c)
		}
	}
	return string(out)
}

// segmentPath returns the path of a file of a recording.
func segmentPath(dir, actor string, number int) string {
	return segmentFile(filepath.Join(dir, fileName(actor)), number)
}

// segmentFile is segmentPath for a path without the number and the suffix.
func segmentFile(base string, number int) string {
	if number > 0 {
		base += fmt.Sprintf(".%06d", number)
	}
	return base + suffix
}

// segments returns the numbers of an actor's files, ascending.
func segments(dir, actor string) (numbers []int, err error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if base, number, ok := segmentOf(f.Name()); ok && base == fileName(actor) {
			numbers = append(numbers, number)
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

// segmentOf takes the name of a file apart.
func segmentOf(file string) (base string, number int, ok bool) {
	name, ok := strings.CutSuffix(file, suffix)
	if !ok {
		return "", 0, false
	}
	base, digits, numbered := strings.Cut(name, ".")
	if !numbered {
		return base, 0, true
	}
	number, err := strconv.Atoi(digits)
	return base, number, err == nil && number > 0
}
