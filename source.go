package allways

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/optional"
	"github.com/allways-go/allways/internal/packer"
	"github.com/allways-go/allways/internal/property"
	"github.com/allways-go/allways/internal/refine"
	"github.com/allways-go/allways/internal/usercode"
	"github.com/allways-go/allways/internal/values"
)

// Everything that knows the types of a model is in this file and in the thin wrappers around what
// it returns. Generic code is compiled anew for every model, in the user's package, so there is as
// little of it as speed allows.

// compile checks and compiles the snapshot of a model.
func compile[S, A any](m Model[S, A]) (*gospace.Model, error) {
	if x, ok := m.(untypedModel); ok {
		return x.compiled(), nil
	}
	src, bound, err := sourceOf(m)
	if err != nil {
		return nil, err
	}
	return compiled(src, bound)
}

// sourceOf returns the snapshot of a model without its types, and the names of its optional methods.
func sourceOf[S, A any](m Model[S, A]) (src *gospace.Source, bound []string, err error) {
	m, err = snapshot(m)
	if err != nil {
		return nil, nil, err
	}
	if f, ok := m.(interface{ missing(model any) []string }); ok {
		if err := missingError(f.missing(m)); err != nil {
			return nil, nil, err
		}
	}
	h, bound := hooksOf(m)
	return &gospace.Source{
		Model: m, State: reflect.TypeFor[S](), Action: reflect.TypeFor[A](),
		Code: &code[S, A]{model: m, fairness: h.fairness}, Hooks: h.erased(),
	}, bound, nil
}

// missingError says that fields of a [Funcs] are not set.
func missingError(fields []string) error {
	if fields == nil {
		return nil
	}
	return &ModelError{
		Kind: ErrorDeclaration, Where: "Funcs",
		Message: "required fields are not set: " + strings.Join(fields, ", "),
	}
}

// compiled is compile without types.
func compiled(src *gospace.Source, bound []string) (*gospace.Model, error) {
	if err := optional.Check(src.Model, src.State, src.Action, bound); err != nil {
		return nil, publicError(err)
	}
	c, err := gospace.Compile(src)
	return c, publicError(err)
}

// untypedModel is the model of package erased, which embeds a Stepper that has compiled it before. Its
// types of states and actions are empty ones, which nothing looks at: all that is done with states
// and actions is done by the compiled model, which knows better.
type untypedModel interface {
	compiled() *gospace.Model
	Untyped(gospace.Untyped)
}

// snapshot returns the model that a run uses: the snapshot of one that may be extended, else the
// model itself.
func snapshot[S, A any](m Model[S, A]) (Model[S, A], error) {
	if m == nil {
		return nil, &ModelError{Kind: ErrorDeclaration, Message: "the model is nil"}
	}
	if v := reflect.ValueOf(m); v.Kind() == reflect.Pointer && v.IsNil() && v.Type().Elem().Kind() == reflect.Struct &&
		v.Type().Elem().NumField() > 0 {
		return nil, &ModelError{Kind: ErrorDeclaration, Message: fmt.Sprintf("the model is a nil %T", m)}
	}
	s, ok := m.(Snapshotter[S, A])
	if !ok {
		return m, nil
	}
	var fixed Model[S, A]
	var failure error
	err := usercode.Run("Snapshot", func() { fixed, failure = s.Snapshot() })
	switch {
	case err != nil:
		return nil, publicError(err)
	case failure != nil:
		return nil, &ModelError{Kind: ErrorDeclaration, Message: failure.Error()}
	case fixed == nil:
		return nil, &ModelError{Kind: ErrorDeclaration, Where: "Snapshot", Message: "it returned no model"}
	}
	return fixed, nil
}

// code implements [gospace.Code].
type code[S, A any] struct {
	model    Model[S, A]
	fairness func() []Fairness[S]
	props    []Property[S]         // properties of the model, set once by Properties
	refined  []*refine.Abstraction // abstract models of those that are refinements; set once by Properties
	mapped   []*refine.Abstraction // those of which properties are promises, each once; set once by Properties
}

func (c *code[S, A]) Init() values.Slice { return values.Of(c.model.Init()) }

func (c *code[S, A]) Actions(dst values.Slice, s unsafe.Pointer) values.Slice {
	room := values.As[A](dst)[:0]
	got := c.model.Actions(room, *(*S)(s))
	// A model that returns one of its slices, as if there was no destination, would find later
	// actions written to it.
	if len(got) > 0 && (cap(room) == 0 || &got[0] != &room[:1][0]) {
		got = append(room, got...)
	}
	return values.Of(got)
}

func (c *code[S, A]) Next(next, s, action unsafe.Pointer) (ok bool) {
	*(*S)(next), ok = c.model.Next(*(*S)(s), *(*A)(action))
	return ok
}

// Expand is written for speed: successors stay on the stack, and each is encoded only after the
// next one was computed, since a value whose bytes have just been written can be read in larger
// pieces only after a wait. Those with references are encoded at once; see [packer.Packer].
func (c *code[S, A]) Expand(p *packer.Packer, from unsafe.Pointer, actions values.Slice) {
	model, s, acts := c.model, *(*S)(from), values.As[A](actions)
	i := 0
	for ; !p.Single && i+1 < len(acts); i += 2 {
		p.Act = i
		a, aok := model.Next(s, acts[i])
		p.Act, p.Paired = i+1, true
		b, bok := model.Next(s, acts[i+1])
		p.Paired = false
		p.Add(i, unsafe.Pointer(&acts[i]), unsafe.Pointer(&a), unsafe.Pointer(&s), aok)
		p.Add(i+1, unsafe.Pointer(&acts[i+1]), unsafe.Pointer(&b), unsafe.Pointer(&s), bok)
	}
	for ; i < len(acts); i++ {
		p.Act = i
		a, ok := model.Next(s, acts[i])
		if !p.Single {
			p.Add(i, unsafe.Pointer(&acts[i]), unsafe.Pointer(&a), unsafe.Pointer(&s), ok)
		} else if !p.AddOne(i, unsafe.Pointer(&acts[i]), unsafe.Pointer(&a), unsafe.Pointer(&s), ok) {
			return
		}
	}
}

func (c *code[S, A]) Properties() []gospace.Property {
	c.props = slices.Clone(c.model.Properties())
	if c.fairness != nil {
		assumed := c.fairness()
		for i, p := range c.props {
			if p.kind == KindEventually || p.formula != nil && p.kind != KindPossible {
				c.props[i] = p.Assuming(assumed...)
			}
		}
	}
	out := make([]gospace.Property, len(c.props))
	c.refined = make([]*refine.Abstraction, len(c.props))
	atoms := newAtoms[S, A]()
	for i, p := range c.props {
		out[i] = gospace.Property{Name: p.name, Kind: property.Kind(p.kind), State: onState(p.state)}
		out[i].Step, out[i].Wrong = onStep[S, A](p.step)
		if p.wrong != "" {
			out[i].Wrong = p.wrong
		}
		if p.refines != nil {
			c.refined[i] = p.refines.compile(&out[i])
		}
		if p.mapped != nil && !slices.Contains(c.mapped, p.mapped) {
			c.mapped = append(c.mapped, p.mapped)
		}
		if p.formula != nil || p.fair != nil {
			atoms.runs(p, &out[i])
		}
	}
	return append(out, atoms.all...)
}

// onStep lets a predicate of steps take its arguments by address; nil stays nil. If it is one of other types, wrong
// says so. One that does not look at actions fits all models.
func onStep[S, A any](step any) (_ func(before, a, after unsafe.Pointer) bool, wrong string) {
	if step == nil {
		return nil, ""
	}
	if f, ok := step.(func(S, S) bool); ok {
		return func(before, _, after unsafe.Pointer) bool { return f(*(*S)(before), *(*S)(after)) }, ""
	}
	f, ok := step.(func(S, A, S) bool)
	switch {
	case !ok:
		return nil, mismatch(step, f)
	case f == nil:
		return nil, ""
	}
	return func(before, a, after unsafe.Pointer) bool { return f(*(*S)(before), *(*A)(a), *(*S)(after)) }, ""
}

func mismatch(got, want any) string {
	return fmt.Sprintf("is a %T, which does not fit the model's states and actions: want %T", got, want)
}

// onState lets a function take its argument by address; nil stays nil.
func onState[T, R any](f func(T) R) func(unsafe.Pointer) R {
	if f == nil {
		return nil
	}
	return func(p unsafe.Pointer) R { return f(*(*T)(p)) }
}

// hooks are the optional functions of a model; a nil one is absent.
type hooks[S, A any] struct {
	nextInPlace    func(*S, A) bool
	within         func(S) bool
	fairness       func() []Fairness[S]
	representative func(S) S
	actionName     func(A) string
	formatAction   func(A) string
	formatState    func(S) string
	formatStep     func(S, A, S) string
	changes        func(S, S) []Change
	diagram        func(*Path[S, A]) string
	parts          func(S, func(path, value string))
	actionNames    func() []string
	notes          func() []string
}

// hooksOf finds the optional functions: those of a [Funcs], perhaps an embedded one, and before
// them the methods of the model, whose names it returns.
func hooksOf[S, A any](m Model[S, A]) (h hooks[S, A], bound []string) {
	if f, ok := m.(interface{ hooks() hooks[S, A] }); ok {
		if h = f.hooks(); reflect.TypeOf(m) != reflect.TypeFor[Funcs[S, A]]() {
			h.nextInPlace = nil // Next may be another one
		}
	}
	if x, ok := m.(InPlace[S, A]); ok {
		if bound = append(bound, "NextInPlace"); !optional.InheritsNextInPlace(reflect.TypeOf(m)) {
			h.nextInPlace = x.NextInPlace
		}
	}
	if x, ok := m.(Bounded[S]); ok {
		h.within, bound = x.Within, append(bound, "Within")
	}
	if x, ok := m.(Fair[S]); ok {
		h.fairness, bound = x.Fairness, append(bound, "Fairness")
	}
	if x, ok := m.(Symmetric[S]); ok {
		h.representative, bound = x.Representative, append(bound, "Representative")
	}
	if x, ok := m.(ActionNamer[A]); ok {
		h.actionName, bound = x.ActionName, append(bound, "ActionName")
	}
	if x, ok := m.(ActionLister); ok {
		h.actionNames, bound = x.ActionNames, append(bound, "ActionNames")
	}
	if x, ok := m.(ActionFormatter[A]); ok {
		h.formatAction, bound = x.FormatAction, append(bound, "FormatAction")
	}
	if x, ok := m.(StateFormatter[S]); ok {
		h.formatState, bound = x.FormatState, append(bound, "FormatState")
	}
	if x, ok := m.(StepFormatter[S, A]); ok {
		h.formatStep, bound = x.FormatStep, append(bound, "FormatStep")
	}
	if x, ok := m.(Changer[S]); ok {
		h.changes, bound = x.Changes, append(bound, "Changes")
	}
	if x, ok := m.(Diagrammer[S, A]); ok {
		h.diagram, bound = x.Diagram, append(bound, "Diagram")
	}
	if x, ok := m.(Annotator); ok {
		h.notes, bound = x.Notes, append(bound, "Notes")
	}
	if x, ok := m.(PartLister[S]); ok {
		h.parts, bound = x.Parts, append(bound, "Parts")
	}
	if _, ok := m.(Snapshotter[S, A]); ok {
		bound = append(bound, "Snapshot")
	}
	return h, bound
}

// erased lets the functions take their arguments by address.
func (h hooks[S, A]) erased() gospace.Hooks {
	out := gospace.Hooks{
		Within: onState(h.within), ActionName: onState(h.actionName), FormatAction: onState(h.formatAction),
		FormatState: onState(h.formatState), ActionNames: h.actionNames, Notes: h.notes,
	}
	if f := h.nextInPlace; f != nil {
		out.NextInPlace = func(next, s, a unsafe.Pointer) bool {
			*(*S)(next) = *(*S)(s)
			return f((*S)(next), *(*A)(a))
		}
	}
	if f := h.representative; f != nil {
		out.Representative = func(dst, s unsafe.Pointer) { *(*S)(dst) = f(*(*S)(s)) }
	}
	if f := h.formatStep; f != nil {
		out.FormatStep = func(before, a, after unsafe.Pointer) string {
			return f(*(*S)(before), *(*A)(a), *(*S)(after))
		}
	}
	if f := h.changes; f != nil {
		out.Changes = func(before, after unsafe.Pointer) []gospace.Change {
			return convertChanges[Change, gospace.Change](f(*(*S)(before), *(*S)(after)))
		}
	}
	if f := h.diagram; f != nil {
		out.Diagram = func(p *gospace.Path) string { return f(typedPath[S, A](p)) }
	}
	if f := h.parts; f != nil {
		out.Parts = func(s unsafe.Pointer, add func(path, value string)) { f(*(*S)(s), add) }
	}
	return out
}
