package engine

// WarningKind names a reason to doubt that a run has checked what was meant.
type WarningKind string

// The kinds of warnings.
const (
	WarningNoProperties   WarningKind = "no properties"           // nothing can be violated
	WarningNoSteps        WarningKind = "no steps"                // no step changes the state
	WarningNeverTaken     WarningKind = "action never taken"      // offered or declared, and always without effect
	WarningVacuous        WarningKind = "vacuous property"        // satisfied before anything has happened
	WarningIdleActor      WarningKind = "idle actor"              // no handler of it runs but Start
	WarningNeverCalled    WarningKind = "handler never called"    // for none of the actors that have it
	WarningNeverDelivered WarningKind = "message never delivered" // no handler ever receives it
	WarningNoEffect       WarningKind = "no effect"               // handlers ignore a message or a timeout
	WarningNoFault        WarningKind = "fault never happens"     // permitted, and impossible all the same
)

// Warning is a reason to doubt that a run has checked what was meant.
type Warning struct {
	Kind WarningKind
	Text string
}
