package node

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// At most one warning of a kind is logged a second, and the next one has the number of those that
// were skipped.
func TestLimiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		l := newLimiter(slog.New(slog.NewTextHandler(&log, nil)))
		for range 25 { // 0.0 s to 2.4 s
			l.warn("garbage")
			l.warn("flood")
			time.Sleep(100 * time.Millisecond)
		}
		for _, kind := range []string{"garbage", "flood"} {
			if lines := strings.Count(log.String(), "msg="+kind); lines != 3 {
				t.Errorf("%s is logged %d times in 2.4 s:\n%s", kind, lines, log.String())
			}
		}
		if skipped := strings.Count(log.String(), "skipped=9"); skipped != 4 {
			t.Errorf("%d lines have the number that was skipped:\n%s", skipped, log.String())
		}
	})
}
