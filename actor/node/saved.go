package node

import "github.com/allways-go/allways/actor/internal/program"

// Saved is what an actor has saved, perhaps by an earlier version of the program; see [Config.Migrate].
type Saved struct {
	Actor  string // name of the actor
	Type   string // name of the type, without its package
	Schema string // structure of the type, with its fields

	stable program.Stable
}

// SavedAs returns what was saved as a T. The type must have the fields of the one that was saved, with the
// same names and types in the same order, but may have another name: an earlier version of a type is kept
// under another name to read what it has saved.
func SavedAs[T any](s Saved) (T, error) { return program.Saved[T](s.stable) }
