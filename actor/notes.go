package actor

import (
	"fmt"
	"strings"

	"github.com/allways-go/allways"
)

var _ allways.Annotator = (*System[int])(nil)

// Notes implements [allways.Annotator]: the network, the faults, and the rule for deliveries without effect that is in force.
func (sys *System[M]) Notes() []string {
	notes := []string{
		"network: " + sys.networkText(),
		"faults: " + sys.faultsText(),
		"deliveries without effect: " + sys.ruleText(),
	}
	for _, h := range sys.actors {
		if h != nil && len(h.config.unwatched) > 0 {
			notes = append(notes, fmt.Sprintf("not watched for changes: %s in the configuration of %s, without content", strings.Join(h.config.unwatched, ", "), h.name))
		}
	}
	return notes
}

func (sys *System[M]) networkText() string {
	text := Link{sys.config.Network, sys.config.Lossy}.String()
	switch n := len(sys.links); n {
	case 0:
	case 1:
		text += ", one link of its own"
	default:
		text += fmt.Sprintf(", %d links of their own", n)
	}
	return text
}

func (sys *System[M]) faultsText() string {
	c := sys.config
	var parts []string
	add := func(possible bool, what string, most int) {
		switch {
		case !possible:
		case most == 0:
			parts = append(parts, what+" without limit")
		default:
			parts = append(parts, fmt.Sprintf("%s at most %d", what, most))
		}
	}
	add(sys.anyLink(func(l Link) bool { return l.Lossy }), "losses", c.MaxLosses)
	add(c.MaxDuplicates > 0, "duplicates", c.MaxDuplicates)
	add(c.MaxDown > 0, "crashes", c.MaxCrashes)
	add(c.MaxDown > 0, "down at once", c.MaxDown)
	add(len(sys.splits) > 0, "partitions", c.MaxPartitions)
	if parts == nil {
		return "none"
	}
	return strings.Join(parts, ", ")
}

func (sys *System[M]) ruleText() string {
	rule := sys.Rule()
	switch {
	case !sys.anyLink(func(l Link) bool { return l.Network != Ordered }):
		return "steps that consume the message, since all links are ordered"
	case rule == IgnoredKept && sys.anyLink(func(l Link) bool { return l.Network == Ordered }):
		return "left out on links without order" + sys.chosenText("all properties are Always or Sometimes, and nobody observes")
	case rule == IgnoredKept:
		return "left out" + sys.chosenText("all properties are Always or Sometimes, and nobody observes")
	}
	return "steps that consume the message" + sys.chosenText("there is "+sys.needsConsume())
}

// chosenText says who chose the rule.
func (sys *System[M]) chosenText(because string) string {
	if sys.config.Ignored != IgnoredAuto {
		return ", as Config.Ignored says"
	}
	return ", since " + because
}

// anyLink reports whether f holds of the system's links, or of one of them.
func (sys *System[M]) anyLink(f func(Link) bool) bool {
	for _, l := range sys.links {
		if f(l) {
			return true
		}
	}
	return f(Link{sys.config.Network, sys.config.Lossy})
}

// String returns the name of the network, and whether it loses messages.
func (l Link) String() string {
	if l.Lossy {
		return l.Network.String() + ", lossy"
	}
	return l.Network.String()
}
