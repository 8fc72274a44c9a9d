package register

import "github.com/allways-go/allways/actor"

// ValueOf returns the k-th value of a client in a system with that many servers.
func ValueOf(servers int, client actor.ID, k int) Value {
	return script{servers: servers}.value(client, k)
}
