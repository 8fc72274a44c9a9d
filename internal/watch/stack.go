package watch

import (
	"regexp"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
)

// Goroutine is a goroutine as the runtime lists it.
type Goroutine struct {
	ID     int
	parent int
	Wait   string  // reason why it waits, such as "select (no cases)"; or "running"
	Deep   int     // frames that the list leaves out, since there are too many
	Frames []Frame // innermost first
}

// Frame is a call on a stack.
type Frame struct {
	Function string
	File     string
	Line     int
}

// maxDump bounds the bytes of a list of all goroutines.
const maxDump = 16 << 20

// Descendants lists the goroutines that the calling one has started, and those that they have
// started. It stops all goroutines, so it is only for reports.
func Descendants() []Goroutine {
	buf := make([]byte, 1<<16)
	n := runtime.Stack(buf, true)
	for n == len(buf) && n < maxDump {
		buf = make([]byte, 4*n)
		n = runtime.Stack(buf, true)
	}
	all := parse(string(buf[:n]))
	if len(all) == 0 {
		return nil
	}
	family := map[int]bool{all[0].ID: true} // the calling one is listed first
	var found []Goroutine
	for grown := true; grown; {
		grown = false
		for _, g := range all {
			if family[g.parent] && !family[g.ID] {
				family[g.ID], grown = true, true
				found = append(found, g)
			}
		}
	}
	return found
}

var (
	headLine    = regexp.MustCompile(`^goroutine (\d+)[^\[]*\[([^\]]*)\]:$`)
	placeLine   = regexp.MustCompile(`^\t(.*):(\d+)(?: \+0x[0-9a-f]+)?$`)
	createdLine = regexp.MustCompile(`^created by .* in goroutine (\d+)$`)
	elidedLine  = regexp.MustCompile(`^\.\.\.(\d+) frames elided\.\.\.$`)
)

// parse reads what runtime.Stack writes.
func parse(dump string) []Goroutine {
	var all []Goroutine
	function := ""
	for line := range strings.Lines(dump) {
		line = strings.TrimRight(line, "\n")
		if m := headLine.FindStringSubmatch(line); m != nil {
			id, _ := strconv.Atoi(m[1])
			all = append(all, Goroutine{ID: id, Wait: m[2]})
			continue
		}
		if len(all) == 0 {
			continue
		}
		g := &all[len(all)-1]
		if m := createdLine.FindStringSubmatch(line); m != nil {
			g.parent, _ = strconv.Atoi(m[1])
			function = ""
		} else if m := elidedLine.FindStringSubmatch(line); m != nil {
			g.Deep, _ = strconv.Atoi(m[1])
		} else if m := placeLine.FindStringSubmatch(line); m != nil && function != "" {
			n, _ := strconv.Atoi(m[2])
			g.Frames = append(g.Frames, Frame{function, m[1], n})
		} else if end := strings.LastIndexByte(line, '('); end > 0 {
			function = line[:end]
		}
	}
	return all
}

// Stacks returns the bytes of the stacks of all goroutines.
func Stacks() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// TooDeep is by how many bytes stacks may grow before it is worth a look whether a call calls itself
// without end. Go ends the process when a stack has a gigabyte, and no code can prevent that.
const TooDeep = 200 << 20

// deepFrames is the number of frames that no sensible recursion has.
const deepFrames = 100_000

// EndlesslyDeep reports whether a goroutine that the calling one has started calls itself without end.
func EndlesslyDeep() bool {
	return slices.ContainsFunc(Descendants(), func(g Goroutine) bool { return g.Deep > deepFrames })
}
