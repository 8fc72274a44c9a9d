package node_test

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node"
	"github.com/allways-go/allways/actor/node/codec"
	"github.com/allways-go/allways/actor/node/transport"
	"github.com/allways-go/allways/internal/freeport"
)

// pinger sends numbers to b until it has a number of replies, with a window of unanswered ones.
func pinger(replies, window int, done chan struct{}) script {
	return script{
		start: func(c *ctx, s *state) {
			for i := range window {
				c.Send(1, number{i})
			}
		},
		receive: func(c *ctx, s *state, from actor.ID, m msg) {
			switch s.N++; {
			case s.N == replies:
				close(done)
			case s.N < replies:
				c.Send(1, number{s.N})
			}
		},
	}
}

// BenchmarkEcho measures a message and its answer between two nodes, and compares it with a bare
// loop over the same sockets with the same codec. A window of 1 shows latency, a larger one
// throughput.
func BenchmarkEcho(b *testing.B) {
	for _, encoding := range []struct {
		name  string
		codec codec.Codec
	}{{"json", codec.JSON}, {"cbor", codec.CBOR}} {
		for _, window := range []int{1, 64} {
			for _, kind := range []string{"memory", "udp", "tcp"} {
				name := fmt.Sprintf("codec=%s/window=%d/transport=%s", encoding.name, window, kind)
				b.Run(name+"/node", func(b *testing.B) { echoNodes(b, kind, encoding.codec, window) })
				if kind != "memory" {
					b.Run(name+"/bare", func(b *testing.B) { echoBare(b, kind, encoding.codec, window) })
				}
			}
		}
	}
}

func echoNodes(b *testing.B, kind string, format codec.Codec, window int) {
	done := make(chan struct{})
	sys := system(pinger(b.N, window, done), echo)
	peers, network := map[string]string{"a": "a", "b": "b"}, transport.NewNetwork(1, transport.Faults{})
	open := func(addr string) transport.Transport {
		switch kind {
		case "memory":
			return network.Transport(addr)
		case "udp":
			return transport.UDP(addr)
		}
		return transport.TCP(addr)
	}
	if kind != "memory" {
		peers = map[string]string{"a": freeport.Addr(b, kind), "b": freeport.Addr(b, kind)}
	}
	b.ReportAllocs()
	launch(b, node.Config{System: sys, Actors: []string{"b"}, Peers: peers, Transport: open(peers["b"]), Codec: format})
	b.ResetTimer()
	launch(b, node.Config{System: sys, Actors: []string{"a"}, Peers: peers, Transport: open(peers["a"]), Codec: format})
	<-done
	b.StopTimer()
}

// echoBare does what a program without this package would do.
func echoBare(b *testing.B, kind string, format codec.Codec, window int) {
	k, err := format(system(echo))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	client, server := bareConns(b, kind)
	go func() {
		bare(server, func(buffer []byte) ([]byte, bool) {
			m, err := k.Decode(buffer)
			if err != nil {
				return nil, false
			}
			out, err := k.Append(nil, reply{m.(number).N})
			return out, err == nil
		})
	}()
	b.ResetTimer()
	for i := range window {
		out, _ := k.Append(nil, number{i})
		client.write(out)
	}
	n := 0
	bare(client, func(buffer []byte) ([]byte, bool) {
		if _, err := k.Decode(buffer); err != nil {
			b.Error(err)
			return nil, false
		}
		n++
		out, err := k.Append(nil, number{n})
		return out, err == nil && n < b.N
	})
	b.StopTimer()
}

// bareConn reads and writes frames.
type bareConn struct {
	read  func([]byte) (int, error)
	write func([]byte) error
	close func() error
}

func bare(c bareConn, handle func([]byte) (out []byte, more bool)) {
	defer c.close()
	buffer := make([]byte, 1<<16)
	for {
		n, err := c.read(buffer)
		if err != nil {
			return
		}
		out, more := handle(buffer[:n])
		if !more || c.write(out) != nil {
			return
		}
	}
}

func bareConns(b *testing.B, kind string) (client, server bareConn) {
	if kind == "udp" {
		x, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			b.Fatal(err)
		}
		y, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			b.Fatal(err)
		}
		one := func(c *net.UDPConn, to net.Addr) bareConn {
			return bareConn{
				read:  func(buffer []byte) (int, error) { n, _, err := c.ReadFromUDPAddrPort(buffer); return n, err },
				write: func(out []byte) error { _, err := c.WriteTo(out, to); return err },
				close: c.Close,
			}
		}
		client, server = one(x, y.LocalAddr()), one(y, x.LocalAddr())
		b.Cleanup(func() { x.Close(); y.Close() })
		return client, server
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	x, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	y, err := l.Accept()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { x.Close(); y.Close() })
	return framed(x), framed(y)
}

// framed reads and writes frames with their length before them. Like the transport, it flushes when
// nothing waits to be read.
func framed(c net.Conn) bareConn {
	r, w := bufio.NewReaderSize(c, 1<<16), bufio.NewWriterSize(c, 1<<16)
	return bareConn{
		read: func(buffer []byte) (int, error) {
			if r.Buffered() == 0 {
				if err := w.Flush(); err != nil {
					return 0, err
				}
			}
			var head [4]byte
			if _, err := io.ReadFull(r, head[:]); err != nil {
				return 0, err
			}
			n := int(binary.BigEndian.Uint32(head[:]))
			return io.ReadFull(r, buffer[:n])
		},
		write: func(out []byte) error {
			w.Write(binary.BigEndian.AppendUint32(nil, uint32(len(out))))
			_, err := w.Write(out)
			return err
		},
		close: c.Close,
	}
}
