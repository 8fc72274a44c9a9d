package diagram

import (
	"fmt"
	"strings"
	"unicode"
)

// visible returns the text on one line and without effects on its reader: line breaks become
// spaces, and control characters, invalid bytes and characters that change the direction of writing
// become replacement characters.
func visible(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t', r == '\u0085', r == '\u2028', r == '\u2029':
			return ' '
		case unicode.IsControl(r), turnsWriting(r), !inXML(r):
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// turnsWriting reports whether a character can change the apparent order of a text.
func turnsWriting(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }

// inXML reports whether the character is allowed in XML 1.0.
func inXML(r rune) bool {
	return r >= ' ' && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= unicode.MaxRune
}

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

// escapeXML returns visible text for the content of an element or an attribute.
func escapeXML(text string) string { return xmlEscaper.Replace(visible(text)) }

// escapeMermaid returns visible text for a Mermaid label. All characters become numeric entities,
// except letters, digits, spaces and a few marks without a meaning in Mermaid.
func escapeMermaid(text string) string {
	var b strings.Builder
	for _, r := range visible(text) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" .,:_-()=+/|", r) {
			b.WriteRune(r)
			continue
		}
		fmt.Fprintf(&b, "#%d;", r)
	}
	return b.String()
}
