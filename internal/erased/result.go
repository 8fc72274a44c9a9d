package erased

import "github.com/allways-go/allways"

// Result is an [allways.Result] without types.
type Result struct {
	Verdict          allways.Verdict
	Properties       []PropertyResult
	Complete         bool
	Bounded          bool
	StopReason       allways.StopReason
	StopPass         string
	Stats            allways.Stats
	Actions          []allways.ActionStats
	Misbehaviour     *allways.ModelError
	MisbehaviourPath *Path // may be nil
	Warnings         []allways.Warning
	Optional         []string
	Seed             uint64
}

// PropertyResult is an [allways.PropertyResult] without types.
type PropertyResult struct {
	Name    string
	Kind    allways.PropertyKind
	Verdict allways.Verdict
	Within  bool
	Path    *Path // may be nil
	Reason  string
	Ignored []string
	Formula string
	Assumes []string
	Fair    []string

	Abstract *allways.AbstractStep // may be nil
}

// result forgets the types of a result; nil stays nil.
func (m *Model) result(r *allways.Result[state, action]) *Result {
	if r == nil {
		return nil
	}
	out := &Result{
		Verdict: r.Verdict, Complete: r.Complete, Bounded: r.Bounded,
		StopReason: r.StopReason, StopPass: r.StopPass, Stats: r.Stats, Actions: r.Actions,
		Misbehaviour: r.Misbehaviour, MisbehaviourPath: m.path(r.MisbehaviourPath),
		Warnings: r.Warnings, Optional: r.Optional, Seed: r.Seed, Properties: make([]PropertyResult, len(r.Properties)),
	}
	for i, p := range r.Properties {
		out.Properties[i] = PropertyResult{
			Name: p.Name, Kind: p.Kind, Verdict: p.Verdict, Within: p.Within, Path: m.path(p.Path),
			Reason: p.Reason, Ignored: p.Ignored, Formula: p.Formula, Assumes: p.Assumes, Fair: p.Fair,
			Abstract: p.Abstract,
		}
	}
	return out
}
