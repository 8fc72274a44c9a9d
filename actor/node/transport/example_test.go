package transport_test

import (
	"fmt"
	"time"

	"github.com/allways-go/allways/actor/node/internal/testcert"
	"github.com/allways-go/allways/actor/node/transport"
)

// receive opens a transport and returns a channel of the frames that it receives.
func receive(t transport.Transport, o transport.Options) <-chan string {
	frames := make(chan string, 10)
	o.Receive = func(_ transport.Source, frame []byte) { frames <- string(frame) }
	if err := t.Open(o); err != nil {
		panic(err)
	}
	return frames
}

// Frames go to the address at which another transport receives.
func ExampleUDP() {
	a, b := transport.UDP("127.0.0.1:0"), transport.UDP("127.0.0.1:0")
	receive(a, transport.Options{})
	frames := receive(b, transport.Options{})
	defer a.Close()
	defer b.Close()

	if err := a.Send(b.Addr(), []byte("hello")); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(<-frames)
	// Output: hello
}

// Both ends of a connection must know each other and have the same greeting.
func ExampleTCP() {
	b := transport.TCP("127.0.0.1:0")
	frames := receive(b, transport.Options{Peers: []transport.Peer{{Addr: "a"}}, Greeting: "v1"})
	a := transport.TCP("127.0.0.1:0")
	receive(a, transport.Options{Self: "a", Peers: []transport.Peer{{Addr: b.Addr()}}, Greeting: "v1"})
	defer a.Close()
	defer b.Close()

	for _, text := range []string{"one", "two", "three"} {
		if err := a.Send(b.Addr(), []byte(text)); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Println(<-frames, <-frames, <-frames)
	fmt.Println(a.Send("127.0.0.1:1", nil))
	// Output:
	// one two three
	// no route to this address
}

// With mutual TLS, each end needs a certificate for its name.
func ExampleTLS() {
	ca := testcert.New()
	b := transport.TLS("127.0.0.1:0", ca.Config("b"))
	frames := receive(b, transport.Options{Peers: []transport.Peer{{Addr: "a", Names: []string{"a"}}}})
	a := transport.TLS("127.0.0.1:0", ca.Config("a"))
	receive(a, transport.Options{Self: "a", Peers: []transport.Peer{{Addr: b.Addr(), Names: []string{"b"}}}})
	defer a.Close()
	defer b.Close()

	if err := a.Send(b.Addr(), []byte("secret")); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(<-frames)
	// Output: secret
}

// A network in memory delays, doubles and loses frames as the seed says.
func ExampleNewNetwork() {
	n := transport.NewNetwork(1, transport.Faults{Duplicate: 1, MaxDelay: time.Millisecond})
	a, b := n.Transport("a"), n.Transport("b")
	receive(a, transport.Options{})
	frames := receive(b, transport.Options{})
	defer a.Close()
	defer b.Close()

	a.Send("b", []byte("hello"))
	fmt.Println(<-frames, <-frames)
	// Output: hello hello
}

// Frames that are sent across a partition are lost.
func ExampleNetwork_Partition() {
	n := transport.NewNetwork(1, transport.Faults{})
	a, b := n.Transport("a"), n.Transport("b")
	receive(a, transport.Options{})
	frames := receive(b, transport.Options{})
	defer a.Close()
	defer b.Close()

	n.Partition([]string{"a"}, []string{"b"})
	a.Send("b", []byte("lost"))
	n.Heal()
	a.Send("b", []byte("arrives"))
	fmt.Println(<-frames)
	// Output: arrives
}

// Transports differ in what may happen to frames.
func ExampleWeaknessOf() {
	fmt.Printf("%+v\n", transport.WeaknessOf(transport.UDP("127.0.0.1:0")))
	fmt.Printf("%+v\n", transport.WeaknessOf(transport.TCP("127.0.0.1:0")))
	// Output:
	// {Loses:true Reorders:true Duplicates:true}
	// {Loses:true Reorders:false Duplicates:false}
}
