package examples_test

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestRunEverywhere runs every example of actors for a moment, as a whole cluster, and compares what was recorded with the model.
func TestRunEverywhere(t *testing.T) {
	for _, example := range []string{"abd", "chandymisra", "chat", "commit", "link", "lww", "paxos", "ping", "primarybackup", "raft", "singlecopy"} {
		t.Run(example, func(t *testing.T) {
			t.Parallel()
			p := build(t, example)
			for i, codec := range []string{"json", "cbor"} {
				folder := filepath.Join(p.dir, codec)
				var errs bytes.Buffer
				c := exec.Command(p.binary, "run", "-port", fmt.Sprint(p.port+20*i), "-record", folder, "-data", folder+"-data", "-codec", codec, "-timeout", "1200ms", "-quiet")
				c.Stderr = &errs
				if err := c.Run(); err != nil {
					t.Fatalf("%v: %s", err, errs.String())
				}
				if out, err := exec.Command(p.binary, "replay", folder).CombinedOutput(); err != nil || !strings.Contains(string(out), "the model allows this run") {
					t.Errorf("%s: %v: %s", codec, err, out)
				}
			}
		})
	}
}
