//go:build !linux && !darwin

package transport

import "syscall"

// boundSilence does nothing: how long a connection may be silent is up to the system.
func boundSilence(_, _ string, _ syscall.RawConn) error { return nil }
