package node_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node"
	"github.com/allways-go/allways/actor/node/record"
	"github.com/allways-go/allways/actor/node/storage"
	"github.com/allways-go/allways/actor/register"
)

// Neither recordings nor stored values name the packages of types, so that these may move.
func TestStableNames(t *testing.T) {
	dir := t.TempDir()
	sys := actor.NewSystem[msg](actor.Config{Crashes: true})
	sys.RegisterMessages(number{}, reply{}, blob{})
	actor.Spawn(sys, "a", script{
		start:   func(c *ctx, s *state) { c.Save(number{7}); c.Send(0, number{8}) },
		restart: func(c *ctx, s *state) { v, _ := actor.Load[number](c); s.N = v.N },
	})
	for range 2 {
		n, err := node.New(node.Config{
			System: sys, Storage: storage.DirWithoutSync(dir), Record: filepath.Join(dir, "rec"), Log: quiet,
		})
		if err != nil {
			t.Fatal(err)
		}
		stop := start(n)
		for n.Stats().Events < 2 && n.Stats().Restarts == 0 {
			time.Sleep(time.Millisecond)
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	}
	stored, err := os.ReadFile(filepath.Join(dir, "actor-a", "state"))
	if err != nil || !bytes.Contains(stored, []byte("\x06number")) || bytes.Contains(stored, []byte("node_test")) {
		t.Errorf("the stored value is %q, %v", stored, err)
	}
	all, err := record.ReadDir(filepath.Join(dir, "rec"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all[0].Entries {
		if strings.Contains(string(e.Msg), "node_test") {
			t.Errorf("the entry has %q", e.Msg)
		}
	}
	if r, err := record.Validate(sys, all); err != nil || !r.Conforms() || r.Steps < 3 {
		t.Errorf("%v, %v", r, err)
	}
}

// Two registered types that would be stored under one name are refused.
func TestCollidingNames(t *testing.T) {
	sys := actor.NewSystem[msg](actor.Config{})
	sys.RegisterMessages(number{})
	sys.RegisterValues(storage.Value{}, register.Value(""))
	actor.Spawn(sys, "a", echo)
	if _, err := node.New(node.Config{System: sys, Log: quiet}); err == nil || !strings.Contains(err.Error(), `"Value"`) {
		t.Errorf("two types of one name: %v", err)
	}
}
