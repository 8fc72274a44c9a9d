package explore

import (
	_ "embed"
	"net/http"
	"slices"

	"github.com/allways-go/allways/internal/explore/background"
)

// endpoint is a call of the interface. What stands here is also what openapi.json says; a test
// compares them.
type endpoint struct {
	method, path string
	summary      string
	changes      bool // it needs the token
	params       []param
	body         string // media type of what is sent; empty for nothing
	answer       any    // value of the type that is answered; nil for a file or a stream
	handle       func(w http.ResponseWriter, r *http.Request) error
}

// param is a parameter of a query.
type param struct {
	name, about string
	required    bool
}

var (
	pathParam = param{
		"path", "path in its short form, such as 0:3.1.4: the index of the initial state and those of the steps", true,
	}
	depthParam = param{"depth", "most steps from the start; 0 means no limit", false}
)

// openapi describes the interface; see the test that writes it.
//
//go:embed openapi.json
var openapi []byte

func (s *host) getOpenAPI(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/json")
	w.Write(openapi) // the client has gone if this fails
	return nil
}

// endpoints returns the interface.
func (s *host) endpoints() []endpoint {
	return slices.Concat(s.looks(), s.searches(), s.files())
}

// looks returns the calls that look at the model and one path of it.
func (s *host) looks() []endpoint {
	return []endpoint{
		{
			method: "GET", path: "/api/v1/model", handle: s.getModel, answer: modelJSON{},
			summary: "The model: its properties, actors and initial states",
		},
		{
			method: "GET", path: "/api/v1/state", handle: s.getState, answer: stateJSON{}, params: []param{pathParam},
			summary: "The last state of a path as a tree, its properties, and what may happen next",
		},
		{
			method: "GET", path: "/api/v1/trace", handle: s.getTrace, answer: traceJSON{},
			summary: "The steps of a path, or some of them, with their differences and their rows of a sequence diagram",
			params: []param{
				pathParam, {"from", "steps to leave out at the beginning", false}, {"count", "most steps to return", false},
			},
		},
		{
			method: "GET", path: "/api/v1/history", handle: s.getHistory, answer: historiesJSON{}, params: []param{pathParam},
			summary: "What the clients did and saw on a path",
		},
		{
			method: "GET", path: "/api/v1/recording", handle: s.getRecording, answer: recordingJSON{},
			summary: "What real processes did, or some of it, beside a path of the model, and where the two part",
			params: []param{
				{"from", "events to leave out at the beginning", false}, {"count", "most events to return", false},
				{"at", "step of the path; the events around it are returned, whatever from says", false},
			},
		},
		{
			method: "GET", path: "/api/v1/reads", handle: s.getReads, answer: readsJSON{},
			summary: "Which parts of the last state of a path a property has read, and which of them decide its verdict",
			params:  []param{pathParam, {"property", "name of the property", true}},
		},
		{
			method: "GET", path: "/api/v1/messages", handle: s.getMessages, answer: forgeablesJSON{},
			params:  []param{pathParam},
			summary: "Messages that may be forged at the end of a path: those in flight lately, and one of each type",
		},
		{
			method: "GET", path: "/api/v1/forge", handle: s.getForge, answer: supposeJSON{},
			summary: "The path on which, at the end, a message is in flight that no actor has sent",
			params: []param{
				pathParam, {"from", "number of the sender among the actors, or -1 for one outside of the system", true},
				{"to", "number of the receiver", true}, {"message", "the message as JSON, as messages answers it", true},
			},
		},
		{
			method: "GET", path: "/api/v1/log", handle: s.getLog, answer: logJSON{},
			summary: "The lines that actors logged on a path, or the notes of its steps",
			params:  []param{pathParam, {"from", "steps to leave out at the beginning", false}},
		},
	}
}

// searches returns the calls that look at many states.
func (s *host) searches() []endpoint {
	return []endpoint{
		{
			method: "GET", path: "/api/v1/find", handle: s.getFind, answer: foundJSON{},
			summary: "States in which an expression is true, or that break or satisfy a property, nearest first",
			params: []param{
				{"expr", "expression over the parts of a state, in Go syntax; after(x, y) is x where y is or was true", false},
				{"breaks", "name of a property, in the place of an expression", false},
				{"satisfies", "name of a property whose predicate holds, as that of a Sometimes", false},
				{"scope", "where to look: forward from the end of the path, on the trace itself, or all states", false},
				{"path", "path in its short form; not for the scope all", false}, depthParam,
				{"states", "most states to look at", false}, {"limit", "most results", false}, {"seconds", "most time", false},
			},
		},
		{
			method: "GET", path: "/api/v1/fate", handle: s.getFate, answer: fateJSON{},
			summary: "The step of a path from which a property was bound to break, and a run that keeps it",
			params:  []param{pathParam, {"breaks", "name of the property", true}},
		},
		{
			method: "GET", path: "/api/v1/graph", handle: s.getGraph, answer: graphJSON{},
			summary: "The state graph from a path, or from all initial states",
			params: []param{
				{"path", "path in its short form; empty for all initial states", false}, depthParam,
				{"nodes", "most states", false}, {"group", "expression whose value labels a state", false},
			},
		},
		{
			method: "GET", path: "/api/v1/status", handle: s.getStatus, answer: background.Status{},
			summary: "How far the search in the background is, and its verdicts",
		},
		{
			method: "GET", path: "/api/v1/growth", handle: s.getGrowth, answer: growthJSON{},
			summary: "What makes the state space large: the parts of the states and how many values they take",
		},
		{
			method: "GET", path: "/api/v1/events", handle: s.getEvents,
			summary: "The status, each time it changes, as server-sent events of the name status",
		},
		{
			method: "POST", path: "/api/v1/search", handle: s.postSearch, changes: true, body: "application/json",
			answer:  background.Status{},
			summary: `Steers the search: {"do":"start"}, or stop, pause or resume`,
		},
	}
}

// files returns the calls for what comes from a file or becomes one.
func (s *host) files() []endpoint {
	return []endpoint{
		{
			method: "GET", path: "/api/v1/export", handle: s.getExport, summary: "A path as a file",
			params: []param{pathParam, {"format", formatNames(), true}},
		},
		{
			method: "POST", path: "/api/v1/replay", handle: s.postReplay, changes: true, body: "text/plain",
			answer:  replayJSON{},
			summary: "Follows a trace file, which is the body",
		},
		{method: "GET", path: "/api/v1/openapi.json", handle: s.getOpenAPI, summary: "This description"},
	}
}
