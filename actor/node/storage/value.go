package storage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"strings"
)

// A file is a line that describes what follows, a line of JSON, and the content as it is. The
// checksum covers all but the first line:
//
//	allways storage 1 checksum 89abcdef length 123
//	{"saved":true,"schema":"..."}
//	...

const version = 1

const headFormat = "allways storage %d checksum %08x length %d\n"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// meta is the second line of a file.
type meta struct {
	Saved  bool   `json:"saved"`
	Schema string `json:"schema"`
}

// append appends the file of a value.
func (v Value) append(dst []byte) ([]byte, error) {
	line, err := json.Marshal(meta{v.Saved, v.Schema})
	if err != nil {
		return dst, err
	}
	body := append(append(line, '\n'), v.Content...)
	return append(fmt.Appendf(dst, headFormat, version, crc32.Checksum(body, castagnoli), len(body)), body...), nil
}

// parse returns the value in a file. The reason is empty unless the file differs from what append
// has written.
func parse(b []byte) (v Value, reason string) {
	head, body, ok := bytes.Cut(b, []byte("\n"))
	if !ok {
		return v, "its first line is cut off"
	}
	const malformed = "its first line is malformed"
	var format, length int
	var sum uint32
	if n, err := fmt.Sscanf(string(head), strings.TrimSuffix(headFormat, "\n"), &format, &sum, &length); err != nil {
		if n > 0 && format > version {
			return v, unknownVersion(format)
		}
		return v, malformed
	}
	switch {
	case fmt.Sprintf(headFormat, format, sum, length) != string(head)+"\n": // Sscanf accepts other spellings, too
		return v, malformed
	case format != version:
		return v, unknownVersion(format)
	case len(body) != length:
		return v, fmt.Sprintf("it has %d bytes after its first line, want %d", len(body), length)
	case crc32.Checksum(body, castagnoli) != sum:
		return v, "its checksum is wrong"
	}
	line, content, _ := bytes.Cut(body, []byte("\n"))
	var m meta
	if err := json.Unmarshal(line, &m); err != nil {
		return v, "its second line is not JSON: " + err.Error()
	}
	return Value{m.Saved, m.Schema, string(content)}, ""
}

func unknownVersion(format int) string {
	return fmt.Sprintf("it has version %d of the format, but this program supports only version %d", format, version)
}
