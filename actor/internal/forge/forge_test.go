package forge_test

import (
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/allways-go/allways/actor/internal/core"
	"github.com/allways-go/allways/actor/internal/forge"
	"github.com/allways-go/allways/internal/plan"
	"github.com/allways-go/allways/internal/valuetest"
)

// id names an actor, and holder stands for one.
type (
	id     int8
	holder id
)

// system returns a system of two actors whose messages are of a type.
func system(t interface {
	Helper()
	Fatal(...any)
}, message reflect.Type) *core.System {
	t.Helper()
	p, err := plan.Of(message)
	if err != nil {
		t.Fatal(err)
	}
	return &core.System{
		Actors: []*core.Actor{{Name: "ann"}, {Name: "bob"}},
		IDOf: func(x reflect.Value) (int, bool) {
			if x.Type() == reflect.TypeFor[id]() || x.Type() == reflect.TypeFor[holder]() {
				return int(x.Int()), true
			}
			return 0, false
		},
		Messages: core.Codec{
			Plan: p, New: func() any { return reflect.New(message).Interface() },
			Elem: func(pointer any) any { return reflect.ValueOf(pointer).Elem().Interface() },
		},
	}
}

// message has a part of every kind.
type message struct {
	Text   string
	count  uint16
	_      int
	Half   float32
	Angle  complex64
	To     id
	For    holder
	Absent id
	Flags  [2]bool
	Log    []entry
	Votes  map[id]bool
	Tables map[entry]string
	Any    any
	Ref    *entry
	None   *entry
	At     time.Time
	Big    big.Int
	Own    valuetest.Own
}

type entry struct{ term, Index int64 }

func everything() message {
	return message{
		Text: "<é> \" \x00", count: 65535, Half: 0.1, Angle: complex(1, -2), To: 1, For: 0, Absent: -1,
		Flags: [2]bool{true, false}, Log: []entry{{1, -2}, {}}, Votes: map[id]bool{1: true, 0: false, 7: true},
		Tables: map[entry]string{{2, 1}: "b", {1, 1}: "a"}, Any: &entry{3, 4}, Ref: &entry{5, 6},
		At: time.Unix(1, 5).UTC(), Big: *big.NewInt(-12),
	}
}

const written = `{"Text":"<é> \" \u0000","count":65535,"Half":0.1,"Angle":"(1-2i)","To":"bob","For":"ann",` +
	`"Absent":"NoActor","Flags":[true,false],"Log":[{"term":1,"Index":-2},{"term":0,"Index":0}],` +
	`"Votes":{"7":true,"ann":false,"bob":true},` +
	`"Tables":[[{"term":1,"Index":1},"a"],[{"term":2,"Index":1},"b"]],` +
	`"Any":{"type":"*entry","value":{"term":3,"Index":4}},"Ref":{"term":5,"Index":6},"None":null,` +
	`"At":"1970-01-01T00:00:01.000000005Z","Big":"-12","Own":"AA=="}`

// All kinds of parts are written as people expect them, and read again.
func TestWrite(t *testing.T) {
	sys := system(t, reflect.TypeFor[message]())
	m := everything()
	content := sys.Messages.Encode(&m)
	types := forge.Types(sys, content)
	got, err := forge.Write(sys, types, content)
	if err != nil || got != written {
		t.Errorf("%v\n%s\nwant\n%s", err, got, written)
	}
	if again, err := forge.Read(sys, types, written); err != nil || again != content {
		t.Errorf("%v, %s", err, sys.Messages.Text(again))
	}
	few, err := forge.Read(sys, types, `{"count":1,"Votes":null,"Log":null}`)
	if want := sys.Messages.Encode(&message{count: 1}); err != nil || few != want {
		t.Errorf("%v, %s", err, sys.Messages.Text(few))
	}
}

// What does not fit is refused by the name of the part.
func TestRefused(t *testing.T) {
	sys := system(t, reflect.TypeFor[message]())
	types := []reflect.Type{reflect.TypeFor[entry](), reflect.TypeFor[valuetest.Point]()}
	for text, want := range map[string]string{
		`{"count":-1}`:                   "message.count: want uint16, not -1",
		`{"Text":1}`:                     "message.Text: want string, not 1",
		`{"Half":true}`:                  "message.Half: want float32, not true",
		`{"Half":"x"}`:                   `message.Half: want float32, not "x"`,
		`{"Flags":[true]}`:               "message.Flags: want a list of 2, not of 1",
		`{"Flags":[true,1]}`:             "message.Flags[1]: want true or false, not 1",
		`{"Log":{}}`:                     "message.Log: want a list, not {}",
		`{"Log":[{"Term":1}]}`:           `message.Log[0]: entry has no field "Term"; it has term, Index`,
		`{"Votes":{"eve":true}}`:         `message.Votes["eve"]: there is no actor "eve"; there are ann, bob and NoActor`,
		`{"Votes":{"300":true}}`:         `message.Votes["300"]: want the name of an actor or a number, not 300`,
		`{"Votes":[]}`:                   "message.Votes: want an object, not []",
		`{"Tables":[[1]]}`:               "message.Tables[0]: want a pair of a key and a value, not [1]",
		`{"Tables":{}}`:                  "message.Tables: want a list of pairs",
		`{"Any":{"type":"point"}}`:       `message.Any: no type "point" is known; known are Point, entry`,
		`{"Any":{"type":"entry"}}`:       "message.Any: the value is missing",
		`{"Any":{"type":"entry","v":1}}`: `message.Any: want "type" and "value" only, not "v"`,
		`{"At":5}`:                       "message.At: want the text of a Time, not 5",
		`{"At":"now"}`:                   "message.At: parsing time",
		`{"Own":"?"}`:                    "message.Own: illegal base64",
		`{"To":1.5}`:                     "message.To: want the name of an actor or a number, not 1.5",
		`nothing`:                        "message: no JSON",
		`{"Text":"a"`:                    "message: the JSON ends too early",
		`{} 1`:                           "message: there is more after the end",
		strings.Repeat(" ", 5000):        "5000 bytes of JSON; at most 4096",
	} {
		if _, err := forge.Read(sys, types, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.50s: %v, want %s", text, err, want)
		}
	}
}

// A message that its JSON would change is not offered.
func TestWriteRefused(t *testing.T) {
	sys := system(t, reflect.TypeFor[message]())
	for name, m := range map[string]message{
		"invalid UTF-8": {Text: "\xff"}, "an unknown type": {Any: entry{}}, "too long": {Text: strings.Repeat("x", 5000)},
	} {
		if got, err := forge.Write(sys, nil, sys.Messages.Encode(&m)); err == nil {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Messages of all types with content are written without loss or not at all, and rarely not at all.
func TestRandom(t *testing.T) {
	wrote, lost := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		of := valuetest.Type(t)
		sys := system(t, of)
		content := sys.Messages.Encode(valuetest.Value(t, of).Interface())
		text, err := forge.Write(sys, forge.Types(sys, content), content)
		if err != nil {
			lost++
			return
		}
		wrote++
		again, err := forge.Read(sys, forge.Types(sys, content), text)
		if err != nil || again != content {
			t.Fatalf("%v: %s: %v", of, text, err)
		}
	})
	if lost > wrote/4 {
		t.Errorf("%d messages were written, %d were not", wrote, lost)
	}
}

// FuzzRead asserts that all that is read is written and read as the same.
func FuzzRead(f *testing.F) {
	sys := system(f, reflect.TypeFor[message]())
	types := []reflect.Type{reflect.TypeFor[entry](), reflect.TypeFor[*entry](), reflect.TypeFor[[]any]()}
	f.Add(written)
	f.Add(`{"Any":{"type":"[]interface {}","value":[{"type":"int","value":1}]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		content, err := forge.Read(sys, types, text)
		if err != nil {
			return
		}
		again, err := forge.Write(sys, types, content)
		if err != nil {
			t.Fatalf("%q is read and not written: %v", text, err)
		}
		if back, err := forge.Read(sys, types, again); err != nil || back != content {
			t.Fatalf("%q comes back as %q: %v", text, again, err)
		}
	})
}
