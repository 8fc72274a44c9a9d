package liveness

import (
	"slices"

	"github.com/allways-go/allways/internal/gospace"
)

// Ignored returns the texts of the actions that are enabled in every state of a lasso's cycle and
// never taken on it.
func Ignored(p *gospace.Path) []string {
	start, ok := p.Loop()
	if !ok {
		return nil
	}
	var common []string
	for i := start; i < p.Len(); i++ {
		enabled, err := gospace.First(p, i).Transitions()
		if err != nil {
			return nil
		}
		var here []string
		for _, t := range enabled {
			if t.Effect && (i == start || slices.Contains(common, t.Text)) && !slices.Contains(here, t.Text) {
				here = append(here, t.Text)
			}
		}
		common = here
	}
	for i := start; i < p.Len(); i++ {
		common = slices.DeleteFunc(common, func(t string) bool { return t == p.ActionText(i) })
	}
	return common
}
