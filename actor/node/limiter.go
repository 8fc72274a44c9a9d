package node

import (
	"log/slog"
	"sync"
	"time"
)

// limiter logs warnings, of each kind one a second at most, and says how many it left out.
type limiter struct {
	log *slog.Logger
	mu  sync.Mutex
	all map[string]*limited
}

type limited struct {
	last    time.Time
	skipped int
}

const warnEvery = time.Second

func (l *limiter) warn(kind string, args ...any) {
	l.mu.Lock()
	x := l.all[kind]
	if x == nil {
		x = &limited{}
		l.all[kind] = x
	}
	now := time.Now()
	if now.Sub(x.last) < warnEvery {
		x.skipped++
		l.mu.Unlock()
		return
	}
	if x.skipped > 0 {
		args = append(args, "left out", x.skipped)
	}
	x.last, x.skipped = now, 0
	l.mu.Unlock()
	l.log.Warn(kind, args...)
}
