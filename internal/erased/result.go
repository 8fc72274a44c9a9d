package erased

import "github.com/allways-go/allways"

// Result is an [allways.Result] without types.
type Result struct {
	Verdict          allways.Verdict
	Properties       []PropertyResult
	Complete         bool
	Bounded          bool
	StopReason       allways.StopReason
	Stats            allways.Stats
	Actions          []allways.ActionStats
	Misbehaviour     *allways.ModelError
	MisbehaviourPath *Path // nil if there is none
	Optional         []string
	Seed             uint64
}

// PropertyResult is an [allways.PropertyResult] without types.
type PropertyResult struct {
	Name    string
	Kind    allways.PropertyKind
	Verdict allways.Verdict
	Within  bool
	Path    *Path // nil if there is none
	Reason  string
	Ignored []string
}

// ResultOf forgets the types of a result of m, which must be compiled; nil stays nil.
func ResultOf[S, A any](m *Model, r *allways.Result[S, A]) *Result {
	return m.m.(*model[S, A]).result(r)
}

// PathOf forgets the types of a path of m, which must be compiled; nil stays nil.
func PathOf[S, A any](m *Model, p *allways.Path[S, A]) *Path { return m.m.(*model[S, A]).path(p) }
