package codec_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/internal/program"
	"github.com/allways-go/allways/actor/node/codec"
)

type msg interface{ isMsg() }

type (
	put struct {
		Request int64
		Value   string
		When    time.Time
		Acks    map[actor.ID]bool
		Log     []entry
	}
	entry struct{ Term, Command int }
	stop  struct{}
	pack  struct {
		One  msg
		More []msg
		By   map[string]*crate
	}
	crate struct{ Inside msg }
)

func (put) isMsg()   {}
func (*stop) isMsg() {}
func (pack) isMsg()  {}

func system[M any](examples ...M) *actor.System[M] {
	sys := actor.NewSystem[M](actor.Config{})
	sys.RegisterMessages(examples...)
	return sys
}

func compiled(t testing.TB, sys actor.Program) *program.Program {
	t.Helper()
	p, err := program.Of(sys)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func made(t testing.TB, make codec.Codec, p actor.Program) codec.Encoding {
	t.Helper()
	c, err := make(p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestText(t *testing.T) {
	sys := system[msg](put{}, &stop{}, pack{})
	c := made(t, codec.JSON, sys)
	b, err := c.Append([]byte(">"), put{Request: 2, Value: "A", Acks: map[actor.ID]bool{1: true}})
	want := `>{"type":"put","value":{"Request":2,"Value":"A","When":"0001-01-01T00:00:00Z","Acks":{"1":true},"Log":null}}`
	if err != nil || string(b) != want {
		t.Errorf("%s, %v; want %s", b, err, want)
	}
	m, err := c.Decode([]byte(`{"type":"put","value":{"Request":9007199254740993}}`))
	if err != nil || m.(put).Request != 9007199254740993 {
		t.Errorf("%+v, %v", m, err)
	}
	if m, err := c.Decode([]byte(`{"type":"stop"}`)); err != nil || m.(*stop) == nil {
		t.Errorf("%v, %v", m, err)
	}
}

// Messages inside messages carry the names of their types, too.
func TestNested(t *testing.T) {
	sys := system[msg](put{}, &stop{}, pack{})
	m := pack{
		One: pack{One: &stop{}}, More: []msg{put{Request: 7}, nil},
		By: map[string]*crate{"k": {Inside: put{Value: "x"}}, "none": nil},
	}
	for _, make := range []codec.Codec{codec.JSON, codec.CBOR} {
		c := made(t, make, sys)
		b, err := c.Append(nil, m)
		if err != nil {
			t.Fatal(err)
		}
		back, err := c.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		p := compiled(t, sys)
		want, _ := p.Messages().Content(m)
		if got, err := p.Messages().Content(back); got != want || err != nil {
			t.Errorf("%s: %+v, %v", c.Name(), back, err)
		}
	}
	b, _ := made(t, codec.JSON, sys).Append(nil, pack{One: &stop{}})
	if want := `{"type":"pack","value":{"One":{"type":"stop","value":{}},"More":[],"By":{}}}`; string(b) != want {
		t.Errorf("%s; want %s", b, want)
	}
}

// Each encoding preserves messages.
func TestRoundTrips(t *testing.T) {
	sys := system[msg](put{}, &stop{}, pack{})
	numbers := system[int]()
	for _, make := range []codec.Codec{codec.JSON, codec.CBOR} {
		if err := codec.Check(made(t, make, sys), sys); err != nil {
			t.Error(err)
		}
		if err := codec.Check(made(t, make, numbers), numbers); err != nil {
			t.Error(err)
		}
	}
}

type (
	hidden struct{ n int } //lint:ignore U1000 an unexported field is the point
	loose  struct{ X fmt.Stringer }
	nested struct{ Inner []hidden }
	a      struct{ N int }
)

// Message types that cannot be encoded are refused when the encoding is made, with a remedy.
func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		system actor.Program
		want   string
	}{
		"nothing named": {system[msg](), "sys.RegisterMessages"},
		"unexported":    {system[any](hidden{}), "hidden.n is not exported"},
		"deep":          {system[any](nested{}), "nested.Inner[].n is not exported"},
		"interface":     {system[any](loose{}), "loose.X is an interface"},
		"single":        {system[hidden](), "hidden.n is not exported"},
	} {
		for _, make := range []codec.Codec{codec.JSON, codec.CBOR} {
			if _, err := make(c.system); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v; want %q", name, err, c.want)
			}
		}
	}
}

type dropped struct {
	Kept int
	Lost int `json:"-"`
}

// [codec.Check] detects an encoding that loses a field.
func TestLossyCodec(t *testing.T) {
	sys := system[any](dropped{})
	c := made(t, codec.JSON, sys)
	if err := codec.Check(c, sys); err == nil || !strings.Contains(err.Error(), "comes back as dropped{Kept:1 Lost:0}") {
		t.Error(err)
	}
}

func TestWrongMessages(t *testing.T) {
	sys := system[any](a{}, "")
	for _, make := range []codec.Codec{codec.JSON, codec.CBOR} {
		c := made(t, make, sys)
		for _, m := range []any{nil, 3, &a{}} {
			if b, err := c.Append([]byte("x"), m); err == nil || string(b) != "x" {
				t.Errorf("%s: %T is encoded as %q, %v", c.Name(), m, b, err)
			}
		}
	}
	c := made(t, codec.JSON, sys)
	for _, text := range []string{
		``, `null`, `{}`, `7`, `{"type":"b"}`, `{"type":"a","value":{"M":1}}`, `{"type":"a","value":{"N":"1"}}`,
		`{"type":"a"} {"type":"a"}`, `{"type":"a","from":1}`, `{"type":"a","value":`,
	} {
		if m, err := c.Decode([]byte(text)); err == nil {
			t.Errorf("%s is %+v", text, m)
		}
	}
}

// JSON refuses strings that are not UTF-8, CBOR takes them. What only looks like an escape is fine.
func TestStrings(t *testing.T) {
	sys := system[any]("")
	text, binary := made(t, codec.JSON, sys), made(t, codec.CBOR, sys)
	for s, ok := range map[string]bool{"ü�": true, `\ufffd`: true, "\xff": false, "\\\xff": false} {
		b, err := text.Append(nil, s)
		if (err == nil) != ok {
			t.Errorf("%q as JSON: %s, %v", s, b, err)
		}
		b, err = binary.Append(nil, s)
		if err != nil {
			t.Errorf("%q as CBOR: %v", s, err)
			continue
		}
		if m, err := binary.Decode(b); err != nil || m != s {
			t.Errorf("%q comes back as %q, %v", s, m, err)
		}
	}
}

func TestFunctions(t *testing.T) {
	sys := system[int]()
	make := codec.Functions("decimal", func(dst []byte, m int) ([]byte, error) { return fmt.Appendf(dst, "%d", m), nil },
		func(b []byte) (m int, err error) {
			if len(b) == 0 {
				panic("empty")
			}
			return m, json.Unmarshal(b, &m)
		})
	c := made(t, make, sys)
	if err := codec.Check(c, sys); err != nil {
		t.Error(err)
	}
	if _, err := c.Decode(nil); err == nil || !strings.Contains(err.Error(), "panicked: empty") {
		t.Error(err)
	}
	if _, err := c.Append(nil, "text"); err == nil {
		t.Error("a text is encoded as a number")
	}
	if _, err := make(system[string]()); err == nil {
		t.Error("a codec of numbers is made for texts")
	}
	bad := codec.Functions("bad", func(dst []byte, m int) ([]byte, error) { return nil, errors.New("no") }, nil)
	if b, err := made(t, bad, sys).Append([]byte("x"), 1); err == nil || string(b) != "x" {
		t.Errorf("%q, %v", b, err)
	}
}

// fuzz asserts that all bytes that can be decoded are a message that survives a round trip.
func fuzz(f *testing.F, make codec.Codec) {
	sys := system[msg](put{}, &stop{}, pack{})
	c := made(f, make, sys)
	for _, m := range []msg{
		put{Request: 1, Value: "v", Log: []entry{{1, 2}}}, &stop{},
		pack{One: put{}, By: map[string]*crate{"k": {Inside: pack{}}}},
	} {
		b, err := c.Append(nil, m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := c.Decode(b)
		if err != nil {
			return
		}
		p := compiled(t, sys)
		want, err := p.Messages().Content(m)
		if err != nil {
			t.Fatalf("%+v has no content: %v", m, err)
		}
		again, err := c.Append(nil, m)
		if err != nil {
			t.Skip(err) // a year that JSON cannot write, for example
		}
		back, err := c.Decode(again)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := p.Messages().Content(back); err != nil || got != want {
			t.Fatalf("%+v comes back as %+v, %v", m, back, err)
		}
	})
}

func FuzzJSON(f *testing.F) { fuzz(f, codec.JSON) }
func FuzzCBOR(f *testing.F) { fuzz(f, codec.CBOR) }
