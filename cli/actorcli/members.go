package actorcli

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/allways-go/allways/actor"
)

// member is a node of a system: a process that hosts actors.
type member struct {
	addr, http string // http is "" if clients are not served
	actors     []string
	here       bool // the node is in this process
}

// httpPorts is how far the HTTP ports are from those of the actors, unless they are set.
const httpPorts = 100

// clientsAt returns the address at which the actor with an id serves clients over HTTP, "" for none.
func (s *settings) clientsAt(id int) (string, error) {
	switch s.http {
	case "off":
		return "", nil
	case "":
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port+httpPorts+id)), nil
	}
	host, text, err := net.SplitHostPort(s.http)
	port, bad := strconv.ParseUint(text, 10, 16)
	if err != nil || bad != nil || host == "" || port == 0 {
		return "", fmt.Errorf("-http is %q: want a host and a port, such as 127.0.0.1:7100, or off", s.http)
	}
	return net.JoinHostPort(host, strconv.Itoa(int(port)+id)), nil
}

// members returns the nodes of a system, with those of this process marked.
func (s *settings) members(p actor.Program) ([]*member, error) {
	addresses, err := s.addresses(p)
	if err != nil {
		return nil, err
	}
	var all []*member
	hosted := false
	for id, name := range names(p) {
		i := slices.IndexFunc(all, func(m *member) bool { return m.addr == addresses[name] })
		if i < 0 {
			i = len(all)
			http, err := s.clientsAt(id)
			if err != nil {
				return nil, err
			}
			all = append(all, &member{addr: addresses[name], http: http})
		}
		if matches(s.nodes, name) {
			all[i].here, hosted = true, true
		}
		all[i].actors = append(all[i].actors, name)
	}
	if !hosted {
		return nil, fmt.Errorf("-node %s matches none of the actors %s", s.nodes, strings.Join(names(p), ", "))
	}
	return all, nil
}

// names returns the names of the actors of a system that has compiled before.
func names(p actor.Program) []string {
	all, _ := actor.Names(p)
	return all
}

// matches reports whether a list of patterns names an actor; an empty one names all.
func matches(patterns, name string) bool {
	if patterns == "" {
		return true
	}
	for pattern := range strings.SplitSeq(patterns, ",") {
		if ok, _ := path.Match(pattern, name); ok {
			return true
		}
	}
	return false
}

// addresses returns the address of every actor.
func (s *settings) addresses(p actor.Program) (map[string]string, error) {
	all := map[string]string{}
	for id, name := range names(p) {
		all[name] = net.JoinHostPort(s.host, strconv.Itoa(s.port+id))
	}
	if s.peers == "" {
		return all, nil
	}
	f, err := os.Open(s.peers)
	if err != nil {
		return nil, fmt.Errorf("-peers: %w", err)
	}
	defer f.Close()
	clear(all)
	if err := readPeers(f, all); err != nil {
		return nil, fmt.Errorf("-peers %s: %w", s.peers, err)
	}
	for _, name := range names(p) {
		if all[name] == "" {
			return nil, fmt.Errorf("-peers %s has no address of %s", s.peers, name)
		}
	}
	if len(all) > len(names(p)) {
		return nil, fmt.Errorf("-peers %s names more than the actors %s", s.peers, strings.Join(names(p), ", "))
	}
	return all, nil
}

// readPeers reads lines with a name and an address; what follows # is a comment.
func readPeers(r io.Reader, to map[string]string) error {
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case len(words) != 2:
			return fmt.Errorf("line %d: want an actor and its address", number)
		case to[words[0]] != "":
			return fmt.Errorf("line %d: %s has an address already", number, words[0])
		default:
			to[words[0]] = words[1]
		}
	}
	return lines.Err()
}
