package program

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/allways-go/allways/internal/plan"
)

// Saved returns a stored value as a T, which must have the fields of the type that was saved; only its own name
// may be another one.
func Saved[T any](s Stable) (v T, err error) {
	p, err := plan.TypedFor[T]()
	if err != nil {
		return v, err
	}
	_, inner, ok := plan.Boxed(s.Content)
	was, now := nameless(s.Schema), nameless(plan.Schema(p.Plan()))
	switch {
	case !ok:
		return v, fmt.Errorf("the stored value is nil, and no %v", reflect.TypeFor[T]())
	case was != now && strings.ContainsAny(was, "{=["):
		return v, fmt.Errorf("the stored value is no %v: %s", reflect.TypeFor[T](), plan.SchemaChange(was, now))
	}
	if rest, err := p.Decode([]byte(inner), &v); err != nil || len(rest) > 0 {
		return v, fmt.Errorf("the stored value is no %v", reflect.TypeFor[T]())
	}
	return v, nil
}

// nameless drops the name of a type from its schema.
func nameless(schema string) string {
	if i := strings.IndexAny(schema, "{="); i >= 0 {
		return schema[i:]
	}
	return schema
}

// SavedType returns the name of the type of a stored value.
func SavedType(s Stable) string {
	name, _, _ := plan.Boxed(s.Content)
	return name
}

// Store returns a value in the form in which it is stored.
func (p *Program) Store(v any) (s *Stable, err error) {
	defer recoverTo(&err)
	content, err := p.Names().OutwardValue(p.sys.Values.Encode(&v))
	if err != nil {
		return nil, err
	}
	q, err := plan.Of(reflect.TypeOf(v))
	if err != nil {
		return nil, err
	}
	return &Stable{Content: content, Schema: plan.Schema(q)}, nil
}
