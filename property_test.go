package allways_test

import (
	"encoding/json"
	"testing"

	"github.com/allways-go/allways"
)

// Kinds and verdicts are words wherever they are read, in reports and in JSON.
func TestWordsOfProperties(t *testing.T) {
	got, err := json.Marshal([]any{
		allways.KindAlways, allways.KindSometimes, allways.KindEventually, allways.KindStep, allways.KindDeadlock,
		allways.KindLeadsTo, allways.KindInfinitelyOften, allways.KindEventuallyForever, allways.KindUntil,
		allways.KindTemporal, allways.KindPossible,
		allways.Inconclusive, allways.Holds, allways.Violated,
	})
	const want = `["always","sometimes","eventually","step","deadlock","leads to","infinitely often",` +
		`"eventually forever","until","temporal","always possible","inconclusive","holds","violated"]`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
	if s := allways.PropertyKind(99).String(); s != "PropertyKind(99)" {
		t.Errorf("an unknown kind is %s", s)
	}
}
