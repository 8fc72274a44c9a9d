package text

import (
	"fmt"
	"strings"

	"github.com/allways-go/allways/actor/internal/core"
)

// Notes returns what a report should say about a system: the network, the faults, the policy for deliveries
// without effect, and parts of configurations that are not watched for changes.
func Notes(sys *core.System) []string {
	notes := []string{
		"network: " + networkText(sys),
		"faults: " + faultsText(sys),
		"deliveries without effect: " + ignoredText(sys),
	}
	for _, a := range sys.Actors {
		if fields := a.Config.Unwatched(); len(fields) > 0 {
			notes = append(notes, fmt.Sprintf("not watched for changes: %s in the configuration of %s, without content",
				strings.Join(fields, ", "), a.Name))
		}
	}
	return notes
}

func networkText(sys *core.System) string {
	text := sys.Config.Link.String()
	switch n := len(sys.Links); n {
	case 0:
	case 1:
		text += ", one link set apart"
	default:
		text += fmt.Sprintf(", %d links set apart", n)
	}
	return text
}

func faultsText(sys *core.System) string {
	c := &sys.Config
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
	add(sys.AnyLink(func(l core.Link) bool { return l.Lossy }), "losses", c.MaxLosses)
	add(c.Duplicates, "duplicates", c.MaxDuplicates)
	add(c.Crashes, "crashes", c.MaxCrashes)
	add(c.Crashes && c.MaxDown > 0, "down at once", c.MaxDown)
	add(len(sys.Splits) > 0, "partitions", c.MaxPartitions)
	if parts == nil {
		return "none"
	}
	return strings.Join(parts, ", ")
}

func ignoredText(sys *core.System) string {
	queues := func(l core.Link) bool { return l.Network.Queues() }
	switch {
	case sys.Forgets && !sys.KeepIgnored:
		return "steps that consume the message, " + sys.Reason + ", and dead messages are forgotten, as Config.Ignored says"
	case sys.Forgets && sys.AnyLink(queues):
		return "left out on links without order, where dead messages are forgotten, " + sys.Reason
	case sys.Forgets:
		return "left out, and dead messages are forgotten, " + sys.Reason
	case !sys.AnyLink(func(l core.Link) bool { return !queues(l) }):
		return "steps that consume the message, since all links are ordered"
	case sys.KeepIgnored && sys.AnyLink(queues):
		return "left out on links without order, " + sys.Reason
	case sys.KeepIgnored:
		return "left out, " + sys.Reason
	}
	return "steps that consume the message, " + sys.Reason
}
