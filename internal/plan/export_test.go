package plan

// HasForms reports whether a content may have several representations, such as nil and empty
// slices.
func (p *Plan) HasForms() bool { return p.forms }
