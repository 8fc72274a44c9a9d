package lint

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"

	"github.com/allways-go/allways/internal/sources"
)

// avoided are words that are not used, each with what stands in their place; docs/glossary.md says
// more.
var avoided = []struct {
	word    *regexp.Regexp
	instead string
}{
	// Another word has that meaning in this field, or in this repository.
	{phrase(`worlds?`), "state, faults or environment"},
	{phrase(`culprits?|blamed?|blames`), "the mutation detector names where a state was modified"},
	{phrase(`doers?`), "the actor that takes the step"},
	{phrase(`pickers?`), "schedule"},
	{phrase(`to chance`), "a nondeterministic choice"},
	{phrase(`(a|the) cut`), "stop reason, limit"},
	// Programs are no people. Those of the examples in aboutPeople are.
	{phrase(`nobody|somebody|everybody|whoever`), "no actor, no caller, none; some; every; whatever"},
	{phrase(`of (its|one's|their) own`), "say which one, or leave it out"},
	{phrase(`(is|are|was|were|be) told`), "receives, knows, is given"},
	{phrase(`found out`), "detected, reported, computed"},
	{phrase(`for ever`), "forever, repeatedly, without end"},
	{phrase(`so many`), "that many, this number of"},
	{phrase(`is none|are none`), "there is no; is not one"},
	{phrase(`bounds? (it|them) not`), "0 means no limit"},
	{phrase(`\w+s (it|them) not`), "does not"},
	{phrase(`if need be`), "if necessary, possibly"},
	{phrase(`one's`), "its"},
}

// aboutPeople are the folders of examples whose actors are people, such as philosophers.
var aboutPeople = []string{"examples/chandymisra/", "examples/philosophers/"}

// ofPeople matches words that are right for people.
var ofPeople = phrase(`nobody|somebody|everybody|for ever`)

// avoidedNames are words that no identifier contains.
var avoidedNames = []string{"culprit", "blame", "doer", "world", "picker", "nobody"}

func phrase(expression string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(?:` + strings.ReplaceAll(expression, " ", `\s+`) + `)\b`)
}

// words looks for words to avoid in comments, strings, names and pages.
func words(m *sources.Module) (all []Finding) {
	for _, p := range m.Packages {
		if p.Rel == "internal/lint" {
			continue // which must name them
		}
		for _, f := range slices.Concat(p.Files, p.Tests) {
			all = append(all, wordsOfFile(m, f)...)
		}
	}
	return append(all, wordsOfPages(m)...)
}

func wordsOfFile(m *sources.Module, f *sources.File) (all []Finding) {
	for _, group := range f.Syntax.Comments {
		all = append(all, wordsOf(group.Text(), f.Path, m.Line(group.Pos()))...)
	}
	ast.Inspect(f.Syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				all = append(all, wordsOf(n.Value, f.Path, m.Line(n.Pos()))...)
			}
		case *ast.Ident:
			name := strings.ToLower(n.Name)
			for _, word := range avoidedNames {
				if strings.Contains(name, word) {
					all = append(all, Finding{Where: f.Path, Line: m.Line(n.Pos()),
						What: "the name " + n.Name + " contains \"" + word + "\""})
				}
			}
		}
		return true
	})
	return all
}

// wordsOf looks for words to avoid in a text that begins at a line of a file.
func wordsOf(text, path string, line int) (all []Finding) {
	people := slices.ContainsFunc(aboutPeople, func(folder string) bool { return strings.HasPrefix(path, folder) })
	for _, a := range avoided {
		for _, at := range a.word.FindAllStringIndex(text, -1) {
			if people && ofPeople.MatchString(text[at[0]:at[1]]) {
				continue
			}
			all = append(all, Finding{
				Where: path, Line: line + strings.Count(text[:at[0]], "\n"),
				What: "\"" + text[at[0]:at[1]] + "\": better " + a.instead,
			})
		}
	}
	return all
}

// wordsOfPages reads the Markdown pages of the module, but for the glossary, which must name what it
// advises against.
func wordsOfPages(m *sources.Module) (all []Finding) {
	for _, p := range readPages(m) {
		if p.rel != "docs/glossary.md" {
			all = append(all, wordsOf(p.text, p.rel, 1)...)
		}
	}
	return all
}
