package cli

import (
	"context"
	"fmt"
	"slices"
)

// The flags that verbs have in common.
var (
	searchFlags = []string{
		"workers", "symmetry", "stop", "depth", "max-states", "max-generated", "timeout", "memory",
		"json", "junit", "trace", "diagram", "progress", "color", "full", "quiet", "cpuprofile", "memprofile",
	}
	checkFlags    = append([]string{"strategy", "storage", "spill", "why"}, searchFlags...)
	simulateFlags = append([]string{"scheduler", "walks", "seed"}, searchFlags...)
	replayFlags   = []string{"json", "trace", "diagram", "path", "color", "full", "quiet", "cpuprofile", "memprofile"}
)

// verbsOf returns the verbs of a program: those of its App first.
func verbsOf(p *program) []Verb {
	var all []Verb
	if p.verbs != nil {
		all = p.verbs()
	}
	return append(all,
		Verb{
			Name: "check", Summary: "search all states and give a verdict on every property",
			Common: checkFlags, Run: runCheck,
		},
		Verb{
			Name: "simulate", Summary: "take random walks through the states",
			Common: simulateFlags, Run: runSimulate,
		},
		Verb{
			Name: "replay", Summary: "show a path, from -path or from a trace file",
			Usage:  []string{"MODEL -path PATH [flags]", "FILE [flags]"},
			Common: replayFlags, Run: runReplay,
		},
		Verb{
			Name: "list", Summary: "list the variants, parameters and properties",
			Common: []string{"json", "color"}, Run: runList,
		},
		Verb{Name: "version", Summary: "print the version of the program", Run: runVersion, plain: true},
		Verb{
			Name: "completion", Summary: "print a script that completes command lines in a shell",
			Usage: shells, Run: runCompletion, plain: true,
		},
		Verb{Name: "help", Summary: "show the help of a verb", Usage: []string{"[VERB]"}, Run: runHelp, plain: true},
		Verb{Name: completeVerb, plain: true}, // called by the scripts of completion
	)
}

// visible returns the verbs that help shows, each name once, in the order in which they are of use.
func visible(verbs []Verb) (out []*Verb) {
	order := []string{"check", "explore", "simulate", "replay", "run", "list"}
	rank := func(v *Verb) int {
		if i := slices.Index(order, v.Name); i >= 0 {
			return i
		}
		return len(order)
	}
	for _, v := range verbs {
		if v.Name != completeVerb && !slices.ContainsFunc(out, func(o *Verb) bool { return o.Name == v.Name }) {
			out = append(out, merged(named(verbs, v.Name)))
		}
	}
	slices.SortStableFunc(out, func(a, b *Verb) int { return rank(a) - rank(b) })
	return out
}

func verbNames(verbs []Verb) (names []string) {
	for _, v := range visible(verbs) {
		names = append(names, v.Name)
	}
	return names
}

func named(verbs []Verb, name string) (same []*Verb) {
	for i := range verbs {
		if verbs[i].Name == name {
			same = append(same, &verbs[i])
		}
	}
	return same
}

// merged is what help and the parser see of verbs that share a name.
func merged(same []*Verb) *Verb {
	all := *same[len(same)-1]
	for _, v := range same[:len(same)-1] {
		all.Summary += ", or " + v.Summary
		all.Usage = slices.Concat(all.Usage, v.Usage)
		all.Flags = slices.Concat(all.Flags, v.Flags)
		all.Common = slices.Concat(all.Common, v.Common)
	}
	return &all
}

func runHelp(_ context.Context, c *Call) (int, error) {
	verbs := verbsOf(c.program)
	if len(c.Words) == 0 {
		fmt.Fprint(c.Stdout, c.overview(verbs))
		return ExitHolds, nil
	}
	same := named(verbs, c.Words[0])
	if len(same) == 0 {
		return 0, unknownVerb(c, verbs, c.Words[0])
	}
	fmt.Fprint(c.Stdout, c.help(merged(same)))
	return ExitHolds, nil
}
