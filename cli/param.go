package cli

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
)

// Param is a parameter: its name, type, range, default and help, and the variable that it sets.
// [Int], [Bool], [Text], [Choice], [File] and [Func] make one. A parameter is a word on the command
// line, and may be left out; [Param.Flag] makes it a flag instead.
type Param struct {
	name    string
	help    string
	value   string   // word for the value in the help; empty for a switch
	allowed string   // the values that are allowed, in words; may be empty
	choices []string // the same, if they can be listed
	def     string   // the default; empty to show nothing
	flag    bool
	set     func(text string, stdin io.Reader) error
	mistake string // mistake in the declaration; empty if all is well
}

// Flag returns the parameter as a flag, such as -servers, which is set by name.
func (p Param) Flag() Param {
	p.flag = true
	return p
}

// Int is a whole number from lo to hi, both included; a hi of [math.MaxInt] means no upper bound.
// Its default is the value of *to, or def if that is 0.
func Int(name string, to *int, def, lo, hi int, help string) Param {
	if *to == 0 {
		*to = def
	}
	allowed := fmt.Sprintf("%d to %d", lo, hi)
	if hi == math.MaxInt {
		allowed = fmt.Sprintf("%d or more", lo)
	}
	p := newParam(name, "N", help)
	p.allowed, p.def = allowed, strconv.Itoa(*to)
	if *to < lo || *to > hi {
		p.mistake = fmt.Sprintf("the default %d is not in the range %s", *to, allowed)
	}
	p.set = func(text string, _ io.Reader) error {
		n, err := strconv.Atoi(text)
		switch {
		case (err != nil || n < lo) && hi == math.MaxInt:
			return fmt.Errorf("want a whole number, %s", allowed)
		case err != nil || n < lo || n > hi:
			return fmt.Errorf("want a whole number from %s", allowed)
		}
		*to = n
		return nil
	}
	return p
}

// Bool is true or false. Its default is the value of *to. As a flag it needs no value: -lossy means
// -lossy=true.
func Bool(name string, to *bool, help string) Param {
	p := newParam(name, "", help)
	p.choices = []string{"true", "false"}
	if *to {
		p.def = "true"
	}
	p.set = func(text string, _ io.Reader) error {
		b, err := strconv.ParseBool(text)
		if err != nil {
			return errors.New("want true or false")
		}
		*to = b
		return nil
	}
	return p
}

// isSwitch reports whether a flag needs no value.
func (p Param) isSwitch() bool { return p.flag && p.value == "" }

// Text is any text that is not empty. Its default is the value of *to, or def if that is empty.
func Text(name string, to *string, def, help string) Param {
	if *to == "" {
		*to = def
	}
	p := newParam(name, strings.ToUpper(name), help)
	p.def = *to
	p.set = func(text string, _ io.Reader) error {
		if text == "" {
			return errors.New("want a value that is not empty")
		}
		*to = text
		return nil
	}
	return p
}

// Choice is one of some values, which [fmt.Sprint] writes as words. Its default is the value of
// *to, or the first one if that is not among them.
func Choice[T comparable](name string, to *T, help string, values ...T) Param {
	p := newParam(name, strings.ToUpper(name), help)
	if len(values) == 0 {
		p.mistake = "there is nothing to choose from"
		return p
	}
	for _, v := range values {
		p.choices = append(p.choices, fmt.Sprint(v))
		if v == *to {
			p.def = fmt.Sprint(v)
		}
	}
	if p.def == "" {
		*to, p.def = values[0], p.choices[0]
	}
	p.allowed = alternatives(p.choices)
	p.set = func(text string, _ io.Reader) error {
		for i, word := range p.choices {
			if word == text {
				*to = values[i]
				return nil
			}
		}
		return fmt.Errorf("want %s", p.allowed)
	}
	return p
}

// File sets *to to the content of a file; the name - means standard input. Without a file *to keeps
// its value.
func File(name string, to *string, help string) Param {
	p := newParam(name, "FILE", help)
	p.set = func(text string, stdin io.Reader) error {
		if text != "-" {
			b, err := os.ReadFile(text)
			*to = string(b)
			return err
		}
		b, err := io.ReadAll(stdin)
		*to = string(b)
		return err
	}
	return p
}

// Func is a parameter of any type that parse reads from text. Its default is def; an empty one
// leaves *to as it is. An error of parse says what is wanted: "want a time with its unit, such as
// 90s".
func Func[T any](name string, to *T, def string, parse func(text string) (T, error), help string) Param {
	p := newParam(name, strings.ToUpper(name), help)
	p.def = def
	p.set = func(text string, _ io.Reader) error {
		v, err := parse(text)
		if err != nil {
			return err
		}
		*to = v
		return nil
	}
	if def != "" {
		if err := p.set(def, nil); err != nil {
			p.mistake = fmt.Sprintf("the default %q is refused: %v", def, err)
		}
	}
	return p
}

// newParam takes the word that stands for the value from the help, if that quotes one.
func newParam(name, value, help string) Param {
	if before, quoted, ok := strings.Cut(help, "`"); ok {
		if word, after, ok := strings.Cut(quoted, "`"); ok {
			value, help = strings.ToUpper(word), before+word+after
		}
	}
	return Param{name: name, value: value, help: help}
}

// brief leaves the range and the default out of the help, whose text says them.
func (p Param) brief() Param {
	p.allowed, p.def = "", ""
	return p
}

// label is the parameter as the help shows it.
func (p Param) label() string {
	switch {
	case !p.flag:
		return strings.ToUpper(p.name)
	case p.isSwitch():
		return "-" + p.name
	}
	return "-" + p.name + " " + p.value
}

// describe says what the parameter is, with its range.
func (p Param) describe() string {
	if p.allowed == "" {
		return p.help
	}
	return strings.TrimPrefix(p.help+": "+p.allowed, ": ")
}

// assign sets the parameter; the error names it and the value, in the words of package flag and
// of the help.
func (p Param) assign(text string, stdin io.Reader) error {
	err := p.set(text, stdin)
	switch {
	case err == nil:
		return nil
	case p.isSwitch():
		return usage("invalid boolean value %q for -%s: %w", text, p.name, err)
	case p.flag:
		return usage("invalid value %q for flag -%s: %w", text, p.name, err)
	}
	return usage("invalid value %q for %s: %w", text, p.label(), err)
}

// alternatives joins words as a sentence does: "a, b or c".
func alternatives(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
