package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/allways-go/allways"
)

// maxShown is how many steps of a path are shown when -full is not given: half of them from its start, half from its end.
const maxShown = 200

// start announces a search.
func (c *command) start(verb string, s *selection) {
	o := c.settings.options
	if c.settings.json {
		c.emit(c.startEvent(verb, s))
		return
	}
	if c.settings.quiet {
		return
	}
	parts := []string{c.paint.strong(c.title(s))}
	if verb == "simulate" {
		parts = append(parts, "random walks", fmt.Sprintf("seed %d", c.settings.walks.Seed))
	} else {
		parts = append(parts, o.Strategy.String(), o.Store.String())
	}
	if o.Symmetry {
		parts = append(parts, "symmetry")
	}
	if o.Workers > 0 {
		parts = append(parts, plural(o.Workers, "worker"))
	}
	fmt.Fprintf(c.out, "%s\n\n", strings.Join(parts, "  "))
}

// title names a selection as the command line does.
func (c *command) title(s *selection) string {
	return strings.Join(append([]string{c.app.Name}, s.params...), " ")
}

// summarize prints a result for people.
func (c *command) summarize(s *selection, r *report, saved map[string]string) {
	c.verdicts(r)
	if !c.settings.quiet {
		c.counts(r)
		c.actions(r)
		c.why(r)
		if len(s.about.Optional) > 0 {
			fmt.Fprintf(c.out, "%s  %s\n\n", c.paint.faint("optional methods"), strings.Join(s.about.Optional, ", "))
		}
		c.notes(s)
	}
	shown := map[string]string{} // by path: the first property that it refutes
	for _, p := range r.Properties {
		if p.Verdict != allways.Violated {
			continue
		}
		if p.Path != nil && saved[p.Name] == "" {
			if first := shown[p.Path.Encoded]; first != "" {
				fmt.Fprintf(c.out, "%s %s by the same path as %s\n\n", c.paint.strong(printable(p.Name)), c.verdict(p.Verdict), printable(first))
				continue
			}
			shown[p.Path.Encoded] = p.Name
		}
		c.counterexample(s, p, saved[p.Name])
	}
	if r.Misbehaviour != nil {
		c.misbehaviour(s, r)
		if path := saved[""]; path != "" {
			fmt.Fprintf(c.out, "trace   %s\n", path)
		}
	}
}

// notes prints what the model notes of itself.
func (c *command) notes(s *selection) {
	for _, n := range s.about.Notes {
		fmt.Fprintf(c.out, "%s\n", c.paint.faint(printable(n)))
	}
	if len(s.about.Notes) > 0 {
		fmt.Fprintln(c.out)
	}
}

// verdicts prints a line a property.
func (c *command) verdicts(r *report) {
	if len(r.Properties) == 0 {
		fmt.Fprintf(c.out, "the model declares no properties\n\n")
		return
	}
	rows := make([][]string, len(r.Properties))
	for i, p := range r.Properties {
		rows[i] = []string{c.verdict(p.Verdict), p.Kind.String(), printable(p.Name), c.note(p)}
	}
	fmt.Fprintf(c.out, "%s\n", grid([]string{"VERDICT", "KIND", "PROPERTY", ""}, rows))
}

func (c *command) verdict(v allways.Verdict) string {
	switch v {
	case allways.Holds:
		return c.paint.good(v.String())
	case allways.Violated:
		return c.paint.bad("VIOLATED")
	}
	return c.paint.doubt(v.String())
}

const withinText = "within the boundary"

// note says what there is to say of a verdict on its line.
func (c *command) note(p propertyReport) string {
	var notes []string
	if p.Within && !strings.Contains(p.Reason, withinText) {
		notes = append(notes, withinText)
	}
	if p.Path != nil {
		switch {
		case p.Verdict == allways.Violated:
			notes = append(notes, "counterexample of "+plural(p.Path.Len, "step"))
		case len(p.Path.Encoded) <= 60:
			notes = append(notes, "witness of "+plural(p.Path.Len, "step")+": "+p.Path.Encoded)
		default:
			notes = append(notes, "witness of "+plural(p.Path.Len, "step"))
		}
	}
	if p.Reason != "" {
		notes = append(notes, printable(p.Reason))
	}
	return strings.Join(notes, "; ")
}

// From when on a rate, and the memory of a state, tell something about the model.
const (
	tellingTime   = 50 * time.Millisecond
	tellingStates = 10_000
)

// counts prints the table of what the search did.
func (c *command) counts(r *report) {
	st := r.Stats
	rows := [][]string{
		{"generated", count(st.Generated), ""},
		{"distinct", count(st.Distinct), ""},
		{"depth", count(int64(st.Depth)), ""},
		{"time", elapsed(st.Elapsed), plural(st.Workers, "worker")},
		{"memory", bytesText(st.Memory), ""},
	}
	// A short run spends its time on starting, and a small one its memory on tables that are not full.
	if st.Elapsed >= tellingTime {
		rows[0][2] = rate(st.Rate())
	}
	if st.Distinct >= tellingStates {
		rows[1][2] = humanize.CommafWithDigits(st.BytesPerState(), 1) + " bytes a state"
	}
	if st.Walks > 0 {
		rows = append(rows, []string{"walks", count(st.Walks), fmt.Sprintf("seed %d", r.Seed)})
	}
	if c.settings.options.Store == allways.StoreFingerprints {
		rows = append(rows, []string{"omission", fmt.Sprintf("%.2g", st.Omission), "probability that a state was missed"})
	}
	for _, row := range rows {
		row[0], row[2] = c.paint.faint(row[0]), c.paint.faint(row[2])
	}
	fmt.Fprint(c.out, grid(nil, rows, 2))
	fmt.Fprintf(c.out, "%s\n\n", c.coverage(r))
}

// coverage says in a sentence how much of the state space was searched.
func (c *command) coverage(r *report) string {
	switch {
	case r.Complete && r.Bounded:
		return "complete: every reachable state inside the boundary was searched"
	case r.Complete:
		return "complete: every reachable state was searched"
	case r.Cut == allways.StopReasonNone:
		return c.paint.doubt("incomplete")
	case r.Cut == allways.StopReasonCondition && c.settings.options.Stop.String() == allways.StopDecided.String():
		return "not all states were searched: every property was decided before that"
	case r.Cut == allways.StopReasonCondition, r.Cut == allways.StopReasonWalks:
		return "not all states were searched: " + string(r.Cut)
	}
	return c.paint.doubt("incomplete: ") + string(r.Cut)
}

// actions prints how often each kind of action was enabled and taken.
func (c *command) actions(r *report) {
	if len(r.Actions) == 0 {
		return
	}
	rows := make([][]string, len(r.Actions))
	for i, a := range r.Actions {
		rows[i] = []string{printable(a.Name), count(a.Enabled), count(a.Taken), count(a.New), ""}
		if a.NeverTaken {
			rows[i][4] = c.paint.doubt("never taken")
		}
	}
	fmt.Fprintf(c.out, "%s\n", grid([]string{"ACTION", "ENABLED", "TAKEN", "NEW", ""}, rows, 2, 3, 4))
}

// counterexample prints why a property is violated.
func (c *command) counterexample(s *selection, p propertyReport, saved string) {
	if p.Path == nil {
		if !c.settings.quiet {
			fmt.Fprintf(c.out, "%s %s: %s\n\n", printable(p.Name), c.verdict(p.Verdict), orElse(printable(p.Reason), "no state shows it"))
		}
		return
	}
	if !c.settings.quiet {
		fmt.Fprintf(c.out, "%s %s after %s (%s property)\n\n", c.paint.strong(printable(p.Name)), c.verdict(p.Verdict), plural(p.Path.Len, "step"), p.Kind)
		c.route(p.Path)
		if len(p.Ignored) > 0 {
			fmt.Fprintf(c.out, "  never taken, though enabled all along the cycle: %s\n\n", printable(strings.Join(p.Ignored, ", ")))
		}
		if p.Reason != "" {
			fmt.Fprintf(c.out, "  %s\n\n", printable(p.Reason))
		}
	}
	c.replayHint(s, p.Path, saved)
}

// maxCommand is the longest path that still makes a command to copy.
const maxCommand = 4000

// replayHint prints the command that shows a path again.
func (c *command) replayHint(s *selection, r *route, saved string) {
	if saved != "" {
		fmt.Fprintf(c.out, "%s   %s\n", c.paint.faint("trace"), saved)
	}
	switch {
	case len(r.Encoded) <= maxCommand:
		fmt.Fprintf(c.out, "%s  %s\n", c.paint.faint("replay"), c.invocation("replay", s, "-path", r.Encoded))
	case saved != "":
		fmt.Fprintf(c.out, "%s  %s replay %s\n", c.paint.faint("replay"), c.program, shellWord(saved))
	default:
		fmt.Fprintf(c.out, "%s  with -trace FILE: the path is too long to be typed\n", c.paint.faint("replay"))
	}
	fmt.Fprintln(c.out)
}

// route prints the steps of a path, with what each of them changed.
func (c *command) route(r *route) {
	init, err := r.init()
	if err != nil {
		fmt.Fprintf(c.out, "  %v\n", err)
		return
	}
	fmt.Fprintf(c.out, "  %s  %s\n", c.paint.faint("init"), indent(init, "        "))
	c.cycleStart(r, 0)
	hidden := func(i int) bool {
		return !c.settings.full && r.Len > maxShown && i >= maxShown/2 && i < r.Len-maxShown/2
	}
	err = r.steps(func(i int, st stepView) {
		switch {
		case !hidden(i):
			c.step(i, st)
		case !hidden(i - 1):
			fmt.Fprintf(c.out, "   ...  %s are left out: -full shows them\n", plural(r.Len-maxShown, "step"))
		}
		c.cycleStart(r, i+1)
	})
	if err == nil {
		err = c.diagram(r)
	}
	if err != nil {
		fmt.Fprintf(c.out, "  %v\n", err)
	}
	fmt.Fprintln(c.out)
}

func (c *command) cycleStart(r *route, i int) {
	if r.Loop >= 0 && i == r.Loop {
		fmt.Fprintf(c.out, "     %s\n", c.paint.doubt("┌─ the cycle starts here"))
	}
	if r.Loop >= 0 && i == r.Len {
		fmt.Fprintf(c.out, "     %s\n", c.paint.doubt(fmt.Sprintf("└─ back to the start of the cycle, after %s, and so on for ever", plural(r.Len-r.Loop, "step"))))
	}
}

func (c *command) step(i int, st stepView) {
	note := ""
	if st.Note != "" {
		note = "  " + c.paint.faint(printable(st.Note))
	}
	fmt.Fprintf(c.out, "  %4d  %s%s\n", i+1, c.paint.strong(printable(st.Text)), note)
	rows := make([][]string, len(st.Diff))
	for k, d := range st.Diff {
		where := printable(d.Path)
		if where == "" || where == "." {
			where = "state" // it has no parts that could be named
		}
		before, after := c.paint.before(indent(d.Before, " ")), c.paint.after(indent(d.After, " "))
		switch {
		case d.Before == "":
			rows[k] = []string{"+", where, after}
		case d.After == "":
			rows[k] = []string{"-", where, before}
		default:
			rows[k] = []string{"~", where, before + " → " + after}
		}
	}
	if len(rows) > 0 {
		for line := range strings.Lines(grid(nil, rows)) {
			fmt.Fprintf(c.out, "          %s", line)
		}
	}
}

func (c *command) diagram(r *route) error {
	text, err := r.diagram()
	if text != "" && err == nil {
		fmt.Fprintf(c.out, "\n  %s\n", indent(text, "  "))
	}
	return err
}

// misbehaviour prints what the model did wrong, and how to get there.
func (c *command) misbehaviour(s *selection, r *report) {
	m := r.Misbehaviour
	fmt.Fprintf(c.out, "%s: %s", c.paint.bad("the model misbehaved"), m.Kind)
	if m.Where != "" {
		fmt.Fprintf(c.out, " in %s", printable(m.Where))
	}
	if m.Action != "" {
		fmt.Fprintf(c.out, ", action %s", printable(m.Action))
	}
	fmt.Fprintf(c.out, "\n\n  %s\n", indent(m.Message, "  "))
	if m.State != "" && r.MisPath == nil {
		fmt.Fprintf(c.out, "\n  %s  %s\n", c.paint.faint("state"), indent(m.State, "         "))
	}
	if stack := userFrames(m.Stack); stack != "" {
		fmt.Fprintf(c.out, "\n  %s\n", indent(stack, "  "))
	}
	fmt.Fprintln(c.out)
	if r.MisPath != nil {
		fmt.Fprintf(c.out, "it does so after %s\n\n", plural(r.MisPath.Len, "step"))
		c.route(r.MisPath)
		c.replayHint(s, r.MisPath, "")
	}
}

// list runs the verb list.
func (c *command) list(words []string) error {
	s, err := c.pick(words, c.modelFlags)
	if err != nil {
		return err
	}
	if err := c.build(s); err != nil {
		return c.refuse(s, err)
	}
	if c.settings.json {
		c.emit(c.listEvent(s))
		return nil
	}
	fmt.Fprintf(c.out, "%s: %s\n\n", c.paint.strong(c.title(s)), orElse(c.app.Summary, "a model to be checked"))
	section := func(header []string, rows [][]string) {
		if len(rows) > 0 {
			fmt.Fprintf(c.out, "%s\n", grid(header, rows))
		}
	}
	section([]string{"VARIANT", ""}, pairs(c.variantRows()))
	section([]string{"PARAMETER", ""}, pairs(slices.Concat(c.argRows(), c.modelFlagRows())))
	var rows [][]string
	for _, p := range s.about.Properties {
		rows = append(rows, []string{p.Kind.String(), printable(p.Name)})
	}
	section([]string{"KIND", "PROPERTY"}, rows)
	fmt.Fprint(c.out, grid(nil, [][]string{
		{c.paint.faint("optional methods"), orElse(strings.Join(s.about.Optional, ", "), "none")},
		{c.paint.faint("types"), s.about.Types},
	}))
	if len(s.about.Notes) > 0 {
		fmt.Fprintln(c.out)
		c.notes(s)
	}
	return nil
}

func pairs(rows [][2]string) [][]string {
	out := make([][]string, len(rows))
	for i, r := range rows {
		out[i] = r[:]
	}
	return out
}
