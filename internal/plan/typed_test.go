package plan

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

type ballot struct {
	Term  int
	Votes map[string]bool
	Log   []string
}

// A typed plan does what the plan does, without unsafe pointers.
func TestTyped(t *testing.T) {
	typed, err := TypedFor[ballot]()
	if err != nil {
		t.Fatal(err)
	}
	a := &ballot{Term: 2, Votes: map[string]bool{"a": true}, Log: []string{"x"}}
	content, err := typed.Content(a)
	if err != nil {
		t.Fatal(err)
	}
	encoding, err := typed.Append(nil, a)
	if err != nil || string(encoding) != content {
		t.Errorf("encoding %q, %v; content %q", encoding, err, content)
	}
	var decoded ballot
	rest, err := typed.Decode(append(encoding, "rest"...), &decoded)
	if err != nil || string(rest) != "rest" || !reflect.DeepEqual(&decoded, a) {
		t.Errorf("decoded %+v, rest %q, %v", decoded, rest, err)
	}
	for name, b := range map[string]*ballot{
		"FromContent": typed.FromContent(content), "Clone": typed.Clone(a), "Alternate": typed.Alternate(a),
	} {
		if b == a || !typed.Equal(a, b) || typed.Compare(a, b) != 0 || typed.Diff(a, b) != nil {
			t.Errorf("%s is not a copy: %+v", name, b)
		}
		b.Votes["a"] = false
		if !a.Votes["a"] {
			t.Errorf("%s shares memory", name)
		}
		if d := typed.Diff(a, b); len(d) != 1 || d[0] != (Change{`Votes["a"]`, "true", "false"}) ||
			typed.Compare(a, b) <= 0 {
			t.Errorf("%s: differences %v", name, d)
		}
	}
	empty := typed.Clone(&ballot{})
	typed.AlternateOwn(empty)
	if empty.Votes != nil || empty.Log == nil || !typed.Equal(empty, &ballot{}) {
		t.Errorf("the alternate form is %#v", empty)
	}
	if text := typed.Text(a); text != `{Term:2 Votes:{"a":true} Log:["x"]}` {
		t.Errorf("text %s", text)
	}
	if text := string(typed.AppendJSON(nil, a)); text != `{"Term":2,"Votes":{"a":true},"Log":["x"]}` {
		t.Errorf("JSON %s", text)
	}
	var parts []string
	typed.Parts("", a, func(path, text string) { parts = append(parts, path+"="+text) })
	if got := strings.Join(parts, " "); got != `Term=2 len(Votes)=1 Votes[*]=true len(Log)=1 Log[*]="x"` {
		t.Errorf("parts %s", got)
	}
	if typed.Plan().Type() != reflect.TypeFor[ballot]() {
		t.Errorf("the plan of %v", typed.Plan().Type())
	}
}

// A value without content is an error that names the type, and a string that is no content a panic.
func TestTypedErrors(t *testing.T) {
	if _, err := TypedFor[struct{ C chan int }](); err == nil {
		t.Error("a channel has content")
	}
	typed, err := TypedFor[any]()
	if err != nil {
		t.Fatal(err)
	}
	var v any = func() {}
	_, err = typed.Content(&v)
	if value := (*ValueError)(nil); !errors.As(err, &value) || !strings.HasPrefix(err.Error(),
		"a value of type interface {}: ") {
		t.Errorf("a function has content: %v", err)
	}
	for _, content := range []string{"", "\x00\x00", "\x07"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q is taken for a content", content)
				}
			}()
			typed.FromContent(content)
		}()
	}
}
