package actor

// Outgoing is a message that a ready-made actor sends.
type Outgoing[M any] struct {
	To  ID
	Msg M
}

// Script is an actor that plays a client: it sends its lines one after the other, each when the one before was answered, or
// all at once. What comes after the last answer is kept, too.
type Script[M any] struct {
	Lines  []Outgoing[M]
	AtOnce bool
}

// ScriptState is the state of a [Script].
type ScriptState[M any] struct {
	Sent    int // lines
	Answers []M // in the order of their arrival
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

// Environment is an actor that plays what a system cannot foresee, such as its user: at any moment it may send any of its
// lines. It receives nothing.
type Environment[M any] struct {
	Lines      []Outgoing[M]
	PerMessage int // how often each line is sent at most; 0 is for once
	Total      int // how many are sent at most in all; 0 is for no other limit
}

// EnvironmentState is the state of an [Environment]: how often it has sent each line.
type EnvironmentState struct{ Sent []int }

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
	Line int // its index
	To   ID
	Msg  M
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
