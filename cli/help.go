package cli

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
)

// help returns the help of a verb, or of the whole program if verb is empty.
func (c *command) help(verb string) string {
	general := verb == "" || verb == "help"
	if general {
		verb = "VERB"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", c.app.Name, orElse(c.app.Summary, "a model to be checked"))
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	section := func(title string, rows ...[2]string) {
		if len(rows) == 0 {
			return
		}
		fmt.Fprintf(w, "%s:\n", title)
		for _, r := range rows {
			fmt.Fprintf(w, "  %s\t%s\n", r[0], r[1])
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "usage:  %s %s\n\n", c.program, c.synopsis(verb))
	if general {
		var rows [][2]string
		for _, v := range verbs {
			rows = append(rows, [2]string{v.name, v.summary})
		}
		section("verbs", rows...)
	}
	section("parameters", c.argRows()...)
	section("variants", c.variantRows()...)
	section("flags of this model", c.modelFlagRows()...)
	for _, group := range []string{groupRun, groupSearch, groupLimits, groupOutput} {
		section(group, c.sharedRows(verb, group)...)
	}
	section("exit codes",
		[2]string{"0", "every property holds"}, [2]string{"1", "a property is violated"},
		[2]string{"2", "wrong usage"}, [2]string{"3", "inconclusive: a limit or an interruption"},
		[2]string{"4", "the model misbehaved"}, [2]string{"70", "internal error"})
	w.Flush()
	if general {
		fmt.Fprintf(&b, "%q lists the flags of a verb.\n", c.program+" check -h")
	}
	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

func (c *command) synopsis(verb string) string {
	words := []string{verb}
	for _, a := range c.app.Args {
		words = append(words, "["+strings.ToUpper(a.Name)+"]")
	}
	if len(c.app.Variants) > 1 {
		words = append(words, "[VARIANT]")
	}
	if verb == "replay" {
		return strings.Join(words, " ") + " -path PATH [flags]\n        " + c.program + " replay FILE [flags]\n        " + c.program + " replay FOLDER [flags]"
	}
	return strings.Join(append(words, "[flags]"), " ")
}

func (c *command) argRows() (rows [][2]string) {
	for _, a := range c.app.Args {
		rows = append(rows, [2]string{strings.ToUpper(a.Name), withDefault(a.Help, a.Default)})
	}
	return rows
}

func (c *command) variantRows() (rows [][2]string) {
	for i, v := range c.app.Variants {
		text := v.Summary
		if i == 0 {
			text = strings.TrimSpace(text + " (default)")
		}
		rows = append(rows, [2]string{v.Name, text})
	}
	return rows
}

func (c *command) modelFlagRows() (rows [][2]string) {
	for _, f := range c.app.Flags {
		name := "-" + f.Name
		if !f.isSwitch() {
			name += " VALUE"
		}
		rows = append(rows, [2]string{name, withDefault(f.Help, f.Default)})
	}
	return rows
}

func (c *command) sharedRows(verb, group string) (rows [][2]string) {
	for _, f := range c.shared {
		if f.group == group && slices.Contains(f.verbs, verb) {
			rows = append(rows, [2]string{strings.TrimSpace("-" + f.name + " " + f.value), f.help})
		}
	}
	return rows
}

func withDefault(help, def string) string {
	if def == "" {
		return help
	}
	return strings.TrimSpace(fmt.Sprintf("%s (default %s)", help, def))
}

// orElse returns s, or other if s is empty.
func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
