package explore

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/allways-go/allways"
)

// maxBody bounds the bytes of a request.
const maxBody = 64 << 20

// problem is an error with its HTTP status and, where a path led astray, how far it went.
type problem struct {
	status int
	err    error
}

func (p *problem) Error() string { return p.err.Error() }
func (p *problem) Unwrap() error { return p.err }

// badRequest says that a request cannot be understood.
func badRequest(format string, args ...any) error {
	return &problem{http.StatusBadRequest, fmt.Errorf(format, args...)}
}

// problemJSON is what a failed request is answered with.
type problemJSON struct {
	Error   string   `json:"error"`
	Step    int      `json:"step,omitempty"`    // steps that a path could be followed for
	Enabled []string `json:"enabled,omitempty"` // actions enabled there
}

// misused returns an error of the request, unless the model is at fault or the path does not fit it.
func misused(err error) error {
	if _, ok := errors.AsType[*allways.ReplayError](err); ok {
		return err
	}
	if _, ok := errors.AsType[*allways.ModelError](err); ok {
		return err
	}
	return badRequest("%w", err)
}

func writeProblem(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	out := problemJSON{Error: err.Error()}
	var p *problem
	var replay *allways.ReplayError
	var model *allways.ModelError
	switch {
	case errors.As(err, &p):
		status = p.status
	case errors.As(err, &replay):
		status, out.Step, out.Enabled = http.StatusNotFound, replay.Step, replay.Enabled
	case errors.As(err, &model):
		status = http.StatusUnprocessableEntity
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(out) // the client has gone if this fails
}

func writeJSON(w http.ResponseWriter, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(b) // the client has gone if this fails
	return nil
}

// number reads a parameter of a query that must lie between 0 and most.
func number(r *http.Request, name string, otherwise, most int) (int, error) {
	text := r.FormValue(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > most {
		return 0, badRequest("%s must be a number from 0 to %d, not %q", name, most, text)
	}
	return n, nil
}
