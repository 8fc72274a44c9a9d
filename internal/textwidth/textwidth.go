// Package textwidth measures text in columns of a terminal. It does not wrap or cut text, and it knows no escape
// sequences.
package textwidth

import "unicode"

// Rune returns how many columns a character takes: 2 for East Asian characters and emoji, 0 for marks that combine with
// the character before them.
func Rune(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100 && r <= 0x115F, r >= 0x2E80 && r <= 0xA4CF && r != 0x303F, r >= 0xAC00 && r <= 0xD7A3,
		r >= 0xF900 && r <= 0xFAFF, r >= 0xFE30 && r <= 0xFE6F, r >= 0xFF00 && r <= 0xFF60, r >= 0xFFE0 && r <= 0xFFE6,
		r >= 0x1F300 && r <= 0x1F64F, r >= 0x1F680 && r <= 0x1FAFF, r >= 0x20000 && r <= 0x3FFFD:
		return 2
	}
	return 1
}

// Of returns how many columns a text on one line takes.
func Of(text string) (columns int) {
	for _, r := range text {
		columns += Rune(r)
	}
	return columns
}
