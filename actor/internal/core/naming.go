package core

import (
	"reflect"

	"github.com/allways-go/allways/internal/plan"
)

// Naming returns how ids in users' values read: as names of actors, as NoActor, or as numbers if no actor has them.
func Naming(sys *System) plan.Naming {
	return func(x reflect.Value) (name string, ok bool) {
		switch id, ok := sys.IDOf(x); {
		case !ok:
			return "", false
		case id == NoActor:
			return "NoActor", true
		case sys.Has(id):
			return sys.Actors[id].Name, true
		}
		return "", false
	}
}
