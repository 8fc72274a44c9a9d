package gospace

// optionalNames lists the optional functions of a model, sorted, for people to see whether they are
// what they meant.
func optionalNames(h *Hooks) (names []string) {
	for _, x := range [...]struct {
		name  string
		found bool
	}{
		{"ActionName", h.ActionName != nil},
		{"ActionNames", h.ActionNames != nil},
		{"Changes", h.Changes != nil},
		{"Diagram", h.Diagram != nil},
		{"FormatAction", h.FormatAction != nil},
		{"FormatState", h.FormatState != nil},
		{"FormatStep", h.FormatStep != nil},
		{"Notes", h.Notes != nil},
		{"Parts", h.Parts != nil},
		{"Representative", h.Representative != nil},
		{"Within", h.Within != nil},
	} {
		if x.found {
			names = append(names, x.name)
		}
	}
	return names
}
