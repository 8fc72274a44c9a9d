package explore

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore/guard"
)

var update = flag.Bool("update", false, "write openapi.json and the golden files anew")

// object is a JSON object with its keys in order.
type object = map[string]any

// describe returns the OpenAPI description of the interface.
func describe(endpoints []endpoint) object {
	schemas := object{}
	problem := schemaOf(reflect.TypeFor[problemJSON](), schemas)
	paths := object{}
	for _, e := range endpoints {
		ok := object{"description": "the answer"}
		if e.answer != nil {
			ok["content"] = object{"application/json": object{"schema": schemaOf(reflect.TypeOf(e.answer), schemas)}}
		}
		call := object{
			"summary": e.summary,
			"responses": object{
				"200": ok,
				"default": object{
					"description": "what is wrong", "content": object{"application/json": object{"schema": problem}},
				},
			},
		}
		var params []any
		for _, p := range e.params {
			params = append(params, object{
				"name": p.name, "in": "query", "description": p.about, "required": p.required, "schema": object{"type": "string"},
			})
		}
		if e.changes {
			params = append(params, object{
				"name": guard.TokenHeader, "in": "header", "description": "secret of the link that the program printed",
				"required": true, "schema": object{"type": "string"},
			})
		}
		if params != nil {
			call["parameters"] = params
		}
		if e.body != "" {
			call["requestBody"] = object{"content": object{e.body: object{}}}
		}
		paths[e.path] = object{strings.ToLower(e.method): call}
	}
	return object{
		"openapi": "3.1.0",
		"info": object{
			"title": "Allways explorer", "version": "1", "description": "The interface behind the page of package explorer.",
		},
		"paths": paths, "components": object{"schemas": schemas},
	}
}

// schemaOf returns the schema of a Go type as encoding/json writes it.
func schemaOf(t reflect.Type, named object) object {
	switch t.Kind() {
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.String:
		return object{"type": "string"}
	case reflect.Pointer:
		return object{"oneOf": []any{schemaOf(t.Elem(), named), object{"type": "null"}}}
	case reflect.Slice:
		if t == reflect.TypeFor[json.RawMessage]() {
			return object{"description": "any JSON"}
		}
		return object{"type": "array", "items": schemaOf(t.Elem(), named)}
	case reflect.Struct:
		name := strings.TrimSuffix(t.Name(), "JSON")
		name = strings.ToLower(name[:1]) + name[1:]
		ref := object{"$ref": "#/components/schemas/" + name}
		if _, ok := named[name]; ok {
			return ref
		}
		fields, required := object{}, []any{}
		named[name] = object{}
		for i := range t.NumField() {
			f := t.Field(i)
			key, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			fields[key] = schemaOf(f.Type, named)
			if options != "omitempty" {
				required = append(required, key)
			}
		}
		named[name] = object{"type": "object", "properties": fields, "required": required}
		return ref
	}
	panic("no schema of " + t.String())
}

// The description is what the handlers do.
func TestOpenAPI(t *testing.T) {
	m := erased.Of(counter(3))
	if err := m.Compile(); err != nil {
		t.Fatal(err)
	}
	s := New(m, Options{})
	defer s.Close()
	want, err := json.MarshalIndent(describe(s.host.endpoints()), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile("openapi.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(openapi, want) {
		t.Error("openapi.json is not what the handlers do: run go test ./internal/explore -update")
	}
}
