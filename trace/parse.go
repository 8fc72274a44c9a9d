package trace

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parser reads a trace line by line.
type parser struct {
	in   *bufio.Reader
	line int  // number of the current line, from 1
	size int  // bytes read
	last bool // the current line is the last one, and has no line break
	file File
}

// Parse reads the text of a trace file. Errors contain the line and what was expected there. A
// truncated file is an error. Input from untrusted sources is safe: lines are limited to 1 MB,
// files to 256 MB.
func Parse(r io.Reader) (File, error) {
	p := &parser{in: bufio.NewReader(r)}
	p.file.Loop = -1
	if err := p.parse(); err != nil {
		hint := ""
		if p.last && p.line > 1 {
			hint = "; the file ends here, it may be truncated"
		}
		return File{}, fmt.Errorf("line %d: %w%s", p.line, err, hint)
	}
	return p.file, nil
}

func (p *parser) parse() error {
	first, err := p.read()
	if err != nil && err != io.EOF {
		return err
	}
	if v, ok := strings.CutPrefix(first, magic); !ok {
		return fmt.Errorf("not a trace file: want %q, have %s", magic+version, excerpt(first))
	} else if v != version {
		return fmt.Errorf("the trace has version %s, this program reads version %s", excerpt(v), version)
	}
	if err := p.head(); err != nil {
		return err
	}
	return p.body()
}

// head reads the header and the initial state.
func (p *parser) head() error {
	seen := map[string]bool{}
	for {
		text, err := p.next("the initial state")
		if err != nil {
			return err
		}
		if rest, ok := strings.CutPrefix(text, "init "); ok {
			return p.init(rest)
		}
		name, value, ok := strings.Cut(text, ":")
		if !ok {
			return fmt.Errorf(`want "KEY: VALUE" or "init INDEX STATE", have %s`, excerpt(text))
		}
		if seen[name] {
			return fmt.Errorf("the key %s appears twice", excerpt(name))
		}
		seen[name] = true
		if err := p.key(name, strings.TrimSpace(value)); err != nil {
			return err
		}
	}
}

func (p *parser) key(name, value string) (err error) {
	if name == "params" {
		p.file.Params, err = splitWords(value)
		return err
	}
	for _, k := range p.file.keys() {
		if k.name == name {
			*k.value, err = unquote(value)
			return err
		}
	}
	return fmt.Errorf("unknown key %s, want model, params, types, property, kind or verdict", excerpt(name))
}

func (p *parser) init(rest string) (err error) {
	index, text, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if p.file.Init, err = number(index); err != nil {
		return fmt.Errorf(`want "init INDEX STATE": %w`, err)
	}
	p.file.InitText, err = unquote(strings.TrimSpace(text))
	return err
}

// body reads the steps and the end.
func (p *parser) body() error {
	for {
		text, err := p.next(fmt.Sprintf(`step %d or "end %d"`, len(p.file.Steps)+1, len(p.file.Steps)))
		if err != nil {
			return err
		}
		word, rest, _ := strings.Cut(text, " ")
		switch rest = strings.TrimSpace(rest); {
		case word == "end":
			return p.end(rest)
		case p.file.Loop >= 0:
			return fmt.Errorf(`want "end %d" after the loop, have %s`, len(p.file.Steps), excerpt(text))
		case word == "loop":
			if err := p.loop(rest); err != nil {
				return err
			}
		default:
			if err := p.step(word, rest); err != nil {
				return fmt.Errorf(`want "%d [INDEX] ACTION": %w`, len(p.file.Steps)+1, err)
			}
		}
	}
}

func (p *parser) step(word, rest string) error {
	n, err := number(word)
	if err != nil {
		return err
	}
	if n != len(p.file.Steps)+1 {
		return fmt.Errorf("have step %d", n)
	}
	index, text, ok := strings.Cut(rest, "]")
	if !ok || !strings.HasPrefix(index, "[") {
		return fmt.Errorf("have %s", excerpt(rest))
	}
	var st Step
	if st.Index, err = number(index[1:]); err != nil {
		return err
	}
	if st.Text, err = unquote(strings.TrimSpace(text)); err != nil {
		return err
	}
	p.file.Steps = append(p.file.Steps, st)
	return nil
}

func (p *parser) loop(rest string) (err error) {
	n, err := number(rest)
	if err != nil || n >= len(p.file.Steps) {
		return fmt.Errorf(`want "loop STEPS" with a number below %d, have %s`, len(p.file.Steps), excerpt(rest))
	}
	p.file.Loop = n
	return nil
}

func (p *parser) end(rest string) error {
	if n, err := number(rest); err != nil || n != len(p.file.Steps) {
		return fmt.Errorf(`want "end %d" after %[1]d steps, have "end" and %s: a line was lost or added`,
			len(p.file.Steps), excerpt(rest))
	}
	for {
		text, err := p.read()
		if err != nil && err != io.EOF {
			return err
		}
		if text != "" && text[0] != '#' {
			return fmt.Errorf("want nothing after the end, have %s", excerpt(text))
		}
		if err == io.EOF {
			return nil
		}
	}
}

// next returns the next line that is not empty and not a comment. The end of the file is an error.
func (p *parser) next(want string) (string, error) {
	for {
		text, err := p.read()
		if err != nil && err != io.EOF {
			return "", err
		}
		if text != "" && text[0] != '#' {
			return text, nil
		}
		if err == io.EOF {
			return "", fmt.Errorf("the file ends too early, want %s", want)
		}
	}
}

// read returns the next line without surrounding space. At the end of the text the error is io.EOF;
// a last line without a line break comes with it.
func (p *parser) read() (string, error) {
	p.line++
	var line []byte
	for {
		part, err := p.in.ReadSlice('\n')
		line = append(line, part...)
		p.size += len(part)
		switch {
		case len(line) > maxLine:
			return "", fmt.Errorf("the line is longer than %d bytes", maxLine)
		case p.size > maxSize:
			return "", fmt.Errorf("the file is larger than %d bytes", maxSize)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && err != io.EOF:
			return "", err
		case !utf8.Valid(line):
			return "", errors.New("want text in UTF-8")
		}
		p.last = err == io.EOF && len(line) > 0
		return strings.TrimSpace(string(line)), err
	}
}

// number parses a number from 0 in its canonical form.
func number(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || strconv.Itoa(n) != s {
		return 0, fmt.Errorf("%s is not a number from 0", excerpt(s))
	}
	return n, nil
}

// unquote undoes quote.
func unquote(s string) (string, error) {
	if !strings.HasPrefix(s, `"`) {
		return s, nil
	}
	text, err := strconv.Unquote(s)
	if err != nil {
		return "", fmt.Errorf("%s is not a quoted text", excerpt(s))
	}
	return text, nil
}

// splitWords undoes joinWords.
func splitWords(s string) (words []string, err error) {
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		word, rest, _ := strings.Cut(s, " ")
		if s[0] == '"' {
			if word, err = strconv.QuotedPrefix(s); err != nil {
				return nil, fmt.Errorf("%s is not a quoted text", excerpt(s))
			}
			rest = s[len(word):]
			word, _ = strconv.Unquote(word)
		}
		words, s = append(words, word), rest
	}
	return words, nil
}

// excerpt quotes the beginning of an arbitrary text.
func excerpt(s string) string {
	const most = 60
	if len(s) > most {
		return strconv.Quote(s[:most]) + "..."
	}
	return strconv.Quote(s)
}
