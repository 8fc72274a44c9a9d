package visited

// Equal reports whether two states of one width are equal. Unlike slices.Equal it is put in line, which matters for
// states of few words.
func Equal(a, b []uint32) bool {
	b = b[:len(a)]
	for i, w := range a {
		if w != b[i] {
			return false
		}
	}
	return true
}

// Copy copies a state to another one of its width. Unlike the built-in function it is put in line.
func Copy(dst, src []uint32) {
	dst = dst[:len(src)]
	//lint:ignore S1001 the loop is put in line, the built-in function is not
	for i, w := range src {
		dst[i] = w
	}
}
