package codec_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/codec"
)

// Msg is what the actors of the examples send.
type Msg interface{ isMsg() }

type (
	Put struct{ Value string }
	Ack struct{}
)

func (Put) isMsg() {}
func (Ack) isMsg() {}

// newSystem returns a system whose messages have the registered types.
func newSystem() *actor.System[Msg] {
	sys := actor.NewSystem[Msg](actor.Config{})
	sys.RegisterMessages(Put{}, Ack{})
	return sys
}

func ExampleJSON() {
	e, err := codec.JSON(newSystem())
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := e.Append(nil, Put{Value: "x"})
	fmt.Printf("%s %v\n", b, err)
	m, err := e.Decode([]byte(`{"type":"Ack"}`))
	fmt.Printf("%T %v\n", m, err)
	// Output:
	// {"type":"Put","value":{"Value":"x"}} <nil>
	// codec_test.Ack <nil>
}

func ExampleCBOR() {
	e, err := codec.CBOR(newSystem())
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := e.Append(nil, Put{Value: "x"})
	fmt.Printf("%d bytes, %v\n", len(b), err)
	fmt.Println(e.Decode(b))
	// Output:
	// 14 bytes, <nil>
	// {x} <nil>
}

// Messages that are numbers need 8 bytes.
func ExampleFunctions() {
	fixed := codec.Functions("fixed64",
		func(dst []byte, m uint64) ([]byte, error) { return binary.BigEndian.AppendUint64(dst, m), nil },
		func(b []byte) (uint64, error) {
			if len(b) != 8 {
				return 0, errors.New("want 8 bytes")
			}
			return binary.BigEndian.Uint64(b), nil
		})
	sys := actor.NewSystem[uint64](actor.Config{})
	e, err := fixed(sys)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(codec.Check(e, sys))
	fmt.Println(e.Append(nil, uint64(7)))
	_, err = e.Decode([]byte("x"))
	fmt.Println(err)
	// Output:
	// <nil>
	// [0 0 0 0 0 0 0 7] <nil>
	// codec fixed64: want 8 bytes
}

// An encoding that loses a field is refused before anything runs.
func ExampleCheck() {
	type Vote struct {
		Term int
		For  string `json:"-"`
	}
	sys := actor.NewSystem[Vote](actor.Config{})
	e, err := codec.JSON(sys)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.ReplaceAll(codec.Check(e, sys).Error(), ": ", ":\n"))
	// Output:
	// codec json:
	// messages of type codec_test.Vote:
	// Vote{Term:1 For:"x"} comes back as Vote{Term:1 For:""}:
	// check that each field is exported and encoded, or use codec.Functions
}

// Zero shows users what a message looks like.
func ExampleZero() {
	e, err := codec.JSON(newSystem())
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := e.Append(nil, codec.Zero(reflect.TypeFor[Put]()))
	fmt.Printf("%s %v\n", b, err)
	// Output: {"type":"Put","value":{"Value":""}} <nil>
}

func ExampleMessageTypes() {
	fmt.Println(codec.MessageTypes(newSystem()))
	// Output: [codec_test.Put codec_test.Ack] <nil>
}

func ExampleClientTypes() {
	sys := newSystem()
	actor.RegisterClientMessages(sys, Put{})
	fmt.Println(codec.ClientTypes(sys))
	// Output: [codec_test.Put] <nil>
}
