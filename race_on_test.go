//go:build race

package allways_test

import "testing"

// skipUnderRaceDetector skips a test in which a run goes on without a worker that does not return. The run reads what
// such a worker has counted, in no order with it, which is meant and which the detector sees: see package engine.
func skipUnderRaceDetector(t *testing.T) {
	t.Helper()
	t.Skip("a run reads what a worker has left behind that it goes on without")
}
