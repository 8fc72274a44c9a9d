package cli

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/allways-go/allways/cli/internal/render"
)

// page lays out help in sections of two columns.
type page struct {
	b strings.Builder
	w *tabwriter.Writer
}

func newPage(format string, args ...any) *page {
	p := &page{}
	p.w = tabwriter.NewWriter(&p.b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(p.w, format, args...)
	return p
}

func (p *page) section(title string, rows [][2]string) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(p.w, "%s:\n", title)
	for _, r := range rows {
		fmt.Fprintf(p.w, "  %s\t%s\n", r[0], r[1])
	}
	fmt.Fprintln(p.w)
}

func (p *page) String() string {
	p.w.Flush()
	lines := strings.Split(strings.TrimRight(p.b.String(), "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// overview is the help of the whole program.
func (c *Call) overview(verbs []Verb) string {
	p := newPage("%s: %s\n\nusage:  %s VERB %s [flags]\n\n", c.program.name, c.summary(), c.Program, c.modelWords())
	var rows [][2]string
	for _, v := range visible(verbs) {
		rows = append(rows, [2]string{v.Name, v.Summary})
	}
	p.section("verbs", rows)
	c.model(p)
	p.section("exit codes", exitRows())
	hint := "\n\"%s check -h\" lists the flags of a verb. Flags may have one dash or two.\n"
	return p.String() + fmt.Sprintf(hint, c.Program)
}

// help is the help of a verb.
func (c *Call) help(v *Verb) string {
	forms := v.Usage
	if forms == nil && !v.plain {
		forms = []string{"MODEL [flags]"}
	} else if forms == nil {
		forms = []string{""}
	}
	p := newPage("%s: %s\n\n", v.Name, v.Summary)
	for i, form := range forms {
		start := "usage:"
		if i > 0 {
			start = "      "
		}
		fmt.Fprintf(p.w, "%s  %s %s %s\n", start, c.Program, v.Name, strings.Replace(form, "MODEL", c.modelWords(), 1))
	}
	fmt.Fprintln(p.w)
	if v.plain {
		return p.String()
	}
	c.model(p)
	p.section("flags of "+v.Name, flagRows(v.Flags))
	for _, group := range []string{groupSearch, groupLimits, groupOutput, groupProfiles} {
		var flags []Param
		for _, f := range c.common {
			if f.group == group && slices.Contains(v.Common, f.name) {
				flags = append(flags, f.Param)
			}
		}
		p.section(group, flagRows(flags))
	}
	p.section("exit codes", exitRows())
	return p.String()
}

func (c *Call) summary() string {
	if c.program.summary == "" {
		return "a model"
	}
	return c.program.summary
}

// modelWords are the words that select a model.
func (c *Call) modelWords() string {
	var words []string
	params, _ := c.program.configure(0)
	for _, p := range params {
		if !p.flag {
			words = append(words, "["+p.label()+"]")
		}
	}
	if len(c.program.variants) > 1 {
		words = append(words, "[VARIANT]")
	}
	return strings.Join(words, " ")
}

// model adds what there is to choose of the model.
func (c *Call) model(p *page) {
	rows := func(entries []render.Entry) (rows [][2]string) {
		for _, e := range entries {
			rows = append(rows, [2]string{e.Label, e.Text()})
		}
		return rows
	}
	p.section("parameters", rows(c.program.entries(false)))
	p.section("variants", rows(c.program.variantEntries()))
	p.section("flags of the model", rows(c.program.entries(true)))
}

// entries lists the parameters of the model, or its flags.
func (p *program) entries(flags bool) (entries []render.Entry) {
	params, _ := p.configure(0)
	for i, q := range params {
		if q.flag == flags {
			e := render.Entry{Name: q.name, Label: q.label(), Default: q.def, Help: q.describe()}
			if flags {
				e.Name = "-" + q.name
			}
			if text := p.defaults(i); text != "" {
				e.Note = "(default " + text + ")"
			}
			entries = append(entries, e)
		}
	}
	return entries
}

// defaults says the default of a parameter, and those of the variants that have others.
func (p *program) defaults(param int) string {
	texts := []string{}
	for i, v := range p.variants {
		params, _ := p.configure(i)
		def := params[param].def
		switch {
		case i == 0:
			texts = append(texts, def)
		case def != texts[0]:
			texts = append(texts, def+" in "+v.name)
		}
	}
	return strings.TrimPrefix(strings.Join(texts, ", "), ", ")
}

func (p *program) variantEntries() (entries []render.Entry) {
	for i, v := range p.variants {
		e := render.Entry{Name: v.name, Label: v.name, Help: v.summary}
		if i == 0 {
			e.Note = "(default)"
		}
		entries = append(entries, e)
	}
	return entries
}

func flagRows(flags []Param) (rows [][2]string) {
	for _, f := range flags {
		help := f.describe()
		if f.def != "" {
			help += " (default " + f.def + ")"
		}
		rows = append(rows, [2]string{f.label(), help})
	}
	return rows
}

func exitRows() (rows [][2]string) {
	for _, e := range exits {
		rows = append(rows, [2]string{fmt.Sprint(e.code), e.meaning})
	}
	return append(rows, [2]string{"", "(\"go run\" turns all codes but 0 into 1)"})
}
