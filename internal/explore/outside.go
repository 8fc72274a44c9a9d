package explore

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/allways-go/allways/internal/erased"
	"github.com/allways-go/allways/internal/explore/paths"
)

// outsideJSON says that a path is no run of the model: a person has supposed a step that the model's
// assumptions rule out. Nothing that such a path shows counts as a counterexample.
type outsideJSON struct {
	Step   int    `json:"step"`   // number of the first such step, from 1
	Reason string `json:"reason"` // assumption that it breaks
}

// supposeJSON is a step that the model's assumptions rule out.
type supposeJSON struct {
	Name   string `json:"name"`
	Text   string `json:"text"`
	Step   string `json:"step"` // the step after the state's path
	Reason string `json:"reason"`
}

// outside returns why a path is no run of the model; nil if it is one.
func outside(p *erased.Path) *outsideJSON {
	step := erased.Supposed(p)
	if step == 0 {
		return nil
	}
	return &outsideJSON{step, erased.Assumption(p)}
}

// isOutside reports whether the i-th state of a path is one that a supposed step has led to.
func isOutside(p *erased.Path, i int) bool {
	step := erased.Supposed(p)
	return step > 0 && i >= step
}

// caveat says in words from which step on a path is no run of the model; empty if it is one.
func caveat(p *erased.Path) string {
	if x := outside(p); x != nil {
		return fmt.Sprintf("outside of the model's assumptions from step %d on: %s", x.Step, x.Reason)
	}
	return ""
}

// The limits of suppositions. A partition names all actors, and there may be one for each of them.
const (
	maxSuppositions = 400 // of a kind
	maxSupposed     = 400 // bytes of the text of one
)

// suppositions returns the steps that a person may suppose at the end of a path.
func suppositions(p *erased.Path) []supposeJSON {
	out := []supposeJSON{}
	for _, x := range erased.Suppositions(p, maxSuppositions) {
		if len(x.Text) > maxSupposed {
			x.Text = strings.ToValidUTF8(x.Text[:maxSupposed], "") + "…"
		}
		out = append(out, supposeJSON{x.Name, x.Text, "!" + strconv.Itoa(x.Number), x.Reason})
	}
	return out
}

// forgeableJSON is a message that a person may forge as it is, or change before.
type forgeableJSON struct {
	From    int    `json:"from"`  // number of the sender among the actors; -1 for one outside of the system
	To      int    `json:"to"`    // number of the receiver; -1 if no actor was one
	State   int    `json:"state"` // number of the last state that had it in flight; -1 for an empty message
	Text    string `json:"text"`
	Message string `json:"message"` // as JSON
}

// forgeablesJSON are the messages that may be forged at the end of a path.
type forgeablesJSON struct {
	Messages []forgeableJSON `json:"messages"`
	Cut      string          `json:"cut,omitempty"` // reason why not all are there
}

// maxForgeable bounds the messages that are offered.
const maxForgeable = 500

// getMessages returns the messages that a person may forge.
func (s *host) getMessages(w http.ResponseWriter, r *http.Request) error {
	e, err := s.path(r.FormValue("path"))
	if err != nil {
		return err
	}
	out := forgeablesJSON{Messages: []forgeableJSON{}}
	all, forms := erased.Models(e.Path)
	for i, m := range all {
		if i == maxForgeable {
			out.Cut = "limit of messages"
			break
		}
		out.Messages = append(out.Messages, forgeableJSON{m.From, m.To, m.Sent, m.Text, forms[i]})
	}
	return writeJSON(w, out)
}

// getForge returns the path on which a message is in flight that no actor has sent.
func (s *host) getForge(w http.ResponseWriter, r *http.Request) error {
	e, err := s.path(r.FormValue("path"))
	if err != nil {
		return err
	}
	from, err := strconv.Atoi(r.FormValue("from"))
	if err != nil {
		return badRequest("from must be the number of an actor or -1, not %q", r.FormValue("from"))
	}
	to, err := number(r, "to", 0, 1<<30)
	if err != nil {
		return err
	}
	p, err := erased.Forge(e.Path, from, to, r.FormValue("message"))
	if err != nil {
		return misused(err)
	}
	s.paths.Add(p)
	step := p.Step(e.Path.Len())
	return writeJSON(w, supposeJSON{
		step.Name, step.Text, paths.After(p, e.Path.Len()), "no actor has sent the message",
	})
}
