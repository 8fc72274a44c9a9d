package allways

import (
	"fmt"
	"reflect"
	"strings"
	"unsafe"

	"github.com/allways-go/allways/internal/plan"
	"github.com/allways-go/allways/internal/vector"
)

// maxProperties is how many properties a model may have: they are tracked in one machine word.
const maxProperties = 64

// machine is a model compiled for checking: its optional methods found, its types planned, its properties sorted. It is
// immutable and safe for concurrent use.
type machine[S, A any] struct {
	hooks[S, A]
	model    Model[S, A]
	props    []Property[S]
	steps    []func(S, A, S) bool // by property; nil for other kinds
	splan    *plan.Plan
	aplan    *plan.Plan // nil when the action type has no content to print; actions are then printed by fmt
	layout   *vector.Layout
	optional []string
}

// hooks are the optional functions of a model; a nil one is absent.
type hooks[S, A any] struct {
	within         func(S) bool
	representative func(S) S
	actionName     func(A) string
	formatAction   func(A) string
	formatState    func(S) string
	formatStep     func(S, A, S) string
	changes        func(S, S) []Change
	diagram        func(*Path[S, A]) string
	actionNames    []string
}

// compile checks the model's declarations and compiles its types.
func compile[S, A any](m Model[S, A]) (*machine[S, A], error) {
	if m == nil {
		return nil, &ModelError{Fault: FaultDeclaration, Message: "the model is nil"}
	}
	c := &machine[S, A]{model: m}
	if err := c.findHooks(); err != nil {
		return nil, err
	}
	var err error
	if c.splan, err = plan.For[S](); err != nil {
		return nil, &ModelError{Fault: FaultType, Where: "the state type", Message: err.Error()}
	}
	if c.layout, err = vector.NewLayout(reflect.TypeFor[S]()); err != nil {
		return nil, &ModelError{Fault: FaultType, Where: "the state type", Message: err.Error()}
	}
	c.aplan, _ = plan.For[A]()
	if err := c.guard("Properties", func() { c.props = m.Properties() }); err != nil {
		return nil, err
	}
	if err := c.checkProperties(); err != nil {
		return nil, err
	}
	if v, ok := m.(interface{ Err() error }); ok && v.Err() != nil {
		return nil, &ModelError{Fault: FaultDeclaration, Message: v.Err().Error()}
	}
	if c.actionName == nil {
		c.actionName = defaultActionName[A]()
	}
	return c, nil
}

// findHooks fills in the optional functions, and refuses a method that has the name of one and another signature.
func (c *machine[S, A]) findHooks() error {
	if f, ok := c.model.(interface{ hooks() hooks[S, A] }); ok {
		c.hooks = f.hooks() // of a Funcs, perhaps an embedded one; methods come before them
	}
	var wrong []string
	typ := reflect.TypeOf(c.model)
	miss := func(name, want string) {
		if m, ok := typ.MethodByName(name); ok {
			wrong = append(wrong, fmt.Sprintf("method %s has the signature %s, want %s", name, m.Type, want))
		} else if reflect.PointerTo(typ).Kind() == reflect.Pointer && typ.Kind() != reflect.Pointer {
			if _, ok := reflect.PointerTo(typ).MethodByName(name); ok {
				wrong = append(wrong, fmt.Sprintf("method %s has a pointer receiver, so a model passed by value does not have it: pass a pointer", name))
			}
		}
	}
	s, a := reflect.TypeFor[S]().String(), reflect.TypeFor[A]().String()
	if h, ok := c.model.(Bounded[S]); ok {
		c.within = h.Within
	} else {
		miss("Within", "func("+s+") bool")
	}
	if h, ok := c.model.(Symmetric[S]); ok {
		c.representative = h.Representative
	} else {
		miss("Representative", "func("+s+") "+s)
	}
	if h, ok := c.model.(ActionNamer[A]); ok {
		c.actionName = h.ActionName
	} else {
		miss("ActionName", "func("+a+") string")
	}
	if h, ok := c.model.(ActionFormatter[A]); ok {
		c.formatAction = h.FormatAction
	} else {
		miss("FormatAction", "func("+a+") string")
	}
	if h, ok := c.model.(StateFormatter[S]); ok {
		c.formatState = h.FormatState
	} else {
		miss("FormatState", "func("+s+") string")
	}
	if h, ok := c.model.(StepFormatter[S, A]); ok {
		c.formatStep = h.FormatStep
	} else {
		miss("FormatStep", "func("+s+", "+a+", "+s+") string")
	}
	if h, ok := c.model.(Changer[S]); ok {
		c.changes = h.Changes
	} else {
		miss("Changes", "func("+s+", "+s+") []allways.Change")
	}
	if h, ok := c.model.(Diagrammer[S, A]); ok {
		c.diagram = h.Diagram
	} else {
		miss("Diagram", "func(*allways.Path["+s+", "+a+"]) string")
	}
	if h, ok := c.model.(ActionLister); ok {
		if err := c.guard("ActionNames", func() { c.actionNames = h.ActionNames() }); err != nil {
			return err
		}
	} else {
		miss("ActionNames", "func() []string")
	}
	if wrong != nil {
		return &ModelError{Fault: FaultDeclaration, Where: typ.String(), Message: strings.Join(wrong, "; ")}
	}
	c.listOptional()
	return nil
}

func (c *machine[S, A]) listOptional() {
	add := func(name string, present bool) {
		if present {
			c.optional = append(c.optional, name)
		}
	}
	add("ActionName", c.actionName != nil)
	add("ActionNames", c.actionNames != nil)
	add("Changes", c.changes != nil)
	add("Diagram", c.diagram != nil)
	add("FormatAction", c.formatAction != nil)
	add("FormatState", c.formatState != nil)
	add("FormatStep", c.formatStep != nil)
	add("Representative", c.representative != nil)
	add("Within", c.within != nil)
}

// checkProperties refuses unusable properties and asserts the erased step functions.
func (c *machine[S, A]) checkProperties() error {
	fail := func(format string, args ...any) error {
		return &ModelError{Fault: FaultDeclaration, Where: "Properties", Message: fmt.Sprintf(format, args...)}
	}
	if len(c.props) > maxProperties {
		return fail("%d properties are declared; at most %d can be checked at once: join some, or check in parts", len(c.props), maxProperties)
	}
	seen := map[string]bool{}
	c.steps = make([]func(S, A, S) bool, len(c.props))
	for i, p := range c.props {
		switch {
		case p.name == "":
			return fail("property %d has no name", i)
		case strings.ContainsAny(p.name, "\n\r"):
			return fail("the name of property %q has a line break", p.name)
		case seen[p.name]:
			return fail("two properties are called %q", p.name)
		case p.state == nil && p.step == nil:
			return fail("property %q has no function", p.name)
		}
		seen[p.name] = true
		if p.step == nil {
			continue
		}
		f, ok := p.step.(func(S, A, S) bool)
		if !ok {
			return fail("property %q is a %T, which does not fit the model's states and actions: want %T", p.name, p.step, f)
		}
		if f == nil {
			return fail("property %q has no function", p.name)
		}
		c.steps[i] = f
	}
	return nil
}

// ActionText returns the text of an action on one line.
func (c *machine[S, A]) ActionText(a A) (text string) {
	defer textPanicked("FormatAction", &text)
	if c.formatAction != nil {
		return oneLine(c.formatAction(a))
	}
	if c.aplan == nil {
		return oneLine(fmt.Sprintf("%+v", a))
	}
	return oneLine(actionText(c.aplan, a))
}

// StateText returns the text of a state.
func (c *machine[S, A]) StateText(s S) (text string) {
	defer textPanicked("FormatState", &text)
	if c.formatState != nil {
		return c.formatState(s)
	}
	return string(c.splan.AppendText(nil, unsafe.Pointer(&s)))
}

// StateJSON returns a state as JSON.
func (c *machine[S, A]) StateJSON(s S) []byte { return c.splan.AppendJSON(nil, unsafe.Pointer(&s)) }

func (c *machine[S, A]) stepNote(before S, a A, after S) (text string) {
	defer textPanicked("FormatStep", &text)
	if c.formatStep == nil {
		return ""
	}
	return oneLine(c.formatStep(before, a, after))
}

func (c *machine[S, A]) diff(before, after S) []Change {
	return changes(c.splan.Diff(unsafe.Pointer(&before), unsafe.Pointer(&after)))
}

func (c *machine[S, A]) diagramOf(p *Path[S, A]) (text string) {
	defer textPanicked("Diagram", &text)
	if c.diagram == nil {
		return ""
	}
	return c.diagram(p)
}

func (c *machine[S, A]) equal(a, b S) bool {
	return c.splan.Equal(unsafe.Pointer(&a), unsafe.Pointer(&b))
}

// clone returns a private copy of s in canonical form.
func (c *machine[S, A]) clone(s S) S {
	var out S
	c.splan.Clone(unsafe.Pointer(&out), unsafe.Pointer(&s))
	return out
}

// nameOf returns the name under which an action is counted.
func (c *machine[S, A]) nameOf(a A) (name string) {
	defer textPanicked("ActionName", &name)
	return c.actionName(a)
}

// textPanicked, deferred, lets a panic of a method that only makes texts cost no more than the text.
func textPanicked(method string, text *string) {
	if r := recover(); r != nil {
		*text = oneLine(fmt.Sprintf("(%s panics: %v)", method, r))
	}
}

func oneLine(s string) string {
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(s)
}
