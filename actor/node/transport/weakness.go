package transport

// Weakness is the faults that a [Transport] may have, beyond that of being slow. A transport that does not say is
// taken to have all of them.
type Weakness struct {
	Loses      bool // frames may be lost
	Reorders   bool // frames of one sender may arrive in another order
	Duplicates bool // a frame may arrive twice
}

// WeaknessOf returns what may happen to the frames of a transport.
func WeaknessOf(t Transport) Weakness {
	if w, ok := t.(interface{ Weakness() Weakness }); ok {
		return w.Weakness()
	}
	return Weakness{true, true, true}
}

// Weakness implements what [WeaknessOf] asks for.
func (t *tcp) Weakness() Weakness { return Weakness{Loses: true} }

// Weakness implements what [WeaknessOf] asks for.
func (t *udp) Weakness() Weakness { return Weakness{true, true, true} }

// Weakness implements what [WeaknessOf] asks for.
func (m *memory) Weakness() Weakness {
	f := m.network.faults
	return Weakness{Loses: true, Reorders: !f.Ordered && f.MaxDelay > 0, Duplicates: f.Duplicate > 0}
}
