package actor

// Outgoing is a message that a [Script] or an [Environment] sends.
type Outgoing[M any] struct {
	To  ID // the receiver
	Msg M  // the message, a copy of which is sent
}

// Script is an actor that plays a client. It sends its lines one after the other, each when the one before was
// answered, or all at once. It keeps all messages that it receives.
type Script[M any] struct {
	Lines  []Outgoing[M] // the messages to send, in this order
	AtOnce bool          // whether all lines are sent at the start
}

// ScriptState is the state of a [Script].
type ScriptState[M any] struct {
	Sent    int // number of lines sent
	Answers []M // messages received, in the order of arrival
}

// Start implements [Actor].
func (x Script[M]) Start(c *Context[M], s *ScriptState[M]) {
	x.next(c, s)
	for x.AtOnce && s.Sent < len(x.Lines) {
		x.next(c, s)
	}
}

func (x Script[M]) next(c *Context[M], s *ScriptState[M]) {
	if s.Sent < len(x.Lines) {
		c.Send(x.Lines[s.Sent].To, x.Lines[s.Sent].Msg)
		s.Sent++
	}
}

// Receive implements [Actor].
func (x Script[M]) Receive(c *Context[M], s *ScriptState[M], from ID, m M) {
	s.Answers = append(s.Answers, m)
	x.next(c, s)
}

// Environment is an actor that plays what a system cannot foresee, such as its users: at any moment it may send
// any of its lines. It ignores messages.
type Environment[M any] struct {
	Lines      []Outgoing[M] // the messages that may be sent
	PerMessage int           // the number of times that each line may be sent; 0 means once
	Total      int           // the number of lines that may be sent in all; 0 means no limit
}

// EnvironmentState is the state of an [Environment].
type EnvironmentState struct {
	Sent []int // number of times that each line was sent
}

// Start implements [Actor].
func (x Environment[M]) Start(c *Context[M], s *EnvironmentState) {
	s.Sent = make([]int, len(x.Lines))
	x.offer(c, s)
}

// offer offers the lines that may be sent.
func (x Environment[M]) offer(c *Context[M], s *EnvironmentState) {
	sum := 0
	for _, n := range s.Sent {
		sum += n
	}
	var lines []any
	for i, line := range x.Lines {
		if s.Sent[i] < max(x.PerMessage, 1) && (x.Total == 0 || sum < x.Total) {
			lines = append(lines, Input[M]{i, line.To, line.Msg})
		}
	}
	c.Choose("input", lines...)
}

// Input is the option of the choice "input" by which an [Environment] sends a line.
type Input[M any] struct {
	Line int // the index of the line
	To   ID  // the receiver of the line
	Msg  M   // the message of the line
}

// Choose implements [ChoiceHandler].
func (x Environment[M]) Choose(c *Context[M], s *EnvironmentState, _ string, option any) {
	in := option.(Input[M])
	c.Send(in.To, in.Msg)
	s.Sent[in.Line]++
	x.offer(c, s)
}

// Receive implements [Actor].
func (x Environment[M]) Receive(*Context[M], *EnvironmentState, ID, M) {}
