package record

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
)

// Divergence is a step that the model does not allow.
type Divergence = program.Divergence

// Violation is a violation of a property, or of the consistency of a history.
type Violation = program.Violation

// Judged says of how many states or steps a property was judged.
type Judged = program.Judged

// Excerpt is the end of a run, in the words of the model.
type Excerpt = program.Excerpt

// Report is the result of [Validate].
type Report struct {
	Steps             int               // steps that the model followed
	Actors            int               // number of recordings
	Recorded          []Track           // the recording of each actor, in numbers
	External          int               // messages from outside the system
	Uncommitted       int               // entries without effect, because a crash came before their commit
	Divergence        *Divergence       // the first step that the model does not allow; nil means none
	Excerpt           *Excerpt          // the last steps up to the first violation or divergence
	Violations        []Violation       // violations of properties in the states of the run
	HistoryViolations []Violation       // violations of consistency in the real-time order of operations
	Held              []string          // names of properties and histories that were judged wholly and not violated
	Judged            []Judged          // states or steps of which each property was judged; without histories
	Missing           []string          // names of the actors without a recording
	ClockDependences  []ClockDependence // histories whose verdict depends on how far clocks differ
	Notes             []string          // sentences about what is not known or not covered
}

// Conforms reports whether the model allows the run and no property is violated.
func (r *Report) Conforms() bool {
	return r.Divergence == nil && len(r.Violations) == 0 && len(r.HistoryViolations) == 0
}

// String returns the report as lines of text.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d steps of %d actors", r.Steps, r.Actors)
	if r.External > 0 {
		fmt.Fprintf(&b, ", %d messages from outside", r.External)
	}
	if r.Uncommitted > 0 {
		fmt.Fprintf(&b, ", %d entries lost in crashes", r.Uncommitted)
	}
	if r.Divergence != nil {
		fmt.Fprintf(&b, "\nthe model diverges at %v", r.Divergence)
	}
	for _, v := range r.Violations {
		fmt.Fprintf(&b, "\nproperty %q is violated after step %d", v.Property, v.Step)
	}
	for _, v := range r.HistoryViolations {
		fmt.Fprintf(&b, "\nhistory %q is violated in real time", v.Property)
		if v.Drawing != "" {
			fmt.Fprintf(&b, ": %s", strings.TrimRight(v.Drawing, "\n"))
		}
	}
	for _, d := range r.ClockDependences {
		fmt.Fprintf(&b, "\n%v", d)
	}
	if r.Conforms() {
		b.WriteString("\nthe model allows this run")
	}
	if len(r.Held) > 0 {
		fmt.Fprintf(&b, "\nno violation of: %s", strings.Join(r.Held, ", "))
	}
	for _, note := range r.Notes {
		fmt.Fprintf(&b, "\nnote: %s", note)
	}
	return b.String()
}

// Validate checks a recorded run: the model follows it step by step, and histories are checked in
// the order in which operations really began and ended. Messages bound by how much the clocks of actors differ, and
// times are corrected by that; [Report.ClockDependences] has the verdicts that depend on more. The program
// must have the parameters of the run. An error means that the recordings do not belong together, that the end of one
// is missing, or that the model misbehaves; a run that the model does not allow is not an error.
//
// The steps of an actor without a recording are unknown: the model takes messages from it as they come, and
// promises that read its state are not judged. Recordings whose first files were deleted are followed from
// snapshots; promises are judged from the first moment on when all actors are known, and histories are not.
// Limits of the model, such as [actor.Config.MaxCrashes], bound what is explored: exceeding them is no
// divergence, but is noted.
func Validate(sys actor.Program, all []Recording) (*Report, error) {
	return validate(sys, inMemory(all), func(Event) {})
}

// ValidateDir is [Validate] for the recordings in a directory. It takes time in proportion to their length,
// and holds one entry of each in memory, besides messages that never arrive and the events of histories, which
// are judged as a whole.
func ValidateDir(sys actor.Program, dir string) (*Report, error) {
	return Watch(sys, dir, func(Event) {})
}

// Event is a recorded step, with what the model did to follow it.
type Event struct {
	Entry Entry   // the step as recorded
	Taken []Taken // steps of the model that follow it, valid during the call; nil after a divergence
}

// Taken is a step of the model that follows a recorded one.
type Taken = program.Taken

// Watch is [ValidateDir], and calls each for all recorded steps in the order in which they are followed, those after
// a divergence included. If the step diverges, and the model can take it with another outcome, Taken is what the
// model did.
func Watch(sys actor.Program, dir string, each func(Event)) (*Report, error) {
	tracks, err := openDir(dir)
	if err != nil {
		return nil, err
	}
	return validate(sys, tracks, each)
}

func validate(sys actor.Program, tracks []track, each func(Event)) (*Report, error) {
	p, err := program.Of(sys)
	if err != nil {
		return nil, err
	}
	m, err := newMerger(tracks)
	if err != nil {
		return nil, err
	}
	defer m.close()
	m.partial = true
	if len(m.actors) != p.Len() || !sameNames(p, m.actors) {
		return nil, fmt.Errorf("the recordings have the actors %v, but the model has others: use the parameters of the run",
			m.actors)
	}
	v := &validation{program: p, merger: m, each: each, report: newReport(p, tracks), heard: make([]bool, p.Len()),
		clocks: newClocks(p.Len()), tracks: make([]*Track, p.Len())}
	for i, t := range tracks {
		v.tracks[t.header.Actor] = &v.report.Recorded[i]
	}
	if err := v.follow(); err != nil {
		return nil, err
	}
	return v.report, v.conclude()
}

// Track says what was recorded of an actor.
type Track struct {
	Actor string    // its name
	Files int       // 0 if the recording was not read from files
	Steps int       // entries, those included after which the model was no longer followed
	Began time.Time // start of the first handler
	Ended time.Time // start of the last handler
}

func newReport(p *program.Program, tracks []track) *Report {
	r := &Report{Actors: len(tracks)}
	for _, t := range tracks {
		r.Recorded = append(r.Recorded, Track{Actor: p.Name(t.header.Actor), Files: t.files})
	}
	return r
}

// note notes an entry.
func (t *Track) note(e *Entry) {
	at := time.Unix(0, e.Time)
	if t.Steps++; t.Steps == 1 || at.Before(t.Began) {
		t.Began = at
	}
	if t.Steps == 1 || at.After(t.Ended) {
		t.Ended = at
	}
}

func sameNames(p *program.Program, names []string) bool {
	for i, name := range names {
		if p.Name(actor.ID(i)) != name {
			return false
		}
	}
	return true
}

// validation is a run of [Validate].
type validation struct {
	program  *program.Program
	merger   *merger
	each     func(Event)
	follower *program.Follower
	report   *Report
	events   []program.HistoryEvent
	stamps   []stamp // when the events happened
	clocks   *clocks
	tracks   []*Track // those of the report, by actor
	heard    []bool   // whether a step depends on an actor without a recording
	seen     []uint64 // steps before which the states of actors do not belong together; nil if they do
	taken    []uint64 // steps of each actor up to now
}

// begin returns where the recordings begin.
func (v *validation) begin() (o program.FollowOptions) {
	n := v.program.Len()
	o.Begin, o.Unknown = make([]*program.Beginning, n), make([]bool, n)
	seen, taken := make([]uint64, n), make([]uint64, n)
	for id, l := range v.merger.lanes {
		if l == nil {
			o.Unknown[id] = true
			v.report.Missing = append(v.report.Missing, v.program.Name(actor.ID(id)))
			continue
		}
		v.report.Uncommitted += l.uncommitted()
		s := l.header.Snapshot
		if s == nil {
			continue
		}
		o.Begin[id] = &program.Beginning{Step: s.Clock[id], Snapshot: string(s.Actor)}
		for j, x := range s.Clock {
			seen[j] = max(seen[j], x)
		}
		taken[id] = s.Clock[id]
		v.seen = seen
		v.note("the recording of %s begins after its step %d, as older files were deleted or are missing",
			v.program.Name(actor.ID(id)), s.Clock[id])
	}
	v.taken = taken
	return o
}

func (v *validation) note(format string, args ...any) {
	v.report.Notes = append(v.report.Notes, fmt.Sprintf(format, args...))
}

// follow lets the model follow the run up to its first divergence.
func (v *validation) follow() (err error) {
	if v.follower, err = v.program.Follow(v.begin()); err != nil {
		return err
	}
	for {
		if err := v.settle(); err != nil {
			return err
		}
		e, ok, err := v.merger.next()
		if err != nil || !ok {
			return err
		}
		v.hear(&e)
		if err := v.take(&e); err != nil {
			return err
		}
	}
}

// take lets the model take a step, unless it has left the run: histories are judged to the end.
func (v *validation) take(e *Entry) error {
	r := v.report
	if r.Divergence != nil {
		v.each(Event{Entry: *e})
		return nil
	}
	st, err := e.step()
	if err != nil {
		return err
	}
	switch err := v.follower.Follow(st); {
	case err == nil:
		r.Steps++
	case !errors.As(err, &r.Divergence):
		return fmt.Errorf("step %d, %s: %w", r.Steps+1, e.Text, err)
	}
	v.each(Event{Entry: *e, Taken: v.follower.Taken()})
	return nil
}

// settle begins to judge when the states of all actors belong together: no snapshot has seen a step of another
// actor that is still to come.
func (v *validation) settle() error {
	if v.seen == nil || v.report.Divergence != nil {
		return nil
	}
	for id, x := range v.seen {
		if v.taken[id] < x && v.merger.lanes[id] != nil {
			return nil
		}
	}
	v.seen = nil
	v.note("promises were judged from step %d on, since when the states of all actors are known", v.report.Steps)
	return v.follower.Judge()
}

// hear notes what an entry says about histories, and about actors without a recording.
func (v *validation) hear(e *Entry) {
	v.taken[e.Actor] = e.Clock[e.Actor]
	v.tracks[e.Actor].note(e)
	for id, x := range e.Clock {
		if x > 0 && v.merger.lanes[id] == nil && !v.heard[id] {
			v.heard[id] = true
			v.follower.Depends(actor.ID(id))
		}
	}
	v.clocks.hear(e)
	if e.Kind == actor.Restart.String() {
		v.stamps = append(v.stamps, stamp{actor: int(e.Actor), time: e.Time, clock: e.Clock})
		v.events = append(v.events, program.HistoryEvent{Actor: e.Actor, Crashed: true})
	}
	for _, h := range e.History {
		recorded := program.Recorded{History: h.Name, Event: string(h.Event)}
		v.stamps = append(v.stamps, stamp{actor: int(e.Actor), time: e.Time, clock: e.Clock})
		v.events = append(v.events, program.HistoryEvent{Actor: e.Actor, Recorded: recorded})
	}
}

// conclude fills in the rest of the report.
func (v *validation) conclude() (err error) {
	r, f := v.report, v.follower
	r.External, r.Violations, r.Judged = f.External(), f.Violations(), f.Judged()
	if r.Excerpt, err = f.Excerpt(); err != nil {
		return err
	}
	whole := true
	for _, name := range r.Missing {
		id := slices.Index(v.merger.actors, name)
		if v.heard[id] || f.Depended(actor.ID(id)) {
			v.note("%s has no recording: its steps are unknown; promises over it are not judged, and nor are histories", name)
			whole = false
			continue
		}
		v.note("%s has no recording, and no step depends on it: it is taken not to have run", name)
	}
	for _, l := range v.merger.lanes {
		whole = whole && (l == nil || l.header.Snapshot == nil)
	}
	if n := f.Unknown(); n > 0 {
		v.note("messages from actors without a recording, which were taken as they came: %d", n)
	}
	if n := f.Earlier(); n > 0 {
		v.note("messages sent before the recordings begin, which were taken as they came: %d", n)
	}
	for _, text := range f.Beyond() {
		v.note("%s: the model was not explored that far", text)
	}
	for _, j := range r.Judged {
		if j.Unjudged != "" {
			v.note("%q was judged of the first %d states only: %s", j.Property, j.Steps, j.Unjudged)
		}
	}
	if whole {
		if err := v.judgeHistories(); err != nil {
			return err
		}
	} else if h := v.program.Histories(); len(h) > 0 {
		v.note("not judged, as not all of the run is known: %s", strings.Join(h, ", "))
	}
	v.held(whole)
	return nil
}

// held names what was not violated.
func (v *validation) held(whole bool) {
	r := v.report
	for _, name := range v.program.Promises() {
		broken := func(x Violation) bool { return x.Property == name }
		unsure := func(d ClockDependence) bool { return d.History == name }
		partly := func(j Judged) bool { return j.Property == name && (j.Unjudged != "" || j.Steps == 0) }
		if slices.ContainsFunc(r.Violations, broken) || slices.ContainsFunc(r.HistoryViolations, broken) ||
			slices.ContainsFunc(r.Judged, partly) ||
			slices.ContainsFunc(r.ClockDependences, unsure) || !whole && slices.Contains(v.program.Histories(), name) {
			continue
		}
		r.Held = append(r.Held, name)
	}
}
