package node_test

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node"
	"github.com/allways-go/allways/actor/node/storage"
	"github.com/allways-go/allways/actor/node/transport"
)

// setting is what a node does, and its model.
type setting struct {
	config    actor.Config
	eventual  bool
	transport transport.Transport
	storage   storage.Storage
	alone     bool
	spared    bool // whether the actor never crashes
}

// What a node does and its model does not is said, and refused if that is wanted.
func TestUncovered(t *testing.T) {
	tcp, udp := transport.TCP("127.0.0.1:0"), transport.UDP("127.0.0.1:0")
	lossy, crashes := actor.Config{Lossy: true}, actor.Config{Crashes: true}
	ordered := actor.Config{Network: actor.Ordered}
	orderedLossy := actor.Config{Network: actor.Ordered, Lossy: true}
	for name, c := range map[string]struct {
		setting
		want []string
	}{
		"TCP, safety only":        {setting{transport: tcp}, nil},
		"TCP, something happens":  {setting{transport: tcp, eventual: true}, []string{`not covered then is "it happens"`}},
		"TCP, lossy model":        {setting{transport: tcp, eventual: true, config: lossy}, nil},
		"TCP, ordered":            {setting{transport: tcp, config: ordered}, []string{"deliver later ones"}},
		"TCP, ordered, lossy":     {setting{transport: tcp, config: orderedLossy}, nil},
		"UDP":                     {setting{transport: udp}, []string{"twice"}},
		"UDP, duplicates":         {setting{transport: udp, config: actor.Config{Duplicates: true}}, nil},
		"UDP, duplicating":        {setting{transport: udp, config: actor.Config{Network: actor.Duplicating}}, nil},
		"UDP, ordered":            {setting{transport: udp, config: orderedLossy}, []string{"twice", "another order"}},
		"UDP, all in one process": {setting{transport: udp, alone: true}, nil},
		"storage":                 {setting{transport: tcp, storage: storage.Memory()}, []string{"Set Config.Crashes"}},
		"storage and crashes":     {setting{transport: tcp, storage: storage.Memory(), config: crashes}, nil},
		"storage, never crashes": {setting{transport: tcp, storage: storage.Memory(), config: crashes, spared: true},
			[]string{"Take it out of NeverCrashes"}},
		"crashes without storage": {setting{transport: tcp, config: crashes}, []string{"has no storage"}},
	} {
		t.Run(name, func(t *testing.T) {
			sys := actor.NewSystem[msg](c.config)
			sys.RegisterMessages(number{}, reply{}, blob{})
			actor.Spawn(sys, "a", script{restart: func(*ctx, *state) {}})
			actor.Spawn(sys, "b", echo)
			if c.spared {
				sys.NeverCrashes(0)
			}
			sys.Always("all is well", func(*actor.State[msg]) bool { return true })
			if c.eventual {
				sys.Eventually("it happens", func(*actor.State[msg]) bool { return true })
			}
			config := node.Config{
				System: sys, Actors: []string{"a"}, Peers: map[string]string{"a": "127.0.0.1:1", "b": "127.0.0.1:2"},
				Transport: c.transport, Storage: c.storage, Log: slog.New(slog.DiscardHandler),
			}
			if c.alone {
				config.Actors, config.Peers = nil, nil
			}
			got, err := node.Uncovered(config)
			if err != nil || len(got) != len(c.want) {
				t.Fatalf("%q, %v; want %q", got, err, c.want)
			}
			for i, part := range c.want {
				if !strings.Contains(got[i], part) {
					t.Errorf("%q; want %q", got[i], part)
				}
			}
			config.Strict = true
			if _, err := node.New(config); (err != nil) != (len(got) > 0) {
				t.Errorf("strict: %v", err)
			}
		})
	}
}
