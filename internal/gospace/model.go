package gospace

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/naming"
	"github.com/allways-go/allways/internal/plan"
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/vector"
)

// maxProperties is the number of properties that a model may have. Sets of properties are one
// machine word: workers pass them along with every state and every step, and combine them by single
// instructions.
const maxProperties = 64

// maxAtoms is the number of predicates that properties of runs may have together. No set holds them.
const maxAtoms = 64

// Model is a compiled model: its optional methods found, its types planned, its properties checked.
// It is immutable and safe for concurrent use. Get one from [Compile].
type Model struct {
	Hooks
	Value         any // the model
	State, Action reflect.Type
	Code          Code
	Props         []Property // promises, and then the atoms of those about runs
	Promises      int        // number of promises among Props
	Optional      []string   // names of the optional functions, sorted
	Declared      []string   // names of actions, as the model declares them
	Noted         []string   // remarks of the model on itself

	actionName func(a unsafe.Pointer) string
	naming     plan.Naming
	splan      *plan.Plan
	aplan      *plan.Plan  // nil when the action type has no content to print; actions are then printed by fmt
	flat       bool        // every state is canonical as it stands, and cannot be changed through a copy
	steps      engine.Mask // properties of steps
}

// Compile checks the model's declarations and compiles its types. The error is an
// [*engine.Misbehaviour].
//
// Whatever can be wrong with a declaration is refused here, before the first state is computed: a
// type without content, a property without a name, two with one name, a step property of another
// model. A search may run for hours, and a mistake that shows at its end has cost them. What
// depends on values, such as a pointer that leads back to itself, can only be met on the way.
func Compile(src *Source) (*Model, error) {
	c := &Model{Hooks: src.Hooks, Value: src.Model, State: src.State, Action: src.Action, Code: src.Code}
	var err error
	if c.splan, err = planOf(c.State); err != nil {
		return nil, err
	}
	layout, err := vector.NewLayout(c.State)
	if err != nil {
		return nil, stateTypeError(err)
	}
	c.flat = layout.Flat()
	c.aplan, _ = plan.Of(c.Action)
	if err := guard("Properties", func() { c.Props = c.Code.Properties() }); err != nil {
		return nil, err
	}
	if err := c.checkProperties(); err != nil {
		return nil, err
	}
	// The methods of a system of actors are the same for every system: listing them says nothing.
	if _, ok := c.Value.(engine.NativeModel); !ok {
		c.Optional = optionalNames(&c.Hooks)
	}
	if n, ok := c.Value.(nameable); ok {
		c.naming = n.Naming()
	}
	if c.actionName = c.ActionName; c.actionName == nil {
		c.actionName = naming.Default(c.Action)
	}
	return c, c.ask()
}

// ask calls the hooks that are about the model as a whole.
func (c *Model) ask() error {
	if f := c.Hooks.ActionNames; f != nil {
		if err := guard("ActionNames", func() { c.Declared = append([]string{}, f()...) }); err != nil {
			return err
		}
	}
	if f := c.Hooks.Notes; f != nil {
		return guard("Notes", func() { c.Noted = append([]string{}, f()...) })
	}
	return nil
}

// planOf returns the plan of a type of states.
func planOf(state reflect.Type) (*plan.Plan, error) {
	p, err := plan.Of(state)
	if err != nil {
		return nil, stateTypeError(err)
	}
	return p, nil
}

func stateTypeError(err error) error {
	return &engine.Misbehaviour{Kind: engine.ErrorType, Where: "the state type", Message: err.Error(), Act: -1}
}

// checkProperties refuses unusable properties.
func (c *Model) checkProperties() error {
	fail := func(format string, args ...any) error {
		return &engine.Misbehaviour{
			Kind: engine.ErrorDeclaration, Where: "Properties", Message: fmt.Sprintf(format, args...), Act: -1,
		}
	}
	c.Promises = len(c.Props)
	for c.Promises > 0 && !c.Props[c.Promises-1].Kind.Promise() {
		c.Promises--
	}
	if c.Promises > maxProperties {
		return fail("%d properties are declared; at most %d can be checked at once: join some, or check in parts",
			c.Promises, maxProperties)
	}
	if n := len(c.Props) - c.Promises; n > maxAtoms {
		return fail("the properties of runs and their constraints have %d predicates; at most %d can be checked at once: "+
			"use values of Predicate and WeaklyFair in several properties, or check in parts", n, maxAtoms)
	}
	seen := map[string]bool{}
	for i := range c.Props {
		p := &c.Props[i]
		switch {
		case p.Name == "":
			return fail("property %d has no name", i)
		case strings.ContainsAny(p.Name, "\n\r"):
			return fail("the name of property %q has a line break", p.Name)
		case seen[p.Name] && i < c.Promises:
			return fail("two properties are called %q", p.Name)
		case p.Wrong != "":
			return fail("property %q %s", p.Name, p.Wrong)
		case p.State == nil && p.Step == nil && p.Key == nil && p.Runs == nil:
			return fail("property %q has no function", p.Name)
		}
		seen[p.Name] = true
		if err := p.Runs.Translate(p.Kind); err != nil {
			return fail("property %q: %v", p.Name, err)
		}
		if p.Step != nil {
			c.steps |= 1 << uint(i)
		}
	}
	return nil
}

// Kinds returns the properties of the given kinds, without those that runs as a whole decide by a formula.
func (c *Model) Kinds(kinds ...property.Kind) (m engine.Mask) {
	for i := range c.Props {
		if c.Props[i].Runs == nil && slices.Contains(kinds, c.Props[i].Kind) {
			m |= 1 << uint(i)
		}
	}
	return m
}

// PropertyNames lists the properties, quoted, for errors.
func (c *Model) PropertyNames() string {
	names := make([]string, c.Promises)
	for i := range names {
		names[i] = strconv.Quote(c.Props[i].Name)
	}
	return strings.Join(names, ", ")
}

// Symmetric reports whether the model's states can be reduced by symmetry.
func (c *Model) Symmetric() bool {
	if n, ok := c.Value.(engine.NativeModel); ok {
		return n.Symmetric()
	}
	return c.Representative != nil
}

// MissingSymmetry says why the model's states cannot be reduced by symmetry.
func (c *Model) MissingSymmetry() string {
	if _, ok := c.Value.(engine.NativeModel); ok {
		return "no actors of the system are declared interchangeable; see System.Interchangeable"
	}
	return "the model has no Representative method; write one, for example with Interchangeable"
}

// TypesHash hashes the structure of the types of states and actions.
func (c *Model) TypesHash() string {
	h := c.splan.Fingerprint()
	if c.aplan != nil {
		h += "-" + c.aplan.Fingerprint()
	}
	return h
}

// newState returns the address of a zero state.
func (c *Model) newState() unsafe.Pointer { return reflect.New(c.State).UnsafePointer() }

// equal reports whether two states have the same content.
func (c *Model) equal(a, b unsafe.Pointer) bool {
	if n, ok := c.Value.(engine.NativeModel); ok {
		return n.Same(Box(c.State, a), Box(c.State, b))
	}
	return c.splan.Equal(a, b)
}

// copier returns own for the states of a path, one after the other. It takes the time of what differs
// between them if the model brings its own space.
func (c *Model) copier() func(s unsafe.Pointer) unsafe.Pointer {
	n, ok := c.Value.(engine.NativeModel)
	if !ok {
		return c.own
	}
	var earlier, copied any
	return func(p unsafe.Pointer) unsafe.Pointer {
		s := Box(c.State, p)
		copied = n.Copy(s, earlier, copied)
		earlier = s
		return Unbox(c.State, copied)
	}
}

// hold returns a state that is handed to the model's methods several times in a row; see
// [engine.NativeModel]. It may follow one that is held, or nil.
func (c *Model) hold(s, held unsafe.Pointer) unsafe.Pointer {
	n, ok := c.Value.(engine.NativeModel)
	if !ok {
		return s
	}
	var before any
	if held != nil {
		before = Box(c.State, held)
	}
	return Unbox(c.State, n.Hold(Box(c.State, s), before))
}

// handed returns a state to hand to the model's methods, or one that Next has returned, for keeping: a
// copy, unless the model is known neither to change nor to keep states.
func (c *Model) handed(s unsafe.Pointer) unsafe.Pointer {
	if _, ok := c.Value.(engine.NativeModel); ok {
		return s
	}
	return c.clone(s)
}

// clone returns a private copy of s in canonical form.
func (c *Model) clone(s unsafe.Pointer) unsafe.Pointer {
	out := c.newState()
	c.splan.Clone(out, s)
	return out
}

// own returns a state that user code may modify: a copy of s, or s itself when a call by value
// copies all of it anyway.
func (c *Model) own(s unsafe.Pointer) unsafe.Pointer {
	if c.flat {
		return s
	}
	return c.clone(s)
}

// Box returns the value of a type at an address as an interface value.
func Box(t reflect.Type, p unsafe.Pointer) any { return reflect.NewAt(t, p).Elem().Interface() }

// Unbox returns the address of a new value of a type, which holds x.
func Unbox(t reflect.Type, x any) unsafe.Pointer {
	p := reflect.New(t)
	if x != nil {
		p.Elem().Set(reflect.ValueOf(x))
	}
	return p.UnsafePointer()
}
