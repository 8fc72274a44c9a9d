package pathcode_test

import (
	"reflect"
	"testing"

	"github.com/allways-go/allways/internal/pathcode"
)

// What is written can be read again, and a step outside of the model's assumptions has a mark that is not read.
func TestCode(t *testing.T) {
	for text, c := range map[string]pathcode.Code{
		"0:":        {},
		"2:7":       {Init: 2, Steps: []int{7}},
		"0:3.1.4":   {Steps: []int{3, 1, 4}},
		"0:3.1.4@1": {Steps: []int{3, 1, 4}, Lasso: true, Loop: 1},
		"0:3@0":     {Steps: []int{3}, Lasso: true},
	} {
		if got := c.String(); got != text {
			t.Errorf("%+v is written as %q, want %q", c, got, text)
		}
		if got, err := pathcode.Parse(text); err != nil || !reflect.DeepEqual(got, c) {
			t.Errorf("%q is read as %+v (%v), want %+v", text, got, err, c)
		}
	}
	if got := (pathcode.Code{Steps: []int{4, -1, -3}}).String(); got != "0:4.!0.!2" {
		t.Errorf("a path with steps outside of the model's assumptions is written as %q", got)
	}
}

// The error says which part is no index.
func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"hello":  `path "hello": want INIT:INDEX.INDEX... such as 0:3.1.4`,
		":1":     `path ":1": "" is no index of an initial state`,
		"x:y":    `path "x:y": "x" is no index of an initial state`,
		"0:1.":   `path "0:1.": "" is no index of an action`,
		"0:1.!2": `path "0:1.!2": "!2" is no index of an action`,
		"0:1@":   `path "0:1@": "" is no index of a state`,
	} {
		if _, err := pathcode.Parse(text); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
