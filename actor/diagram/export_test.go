package diagram

// For tests.
var (
	Visible = visible
	Width   = width
	Wrap    = wrap
)
