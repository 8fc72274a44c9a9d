// Package valuetest makes types and values of every shape for tests, and says by reflection alone,
// without package plan, what their content is.
package valuetest

//lint:file-ignore U1000 values of these types are read through reflection

import (
	"fmt"
	"math/big"
	"net/netip"
	"reflect"
	"time"

	"pgregory.net/rapid"
)

// Enum has a name for most of its values. The String method panics for the others.
type Enum uint8

// String returns the name.
func (e Enum) String() string { return [...]string{"idle", "busy", "done"}[e] }

// Level has a name by a method of its pointer.
type Level int16

// String returns the name.
func (l *Level) String() string { return fmt.Sprintf("level %d", int(*l)) }

// Name is a string with a type.
type Name string

// Point has unexported and blank fields.
type Point struct {
	x int16
	_ [3]uint8
	y int16
}

// Gap has padding.
type Gap struct {
	a bool
	b int64
	c uint8
}

// Blank takes memory and has no content.
type Blank struct{ _ [4]uint32 }

// Tree is recursive through pointers and a map.
type Tree struct {
	left, right *Tree
	label       Name
	bag         map[Name]*Tree
}

// List is recursive through slices.
type List []List

// Graph is recursive through maps.
type Graph map[Enum]Graph

// PointRef is a pointer with a name.
type PointRef *Point

// Embeds has fields of embedded types, one of them a pointer.
type Embeds struct {
	Point
	*Gap
	n int
}

// Mixed holds types that are encoded as a whole.
type Mixed struct {
	at    time.Time
	n     big.Int
	addrs []netip.Addr
	own   Own
}

// Shape is an interface with a few implementations.
type Shape interface{ shape() }

// Circle is a Shape by its value.
type Circle struct{ r float64 }

// Poly is a Shape by its pointer.
type Poly struct{ corners []Point }

func (Circle) shape() {}
func (*Poly) shape()  {}

// Own encodes itself. It refers to memory.
type Own struct{ b []byte }

// AppendCanonical appends the content.
func (o Own) AppendCanonical(dst []byte) []byte { return append(dst, o.b...) }

// DecodeCanonical reads the content.
func (o *Own) DecodeCanonical(src []byte) error {
	o.b = append([]byte(nil), src...)
	return nil
}

func typesOf(values ...any) (types []reflect.Type) {
	for _, v := range values {
		types = append(types, reflect.TypeOf(v).Elem())
	}
	return types
}

var (
	scalarTypes = typesOf((*bool)(nil), (*int)(nil), (*int8)(nil), (*int16)(nil), (*int32)(nil),
		(*int64)(nil), (*uint)(nil), (*uint8)(nil), (*uint16)(nil), (*uint32)(nil), (*uint64)(nil),
		(*Enum)(nil), (*Level)(nil))
	floatTypes = typesOf((*float32)(nil), (*float64)(nil), (*complex64)(nil), (*complex128)(nil))
	// keyTypes may be keys of maps, beside scalars.
	keyTypes = typesOf((*string)(nil), (*Name)(nil), (*Point)(nil), (*Gap)(nil), (*Blank)(nil),
		(*struct{})(nil), (*any)(nil), (*time.Time)(nil), (*netip.Addr)(nil), (*float64)(nil),
		(*complex64)(nil))
	// partTypes are neither scalars nor keys.
	partTypes = typesOf((*Tree)(nil), (*List)(nil), (*Graph)(nil), (*PointRef)(nil), (*Embeds)(nil),
		(*Mixed)(nil), (*Shape)(nil), (*Circle)(nil), (*Own)(nil), (*big.Int)(nil), (**big.Int)(nil),
		(*big.Rat)(nil), (*netip.AddrPort)(nil), (*netip.Prefix)(nil), (*any)(nil))
	// dynamicTypes are met in interfaces of type any.
	dynamicTypes = typesOf((*bool)(nil), (*int)(nil), (*uint16)(nil), (*float32)(nil), (*string)(nil),
		(*Enum)(nil), (*Level)(nil), (*Point)(nil), (**Gap)(nil), (*[]int)(nil), (*map[string]int8)(nil),
		(*[2]any)(nil), (*[]any)(nil), (*Tree)(nil), (*time.Time)(nil), (**big.Int)(nil), (*Own)(nil),
		(*struct{})(nil))
	// dynamicKeys are met in interfaces within map keys.
	dynamicKeys = typesOf((*bool)(nil), (*int)(nil), (*float64)(nil), (*string)(nil), (*Enum)(nil),
		(*Point)(nil), (*[2]any)(nil), (*netip.Addr)(nil))
	shapeType  = reflect.TypeFor[Shape]()
	shapeTypes = typesOf((*Circle)(nil), (**Poly)(nil))
)

// Type draws a type that has content.
func Type(t *rapid.T) reflect.Type { return drawType(t, 3) }

func drawType(t *rapid.T, depth int) reflect.Type {
	kind := rapid.IntRange(0, 9).Draw(t, "kind")
	if depth == 0 {
		kind %= 4
	}
	part := func() reflect.Type { return drawType(t, depth-1) }
	switch kind {
	case 0:
		return oneOf(t, scalarTypes)
	case 1:
		return oneOf(t, floatTypes)
	case 2:
		return oneOf(t, keyTypes)
	case 3:
		return oneOf(t, partTypes)
	case 4:
		return reflect.ArrayOf(rapid.IntRange(0, 3).Draw(t, "length"), part())
	case 5:
		return reflect.SliceOf(part())
	case 6:
		return reflect.PointerTo(part())
	case 7:
		return reflect.MapOf(drawKeyType(t, depth), part())
	}
	return drawStruct(t, 4, part)
}

// drawStruct draws a struct type. Fields are exported, unexported or blank.
func drawStruct(t *rapid.T, most int, part func() reflect.Type) reflect.Type {
	var fields []reflect.StructField
	for i := range rapid.IntRange(1, most).Draw(t, "fields") {
		f := reflect.StructField{Type: part()}
		switch rapid.IntRange(0, 5).Draw(t, "name") {
		case 0:
			f.Name, f.PkgPath = "_", "valuetest"
		case 1, 2:
			f.Name, f.PkgPath = fmt.Sprintf("f%d", i), "valuetest"
		default:
			f.Name = fmt.Sprintf("F%d", i)
		}
		fields = append(fields, f)
	}
	return reflect.StructOf(fields)
}

func drawKeyType(t *rapid.T, depth int) reflect.Type {
	kind := rapid.IntRange(0, 3).Draw(t, "key kind")
	if depth <= 0 {
		kind %= 2
	}
	part := func() reflect.Type { return drawKeyType(t, depth-2) }
	switch kind {
	case 0:
		return oneOf(t, scalarTypes)
	case 1:
		return oneOf(t, keyTypes)
	case 2:
		return reflect.ArrayOf(rapid.IntRange(0, 2).Draw(t, "key length"), part())
	}
	return drawStruct(t, 2, part)
}

func oneOf(t *rapid.T, types []reflect.Type) reflect.Type {
	return types[rapid.IntRange(0, len(types)-1).Draw(t, "type")]
}
