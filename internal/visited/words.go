package visited

// Equal reports whether two states of one width are equal. The compiler inlines it, unlike
// slices.Equal. That matters for states of few words, which are compared once for each step of a
// search.
func Equal(a, b []uint32) bool {
	b = b[:len(a)]
	for i, w := range a {
		if w != b[i] {
			return false
		}
	}
	return true
}

// Copy copies a state to another one of its width. The compiler inlines it, unlike the built-in
// function for slices of any length.
func Copy(dst, src []uint32) {
	dst = dst[:len(src)]
	//lint:ignore S1001 the loop is inlined, the built-in function is not
	for i, w := range src {
		dst[i] = w
	}
}
