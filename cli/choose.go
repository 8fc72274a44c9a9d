package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/internal/usercode"
)

// builder makes the model of a configuration.
type builder func() (Instance, error)

// choose fills in the parameters and the variant that words and flags select.
func (p *program) choose(words []string, given map[string]string, stdin io.Reader) (*selection, builder, error) {
	variant := -1
	var positional []string
	for _, w := range words {
		i := slices.IndexFunc(p.variants, func(v entry) bool { return v.name == w })
		switch {
		case i < 0:
			positional = append(positional, w)
		case variant >= 0:
			return nil, nil, usage("two variants are given, %s and %s: choose one", p.variants[variant].name, w)
		default:
			variant = i
		}
	}
	s := &selection{program: p, variant: max(variant, 0), params: []string{}}
	params, build := p.configure(s.variant)
	flags := []string{}
	for i, q := range params {
		text, ok := given[q.name]
		switch {
		case q.flag && ok:
			if text != q.def {
				flags = append(flags, "-"+q.name+"="+text)
			}
		case q.flag:
			continue
		case len(positional) > 0:
			text, positional = positional[0], positional[1:]
			s.params = append(s.params, text)
		default:
			if q.def != "" {
				s.params = append(s.params, q.def)
			}
			continue
		}
		if err := q.assign(text, stdin); err != nil {
			return nil, nil, p.orElsewhere(err, q, params[i+1:], text)
		}
	}
	if len(positional) > 0 {
		if near := p.nearVariant(positional[0]); near != "" {
			return nil, nil, usage("unexpected %q: did you mean the variant %s?", positional[0], near)
		}
		return nil, nil, usage("unexpected %q: %s", positional[0], p.allowed(params))
	}
	if s.variant > 0 {
		s.params = append(s.params, p.variants[s.variant].name)
	}
	s.params = append(s.params, flags...)
	return s, build, nil
}

// orElsewhere adds to the error of parameter q that its word may have been meant as one of the
// parameters after it, or as a variant.
func (p *program) orElsewhere(err error, q Param, after []Param, word string) error {
	if q.flag {
		return err
	}
	for _, o := range after {
		if !o.flag && slices.Contains(o.choices, word) {
			return usage("%w; %s is for %s, which comes after %s", err, word, o.label(), q.label())
		}
	}
	if len(p.variants) < 2 {
		return err
	}
	if near := p.nearVariant(word); near != "" {
		return usage("%w; did you mean the variant %s?", err, near)
	}
	if word != "" && unicode.IsLetter(rune(word[0])) {
		return usage("%w, or a variant: %s", err, strings.Join(p.variantNames(), ", "))
	}
	return err
}

// nearVariant returns the variant that was probably meant by a word, or "".
func (p *program) nearVariant(word string) string { return nearest(word, p.variantNames()) }

func (p *program) variantNames() (names []string) {
	for _, v := range p.variants {
		names = append(names, v.name)
	}
	return names
}

// allowed says which words select a model.
func (p *program) allowed(params []Param) string {
	var names []string
	for _, q := range params {
		if !q.flag {
			names = append(names, q.label())
		}
	}
	text := "the model has no parameters"
	switch len(names) {
	case 0:
	case 1:
		text = "the only parameter is " + names[0]
	default:
		text = "the parameters are " + strings.Join(names, ", ")
	}
	if len(p.variants) > 1 {
		text += ", and the variants are " + strings.Join(p.variantNames(), ", ")
	}
	return text
}

// split separates the words of a canonical selection from the flags of the model.
func (p *program) split(selected []string) (words []string, given map[string]string) {
	given = map[string]string{}
	params, _ := p.configure(0)
	for _, w := range selected {
		name, value, ok := flagAndValue(w)
		if ok && slices.ContainsFunc(params, func(q Param) bool { return q.flag && q.name == name }) {
			given[name] = value
		} else {
			words = append(words, w)
		}
	}
	return words, given
}

// flagAndValue splits a flag of a canonical selection, such as -servers=3.
func flagAndValue(word string) (name, value string, ok bool) {
	rest, dash := strings.CutPrefix(word, "-")
	name, value, equals := strings.Cut(rest, "=")
	return name, value, dash && equals
}

// guard runs a function of the App that makes the model, and turns its panic into an error.
func guard(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &allways.ModelError{
				Kind: allways.ErrorPanic, Where: "App.Build", Message: fmt.Sprint(r), Panic: r, Stack: usercode.Frames(),
			}
		}
	}()
	f()
	return nil
}
