package actor

import (
	"fmt"
	"reflect"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/plan"
)

// contentOf returns the codec of the states of an actor, or of messages. It refuses what belongs to handlers and
// properties before package plan finds a part of it without content.
func contentOf[T any]() (core.Codec, error) {
	if path, x := plan.Misplaced(reflect.TypeFor[T](), ""); x != nil {
		reason, remedy := x.Misplaced()
		return core.Codec{}, fmt.Errorf("field %s: %s: %s", path, reason, remedy)
	}
	return core.CodecOf[T]()
}

// ofHandler is in what belongs to a handler while it runs. It implements [plan.Misplacer].
type ofHandler struct{}

func (ofHandler) Misplaced() (reason, remedy string) {
	return "a Context is valid until its handler returns, and must not be kept", "use the one that each handler gets"
}

// ofProgram is in a System. It implements [plan.Misplacer].
type ofProgram struct{}

func (ofProgram) Misplaced() (reason, remedy string) {
	return "a System is no part of its states", "keep the IDs of its actors instead"
}

// Misplaced implements [plan.Misplacer].
func (reference) Misplaced() (reason, remedy string) {
	return "a Ref is for properties", "keep its ID instead"
}

// Misplaced implements [plan.Misplacer].
func (origin) Misplaced() (reason, remedy string) {
	return "a State is for properties", "keep what it means to the actor instead"
}
