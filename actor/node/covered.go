package node

import (
	"fmt"
	"strings"

	"github.com/allways-go/allways/actor/internal/program"
	"github.com/allways-go/allways/actor/node/transport"
)

// Uncovered returns in what a node differs from the model of its system, and which promises are not covered
// then, in sentences for people: whatever was checked says nothing about runs that the model does not have.
func Uncovered(c Config) ([]string, error) {
	c, err := c.defaults()
	if err != nil {
		return nil, err
	}
	p, err := program.Of(c.System)
	if err != nil {
		return nil, fmt.Errorf("node: Config.System: %w", err)
	}
	t, err := newTable(&c, p)
	if err != nil {
		return nil, err
	}
	return append(uncoveredNetwork(&c, p, t), uncoveredCrashes(&c, p, t)...), nil
}

// uncoveredNetwork compares the transport with the links of the model.
func uncoveredNetwork(c *Config, p *program.Program, t *table) (all []string) {
	if c.Transport == nil || len(t.hosted) == len(t.names) {
		return nil
	}
	w, f := transport.WeaknessOf(c.Transport), p.Facts()
	add := func(differs bool, text string) {
		if differs {
			all = append(all, text)
		}
	}
	add(w.Duplicates && f.Single, "the transport may deliver a message twice, and the model does not: "+
		"no promise is covered then. Set Config.Duplicates of the system, or use TCP")
	add(w.Reorders && f.Ordered, "the transport may deliver messages in another order, and the model has ordered links: "+
		"no promise is covered then. Use another network in the model, or TCP")
	add(w.Loses && f.Strict, "the transport may lose a message and deliver later ones, and the model has ordered links "+
		"without loss: no promise is covered then. Set Lossy of the system or its links")
	add(w.Loses && f.Reliable && len(f.Endurance) > 0, "the transport may lose messages, and the model does not: "+
		"not covered then is "+quoted(f.Endurance)+". Set Lossy of the system or its links")
	return all
}

// uncoveredCrashes compares storage with the crashes of the model.
func uncoveredCrashes(c *Config, p *program.Program, t *table) (all []string) {
	cure := "Set Config.Crashes of the system"
	if p.Facts().Crashes {
		cure = "Take it out of NeverCrashes"
	}
	for _, id := range t.hosted {
		switch name := p.Name(id); {
		case c.Storage != nil && !p.MayCrash(id):
			all = append(all, name+" has storage, so that it can be started again, and in the model never crashes: "+
				"no promise is covered after a restart. "+cure+", or run it without storage")
		case c.Storage == nil && p.MayCrash(id) && p.Restores(id):
			all = append(all, name+" restarts in the model with what it has saved, and this process has no storage: "+
				"no promise is covered if it is started again. Set Config.Storage, which is -data on a command line")
		}
	}
	return all
}

func quoted(names []string) string {
	var all []string
	for _, name := range names {
		all = append(all, fmt.Sprintf("%q", name))
	}
	return strings.Join(all, ", ")
}
