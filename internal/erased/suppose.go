package erased

import (
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/allways-go/allways/actor/diagram"
)

// Supposition is a step outside of a model's assumptions.
type Supposition struct {
	Number int    // number in the short form of a path
	Name   string // name under which the action is counted
	Text   string // the action on one line
	Reason string // assumption that it breaks
}

// Suppositions returns the steps outside of the model's assumptions that a person may ask about at the end
// of a path, up to most of each kind, such as crashes; none for models that are no systems of actors.
func Suppositions(p *Path, most int) []Supposition { return p.m.typed.suppositions(p.p, most) }

// Suppose returns a path with one more step, the supposition with a number.
func Suppose(p *Path, number int) (*Path, error) {
	return p.m.made(p.m.typed.suppose(p.m.stepper, p.p, number))
}

// Supposed returns the number of the first step of a path, from 1, that is outside of the model's
// assumptions; 0 without one.
func Supposed(p *Path) int { return p.p.Supposed() }

// Assumption returns which assumption the first step of a path breaks that is outside of them; empty without one.
func Assumption(p *Path) string {
	step := Supposed(p)
	if step == 0 {
		return ""
	}
	return p.m.typed.assumption(p.p, step-1)
}

// Models returns the messages that a person may forge at the end of a path, and their JSON: those that were in flight
// lately, the latest first, and an empty one of each type. From and To are ids of actors, or -1, and Sent is the last
// state that had the message in flight, -1 for an empty one.
func Models(p *Path) (all []diagram.Message, forms []string) { return p.m.typed.models(p.p) }

// Forge returns the path with one more step, in which a message is in flight that no actor has sent. A sender of -1
// stands for one outside of the system. The error says what is wrong with the JSON of the message.
func Forge(p *Path, from, to int, message string) (*Path, error) {
	return p.m.made(p.m.typed.forge(p.m.stepper, p.p, forged{from, to, message}))
}

// Encode returns a short stable string from which [Model.ParsePath] makes the same path again, or [Follow] if it has
// steps outside of the model's assumptions.
func (p *Path) Encode() string {
	text := p.p.Encode()
	if !strings.Contains(text, forgedMark) {
		return text
	}
	init, steps, _ := strings.Cut(text, ":")
	elements := strings.Split(steps, ".")
	for i, f := range p.m.typed.forged(p.p) {
		elements[i] = f.String()
	}
	return init + ":" + strings.Join(elements, ".")
}

// Follow returns a path with the steps of a short form such as "4.!1.5", where the steps outside of the
// model's assumptions have an exclamation mark.
func Follow(p *Path, steps string) (*Path, error) {
	for text := range strings.SplitSeq(steps, ".") {
		st, err := parseStep(text)
		if err != nil {
			return nil, err
		}
		switch {
		case st.forged != nil:
			p, err = Forge(p, st.forged.from, st.forged.to, st.forged.message)
		case st.supposed:
			p, err = Suppose(p, st.index)
		default:
			p, err = p.Extend(st.index)
		}
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

// step is a step in the short form of a path: an action by its index, such as 4, a supposition by its number, such as
// !1, or a forged message, such as !f0_2_e30.
type step struct {
	index    int
	supposed bool
	forged   *forged // nil for other steps
}

// forged is a forged message.
type forged struct {
	from, to int    // ids; -1 for a sender outside of the system
	message  string // JSON
}

// forgedNumber is the number of all forged messages in the short form of package allways, which knows no content.
const forgedNumber = math.MaxInt32

var forgedMark = "!" + strconv.Itoa(forgedNumber)

// String returns the step in the short form of a path. The message stands there in the base64 of URLs.
func (f forged) String() string {
	return fmt.Sprintf("!f%d_%d_%s", f.from, f.to, base64.RawURLEncoding.EncodeToString([]byte(f.message)))
}

func parseStep(text string) (st step, err error) {
	if content, ok := strings.CutPrefix(text, "!f"); ok {
		st.forged, err = parseForged(content)
		return st, err
	}
	number, supposed := strings.CutPrefix(text, "!")
	st.supposed = supposed
	if st.index, err = strconv.Atoi(number); err != nil || st.index < 0 {
		return st, fmt.Errorf("%q is no step of a path: want INIT:INDEX.INDEX... such as 0:3.1.4", shortened(text))
	}
	return st, nil
}

func parseForged(text string) (*forged, error) {
	parts := strings.SplitN(text, "_", 3)
	if len(parts) == 3 {
		from, err1 := strconv.Atoi(parts[0])
		to, err2 := strconv.Atoi(parts[1])
		message, err3 := base64.RawURLEncoding.Strict().DecodeString(parts[2])
		if err1 == nil && err2 == nil && err3 == nil {
			return &forged{from, to, string(message)}, nil
		}
	}
	return nil, fmt.Errorf("%q is no forged message: want !fFROM_TO_MESSAGE, with the ids of actors and the JSON of the "+
		"message in the base64 of URLs", "!f"+shortened(text))
}

// shortened cuts what is too long for an error.
func shortened(text string) string {
	if len(text) > 60 {
		return text[:60] + "..."
	}
	return text
}
