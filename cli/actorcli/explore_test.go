package actorcli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/allways-go/allways/actor/node"
	"github.com/allways-go/allways/cli"
)

// recordCopies runs the system of copies with recordings in a folder until both clients have what they asked for.
func recordCopies(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	n, err := node.New(node.Config{System: copiesOn(1), Record: folder, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx) }()
	for n.Stats().Events < 3+2*4 { // starts, and for each client two requests and two answers
		select {
		case err := <-ended:
			t.Fatal(err)
		case <-time.After(time.Millisecond):
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	return folder
}

// explored is what the explorer answers about a recording.
type explored struct {
	Path            string
	Total, Followed int
	Cut             string
	Events          []struct {
		Actor, Text string
		At          *int
	}
	Divergence *struct {
		Number               int
		Actor, Reason, After string
		Enabled              []struct{ Text string }
	}
}

// exploreRecording asks the verb explore about the recordings in a folder.
func exploreRecording(t *testing.T, folder string) (e explored) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out := &watched{text: "Ctrl-C", seen: make(chan struct{})}
	var stderr bytes.Buffer
	done := make(chan int, 1)
	go func() {
		done <- cli.Run(ctx, copies, []string{"explore", "-recording", folder, "-addr", "127.0.0.1:0"}, nil, out, &stderr)
	}()
	defer func() {
		cancel()
		<-done
	}()
	select {
	case <-out.seen:
	case code := <-done:
		done <- code
		t.Fatalf("exit %d: %s", code, &stderr)
	}
	host := regexp.MustCompile(`http://[^/]+`).FindString(out.b.String())
	r, err := http.Get(host + "/api/v1/recording")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &e); err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%v: %s", err, b)
	}
	return e
}

// What real processes did is a path of the model, up to where the model would not do it.
func TestExploreRecording(t *testing.T) {
	folder := recordCopies(t)
	good := exploreRecording(t, folder)
	if good.Total != 11 || good.Followed != 11 || good.Divergence != nil || good.Cut != "" || *good.Events[10].At != 8 ||
		strings.Count(good.Path, ".") != 7 {
		t.Errorf("%+v", good)
	}
	file := filepath.Join(folder, "client-2.ndjson")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	digests := regexp.MustCompile(`"digest":"[0-9a-f]{16}"`)
	last := digests.FindAllIndex(b, -1)
	if len(last) != 3 {
		t.Fatalf("%s", b)
	}
	b = append(append(b[:last[2][0]:last[2][0]], `"digest":"0123456789abcdef"`...), b[last[2][1]:]...)
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	bad := exploreRecording(t, folder)
	d := bad.Divergence
	if d == nil || d.Actor != "client-2" || bad.Followed != d.Number-1 || !strings.HasPrefix(d.After, bad.Path+".") ||
		!strings.Contains(d.Reason, "differ") || bad.Events[d.Number-1].At != nil || bad.Events[d.Number-2].At == nil {
		t.Errorf("%+v, %+v", bad, d)
	}
}

// A folder that does not fit is refused with what to do.
func TestExploreRecordingMisuse(t *testing.T) {
	folder := recordCopies(t)
	for _, x := range []struct {
		want string
		args []string
	}{
		{"-record", []string{"-recording", t.TempDir()}},
		{"without -open", []string{"-recording", folder, "-open", "x"}},
		{"without -open", []string{"-recording", folder, "-at", "0:"}},
		{"parameters of the run", []string{"2", "-recording", folder}},
	} {
		var stdout, stderr bytes.Buffer
		code := cli.Run(t.Context(), copies, append([]string{"explore"}, x.args...), nil, &stdout, &stderr)
		if code != cli.ExitUsage || !strings.Contains(stderr.String(), x.want) || stdout.Len() > 0 {
			t.Errorf("%q: exit code %d: %s%s", x.args, code, &stdout, &stderr)
		}
	}
}
