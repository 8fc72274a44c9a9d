package cli

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
)

// profiled runs a verb under the profilers that -cpuprofile and -memprofile ask for.
func (c *Call) profiled(verb func() (int, error)) (code int, err error) {
	s := c.settings
	if s.cpuProfile != "" {
		f, err := os.Create(s.cpuProfile)
		if err != nil {
			return 0, usage("-cpuprofile: %w", err)
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			return ExitInternal, errors.Join(fmt.Errorf("-cpuprofile: %w", err), f.Close())
		}
		defer func() {
			pprof.StopCPUProfile()
			code, err = worse(code, err, "-cpuprofile", f.Close())
		}()
	}
	if s.memProfile != "" {
		f, err := os.Create(s.memProfile)
		if err != nil {
			return 0, usage("-memprofile: %w", err)
		}
		defer func() {
			runtime.GC() // so that the profile is of what is in use
			code, err = worse(code, err, "-memprofile", errors.Join(pprof.WriteHeapProfile(f), f.Close()))
		}()
	}
	return verb()
}

// worse adds an error of a file to what a verb returned.
func worse(code int, err error, flag string, file error) (int, error) {
	if file == nil {
		return code, err
	}
	return max(code, ExitInternal), errors.Join(err, fmt.Errorf("%s: %w", flag, file))
}
