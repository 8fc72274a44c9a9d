package cli

import (
	"runtime/debug"
	"testing"

	"github.com/allways-go/allways/cli/internal/render"
)

func TestProgramFrom(t *testing.T) {
	info := func(path string) *debug.BuildInfo {
		return &debug.BuildInfo{Path: path, Main: debug.Module{Path: "example.org/m"}}
	}
	const made = "/tmp/go-build1679482339/b001/exe/x"
	const cached = "/c/8f/8f31cfa669f614ce9fb716e406ec17ff1a1082f4ef948d147ee8aed398e2c628-d/x"
	for _, c := range []struct {
		binary string
		info   *debug.BuildInfo
		atRoot bool
		want   string
	}{
		{"./x", info("example.org/m/cmd/x"), true, "./x"},
		{"/home/a b/x", nil, true, "'/home/a b/x'"},
		{made, info("example.org/m/cmd/x"), true, "go run ./cmd/x"},
		{cached, info("example.org/m/cmd/x"), true, "go run ./cmd/x"},
		{cached, info("example.org/m/cmd/x"), false, "go run example.org/m/cmd/x"},
		{cached, info("example.org/m"), true, "go run ."},
		{cached, info("example.org/other/x"), true, "go run example.org/other/x"},
		{made, info("command-line-arguments"), true, made},
		{made, nil, true, made},
	} {
		if got := programFrom(c.binary, c.info, c.atRoot); got != c.want {
			t.Errorf("programFrom(%s, %v, %v) = %s, want %s", c.binary, c.info, c.atRoot, got, c.want)
		}
	}
}

func TestShellWord(t *testing.T) {
	for in, want := range map[string]string{
		"": "''", "0:1.2@0": "0:1.2@0", "a b": "'a b'",
		"it's": `'it'\''s'`, "-n=1": "-n=1", "$x": "'$x'", "*": "'*'",
	} {
		if got := render.ShellWord(in); got != want {
			t.Errorf("render.ShellWord(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestInvocation(t *testing.T) {
	c := &Call{Program: "x", program: testApp.program()}
	for _, k := range []struct {
		params []string
		want   string
	}{
		{nil, "x replay -path 0:1"},
		{[]string{"3", "broken", "-offset=1"}, "x replay 3 broken -path 0:1 -offset=1"},
		{[]string{"a b", "-odd", "-offset=1"}, "x replay -path 0:1 -offset=1 -- 'a b' -odd"},
		{[]string{"-3"}, "x replay -path 0:1 -- -3"},
	} {
		if got := c.invocation("replay", &selection{params: k.params}, "-path", "0:1"); got != k.want {
			t.Errorf("invocation of %q is %s, want %s", k.params, got, k.want)
		}
	}
}
