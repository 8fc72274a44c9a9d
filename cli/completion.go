package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// completeVerb is the hidden verb that the scripts below call with the words of a command line, the
// last of which is to be completed. It prints a candidate a line; no line leaves the shell to
// complete files.
const completeVerb = "__complete"

var shells = []string{"bash", "zsh", "fish"}

// The scripts that make a shell ask the program. COMMAND starts the program, PROGRAM is
// its name, and NAME a name for shell functions.
var completionScripts = map[string]string{
	"bash": `# To use it: source <(COMMAND completion bash)
_NAME_complete() {
	local IFS=$'\n' words=("${COMP_WORDS[@]:1:COMP_CWORD}")
	COMPREPLY=($("${COMP_WORDS[0]}" __complete "${words[@]}" 2>/dev/null))
}
complete -o default -F _NAME_complete PROGRAM
`,
	"zsh": `# To use it: autoload -U compinit; compinit; source <(COMMAND completion zsh)
_NAME_complete() {
	local -a candidates
	candidates=("${(@f)$("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
	if [[ -n "$candidates" ]]; then compadd -- $candidates; else _files; fi
}
compdef _NAME_complete PROGRAM
`,
	"fish": `# To use it: COMMAND completion fish | source
function __NAME_complete
	set -l words (commandline -opc) (commandline -ct)
	set -l candidates ($words[1] __complete $words[2..] 2>/dev/null)
	if set -q candidates[1]
		printf '%s\n' $candidates
	else
		__fish_complete_path $words[-1]
	end
end
complete -c PROGRAM -f -a '(__NAME_complete)'
`,
}

func runCompletion(_ context.Context, c *Call) (int, error) {
	if len(c.Words) != 1 || !slices.Contains(shells, c.Words[0]) {
		return 0, usage("want one shell: %s, as in \"source <(%s completion bash)\"", alternatives(shells), c.Program)
	}
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, c.program.name)
	replacer := strings.NewReplacer("NAME", name, "PROGRAM", baseName(c.Program), "COMMAND", c.Program)
	fmt.Fprint(c.Stdout, replacer.Replace(completionScripts[c.Words[0]]))
	return ExitHolds, nil
}

// complete prints the candidates for the last of some words.
func complete(c *Call, verbs []Verb, words []string) error {
	if len(words) == 0 {
		words = []string{""}
	}
	before, last := words[:len(words)-1], words[len(words)-1]
	for _, w := range c.candidates(verbs, before, last) {
		if strings.HasPrefix(w, last) {
			fmt.Fprintln(c.Stdout, w)
		}
	}
	return nil
}

// candidates returns what may stand behind some words.
func (c *Call) candidates(verbs []Verb, before []string, last string) []string {
	if len(before) == 0 {
		return verbNames(verbs)
	}
	same := named(verbs, before[0])
	if len(same) == 0 {
		return nil
	}
	v := merged(same)
	if v.Name == "help" {
		return verbNames(verbs)
	}
	if v.Name == "completion" {
		return shells
	}
	flags := c.allFlags(v)
	if name, ok := strings.CutPrefix(before[len(before)-1], "-"); ok {
		name = strings.TrimPrefix(name, "-")
		if i := slices.IndexFunc(flags, func(p Param) bool { return p.name == name }); i >= 0 && !flags[i].isSwitch() {
			return flags[i].choices
		}
	}
	var out []string
	if strings.HasPrefix(last, "-") {
		for _, f := range flags {
			out = append(out, "-"+f.name)
		}
		return out
	}
	if v.plain {
		return nil
	}
	out = append(out, c.program.variantNames()...)
	params, _ := c.program.configure(0)
	for _, p := range params {
		if !p.flag {
			out = append(out, p.choices...)
		}
	}
	return out
}
