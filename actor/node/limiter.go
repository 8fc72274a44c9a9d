package node

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// limiter bounds what is logged. Any program that reaches a socket can cause warnings, and a client what actors log, so
// neither must fill a disk: a line has a bounded length, at most one warning of each kind is logged a second, and a
// bounded number of lines of actors. The next line has the number of those that were skipped.
type limiter struct {
	log    *slog.Logger
	mu     sync.Mutex
	kinds  map[string]*limited
	actors limited
}

// limited is the state of one kind of line.
type limited struct {
	since   time.Time // when the second began
	logged  int       // lines in this second
	skipped int       // lines that were skipped since the last one
}

// Limits of what is logged.
const (
	warnEvery  = time.Second
	actorLines = 100 // lines of actors in that time
	maxText    = 300 // bytes of a value in a line
	maxStack   = 4096
)

func newLimiter(log *slog.Logger) limiter { return limiter{log: log, kinds: map[string]*limited{}} }

// take reports whether a line may be logged now, and how many were skipped before it.
func (l *limiter) take(x *limited, lines int) (skipped int, ok bool) {
	if now := time.Now(); now.Sub(x.since) >= warnEvery {
		x.since, x.logged = now, 0
	}
	if x.logged >= lines {
		x.skipped++
		return 0, false
	}
	x.logged++
	skipped, x.skipped = x.skipped, 0
	return skipped, true
}

// warn logs a warning.
func (l *limiter) warn(kind string, args ...any) {
	l.mu.Lock()
	x := l.kinds[kind]
	if x == nil {
		x = &limited{}
		l.kinds[kind] = x
	}
	skipped, ok := l.take(x, 1)
	l.mu.Unlock()
	if ok {
		l.log.Warn(kind, arguments(args, skipped)...)
	}
}

// info logs a line of an actor.
func (l *limiter) info(text string, args ...any) {
	l.mu.Lock()
	skipped, ok := l.take(&l.actors, actorLines)
	l.mu.Unlock()
	if ok {
		l.log.Info(bounded(text), arguments(args, skipped)...)
	}
}

// arguments returns args, which are keys and values in turn, with values of bounded length.
func arguments(args []any, skipped int) []any {
	for i := 1; i < len(args); i += 2 {
		switch v := args[i].(type) {
		case int, int64:
		default:
			limit := maxText
			if args[i-1] == "stack" {
				limit = maxStack
			}
			args[i] = cut(fmt.Sprint(v), limit)
		}
	}
	if skipped > 0 {
		args = append(args, "skipped", skipped)
	}
	return args
}

// bounded returns a text, or its beginning if it is long.
func bounded(text string) string { return cut(text, maxText) }

func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return fmt.Sprintf("%s... (%d bytes)", strings.ToValidUTF8(text[:limit], ""), len(text))
}
