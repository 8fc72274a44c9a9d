package diagram

// For tests.
var (
	Width = width
	Wrap  = wrap
)
