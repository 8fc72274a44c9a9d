package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cost is what a search took, the cheapest of its runs.
type cost struct {
	States    string  // distinct states, which may be more than an int64 holds
	Generated float64 // generated states, or steps of a symbolic search
	CPU       float64 // seconds
	Wall      float64 // seconds
	Peak      int64   // bytes of the whole process
	Bytes     float64 // of the tables, for each distinct state; 0 for sets of states
	Unit      float64 // seconds of CPU of a unit, before the run
	Runs      int
}

// distinct returns the number of distinct states.
func (c cost) distinct() float64 {
	n, ok := new(big.Float).SetString(c.States)
	if !ok {
		return 0
	}
	f, _ := n.Float64()
	return f
}

// data is what was measured, by command line.
type data struct {
	Go, Machine, Date string
	Costs             map[string]cost
}

// load reads measurements. A file that does not exist has none.
func load(file string) (*data, error) {
	d := &data{Costs: make(map[string]cost)}
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, d); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return d, nil
}

func (d *data) save(file string) error {
	d.Go, d.Date = runtime.Version(), time.Now().Format(time.DateOnly)
	d.Machine = fmt.Sprintf("%s/%s, %d cores", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	b, err := json.MarshalIndent(d, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(b, '\n'), 0o644)
}

// measure builds the examples, runs jobs, and keeps their costs in a file after each, so that nothing is lost when it
// is interrupted.
func measure(ctx context.Context, file string, jobs []job) error {
	d, err := load(file)
	if err != nil {
		return err
	}
	bin, err := os.MkdirTemp("", "performance-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(bin)
	build := exec.CommandContext(ctx, "go", "build", "-o", bin, "./examples/...")
	build.Dir, build.Stderr = filepath.Join("..", ".."), os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("building the examples: %w", err)
	}
	for i, j := range jobs {
		c, err := j.measure(ctx, bin)
		if err != nil {
			return fmt.Errorf("%v: %w", j, err)
		}
		fmt.Printf("%d/%d  %-48s %12s states %8.2f s CPU %6.2f units %8.1f MiB\n", i+1, len(jobs), j, c.States, c.CPU,
			c.CPU/c.Unit, float64(c.Peak)/(1<<20))
		d.Costs[j.String()] = c
		if err := d.save(file); err != nil {
			return err
		}
	}
	return nil
}

// measure runs a job as often as it says. It keeps what the cheapest run cost.
func (j job) measure(ctx context.Context, bin string) (best cost, err error) {
	u, err := unitNow(ctx)
	if err != nil {
		return best, err
	}
	for n := range j.runs {
		c, err := j.run(ctx, bin)
		if err != nil {
			return best, err
		}
		if n > 0 && c.States != best.States {
			return best, fmt.Errorf("%s states, and then %s", best.States, c.States)
		}
		if n == 0 || c.CPU < best.CPU {
			best = c
		}
	}
	best.Unit, best.Runs = u, j.runs
	return best, nil
}

// unitNow measures a unit in another process: the system counts the peak memory of this one for the processes that it
// starts.
func unitNow(ctx context.Context) (float64, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	out, err := exec.CommandContext(ctx, self, "unit").Output()
	if err != nil {
		return 0, fmt.Errorf("measuring a unit: %w", err)
	}
	return strconv.ParseFloat(string(bytes.TrimSpace(out)), 64)
}

// run runs a search once.
func (s search) run(ctx context.Context, bin string) (cost, error) {
	args := append([]string{"check", "-json", "-progress", "off"}, strings.Fields(s.args)...)
	cmd := exec.CommandContext(ctx, filepath.Join(bin, s.program), args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return cost{}, err
	}
	wall := time.Since(start)
	var done struct {
		Complete            bool
		Distinct, Generated int64
		States              string  // the exact number, if Distinct is too small for it
		BytesPerState       float64 `json:"bytes_per_state"`
	}
	lines := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
	if err := json.Unmarshal(lines[len(lines)-1], &done); err != nil {
		return cost{}, err
	}
	if !done.Complete {
		return cost{}, errors.New("the search is not complete")
	}
	c := cost{States: fmt.Sprint(done.Distinct), Generated: float64(done.Generated), Bytes: done.BytesPerState}
	if done.States != "" {
		c.States = done.States
	}
	c.CPU = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	c.Wall = wall.Seconds()
	c.Peak = cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
	return c, nil
}
