package gospace

// Choices are the actions among which a schedule picks, and the state in which they are enabled.
type Choices interface {
	Len() int
	Name(i int) string // name under which the i-th action is counted
	Text(i int) string
	State() any
	Action(i int) any
}

// Pick picks the position of one of the choices.
type Pick func(c Choices) int

// Scheduler is where the user code of a schedule runs.
const Scheduler = "Scheduler"
