package freeport

import "testing"

func TestAddr(t *testing.T) {
	for _, network := range []string{"tcp", "udp"} {
		a, b := Addr(t, network), Addr(t, network)
		if a == b {
			t.Errorf("%s: %s is given away twice", network, a)
		}
		for _, addr := range []string{a, b} {
			l, err := listen(network, addr)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
		}
	}
}
