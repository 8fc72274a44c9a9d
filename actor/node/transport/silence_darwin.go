package transport

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// boundSilence makes the system give up a connection whose other end does not acknowledge what it is
// sent, instead of sending again after pauses that double. A system without this option is no reason
// not to connect.
func boundSilence(_, _ string, c syscall.RawConn) error {
	return c.Control(func(fd uintptr) {
		unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_RXT_CONNDROPTIME, int(silentTime.Seconds()))
	})
}
