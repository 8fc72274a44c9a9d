package explore

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// schema is a part of openapi.json.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       string            `json:"type"`
	Items      *schema           `json:"items"`
	OneOf      []schema          `json:"oneOf"`
	Properties map[string]schema `json:"properties"`
	Required   []string          `json:"required"`
}

// object returns the schema of the objects that a schema stands for, by name; empty for other values.
func (s schema) object() string {
	switch {
	case s.Items != nil:
		return s.Items.object()
	case len(s.OneOf) > 0:
		return s.OneOf[0].object()
	}
	return strings.TrimPrefix(s.Ref, "#/components/schemas/")
}

// renamed are the interfaces of api.ts whose name is not that of the schema.
var renamed = map[string]string{"GraphNode": "node", "GraphEdge": "edge", "RecordedEvent": "event"}

var (
	comment   = regexp.MustCompile(`(?m)\s*//.*$|/\*\*.*?\*/`)
	described = regexp.MustCompile(`(?s)export interface (\w+) \{(.*?)\n\}`)
	member    = regexp.MustCompile(`^\s*(\w+)(\??):\s*`)
)

// field is one of an interface of TypeScript, with what they are made of if that is written in place.
type field struct {
	name     string
	optional bool
	inside   string
}

// fieldsOf reads the fields of an interface or of an object type in place.
func fieldsOf(t *testing.T, text string) (all []field) {
	t.Helper()
	for strings.TrimSpace(text) != "" {
		m := member.FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("no field: %q", text)
		}
		text = text[len(m[0]):]
		f := field{name: m[1], optional: m[2] == "?"}
		depth, end := 0, len(text)
		for i, c := range text {
			if c == '{' {
				depth++
			} else if c == '}' {
				depth--
			} else if c == ';' && depth == 0 {
				end = i
				break
			}
		}
		if from, to := strings.Index(text[:end], "{"), strings.LastIndex(text[:end], "}"); from >= 0 {
			f.inside = text[from+1 : to]
		}
		all, text = append(all, f), strings.TrimPrefix(text[end:], ";")
	}
	return all
}

// The types of the page are those of the description, field by field.
func TestTypesOfPage(t *testing.T) {
	text, err := os.ReadFile("web/src/api.ts")
	if err != nil {
		t.Fatal(err)
	}
	var described = described.FindAllStringSubmatch(comment.ReplaceAllString(string(text), ""), -1)
	var api struct {
		Components struct{ Schemas map[string]schema }
	}
	if err := json.Unmarshal(openapi, &api); err != nil {
		t.Fatal(err)
	}
	if len(described) < 15 {
		t.Fatalf("only %d interfaces are read", len(described))
	}
	for _, d := range described {
		name, ok := renamed[d[1]]
		if !ok {
			name = strings.ToLower(d[1][:1]) + d[1][1:]
		}
		compareFields(t, api.Components.Schemas, d[1], name, fieldsOf(t, d[2]))
	}
}

// compareFields compares the fields of a type of the page with those of a schema.
func compareFields(t *testing.T, schemas map[string]schema, of, name string, fields []field) {
	t.Helper()
	s, ok := schemas[name]
	if !ok {
		t.Errorf("%s of web/src/api.ts: openapi.json has no schema %q", of, name)
		return
	}
	var named []string
	for _, f := range fields {
		named = append(named, f.name)
		p, ok := s.Properties[f.name]
		switch {
		case !ok:
			t.Errorf("%s.%s of web/src/api.ts is never sent: the schema %q does not have it", of, f.name, name)
		case f.optional == slices.Contains(s.Required, f.name):
			t.Errorf("%s.%s of web/src/api.ts is optional: %t; openapi.json differs", of, f.name, f.optional)
		case f.inside != "" && p.object() != "":
			compareFields(t, schemas, of+"."+f.name, p.object(), fieldsOf(t, f.inside))
		}
	}
	for key := range s.Properties {
		if !slices.Contains(named, key) {
			t.Errorf("%s of web/src/api.ts lacks %q, which the schema %q has", of, key, name)
		}
	}
}
