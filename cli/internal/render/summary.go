package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/pathtext"
)

// Start announces a search.
func Start(w io.Writer, v View, s *Subject, q Search) {
	if v.Quiet {
		return
	}
	parts := []string{v.Style.strong(s.Title())}
	if q.Random {
		parts = append(parts, "random walks", fmt.Sprintf("seed %d", q.Seed))
	} else {
		parts = append(parts, q.Strategy.String(), q.Store.String())
	}
	if q.Symmetry {
		parts = append(parts, "symmetry")
	}
	if q.Workers > 0 {
		parts = append(parts, plural(q.Workers, "worker"))
	}
	fmt.Fprintf(w, "%s\n\n", strings.Join(parts, "  "))
}

// Summary prints the outcome of a search: verdicts, counts, actions, the profile and every
// counterexample.
func Summary(w io.Writer, v View, s *Subject, q Search, o *Outcome) {
	verdicts(w, v, o.Result)
	warnings(w, v, o.Warnings)
	if !v.Quiet {
		counts(w, v, q, o)
		actions(w, v, o.Actions, o.Stats.Strategy != allways.Symbolic)
		profile(w, v, o)
		if len(s.Optional) > 0 {
			fmt.Fprintf(w, "%s  %s\n\n", v.Style.faint("optional methods"), strings.Join(s.Optional, ", "))
		}
		notes(w, v, s)
	}
	shown := map[string]string{} // by path: the first property that it refutes
	for _, p := range o.Properties {
		if p.Verdict != allways.Violated {
			continue
		}
		if p.Path != nil && o.Traces[p.Name] == "" {
			if first := shown[p.Path.Encode()]; first != "" {
				name := v.Style.strong(printable(p.Name))
				fmt.Fprintf(w, "%s %s by the same path as %s\n\n", name, verdict(v, p.Verdict), printable(first))
				continue
			}
			shown[p.Path.Encode()] = p.Name
		}
		counterexample(w, v, s, p, o.Traces[p.Name])
	}
	if o.Misbehaviour != nil {
		misbehaviour(w, v, s, o)
	}
	exit(w, v, o)
}

// exit prints the exit code, which "go run" hides.
func exit(w io.Writer, v View, o *Outcome) {
	if !v.Quiet {
		fmt.Fprintf(w, "%s  %s\n", v.Style.faint(fmt.Sprintf("exit code %d", o.Exit)), o.Meaning)
	}
}

// notes prints what the model says of itself.
func notes(w io.Writer, v View, s *Subject) {
	for _, n := range s.Notes {
		fmt.Fprintf(w, "%s\n", v.Style.faint(printable(n)))
	}
	if len(s.Notes) > 0 {
		fmt.Fprintln(w)
	}
}

// verdicts prints a line for each property.
func verdicts(w io.Writer, v View, r *erased.Result) {
	if len(r.Properties) == 0 {
		return // a warning says so
	}
	rows := make([][]string, len(r.Properties))
	for i, p := range r.Properties {
		rows[i] = []string{verdict(v, p.Verdict), p.Kind.String(), printable(p.Name), remark(p)}
	}
	fmt.Fprintf(w, "%s\n", pathtext.Grid([]string{"VERDICT", "KIND", "PROPERTY", ""}, rows))
	assumptions(w, r)
}

// assumptions lists what promises about runs assume, each assumption once.
func assumptions(w io.Writer, r *erased.Result) {
	var names []string
	by, ofRuns := map[string][]string{}, 0
	for _, p := range r.Properties {
		if p.Formula != "" && p.Kind != allways.KindPossible {
			ofRuns++
		}
		for _, a := range p.Assumes {
			if by[a] == nil {
				names = append(names, a)
			}
			by[a] = append(by[a], p.Name)
		}
	}
	rows := make([][]string, len(names))
	for i, a := range names {
		of := strings.Join(by[a], ", ")
		if n := len(by[a]); n == ofRuns && n > 1 {
			of = "all promises about runs"
		}
		rows[i] = []string{printable(a), printable(of)}
	}
	if len(rows) > 0 {
		fmt.Fprintf(w, "%s\n", pathtext.Grid([]string{"ASSUMPTION", "OF"}, rows))
	}
}

// warnings prints why the verdicts may say less than they seem to. They belong to the verdicts, and are
// shown wherever those are.
func warnings(w io.Writer, v View, all []allways.Warning) {
	for _, x := range all {
		fmt.Fprintf(w, "%s %s\n", v.Style.doubt("warning:"), indent(x.Text, "         "))
	}
	if len(all) > 0 {
		fmt.Fprintln(w)
	}
}

func verdict(v View, of allways.Verdict) string {
	switch of {
	case allways.Holds:
		return v.Style.good(of.String())
	case allways.Violated:
		return v.Style.bad("VIOLATED")
	}
	return v.Style.doubt(of.String())
}

const withinText = "within the boundary"

// remark is what stands behind a verdict on its line.
func remark(p erased.PropertyResult) string {
	var all []string
	if p.Within && !strings.Contains(p.Reason, withinText) {
		all = append(all, withinText)
	}
	if p.Path != nil {
		encoded := p.Path.Encode()
		switch {
		case p.Verdict == allways.Violated:
			all = append(all, "counterexample of "+plural(p.Path.Len(), "step"))
		case len(encoded) <= 60:
			all = append(all, "witness of "+plural(p.Path.Len(), "step")+": "+encoded)
		default:
			all = append(all, "witness of "+plural(p.Path.Len(), "step"))
		}
	}
	if p.Reason != "" && (p.Formula == "" || p.Path == nil) { // that of a run stands below its counterexample
		all = append(all, printable(p.Reason))
	}
	return strings.Join(all, "; ")
}

// A rate, and the memory of a state, say something about the model only in runs that are long and
// large enough: a short run spends its time on starting, and a small one its memory on tables that
// are not full.
const (
	tellingTime   = 50 * time.Millisecond
	tellingStates = 10_000
)

// counts prints the table of what the search did.
func counts(w io.Writer, v View, q Search, o *Outcome) {
	st := o.Stats
	rows := [][]string{
		{"generated", count(st.Generated), ""},
		{"distinct", count(st.Distinct), ""},
		{"depth", count(int64(st.Depth)), ""},
		{"time", elapsed(st.Elapsed), plural(st.Workers, "worker")},
		{"memory", bytesText(st.Memory), ""},
	}
	if st.Strategy == allways.Symbolic {
		rows = setRows(rows, st)
	} else {
		rows = stateRows(rows, st, q, o)
	}
	if st.Passes > 0 {
		rows = append(rows, []string{"passes", count(int64(st.Passes)), "dead messages forgotten"})
	}
	if st.Chosen != "" {
		rows = append(rows, []string{"strategy", st.Strategy.String(), st.Chosen})
	}
	for _, row := range rows {
		row[0], row[2] = v.Style.faint(row[0]), v.Style.faint(row[2])
	}
	fmt.Fprint(w, pathtext.Grid(nil, rows, 2))
	fmt.Fprintln(w, coverage(v, q, o))
	if st.SetsMayPay {
		fmt.Fprintln(w, "-strategy symbolic decides the same, and may reach further")
	}
	fmt.Fprintln(w)
}

// setRows makes the rows those of a search of sets of states, which knows no depth, and may count beyond the numbers
// of others.
func setRows(rows [][]string, st allways.Stats) [][]string {
	rows = slices.Delete(rows, 2, 3)
	if st.States == nil {
		return slices.Delete(rows, 0, 2)
	}
	rows[0][1], rows[1][1] = humanize.BigComma(st.Steps), humanize.BigComma(st.States)
	return rows
}

// stateRows adds what is known of a search of states.
func stateRows(rows [][]string, st allways.Stats, q Search, o *Outcome) [][]string {
	if st.Elapsed >= tellingTime {
		rows[0][2] = rate(st.Rate())
	}
	if st.Symmetry >= time.Second && st.Symmetry >= st.Elapsed/10 {
		rows[3][2] += ", " + elapsed(st.Symmetry) + " of it to check that the symmetry is sound"
	}
	if st.Distinct >= tellingStates {
		rows[1][2] = humanize.CommafWithDigits(st.BytesPerState(), 1) + " bytes a state"
	}
	if st.Written > 0 {
		rows = append(rows, []string{"disk", bytesText(st.Written), "written, and " + bytesText(st.Read) + " read"})
	}
	if st.Walks > 0 {
		rows = append(rows, []string{"walks", count(st.Walks), fmt.Sprintf("seed %d", o.Seed)})
	}
	if q.Store == allways.StoreFingerprints {
		if st.Distinct >= tellingStates && st.ExactMemory < st.Memory {
			rows[4][2] = "the exact store would take less: about " + bytesText(st.ExactMemory)
		}
		omission := []string{"omission", fmt.Sprintf("%.2g", st.Omission), "probability that a state was missed"}
		rows = append(rows, omission)
	}
	return rows
}

// coverage says in a sentence how much of the state space was searched.
func coverage(v View, q Search, r *Outcome) string {
	switch {
	case r.Complete && r.Bounded:
		return "complete: every reachable state inside the boundary was searched"
	case r.Complete:
		return "complete: every reachable state was searched"
	case r.StopReason == allways.StopReasonNone:
		return v.Style.doubt("incomplete")
	case r.StopReason == allways.StopReasonCondition && q.Stop == allways.StopDecided:
		return "not all states were searched: every property was decided before that"
	case r.StopReason == allways.StopReasonCondition, r.StopReason == allways.StopReasonWalks:
		return "not all states were searched: " + string(r.StopReason)
	}
	text := v.Style.doubt("incomplete: ") + string(r.StopReason)
	if name, ok := strings.CutPrefix(r.StopPass, "eventually "); ok {
		text += fmt.Sprintf(" in the search for a refutation of %q, after all states were searched", name)
	}
	if perhapsEndless(r.StopReason) && !q.Random && r.Stats.Strategy != allways.Symbolic && r.Profile == nil {
		text += "; -why shows what still grows"
	}
	return text
}

// perhapsEndless reports whether a search that ended like this may be one of a model without end.
func perhapsEndless(reason allways.StopReason) bool {
	switch reason {
	case allways.StopReasonStates, allways.StopReasonGenerated, allways.StopReasonTime,
		allways.StopReasonMemory, allways.StopReasonCanceled:
		return true
	}
	return false
}

// actions prints how often each kind of action was enabled and taken, and how many states it was the first to reach
// if that is known.
func actions(w io.Writer, v View, all []allways.ActionStats, fresh bool) {
	if len(all) == 0 {
		return
	}
	rows := make([][]string, len(all))
	for i, a := range all {
		rows[i] = []string{printable(a.Name), count(a.Enabled), count(a.Taken), count(a.New), ""}
		if a.NeverTaken {
			rows[i][4] = v.Style.doubt("never taken")
		}
	}
	head := []string{"ACTION", "ENABLED", "TAKEN", "NEW", ""}
	if !fresh {
		head = slices.Delete(head, 3, 4)
		for i := range rows {
			rows[i] = slices.Delete(rows[i], 3, 4)
		}
	}
	fmt.Fprintf(w, "%s\n", pathtext.Grid(head, rows, 2, 3, 4))
}
