package explore

import (
	"net/http"

	"github.com/allways-go/allways/actor/diagram"
)

// maxHistory bounds the steps of a path whose histories are drawn: each state of the path is looked
// at.
const maxHistory = 5000

// historiesJSON are the histories that the states of a path hold.
type historiesJSON struct {
	Histories []historyJSON `json:"histories"`
}

// historyJSON is a history of clients along a path.
type historyJSON struct {
	Name     string   `json:"name"`
	Clients  []string `json:"clients"`
	Ops      []opJSON `json:"ops"`
	Conflict string   `json:"conflict,omitempty"` // why the promise is broken at the end of the path
}

// opJSON is an operation of a client.
type opJSON struct {
	Client  int    `json:"client"`
	Op      string `json:"op"`
	Result  string `json:"result,omitempty"`
	Invoked int    `json:"invoked"`  // number of the state in which it had begun
	Done    *int   `json:"returned"` // number of the state in which it had ended; null if it is under way
}

// getHistory returns the histories of clients at the end of a path, and in which steps their events
// happened.
func (s *host) getHistory(w http.ResponseWriter, r *http.Request) error {
	e, err := s.path(r.FormValue("path"))
	if err != nil {
		return err
	}
	out := []historyJSON{}
	n := e.Path.Len()
	if n > maxHistory {
		return badRequest("histories are drawn of paths of up to %d steps; this one has %d", maxHistory, n)
	}
	last := e.Path.Histories(n)
	for k, h := range last {
		times := make([]int, len(h.Events)) // by event, the first state that holds it
		held := map[string]int{}            // by client, events before the state
		for i := range n + 1 {
			held = timesOf(h, e.Path.Histories(i)[k], i, held, times)
		}
		out = append(out, drawnHistory(h, times))
	}
	return writeJSON(w, historiesJSON{out})
}

// timesOf enters the state i as the time of the events of h that the state holds and the one before
// it did not. Events of one client keep their order in any history, so they are counted by client.
func timesOf(h, at diagram.History, i int, before map[string]int, times []int) map[string]int {
	now := map[string]int{}
	for _, e := range at.Events {
		now[e.Client]++
	}
	seen := map[string]int{}
	for k, e := range h.Events {
		seen[e.Client]++
		if nth := seen[e.Client]; nth > before[e.Client] && nth <= now[e.Client] {
			times[k] = i
		}
	}
	return now
}

// drawnHistory pairs the events of a history to operations.
func drawnHistory(h diagram.History, times []int) historyJSON {
	out := historyJSON{Name: h.Name, Clients: []string{}, Ops: []opJSON{}, Conflict: h.Conflict}
	lane := map[string]int{}
	open := map[string]int{} // by client, its operation under way
	for k, e := range h.Events {
		c, ok := lane[e.Client]
		if !ok {
			c = len(out.Clients)
			lane[e.Client] = c
			out.Clients = append(out.Clients, e.Client)
		}
		if !e.Return {
			open[e.Client] = len(out.Ops)
			out.Ops = append(out.Ops, opJSON{Client: c, Op: e.Text, Invoked: times[k]})
		} else if i, ok := open[e.Client]; ok {
			at := times[k]
			out.Ops[i].Result, out.Ops[i].Done = e.Text, &at
			delete(open, e.Client)
		}
	}
	return out
}
