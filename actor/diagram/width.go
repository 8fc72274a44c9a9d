package diagram

import (
	"strings"

	"github.com/allways-go/allways/internal/textwidth"
)

// width returns the number of terminal columns of a text.
func width(text string) int { return textwidth.Of(text) }

// fit returns the first that fits in room: text, short, or the beginning of text.
func fit(text, short, more string, room int) string {
	switch {
	case width(text) <= room:
		return text
	case short != "" && width(short) <= room:
		return short
	}
	return cut(text, more, room)
}

// cut returns the text, or its beginning with more at the end, no wider than room.
func cut(text, more string, room int) string {
	if width(text) <= room {
		return text
	}
	if room < width(more) {
		return ""
	}
	n := width(more)
	for i, r := range text {
		if n += textwidth.Rune(r); n > room {
			return text[:i] + more
		}
	}
	return text
}

// squeeze is like cut, but leaves out the middle, since names often differ at the end.
func squeeze(name, more string, room int) string {
	if width(name) <= room || room < width(more)+2 {
		return cut(name, more, room)
	}
	runes := []rune(name)
	tail, n := len(runes), 0
	for n+textwidth.Rune(runes[tail-1]) <= (room-width(more))/2 {
		tail--
		n += textwidth.Rune(runes[tail])
	}
	return cut(name, more, room-n) + string(runes[tail:])
}

// wrap breaks a text into lines no wider than room, at spaces if possible. A line has at least one
// character.
func wrap(text string, room int) (lines []string) {
	for {
		end, space, n := len(text), -1, 0
		for i, r := range text {
			if n += textwidth.Rune(r); n > room && i > 0 {
				end = i
				break
			}
			if r == ' ' && i > 0 {
				space = i
			}
		}
		if end == len(text) {
			return append(lines, text)
		}
		if space > 0 {
			end = space
		}
		lines = append(lines, text[:end])
		text = strings.TrimLeft(text[end:], " ")
	}
}
