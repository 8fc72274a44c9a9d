package find

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// kindOf names the kind of a value for messages.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "nothing"
	case bool:
		return "true or false"
	case int64, float64:
		return "a number"
	case string:
		return "a text"
	case []any:
		return "a list"
	}
	return "an object"
}

// equal compares by content; 1 and 1.0 are equal.
func equal(v, w any) bool {
	if a, b, ok := floats(v, w); ok {
		return a == b
	}
	return reflect.DeepEqual(v, w)
}

// floats returns two numbers of which at least one is not an integer.
func floats(v, w any) (a, b float64, ok bool) {
	a, isA := float(v)
	b, isB := float(w)
	_, intA := v.(int64)
	_, intB := w.(int64)
	return a, b, isA && isB && !(intA && intB)
}

func float(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// ordered compares numbers, or texts. Nothing is neither less nor greater than anything.
func (c *compiler) ordered(e *ast.BinaryExpr, v, w any) (bool, error) {
	if v == nil || w == nil {
		return false, nil
	}
	var order int
	if a, b, ok := floats(v, w); ok {
		order = cmp.Compare(a, b)
	} else if a, ok := v.(int64); ok && isInt(w) {
		order = cmp.Compare(a, w.(int64))
	} else if a, ok := v.(string); ok && isText(w) {
		order = strings.Compare(a, w.(string))
	} else {
		return false, c.errorf(e, "%s and %s have no order", kindOf(v), kindOf(w))
	}
	switch e.Op {
	case token.LSS:
		return order < 0, nil
	case token.LEQ:
		return order <= 0, nil
	case token.GTR:
		return order > 0, nil
	}
	return order >= 0, nil
}

func isInt(v any) bool  { _, ok := v.(int64); return ok }
func isText(v any) bool { _, ok := v.(string); return ok }

// arithmetic adds or subtracts numbers. What has nothing on one side is nothing.
func (c *compiler) arithmetic(e ast.Expr, op token.Token, v, w any) (any, error) {
	if op != token.ADD && op != token.SUB {
		return nil, c.errorf(e, "%s is not understood", op)
	}
	if v == nil || w == nil {
		return nil, nil
	}
	if a, b, ok := floats(v, w); ok {
		if op == token.SUB {
			b = -b
		}
		return a + b, nil
	}
	a, okA := v.(int64)
	b, okB := w.(int64)
	if !okA || !okB {
		return nil, c.errorf(e, "%s and %s are not both numbers", kindOf(v), kindOf(w))
	}
	if op == token.SUB {
		return a - b, nil
	}
	return a + b, nil
}

// call compiles one of the few calls.
func (c *compiler) call(e *ast.CallExpr) (eval, error) {
	f, ok := e.Fun.(*ast.Ident)
	if !ok {
		return nil, c.errorf(e, "states have no methods")
	}
	want := map[string]int{"len": 1, "has": 2, "any": 2, "all": 2, "count": 2, "named": 1}[f.Name]
	if f.Name == "after" {
		return nil, c.errorf(e, "after(x, y) must be the whole of a question about states")
	}
	if want == 0 {
		return nil, c.errorf(e, "there is no %s: there are len, has, any, all, count, named and after", f.Name)
	}
	if len(e.Args) != want {
		return nil, c.errorf(e, "%s takes %d values", f.Name, want)
	}
	x, err := c.compile(e.Args[0])
	if err != nil {
		return nil, err
	}
	if f.Name == "named" {
		return c.named(e, x), nil
	}
	if f.Name == "len" {
		return func(s *scope) (any, error) {
			v, err := x(s)
			return length(v), err
		}, nil
	}
	y, err := c.compile(e.Args[1])
	if err != nil {
		return nil, err
	}
	if f.Name == "has" {
		return has(x, y), nil
	}
	return c.quantifier(f.Name, e.Args[1], x, y), nil
}

// named asks the question of a name.
func (c *compiler) named(e *ast.CallExpr, x eval) eval {
	return func(s *scope) (any, error) {
		v, err := x(s)
		if err != nil {
			return nil, err
		}
		name, ok := v.(string)
		if !ok || s.subject.Named == nil {
			return nil, c.errorf(e, "want the name of a predicate or property, in quotes")
		}
		return s.subject.Named(name)
	}
}

func length(v any) any {
	switch v := v.(type) {
	case string:
		return int64(len(v))
	case []any:
		return int64(len(v))
	case map[string]any:
		return int64(len(v))
	case nil:
		return int64(0)
	}
	return nil
}

// has reports whether a text contains another, a list an element, or an object a key.
func has(x, y eval) eval {
	return func(s *scope) (any, error) {
		v, err := x(s)
		if err != nil {
			return nil, err
		}
		w, err := y(s)
		if err != nil {
			return nil, err
		}
		switch v := v.(type) {
		case string:
			return strings.Contains(v, fmt.Sprint(w)), nil
		case []any:
			return slices.ContainsFunc(v, func(e any) bool { return equal(e, w) }), nil
		case map[string]any:
			_, ok := v[fmt.Sprint(w)]
			return ok, nil
		}
		return false, nil
	}
}

// quantifier compiles any, all and count, which evaluate an expression for each element.
func (c *compiler) quantifier(name string, at ast.Expr, x, y eval) eval {
	return func(s *scope) (any, error) {
		v, err := x(s)
		if err != nil {
			return nil, err
		}
		n, total := int64(0), int64(0)
		for key, it := range elements(v) {
			if *s.left--; *s.left < 0 {
				return nil, c.errorf(at, "it would look at more than %d elements of a state", maxElements)
			}
			ok, err := c.truth(at, y, &scope{outer: s, subject: s.subject, it: it, key: key, left: s.left})
			if err != nil {
				return nil, err
			}
			total++
			if ok {
				n++
			}
		}
		switch name {
		case "any":
			return n > 0, nil
		case "all":
			return n == total, nil
		}
		return n, nil
	}
}

// elements iterates over a list or, sorted by key, over an object. Keys that are numbers are
// numbers.
func elements(v any) func(yield func(key, it any) bool) {
	return func(yield func(key, it any) bool) {
		switch v := v.(type) {
		case []any:
			for i, e := range v {
				if !yield(int64(i), e) {
					return
				}
			}
		case map[string]any:
			for _, k := range slices.Sorted(maps.Keys(v)) {
				var key any = k
				if i, err := strconv.ParseInt(k, 10, 64); err == nil {
					key = i
				}
				if !yield(key, v[k]) {
					return
				}
			}
		}
	}
}
