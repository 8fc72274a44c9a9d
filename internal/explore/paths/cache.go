package paths

import (
	"container/list"
	"strings"
	"sync"

	"github.com/allways-go/allways/actor/diagram"
	"github.com/allways-go/allways/internal/erased"
)

// maxPaths and maxSteps bound the paths that are kept, and the steps that they have together.
const (
	maxPaths = 4096
	maxSteps = 1 << 20
)

// Cache makes paths of their short forms, and keeps the latest ones, so that a step from one of them
// costs a step and not the way from the start. It is safe for concurrent use.
type Cache struct {
	model *erased.Model

	most, mostSteps int // bounds; see maxPaths

	mu     sync.Mutex
	latest *list.List // entries, the latest first
	byName map[string]*list.Element
	steps  int
}

// Entry is a path that is kept.
type Entry struct {
	Name string // the short form
	Path *erased.Path

	once     sync.Once
	sequence *diagram.Sequence
}

// NewCache returns an empty cache for a model.
func NewCache(m *erased.Model) *Cache {
	return &Cache{model: m, most: maxPaths, mostSteps: maxSteps, latest: list.New(), byName: map[string]*list.Element{}}
}

// Drawn returns the sequence diagram of the path as data, or nil; it is made once.
func (e *Entry) Drawn() *diagram.Sequence {
	e.once.Do(func() { e.sequence = e.Path.Sequence() })
	return e.sequence
}

// Get returns the path of a short form such as "0:3.1.4".
func (s *Cache) Get(name string) (*Entry, error) {
	if e := s.cached(name); e != nil {
		return e, nil
	}
	p, err := s.make(name)
	if err != nil {
		return nil, err
	}
	return s.Add(p), nil
}

// make extends the longest path that is kept and begins like the one that is asked for, or takes the
// first steps of one that is longer. Only a few shorter ones are looked for: a path that is far from all
// is made from its start.
func (s *Cache) make(name string) (*erased.Path, error) {
	if strings.Contains(name, "@") {
		return s.model.ParsePath(name)
	}
	if p := s.longer(name); p != nil {
		return p, nil
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
			return erased.Follow(e.Path, strings.TrimPrefix(name[len(prefix):], "."))
		}
	}
	if !strings.Contains(name, "!") {
		return s.model.ParsePath(name)
	}
	init, steps, _ := strings.Cut(name, ":")
	p, err := s.model.ParsePath(init + ":")
	if err != nil {
		return nil, err
	}
	return erased.Follow(p, steps)
}

// longer returns the first steps of a path that is kept and begins like the one that is asked for, or nil.
func (s *Cache) longer(name string) *erased.Path {
	if name == "" || name[len(name)-1] == '.' || !strings.Contains(name, ":") {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	start := name
	if name[len(name)-1] != ':' {
		start += "."
	}
	for at := s.latest.Front(); at != nil; at = at.Next() {
		e := at.Value.(*Entry)
		if !strings.HasPrefix(e.Name, start) && !strings.HasPrefix(e.Name, name+"@") {
			continue
		}
		if name[len(name)-1] == ':' {
			return erased.First(e.Path, 0)
		}
		return erased.First(e.Path, strings.Count(name, ".")+1)
	}
	return nil
}

// cached returns a path that is kept, or nil.
func (s *Cache) cached(name string) *Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.byName[name]
	if at == nil {
		return nil
	}
	s.latest.MoveToFront(at)
	return at.Value.(*Entry)
}

// Add keeps a path.
func (s *Cache) Add(p *erased.Path) *Entry {
	name := p.Encode()
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := s.byName[name]; at != nil {
		return at.Value.(*Entry)
	}
	e := &Entry{Name: name, Path: p}
	s.byName[name] = s.latest.PushFront(e)
	s.steps += p.Len() + 1
	for s.latest.Len() > 1 && (s.latest.Len() > s.most || s.steps > s.mostSteps) {
		last := s.latest.Remove(s.latest.Back()).(*Entry)
		delete(s.byName, last.Name)
		s.steps -= last.Path.Len() + 1
	}
	return e
}

// After returns the short form of what a path adds to its first steps, such as "4.!1".
func After(p *erased.Path, steps int) string {
	name, _, _ := strings.Cut(p.Encode(), "@")
	_, rest, _ := strings.Cut(name, ":")
	for range steps {
		_, rest, _ = strings.Cut(rest, ".")
	}
	return rest
}

// Prefix returns the short form of the first steps of a path.
func Prefix(p *erased.Path, steps int) string {
	name, _, _ := strings.Cut(p.Encode(), "@")
	init, rest, _ := strings.Cut(name, ":")
	return init + ":" + strings.Join(strings.Split(rest, ".")[:steps], ".")
}
