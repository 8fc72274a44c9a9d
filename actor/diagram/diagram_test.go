package diagram_test

import (
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/allways-go/allways/actor/diagram"
)

var update = flag.Bool("update", false, "write the golden files")

// forms are the forms of a diagram by the extension of their golden files.
var forms = map[string]func(*diagram.Sequence) string{
	"txt":       func(s *diagram.Sequence) string { return s.Text(diagram.TextOptions{}) },
	"ascii.txt": func(s *diagram.Sequence) string { return s.Text(diagram.TextOptions{Width: 80, ASCII: true}) },
	"brief.txt": func(s *diagram.Sequence) string { return s.Text(diagram.TextOptions{Width: 60, Brief: true}) },
	"svg":       (*diagram.Sequence).SVG,
	"mmd":       (*diagram.Sequence).Mermaid,
}

func TestGolden(t *testing.T) {
	for name, s := range samples {
		for end, draw := range forms {
			t.Run(name+"."+end, func(t *testing.T) {
				file, got := filepath.Join("testdata", name+"."+end), draw(s)
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("drawn is\n%s\nwant what %s has (-update writes it)", got, file)
				}
			})
		}
	}
}

func TestTextFits(t *testing.T) {
	for name, s := range samples {
		for _, columns := range []int{40, 60, 80, 100, 120} {
			text := s.Text(diagram.TextOptions{Width: columns})
			for line := range strings.Lines(text) {
				if n := diagram.Width(strings.TrimSuffix(line, "\n")); n > columns &&
					!strings.Contains(line, "cycle") && !strings.HasPrefix(line, s.Title) {
					t.Errorf("%s: a line has %d columns of %d:\n%s", name, n, columns, line)
				}
			}
		}
	}
}

func TestASCII(t *testing.T) {
	for name, s := range samples {
		if text := s.Text(diagram.TextOptions{ASCII: true}); strings.ContainsFunc(text,
			func(r rune) bool { return r > unicode.MaxASCII }) {
			t.Errorf("%s: not ASCII:\n%s", name, text)
		}
	}
}

// elements are the elements of an SVG diagram.
var elements = map[string]bool{
	"svg": true, "title": true, "desc": true, "style": true, "rect": true, "line": true, "path": true,
	"circle": true, "g": true, "text": true,
}

// checkSVG parses a diagram and rejects everything active.
func checkSVG(t testing.TB, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("no XML: %v\n%s", err, svg)
		}
		start, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		if !elements[start.Name.Local] {
			t.Errorf("element %s in\n%s", start.Name.Local, svg)
		}
		for _, a := range start.Attr {
			if strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Name.Local, "href") {
				t.Errorf("attribute %s in\n%s", a.Name.Local, svg)
			}
		}
	}
}

// mermaidLine matches the lines of a Mermaid diagram, with escaped texts only.
var mermaidLine = regexp.MustCompile(`^(sequenceDiagram|    (` + strings.Join([]string{
	`loop forever`, `end`, `accTitle: LABEL`, `participant p\d+ as LABEL`,
	`p\d+(->>|-x|-->|--\))p\d+: LABEL`, `Note over p\d+(,p\d+)?: ?LABEL`,
}, "|") + `))$`)

// mermaidText matches text without a meaning in Mermaid.
const mermaidText = `([\p{L}\p{Nd} .,:_\-()=+/|]|#\d+;|<br/>)*`

func checkMermaid(t testing.TB, text string) {
	t.Helper()
	re := regexp.MustCompile(strings.ReplaceAll(mermaidLine.String(), "LABEL", mermaidText))
	for line := range strings.Lines(text) {
		if line = strings.TrimSuffix(line, "\n"); !re.MatchString(line) {
			t.Errorf("line %q in\n%s", line, text)
		}
	}
}

// checkTerminal rejects characters that control a terminal.
func checkTerminal(t testing.TB, text string) {
	t.Helper()
	if i := strings.IndexFunc(text, func(r rune) bool {
		return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
	}); i >= 0 {
		t.Errorf("%q acts in\n%s", text[i:], text)
	}
}

func TestNothingActs(t *testing.T) {
	for _, s := range samples {
		checkSVG(t, s.SVG())
		checkMermaid(t, s.Mermaid())
		checkTerminal(t, s.Text(diagram.TextOptions{}))
	}
}

// FuzzText draws a sequence with arbitrary texts in all forms.
func FuzzText(f *testing.F) {
	f.Add("name", "label", "short", 80)
	f.Add(" ", " ", "", 159)
	f.Add("<script>", "\"'&;#<br/>%%\n", "\x1b[2J", 0)
	f.Add("日本", "é\u0301\u202e", "\xff\x00", 40)
	f.Fuzz(func(t *testing.T, name, text, short string, columns int) {
		m := diagram.Message{From: 0, To: 1, Text: text, Short: short}
		s := &diagram.Sequence{
			Title:     text,
			Lifelines: []string{name, "b", name},
			Steps: []diagram.Step{
				{Message: m}, {Kind: diagram.Loss, Message: m}, {Kind: diagram.Note, At: 2,
					Text: text}, {Kind: diagram.Partition, Text: text},
				{Message: diagram.Message{From: 1, To: 1, Text: text}},
			},
			Pending: []diagram.Message{m},
		}
		checkSVG(t, s.SVG())
		checkMermaid(t, s.Mermaid())
		for _, ascii := range []bool{false, true} {
			checkTerminal(t, s.Text(diagram.TextOptions{Width: columns % 1000, ASCII: ascii}))
		}
	})
}

// FuzzWrap checks that wrapping keeps the text, and that lines fit.
func FuzzWrap(f *testing.F) {
	f.Add("some words in a row", 7)
	f.Add("日本語", 3)
	f.Fuzz(func(t *testing.T, text string, room int) {
		text, room = diagram.Visible(text), room&63+2
		lines := diagram.Wrap(text, room)
		for _, line := range lines {
			if diagram.Width(line) > room {
				t.Errorf("%q is wider than %d", line, room)
			}
		}
		without := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got := without(strings.Join(lines, "")); got != without(text) {
			t.Errorf("%q becomes %q", text, lines)
		}
	})
}
