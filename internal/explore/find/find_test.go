package find

import (
	"strings"
	"testing"
)

const state = `{"Term":3,"Leader":"ann","Votes":{"ann":true,"bob":false},
	"Log":[{"Term":1,"Op":"x"},{"Term":3,"Op":"y"}],
	"servers":{"s1":{"Role":"leader","Term":2},"s2":{"Role":"leader","Term":2},"s3":{"Role":"follower","Term":1}},
	"Rate":0.5,"None":null,"ById":{"1":"one"},"big":9007199254740993}`

func TestMatch(t *testing.T) {
	v, err := Decode([]byte(state))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		`Term == 3`:                                     true,
		`Term > 2 && Leader == "ann"`:                   true,
		`Term < 2 || !Votes.bob`:                        true,
		`Votes["ann"] && Votes["carol"]`:                false,
		`Votes["carol"] == nil`:                         true,
		`Missing.Part.Of[3] == nil`:                     true,
		`Missing > 1 || Missing <= 1`:                   false,
		`len(Log) == 2 && Log[1].Op == "y"`:             true,
		`Log[7].Op == "y"`:                              false,
		`count(servers, Role == "leader") > 1`:          true,
		`any(servers, Role == "leader" && key == "s3")`: false,
		`all(servers, it.Term >= 1)`:                    true,
		`all(servers, any(Log, Term == 1))`:             true, // the inner Term is that of the log
		`any(Log, Term == state.Term)`:                  true,
		`has(Leader, "nn") && has(Votes, "bob")`:        true,
		`has(Log, "x")`:                                 false,
		`Rate == 0.5 && Rate < 1`:                       true,
		`Term + 1 == 4 && Term - 4 == -1`:               true,
		`None == nil`:                                   true,
		`ById[1] == "one"`:                              true,
		`any(ById, key == 1)`:                           true,
		`big == 9007199254740993`:                       true,
		`big == 9007199254740992`:                       false,
		`has(action, "vote")`:                           true,
		`(true) != false`:                               true,
		`named("yes") && !named("no")`:                  true,
	} {
		q, err := Compile(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		named := func(name string) (bool, error) { return name == "yes", nil }
		if got, err := q.Match(Subject{State: v, Action: "ann votes", Named: named}); got != want || err != nil {
			t.Errorf("%s: %v, %v, want %v", text, got, err, want)
		}
	}
}

func TestErrors(t *testing.T) {
	v, _ := Decode([]byte(state))
	for text, want := range map[string]string{
		`Term`:                             "a number",
		`Term ==`:                          "cannot read",
		`Term && true`:                     "want true or false",
		`Leader < 3`:                       "no order",
		`Leader + 1 == 2`:                  "not both numbers",
		`Term * 2 == 6`:                    "not understood",
		`os.Exit(1)`:                       "no methods",
		`print(1)`:                         "there is no print",
		`len(Log, Log) == 1`:               "takes 1",
		`named("yes")`:                     "want the name",
		`!after(Term == 1, Term == 2)`:     "must be the whole",
		`func() bool { return true }`:      "only names",
		`Term == 1i`:                       "do not occur",
		`Term == 99999999999999999999`:     "out of range",
		strings.Repeat("!", 5000) + "Term": "longer than",
	} {
		q, err := Compile(text)
		if err == nil {
			_, err = q.Match(Subject{State: v})
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %q", text, err, want)
		}
	}
}

func FuzzCompile(f *testing.F) {
	f.Add(`count(servers, Role == "leader") > 1`, state)
	f.Add(`!a[-1].b || len("x"+1) < 2.5`, `[1,{"a":[]}]`)
	f.Fuzz(func(t *testing.T, text, data string) {
		q, err := Compile(text)
		if err != nil {
			return
		}
		v, err := Decode([]byte(data))
		if err != nil {
			return
		}
		a, errA := q.Match(Subject{State: v})
		b, errB := q.Match(Subject{State: v})
		if a != b || (errA == nil) != (errB == nil) {
			t.Errorf("%s: %v %v, %v %v", text, a, errA, b, errB)
		}
	})
}

// Names that no subject has are known: those that were looked for in something, in whatever subject.
func TestUnknownNames(t *testing.T) {
	for text, want := range map[string]string{
		`Trem == 3`:                                 "Trem",
		`Missing.Part == nil`:                       "Missing", // nothing is asked of what is not there
		`count(servers, role == "leader") > 1`:      "role",
		`Votes["carol"] && servers.s1.Rank > 1`:     "carol",
		`servers["s4"] == nil || Log[7].Op > "x"`:   "s4",
		`Term == 4 && Trem == 3`:                    "", // the second part was not looked at
		`Only == 1`:                                 "",
		`any(Log, Op == "z")`:                       "",
		`any(ById, Op == "z") || any(Log, Op == 1)`: "",
		`None == nil && has(action, "Trem")`:        "",
		`Term.Part == 1`:                            "Part",
	} {
		var names Names
		q, err := Compile(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, data := range []string{state, `{"Only":1,"Term":3}`} {
			v, err := Decode([]byte(data))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := q.Match(Subject{State: v, Names: &names}); err != nil {
				t.Fatal(err)
			}
		}
		if got := strings.Join(names.Unknown(), " "); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// Calls inside calls look at many elements; there is a limit to that.
func TestElementsAreBounded(t *testing.T) {
	long, err := Decode([]byte("[" + strings.Repeat("0,", 199) + "0]"))
	if err != nil {
		t.Fatal(err)
	}
	q, err := Compile("any(state, any(state, any(state, it == 1)))")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Match(Subject{State: long}); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("%v", err)
	}
}

// A question about what was true before has two parts.
func TestAfter(t *testing.T) {
	for text, want := range map[string][2]string{
		` after( Term == 3 , has(action, ",é")) `: {"Term == 3", `has(action, ",é")`},
		`(after(a, b))`:       {"a", "b"},
		`Term == 3`:           {"Term == 3", ""},
		`nonsense(`:           {"nonsense(", ""},
		`any(after, it) `:     {"any(after, it) ", ""},
		`after(a, b) && c`:    {"after(a, b) && c", ""},
		`x.after(a, b)`:       {"x.after(a, b)", ""},
		`after((a), (b) + c)`: {"(a)", "(b) + c"},
	} {
		if x, y, err := After(text); x != want[0] || y != want[1] || err != nil {
			t.Errorf("%s: %q, %q, %v", text, x, y, err)
		}
	}
	if _, _, err := After("after(a)"); err == nil || !strings.Contains(err.Error(), "takes 2") {
		t.Errorf("%v", err)
	}
}
