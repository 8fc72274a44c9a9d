package diagram

import (
	"strings"
	"unicode"
)

// runeWidth returns the number of terminal columns of a character: 0 for a combining character, 2
// for wide East Asian characters and pictures.
func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100 && r <= 0x115F, r >= 0x2E80 && r <= 0xA4CF && r != 0x303F, r >= 0xAC00 && r <= 0xD7A3,
		r >= 0xF900 && r <= 0xFAFF, r >= 0xFE30 && r <= 0xFE6F, r >= 0xFF00 && r <= 0xFF60, r >= 0xFFE0 &&
			r <= 0xFFE6,
		r >= 0x1F300 && r <= 0x1F64F, r >= 0x1F680 && r <= 0x1FAFF, r >= 0x20000 && r <= 0x3FFFD:
		return 2
	}
	return 1
}

// width returns the number of terminal columns of a text.
func width(text string) (n int) {
	for _, r := range text {
		n += runeWidth(r)
	}
	return n
}

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
		if n += runeWidth(r); n > room {
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
	for n+runeWidth(runes[tail-1]) <= (room-width(more))/2 {
		tail--
		n += runeWidth(runes[tail])
	}
	return cut(name, more, room-n) + string(runes[tail:])
}

// wrap breaks a text into lines no wider than room, at spaces if possible. A line has at least one
// character.
func wrap(text string, room int) (lines []string) {
	for {
		end, space, n := len(text), -1, 0
		for i, r := range text {
			if n += runeWidth(r); n > room && i > 0 {
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
