package node

import (
	"log/slog"
	"sync"
	"time"
)

// limiter logs at most one warning of each kind a second, with the number that it skipped. Any program
// that reaches a socket can cause warnings, so they must not fill a disk.
type limiter struct {
	log   *slog.Logger
	mu    sync.Mutex
	kinds map[string]*limited
}

// limited is the state of one kind of warning.
type limited struct {
	last    time.Time
	skipped int // warnings since then
}

const warnEvery = time.Second

func (l *limiter) warn(kind string, args ...any) {
	l.mu.Lock()
	x := l.kinds[kind]
	if x == nil {
		x = &limited{}
		l.kinds[kind] = x
	}
	now := time.Now()
	if now.Sub(x.last) < warnEvery {
		x.skipped++
		l.mu.Unlock()
		return
	}
	if x.skipped > 0 {
		args = append(args, "skipped", x.skipped)
	}
	x.last, x.skipped = now, 0
	l.mu.Unlock()
	l.log.Warn(kind, args...)
}
