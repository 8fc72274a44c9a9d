package allways

import (
	"context"
	"time"

	"github.com/allways-go/allways/internal/gospace"
	"github.com/allways-go/allways/internal/usercode"
	"github.com/allways-go/allways/internal/watch"
)

// A function of this package returns a result, or at least an error, whatever the methods of the
// model do: they panic, end the goroutine that they are called on, or never return. So none is called
// on a goroutine of the caller. A search has other goroutines; all other calls are made aside.

// aside runs f, which runs methods of a model, on another goroutine. The error is that of f, or says
// that a method has ended the goroutine.
func aside(f func() error) error {
	var err error
	if exited := usercode.Aside(nil, func() { err = f() }, nil); exited != nil {
		return publicError(exited)
	}
	return publicError(err)
}

// asideText is aside for a text. Where there should be one, an error becomes one.
func asideText(f func() string) (text string) {
	if err := aside(func() error { text = f(); return nil }); err != nil {
		return "(" + err.Error() + ")"
	}
	return text
}

// before is aside for what comes before a run. It gives up when a method does not return and the run, which
// has not begun, would have to end.
func before(ctx context.Context, timeout time.Duration, f func() error) error {
	w := watch.New()
	defer context.AfterFunc(ctx, w.End)()
	if timeout > 0 {
		defer time.AfterFunc(timeout, w.End).Stop()
	}
	var err error
	if failure := usercode.Aside(w, func() { err = f() }, nil); failure != nil {
		return publicError(failure)
	}
	return publicError(err)
}

// compileIn compiles a model for a run.
func compileIn(
	ctx context.Context, timeout time.Duration, compile func() (*gospace.Model, error),
) (c *gospace.Model, err error) {
	var compiled *gospace.Model
	err = before(ctx, timeout, func() (err error) {
		compiled, err = compile()
		return err
	})
	if err != nil {
		return nil, err
	}
	return compiled, nil
}

// compileAside compiles a model for use without a run.
func compileAside(compile func() (*gospace.Model, error)) (*gospace.Model, error) {
	return compileIn(context.Background(), 0, compile)
}
