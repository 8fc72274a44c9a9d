package storage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"strings"
)

// A file is a line that says what follows, a line of JSON, and the content as it is:
//
//	allways storage 1 checksum 89abcdef length 123
//	{"saved":true,"schema":"..."}
//	...

const version = 1

const headFormat = "allways storage %d checksum %08x length %d\n"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

type meta struct {
	Saved  bool   `json:"saved"`
	Schema string `json:"schema"`
}

func (r Value) append(dst []byte) ([]byte, error) {
	line, err := json.Marshal(meta{r.Saved, r.Schema})
	if err != nil {
		return dst, err
	}
	body := append(append(line, '\n'), r.Content...)
	return append(fmt.Appendf(dst, headFormat, version, crc32.Checksum(body, castagnoli), len(body)), body...), nil
}

// parse says what is wrong with a file that is not as it was written.
func parse(b []byte) (r Value, reason string) {
	head, body, ok := bytes.Cut(b, []byte("\n"))
	if !ok {
		return r, "it is cut off in its first line"
	}
	var v, length int
	var sum uint32
	if n, err := fmt.Sscanf(string(head), strings.TrimSuffix(headFormat, "\n"), &v, &sum, &length); err != nil {
		if n > 0 && v > version {
			return r, fmt.Sprintf("it has version %d of the format, and this program knows versions up to %d", v, version)
		}
		return r, "its first line is none that was ever written"
	}
	switch {
	case fmt.Sprintf(headFormat, v, sum, length) != string(head)+"\n":
		return r, "its first line is none that was ever written"
	case v != version:
		return r, fmt.Sprintf("it has version %d of the format, and this program knows version %d", v, version)
	case len(body) != length:
		return r, fmt.Sprintf("it should have %d bytes after its first line and has %d", length, len(body))
	case crc32.Checksum(body, castagnoli) != sum:
		return r, "its checksum is wrong"
	}
	line, content, _ := bytes.Cut(body, []byte("\n"))
	var m meta
	if err := json.Unmarshal(line, &m); err != nil {
		return r, "its second line is no JSON: " + err.Error()
	}
	return Value{m.Saved, m.Schema, string(content)}, ""
}
