// Package freeport finds addresses on loopback for tests that have to know an address before they
// listen at it. Tests that can listen at port 0 should do that instead.
package freeport

import (
	"fmt"
	"io"
	"net"
	"os"
	"sync/atomic"
	"testing"
)

// given counts the ports that this process has given away.
var given atomic.Int64

// Addr returns an address of the network "tcp" or "udp" at which nothing listens. Its port is below
// those that systems assign on their own (from 32768 on Linux, 49152 elsewhere), so no connection
// of another program takes it meanwhile, and processes that run at the same time begin at different
// ports.
func Addr(t testing.TB, network string) string {
	t.Helper()
	for range 1000 {
		addr := fmt.Sprintf("127.0.0.1:%d", 10_000+(int64(os.Getpid())*101+given.Add(1))%20_000)
		if l, err := listen(network, addr); err == nil {
			l.Close()
			return addr
		}
	}
	t.Fatal("no port is free")
	return ""
}

func listen(network, addr string) (io.Closer, error) {
	if network == "udp" {
		return net.ListenPacket(network, addr)
	}
	return net.Listen(network, addr)
}
