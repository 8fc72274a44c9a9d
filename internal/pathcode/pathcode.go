// Package pathcode writes paths as short strings of indexes, such as "0:3.1.4", and reads them. It knows no models,
// so what it reads need not be a path of one.
package pathcode

import (
	"fmt"
	"strconv"
	"strings"
)

// Code is a path without its model.
type Code struct {
	Init  int   // index of the initial state
	Steps []int // index of each action among those enabled; -1-n for step n outside of the model's assumptions
	Lasso bool  // the last state is that at Loop
	Loop  int
}

// String returns the code as text, a step outside of the model's assumptions with an exclamation mark.
func (c Code) String() string {
	var b strings.Builder
	b.WriteString(strconv.Itoa(c.Init))
	b.WriteByte(':')
	for i, x := range c.Steps {
		if i > 0 {
			b.WriteByte('.')
		}
		if x < 0 {
			b.WriteByte('!')
			x = -1 - x
		}
		b.WriteString(strconv.Itoa(x))
	}
	if c.Lasso {
		b.WriteByte('@')
		b.WriteString(strconv.Itoa(c.Loop))
	}
	return b.String()
}

// Parse reads a code without steps outside of the model's assumptions. Any number stands for an index: what runs
// the model knows which ones exist.
func Parse(s string) (c Code, err error) {
	head, body, ok := strings.Cut(s, ":")
	if !ok {
		return c, fmt.Errorf("path %q: want INIT:INDEX.INDEX... such as 0:3.1.4", s)
	}
	body, loop, lasso := strings.Cut(body, "@")
	index := func(text, of string) (n int) {
		if err == nil {
			if n, err = strconv.Atoi(text); err != nil {
				err = fmt.Errorf("path %q: %q is no index of %s", s, text, of)
			}
		}
		return n
	}
	c.Init = index(head, "an initial state")
	if body != "" {
		for text := range strings.SplitSeq(body, ".") {
			c.Steps = append(c.Steps, index(text, "an action"))
		}
	}
	if c.Lasso = lasso; lasso {
		c.Loop = index(loop, "a state")
	}
	return c, err
}
