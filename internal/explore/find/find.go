// Package find evaluates questions about states: expressions in Go syntax over states as JSON. It
// calls no code of the model and knows nothing of paths or servers.
//
// A name is a field of the state, "state" the whole of it, "action" the text of the step that led
// to it. There are selectors, indexes, comparisons, !, && and ||, + and -, and the calls
// len(x), has(x, "text"), any(x, e), all(x, e) and count(x, e). In e, a name is first a field of the
// element, which is also called "it", and its key or index is "key". The call named("x") is the answer to the
// question of that name. See [After] for what was true before.
package find

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
)

// Query is a compiled expression. It is immutable and safe for concurrent use.
type Query struct {
	text string
	eval eval
}

// Subject is what a query looks at.
type Subject struct {
	State  any    // state as [Decode] returns it
	Action string // text of the step that led to it; empty for an initial state
	// Named answers questions that have a name; nil without any.
	Named func(name string) (bool, error)
	Names *Names // which names were found; nil if that does not matter
}

// Compile parses an expression.
func Compile(text string) (*Query, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("the expression is longer than %d bytes", maxText)
	}
	e, err := parser.ParseExpr(text)
	if err != nil {
		return nil, fmt.Errorf("cannot read %q: %s", text, strings.TrimPrefix(err.Error(), "1:"))
	}
	c := compiler{text: text}
	f, err := c.compile(e)
	if err != nil {
		return nil, err
	}
	return &Query{text, f}, nil
}

// After splits a text of the form after(x, y), which stands for "x is true, and y is or was true before", into
// both. Of any other text, x is the whole.
func After(text string) (x, y string, err error) {
	e, err := parser.ParseExpr(text)
	if err != nil {
		return text, "", nil // Compile says what is wrong
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return text, "", nil
	}
	if f, ok := call.Fun.(*ast.Ident); !ok || f.Name != "after" {
		return text, "", nil
	}
	if len(call.Args) != 2 {
		return "", "", fmt.Errorf("%s: after takes 2 values", text)
	}
	part := func(e ast.Expr) string { return text[e.Pos()-1 : e.End()-1] }
	return part(call.Args[0]), part(call.Args[1]), nil
}

const (
	maxText     = 4096    // bytes of an expression, which bounds its depth, too
	maxElements = 1000000 // elements that the calls any, all and count look at for one state
)

// String returns the expression.
func (q *Query) String() string { return q.text }

// Match reports whether the expression is true. A part that the state does not have is equal to
// nothing but nil; an expression that is no truth value is an error.
func (q *Query) Match(s Subject) (bool, error) {
	v, err := q.Value(s)
	if err != nil {
		return false, err
	}
	b, ok := v.(bool)
	if !ok {
		return false, fmt.Errorf("%s is %s, and a question has true or false for an answer", q.text, kindOf(v))
	}
	return b, nil
}

// Value returns what the expression is of a subject: nil, a truth value, a number, a text, or a part
// of the state.
func (q *Query) Value(s Subject) (any, error) {
	left := maxElements
	return q.eval(&scope{subject: s, left: &left})
}

// Decode reads a state that was written as JSON. Numbers are int64 where they fit, else float64.
func Decode(data []byte) (any, error) {
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return numbers(v), nil
}

func numbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i
		}
		f, err := v.Float64()
		if err != nil {
			return v.String()
		}
		return f
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = numbers(v[k])
		}
	}
	return v
}

// scope is where names are looked up: the elements of the calls around, then the state.
type scope struct {
	subject Subject
	outer   *scope
	it, key any
	left    *int // elements that may still be looked at
}

func (s *scope) name(name string) any {
	for ; s.outer != nil; s = s.outer {
		switch name {
		case "it":
			return s.it
		case "key":
			return s.key
		}
		if m, ok := s.it.(map[string]any); ok {
			if v, ok := m[name]; ok {
				s.subject.Names.note(name, true)
				return v
			}
		}
	}
	switch name {
	case "state":
		return s.subject.State
	case "action":
		return s.subject.Action
	}
	return s.subject.part(s.subject.State, name)
}

// part returns what is called name in a value; nil where there is nothing.
func (s *Subject) part(v any, name string) any {
	m, _ := v.(map[string]any)
	part, ok := m[name]
	if v != nil { // else what is missing is what v would be a part of
		s.Names.note(name, ok)
	}
	return part
}

type eval func(*scope) (any, error)

type compiler struct{ text string }

func (c *compiler) errorf(at ast.Node, format string, args ...any) error {
	from, to := int(at.Pos())-1, int(at.End())-1
	what := c.text
	if from >= 0 && to <= len(c.text) && from < to {
		what = c.text[from:to]
	}
	return fmt.Errorf("%s: %s", what, fmt.Sprintf(format, args...))
}

func (c *compiler) compile(e ast.Expr) (eval, error) {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return c.compile(e.X)
	case *ast.Ident:
		return c.ident(e), nil
	case *ast.BasicLit:
		return c.literal(e)
	case *ast.SelectorExpr:
		return c.selector(e)
	case *ast.IndexExpr:
		return c.index(e)
	case *ast.UnaryExpr:
		return c.unary(e)
	case *ast.BinaryExpr:
		return c.binary(e)
	case *ast.CallExpr:
		return c.call(e)
	}
	return nil, c.errorf(e, "only names, selectors, indexes, comparisons, !, &&, ||, +, - and a few calls are understood")
}

func (c *compiler) ident(e *ast.Ident) eval {
	switch e.Name {
	case "true", "false":
		b := e.Name == "true"
		return func(*scope) (any, error) { return b, nil }
	case "nil":
		return func(*scope) (any, error) { return nil, nil }
	}
	return func(s *scope) (any, error) { return s.name(e.Name), nil }
}

func (c *compiler) literal(e *ast.BasicLit) (eval, error) {
	var v any
	var err error
	switch e.Kind {
	case token.INT:
		v, err = strconv.ParseInt(e.Value, 0, 64)
	case token.FLOAT:
		v, err = strconv.ParseFloat(e.Value, 64)
	case token.STRING, token.CHAR:
		v, err = strconv.Unquote(e.Value)
	default:
		err = fmt.Errorf("such numbers do not occur in states")
	}
	if err != nil {
		return nil, c.errorf(e, "%v", err)
	}
	return func(*scope) (any, error) { return v, nil }, nil
}

func (c *compiler) selector(e *ast.SelectorExpr) (eval, error) {
	x, err := c.compile(e.X)
	if err != nil {
		return nil, err
	}
	return func(s *scope) (any, error) {
		v, err := x(s)
		if err != nil {
			return nil, err
		}
		return s.subject.part(v, e.Sel.Name), nil
	}, nil
}

func (c *compiler) index(e *ast.IndexExpr) (eval, error) {
	x, err := c.compile(e.X)
	if err != nil {
		return nil, err
	}
	i, err := c.compile(e.Index)
	if err != nil {
		return nil, err
	}
	return func(s *scope) (any, error) {
		v, err := x(s)
		if err != nil {
			return nil, err
		}
		k, err := i(s)
		if err != nil {
			return nil, err
		}
		if name, ok := k.(string); ok {
			return s.subject.part(v, name), nil
		}
		return element(v, k), nil
	}, nil
}

// element returns what is at k in a list or an object; nil where there is nothing.
func element(v, k any) any {
	switch v := v.(type) {
	case map[string]any:
		return v[fmt.Sprint(k)]
	case []any:
		if i, ok := k.(int64); ok && i >= 0 && i < int64(len(v)) {
			return v[i]
		}
	}
	return nil
}

func (c *compiler) unary(e *ast.UnaryExpr) (eval, error) {
	x, err := c.compile(e.X)
	if err != nil {
		return nil, err
	}
	switch e.Op {
	case token.NOT:
		return func(s *scope) (any, error) {
			b, err := c.truth(e.X, x, s)
			return !b, err
		}, nil
	case token.SUB:
		return func(s *scope) (any, error) {
			v, err := x(s)
			if err != nil {
				return nil, err
			}
			return c.arithmetic(e, token.SUB, int64(0), v)
		}, nil
	}
	return nil, c.errorf(e, "%s is not understood", e.Op)
}

// truth evaluates a part that must be true or false. A part that the state does not have is false.
func (c *compiler) truth(at ast.Expr, x eval, s *scope) (bool, error) {
	v, err := x(s)
	if err != nil || v == nil {
		return false, err
	}
	b, ok := v.(bool)
	if !ok {
		return false, c.errorf(at, "want true or false, not %s", kindOf(v))
	}
	return b, nil
}

func (c *compiler) binary(e *ast.BinaryExpr) (eval, error) {
	x, err := c.compile(e.X)
	if err != nil {
		return nil, err
	}
	y, err := c.compile(e.Y)
	if err != nil {
		return nil, err
	}
	switch e.Op {
	case token.LAND, token.LOR:
		return func(s *scope) (any, error) {
			b, err := c.truth(e.X, x, s)
			if err != nil || b == (e.Op == token.LOR) {
				return b, err
			}
			return c.truth(e.Y, y, s)
		}, nil
	}
	return func(s *scope) (any, error) {
		v, err := x(s)
		if err != nil {
			return nil, err
		}
		w, err := y(s)
		if err != nil {
			return nil, err
		}
		switch e.Op {
		case token.EQL:
			return equal(v, w), nil
		case token.NEQ:
			return !equal(v, w), nil
		case token.LSS, token.LEQ, token.GTR, token.GEQ:
			return c.ordered(e, v, w)
		}
		return c.arithmetic(e, e.Op, v, w)
	}, nil
}
