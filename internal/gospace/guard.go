package gospace

import (
	"strconv"

	"github.com/allways-go/allways/internal/engine"
	"github.com/allways-go/allways/internal/usercode"
)

// guard runs user code; see [usercode.Run].
func guard(where string, f func()) error { return usercode.Run(where, f) }

func errNoInit() error {
	message := "it returned no state: return at least one initial state"
	return &engine.Misbehaviour{Kind: engine.ErrorInit, Where: "Init", Act: -1, Message: message}
}

// PropertySite names a property as the place where user code runs.
func PropertySite(name string) string { return "property " + strconv.Quote(name) }
