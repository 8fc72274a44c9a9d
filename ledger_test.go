package allways

import "testing"

// A run is complete until there is a reason why it is not. The first reason stays: a later one is a
// consequence, such as a limit that was met while paths were found again.
func TestLedger(t *testing.T) {
	var l ledger
	l.enter(StopReasonNone)
	if !l.complete() || l.reason != StopReasonNone {
		t.Errorf("complete %t, %q before any reason", l.complete(), l.reason)
	}
	l.enter(StopReasonCondition)
	l.enter(StopReasonMemory)
	if l.complete() || l.reason != StopReasonCondition {
		t.Errorf("complete %t, %q; want the first reason", l.complete(), l.reason)
	}
}

// Every stop reason of the engine has one that users know.
func TestStopReasons(t *testing.T) {
	seen := map[StopReason]bool{}
	for of := range stopReasons {
		if r := stopReasons[of]; seen[r] || (r == StopReasonNone) != (of == 0) {
			t.Errorf("%d is %q", of, r)
		}
		seen[stopReasons[of]] = true
	}
}
