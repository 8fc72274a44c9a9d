package explore

import (
	"container/list"
	"errors"
	"strconv"
	"strings"
	"sync"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/internal/erased"
)

// maxPaths and maxSteps bound the paths that are kept, and the steps that they have together.
const (
	maxPaths = 4096
	maxSteps = 1 << 20
)

// paths makes paths of their short forms, and keeps the latest ones, so that a step from one of
// them costs a step and not the way from the start.
type paths struct {
	model *erased.Model

	mu     sync.Mutex
	latest *list.List // of *entry, latest first
	byName map[string]*list.Element
	steps  int
}

type entry struct {
	name string
	path *erased.Path

	once     sync.Once
	sequence *diagram.Sequence
}

func newPaths(m *erased.Model) *paths {
	return &paths{model: m, latest: list.New(), byName: map[string]*list.Element{}}
}

// drawn returns the sequence diagram of a path as data, or nil; it is made once.
func (e *entry) drawn() *diagram.Sequence {
	e.once.Do(func() { e.sequence = e.path.Sequence() })
	return e.sequence
}

// get returns the path of a short form such as "0:3.1.4".
func (s *paths) get(name string) (*entry, error) {
	if e := s.cached(name); e != nil {
		return e, nil
	}
	p, err := s.make(name)
	if err != nil {
		return nil, misused(err)
	}
	return s.add(p), nil
}

// misused returns an error of the request, unless the model is to blame or the path does not fit it.
func misused(err error) error {
	if _, ok := errors.AsType[*allways.ReplayError](err); ok {
		return err
	}
	if _, ok := errors.AsType[*allways.ModelError](err); ok {
		return err
	}
	return badRequest("%w", err)
}

// make extends the longest path that is kept and begins like the one that is asked for. Only a few
// shorter ones are looked for: a path that is far from all is made from its start.
func (s *paths) make(name string) (*erased.Path, error) {
	if strings.Contains(name, "@") {
		return s.model.ParsePath(name)
	}
	prefix := name
	for range 64 {
		cut := strings.LastIndexByte(prefix, '.')
		if cut < 0 {
			cut = strings.IndexByte(prefix, ':')
			if cut < 0 || cut == len(prefix)-1 {
				break
			}
			cut++ // keep the colon of a path without steps
		}
		prefix = prefix[:cut]
		if e := s.cached(prefix); e != nil {
			return extend(e.path, strings.TrimPrefix(name[len(prefix):], "."))
		}
	}
	return s.model.ParsePath(name)
}

// cached returns a path that is kept, or nil.
func (s *paths) cached(name string) *entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.byName[name]
	if at == nil {
		return nil
	}
	s.latest.MoveToFront(at)
	return at.Value.(*entry)
}

// add keeps a path.
func (s *paths) add(p *erased.Path) *entry {
	name := p.Encode()
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := s.byName[name]; at != nil {
		return at.Value.(*entry)
	}
	e := &entry{name: name, path: p}
	s.byName[name] = s.latest.PushFront(e)
	s.steps += p.Len() + 1
	for s.latest.Len() > 1 && (s.latest.Len() > maxPaths || s.steps > maxSteps) {
		last := s.latest.Remove(s.latest.Back()).(*entry)
		delete(s.byName, last.name)
		s.steps -= last.path.Len() + 1
	}
	return e
}

// extend takes the steps with the given indexes, such as "4.1.5".
func extend(p *erased.Path, indexes string) (*erased.Path, error) {
	for text := range strings.SplitSeq(indexes, ".") {
		i, err := strconv.Atoi(text)
		if err != nil {
			return nil, badRequest("%q is no path: want the index of an initial state and those of the steps, such as 0:3.1.4", indexes)
		}
		if p, err = p.Extend(i); err != nil {
			return nil, err
		}
	}
	return p, nil
}
