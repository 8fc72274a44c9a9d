package explore

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/allways-go/allways/internal/explore/background"
)

func (s *host) getStatus(w http.ResponseWriter, _ *http.Request) error {
	status, _ := s.search.Now()
	return writeJSON(w, status)
}

// keepAlive is the time after which a stream without news says that it lives.
const keepAlive = 15 * time.Second

// getEvents streams the status, each time it changes, as server-sent events. Changes that come
// faster than background.ProgressEvery are put together.
func (s *host) getEvents(w http.ResponseWriter, r *http.Request) error {
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	for {
		status, news := s.search.Now()
		b, err := json.Marshal(status)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "id: %d\nevent: status\ndata: %s\n\n", status.Revision, b); err != nil {
			return nil // the client has gone
		}
		if err := out.Flush(); err != nil {
			return nil
		}
		if s.search.Closed() || !s.waitForNews(r.Context(), w, news) {
			return nil
		}
	}
}

// waitForNews waits for a change of the status, and a little longer. It reports false when the
// client has gone.
func (s *host) waitForNews(ctx context.Context, w http.ResponseWriter, news <-chan struct{}) bool {
	alive := time.NewTicker(keepAlive)
	defer alive.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-alive.C:
			if _, err := fmt.Fprint(w, ": alive\n\n"); err != nil {
				return false
			}
			http.NewResponseController(w).Flush() // a client that has gone is noticed by the next write
		case <-news:
			select {
			case <-ctx.Done():
				return false
			case <-time.After(background.ProgressEvery / 2):
				return true
			}
		}
	}
}

// postSearch steers the background search, as in {"do":"start"}.
func (s *host) postSearch(w http.ResponseWriter, r *http.Request) error {
	var what struct{ Do string }
	if err := json.NewDecoder(r.Body).Decode(&what); err != nil {
		return badRequest(`want {"do":"start"}, or stop, pause or resume: %v`, err)
	}
	switch what.Do {
	case "start":
		s.search.Start(context.WithoutCancel(r.Context())) // it goes on when the request has ended
	case "stop":
		s.search.Stop()
	case "pause":
		s.search.Pause()
	case "resume":
		s.search.Resume()
	default:
		return badRequest(`want {"do":"start"}, or stop, pause or resume, not %q`, what.Do)
	}
	return s.getStatus(w, r)
}
