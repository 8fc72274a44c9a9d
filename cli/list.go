package cli

import (
	"context"
	"slices"

	"github.com/allways-go/allways/cli/internal/render"
	"github.com/allways-go/allways/trace"
)

func runList(_ context.Context, c *Call) (int, error) {
	s, err := c.build(c.Words, trace.Header{})
	if err != nil {
		return 0, err
	}
	variants, params := c.program.variantEntries(), slices.Concat(c.program.entries(false), c.program.entries(true))
	if c.JSON {
		c.Emit(render.ListEvent(&s.about, variants, params))
	} else {
		render.List(c.out, c.view(), &s.about, variants, params)
	}
	return ExitHolds, nil
}
