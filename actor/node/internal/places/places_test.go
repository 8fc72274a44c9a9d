package places

import (
	"errors"
	"net"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
)

// fake is a connection from an address, of which a test sees whether it is closed.
type fake struct {
	net.Conn
	addr   string
	closed bool
}

func (f *fake) RemoteAddr() net.Addr { return address(f.addr) }
func (f *fake) Close() error         { f.closed = true; return nil }

type address string

func (address) Network() string  { return "tcp" }
func (a address) String() string { return string(a) }

// source is a listener that returns what it is given.
type source struct {
	all  chan any // connections and errors
	once sync.Once
}

func (s *source) Accept() (net.Conn, error) {
	switch x := (<-s.all).(type) {
	case error:
		return nil, x
	case *fake:
		return x, nil
	}
	return nil, net.ErrClosed
}

func (s *source) Close() error   { s.once.Do(func() { close(s.all) }); return nil }
func (s *source) Addr() net.Addr { return address("") }

// The address with the most connections gives one up: the oldest that is idle, or the newest.
func TestPlaces(t *testing.T) {
	for name, c := range map[string]struct {
		come []string // addresses in the order of arrival; those with ! become busy, those with - leave
		gone []int    // those that are closed
	}{
		"enough":           {[]string{"1.1.1.1:1", "1.1.1.1:2", "1.1.1.1:3"}, nil},
		"oldest":           {[]string{"1.1.1.1:1", "1.1.1.1:2", "1.1.1.1:3", "1.1.1.1:4"}, []int{0}},
		"of the most":      {[]string{"2.2.2.2:1", "1.1.1.1:2", "1.1.1.1:3", "1.1.1.1:4", "3.3.3.3:5"}, []int{1, 2}},
		"idle":             {[]string{"!1.1.1.1:1", "1.1.1.1:2", "1.1.1.1:3", "2.2.2.2:4"}, []int{1}},
		"newest":           {[]string{"!1.1.1.1:1", "!1.1.1.1:2", "!1.1.1.1:3", "1.1.1.1:4"}, []int{3}},
		"busy of the most": {[]string{"!1.1.1.1:1", "!1.1.1.1:2", "!1.1.1.1:3", "2.2.2.2:4"}, []int{2}},
		"left":             {[]string{"-1.1.1.1:1", "1.1.1.1:2", "1.1.1.1:3", "1.1.1.1:4"}, nil},
		"one network":      {[]string{"[::1]:0", "[a::1]:1", "[a::2]:2", "[b::1]:3"}, []int{1}},
	} {
		t.Run(name, func(t *testing.T) {
			from := &source{all: make(chan any, 10)}
			l := Listen(from, 3, func(string, error) {})
			var all []*fake
			for _, addr := range c.come {
				f := &fake{addr: addr}
				if addr[0] == '!' || addr[0] == '-' {
					f.addr = addr[1:]
				}
				all = append(all, f)
				from.all <- f
				if addr == c.come[len(c.come)-1] {
					from.Close() // so that Accept returns if it refuses this one
				}
				conn, err := l.Accept()
				if err != nil {
					continue
				}
				switch p := Of(conn); addr[0] {
				case '!':
					p.Busy(true)
				case '-':
					p.Leave()
				}
			}
			for i, f := range all {
				want := false
				for _, j := range c.gone {
					want = want || i == j
				}
				if f.closed != want {
					t.Errorf("connection %d from %s: closed is %t", i, f.addr, f.closed)
				}
			}
		})
	}
}

// Whatever goes wrong, accepting goes on, with pauses; only closing ends it.
func TestErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from := &source{all: make(chan any, 10)}
		var problems []error
		l := Listen(from, 3, func(_ string, err error) { problems = append(problems, err) })
		for _, x := range []any{syscall.EMFILE, errors.New("anything"), &fake{addr: "1.1.1.1:1"}} {
			from.all <- x
		}
		if _, err := l.Accept(); err != nil || len(problems) != 2 {
			t.Errorf("%v after %v", err, problems)
		}
		l.Close()
		if _, err := l.Accept(); err == nil {
			t.Error("a closed listener accepts")
		}
	})
}

// Addresses of one owner have one group.
func TestGroup(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:80": "127.0.0.1", "[::ffff:127.0.0.1]:80": "127.0.0.1", "[fe80::1%eth0]:80": "fe80::/64",
		"[2001:db8:1:2:3::4]:5": "2001:db8:1:2::/64", "server-1": "server-1",
	} {
		if got := Group(addr); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
}

// A process that may open few files holds few connections.
func TestLimit(t *testing.T) {
	if n := Limit(0); n < least || n > most || uint64(n) > max(openFiles()/ofFiles, least) {
		t.Error(n)
	}
	if n := Limit(7); n != 7 {
		t.Error(n)
	}
}
