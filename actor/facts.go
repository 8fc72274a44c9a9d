package actor

import (
	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/internal/plan"
)

// facts are what other packages ask of a model that does not depend on the type of its messages.
type facts struct{ sys *core.System }

// Naming returns how ids of actors in states read. It is for package allways.
func (f facts) Naming() plan.Naming { return core.Naming(f.sys) }

// Compile implements [Program].
func (f facts) Compile() (*core.System, error) { return f.sys, nil }

// Symmetric reports whether actors are declared [System.Interchangeable]. It is for package allways.
func (f facts) Symmetric() bool { return len(f.sys.Groups) > 0 }
