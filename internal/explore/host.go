package explore

import (
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore/background"
	"github.com/allways-go/allways/internal/explore/paths"
	"github.com/allways-go/allways/trace"
)

// host is what the calls of the interface answer from. Its methods that begin with get and post are the
// calls.
type host struct {
	model   *erased.Model
	o       Options
	paths   *paths.Cache
	spreads paths.Spreads
	known   *paths.Known
	search  *background.Search
	beside  recording
}

// path returns the path of a short form.
func (s *host) path(name string) (*paths.Entry, error) {
	e, err := s.paths.Get(name)
	if err != nil {
		return nil, misused(err)
	}
	return e, nil
}

// header describes the model for trace files.
func (s *host) header() trace.Header {
	h := s.o.Header
	h.Types = s.model.TypesHash()
	return h
}
