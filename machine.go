package allways

import (
	"fmt"
	"reflect"
	"strings"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
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
	noted    []string // what the model notes of itself
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
	notes          func() []string
}

// compile checks the model's declarations and compiles its types.
func compile[S, A any](m Model[S, A]) (*machine[S, A], error) {
	if m == nil {
		return nil, &ModelError{Kind: ErrorDeclaration, Message: "the model is nil"}
	}
	c := &machine[S, A]{model: m}
	if err := c.findHooks(); err != nil {
		return nil, err
	}
	var err error
	if c.splan, err = plan.For[S](); err != nil {
		return nil, &ModelError{Kind: ErrorType, Where: "the state type", Message: err.Error()}
	}
	if c.layout, err = vector.NewLayout(reflect.TypeFor[S]()); err != nil {
		return nil, &ModelError{Kind: ErrorType, Where: "the state type", Message: err.Error()}
	}
	c.aplan, _ = plan.For[A]()
	if err := c.guard("Properties", func() { c.props = m.Properties() }); err != nil {
		return nil, err
	}
	if err := c.checkProperties(); err != nil {
		return nil, err
	}
	if v, ok := m.(interface{ Err() error }); ok && v.Err() != nil {
		return nil, &ModelError{Kind: ErrorDeclaration, Message: v.Err().Error()}
	}
	if c.notes != nil {
		if err := c.guard("Notes", func() { c.noted = append([]string{}, c.notes()...) }); err != nil {
			return nil, err
		}
	}
	if c.actionName == nil {
		c.actionName = defaultActionName[A]()
	}
	return c, nil
}

// findHooks fills in the optional functions, and refuses a method that has the name of one and another signature.
func (c *machine[S, A]) findHooks() (err error) {
	if f, ok := c.model.(interface{ hooks() hooks[S, A] }); ok {
		c.hooks = f.hooks() // of a Funcs, perhaps an embedded one; methods come before them
	}
	f := &hookFinder{model: c.model}
	s, a := reflect.TypeFor[S]().String(), reflect.TypeFor[A]().String()
	find(f, "Within", "func("+s+") bool", func(h Bounded[S]) { c.within = h.Within })
	find(f, "Representative", "func("+s+") "+s, func(h Symmetric[S]) { c.representative = h.Representative })
	find(f, "ActionName", "func("+a+") string", func(h ActionNamer[A]) { c.actionName = h.ActionName })
	find(f, "FormatAction", "func("+a+") string", func(h ActionFormatter[A]) { c.formatAction = h.FormatAction })
	find(f, "FormatState", "func("+s+") string", func(h StateFormatter[S]) { c.formatState = h.FormatState })
	find(f, "FormatStep", "func("+s+", "+a+", "+s+") string", func(h StepFormatter[S, A]) { c.formatStep = h.FormatStep })
	find(f, "Changes", "func("+s+", "+s+") []allways.Change", func(h Changer[S]) { c.changes = h.Changes })
	find(f, "Diagram", "func(*allways.Path["+s+", "+a+"]) string", func(h Diagrammer[S, A]) { c.diagram = h.Diagram })
	find(f, "Notes", "func() []string", func(h Annotator) { c.notes = h.Notes })
	find(f, "ActionNames", "func() []string", func(h ActionLister) {
		err = c.guard("ActionNames", func() { c.actionNames = append([]string{}, h.ActionNames()...) })
	})
	if err == nil && f.wrong != nil {
		err = &ModelError{Kind: ErrorDeclaration, Where: reflect.TypeOf(c.model).String(), Message: strings.Join(f.wrong, "; ")}
	}
	c.listOptional()
	return err
}

// hookFinder looks for optional methods.
type hookFinder struct {
	model any
	wrong []string // what is wrong with methods that have the names of optional ones
}

// find calls bind if the model has the interface H of the optional method with a name.
func find[H any](f *hookFinder, name, want string, bind func(H)) {
	if h, ok := f.model.(H); ok {
		bind(h)
		return
	}
	typ := reflect.TypeOf(f.model)
	if m, ok := typ.MethodByName(name); ok {
		f.wrong = append(f.wrong, fmt.Sprintf("method %s has the signature %s, want %s", name, m.Type, want))
	} else if typ.Kind() != reflect.Pointer {
		if _, ok := reflect.PointerTo(typ).MethodByName(name); ok {
			f.wrong = append(f.wrong, fmt.Sprintf("method %s has a pointer receiver, so a model passed by value does not have it: pass a pointer", name))
		}
	}
}

// listOptional lists what was found, for people to see whether it is what they meant. A system of actors has methods of its own
// making, which tell them nothing.
func (c *machine[S, A]) listOptional() {
	if _, ok := c.model.(engine.NativeModel); ok {
		return
	}
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
	add("Notes", c.notes != nil)
	add("Representative", c.representative != nil)
	add("Within", c.within != nil)
}

// checkProperties refuses unusable properties and asserts the erased step functions.
func (c *machine[S, A]) checkProperties() error {
	fail := func(format string, args ...any) error {
		return &ModelError{Kind: ErrorDeclaration, Where: "Properties", Message: fmt.Sprintf(format, args...)}
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

// own returns a copy of s that user code may spoil; s itself when a copy of its memory is one.
func (c *machine[S, A]) own(s S) S {
	if c.layout.Flat() {
		return s
	}
	return c.clone(s)
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
