package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// Recording is the recording of one actor.
type Recording struct {
	Header  Header  // the actor and its system, and where the entries begin
	Entries []Entry // the steps of the actor, in their order
}

// Read reads a file of a recording. It ignores a last line that is cut off.
func Read(path string) (Recording, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return Recording{}, err
	}
	return parse(path, b[:bytes.LastIndexByte(b, '\n')+1])
}

// ReadDir reads all recordings in a directory. It needs memory for all entries; [ValidateDir] does not.
func ReadDir(dir string) ([]Recording, error) {
	tracks, err := openDir(dir)
	if err != nil {
		return nil, err
	}
	var all []Recording
	for _, t := range tracks {
		r := Recording{Header: t.header}
		in, err := t.entries()
		if err != nil {
			return nil, err
		}
		for {
			e, ok, err := in.next()
			if err != nil {
				return nil, errors.Join(err, in.close())
			}
			if !ok {
				break
			}
			r.Entries = append(r.Entries, e)
		}
		all = append(all, r)
	}
	return all, nil
}

// parse parses complete lines.
func parse(path string, b []byte) (r Recording, err error) {
	number := 0
	for line := range bytes.Lines(b) {
		if number++; number == 1 {
			err = r.Header.parse(line)
		} else {
			var e Entry
			err = e.parse(line, r.Header)
			r.Entries = append(r.Entries, e)
		}
		if err != nil {
			return r, fmt.Errorf("%s, line %d: %w", path, number, err)
		}
	}
	if number == 0 {
		return r, emptyError(path)
	}
	return r, nil
}

func emptyError(path string) error { return fmt.Errorf("%s is empty, so it is not a recording", path) }

// track is the recording of one actor, which is read twice: [track.survey] finds what never took effect,
// and a merger takes the entries.
type track struct {
	header  Header // header of the first file
	last    uint64 // number of the actor's last step, if it is known without reading
	files   int    // those that are read
	entries func() (input, error)
}

// input yields entries. It closes itself at the end.
type input interface {
	next() (e Entry, ok bool, err error)
	close() error
}

// list is an input in memory.
type list []Entry

func (l *list) close() error { return nil }

func (l *list) next() (e Entry, ok bool, err error) {
	if len(*l) == 0 {
		return e, false, nil
	}
	e, *l = (*l)[0], (*l)[1:]
	return e, true, nil
}

// inMemory returns the tracks of recordings.
func inMemory(all []Recording) (tracks []track) {
	for _, r := range all {
		tracks = append(tracks, track{r.Header, 0, 0, func() (input, error) {
			l := list(r.Entries)
			return &l, nil
		}})
	}
	return tracks
}

// openDir returns the tracks in a directory.
func openDir(dir string) (tracks []track, err error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	byActor := map[string][]int{}
	for _, f := range files {
		if base, number, ok := segmentOf(f.Name()); ok {
			byActor[base] = append(byActor[base], number)
		}
	}
	if len(byActor) == 0 {
		return nil, fmt.Errorf("no recordings in %s: want files whose names end in %s", dir, suffix)
	}
	for _, base := range sortedKeys(byActor) {
		t, err := openTrack(filepath.Join(dir, base), byActor[base])
		if err != nil {
			return nil, err
		}
		tracks = append(tracks, t)
	}
	return tracks, nil
}

func sortedKeys(m map[string][]int) (keys []string) {
	for k, numbers := range m {
		slices.Sort(numbers)
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// openTrack returns the track of an actor's last files that follow on each other without a gap.
func openTrack(base string, numbers []int) (t track, err error) {
	var paths []string
	var after Header // header of the earliest file so far
	var end uint64
	for _, number := range slices.Backward(numbers) {
		path := segmentFile(base, number)
		h, last, err := summary(path)
		if err != nil {
			return t, err
		}
		if len(paths) > 0 {
			if own := after.Snapshot.Clock[after.Actor]; h.Segment != after.Segment-1 || last != own {
				break // what lies between them was not recorded, or was deleted
			}
			if h.Actor != after.Actor || !slices.Equal(h.Actors, after.Actors) {
				return t, fmt.Errorf("%s is the recording of another actor or system than the file after it", path)
			}
		}
		if paths, after = append(paths, path), h; end == 0 {
			end = last
		}
		if number == 0 {
			break
		}
	}
	slices.Reverse(paths)
	return track{after, end, len(paths), func() (input, error) { return &reader{header: after, paths: paths}, nil }}, nil
}

// summary returns the header of a file and the number of the actor's last step in it.
func summary(path string) (h Header, last uint64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return h, 0, err
	}
	defer f.Close()
	first, line, size, err := ends(f)
	if err == nil && size == 0 {
		err = emptyError(path)
	}
	if err != nil {
		return h, 0, err
	}
	if err := h.parse(first); err != nil {
		return h, 0, fmt.Errorf("%s, line 1: %w", path, err)
	}
	last = h.clock()[h.Actor]
	if len(line) > 0 {
		var e Entry
		if err := e.parse(line, h); err != nil {
			return h, 0, fmt.Errorf("%s, last line: %w", path, err)
		}
		last = e.Clock[h.Actor]
	}
	return h, last, nil
}

// reader is an input from files, of which it holds a line at a time.
type reader struct {
	header Header
	paths  []string // files that are not yet open
	path   string   // the file that is open
	file   *os.File // nil if none is
	buffer *bufio.Reader
	long   []byte // a line that does not fit into the buffer
	number int    // number of the last line
}

func (r *reader) close() error {
	r.paths = nil
	if r.file == nil {
		return nil
	}
	f := r.file
	r.file = nil
	return f.Close()
}

func (r *reader) next() (e Entry, ok bool, err error) {
	line, err := r.line()
	if err != nil || line == nil {
		return e, false, err
	}
	if err := e.parse(line, r.header); err != nil {
		return e, false, r.wrong(err)
	}
	return e, true, nil
}

func (r *reader) wrong(err error) error { return fmt.Errorf("%s, line %d: %w", r.path, r.number, err) }

// line returns the next line that is an entry, or nil at the end. It is valid until the next call.
func (r *reader) line() ([]byte, error) {
	for {
		if r.file == nil {
			if len(r.paths) == 0 {
				return nil, nil
			}
			if err := r.open(); err != nil {
				return nil, err
			}
		}
		line, err := r.read()
		switch {
		case err == io.EOF: // a last line that is cut off is ignored
			if err := r.file.Close(); err != nil {
				return nil, err
			}
			r.file = nil
		case err != nil:
			return nil, r.wrong(err)
		case r.number > 1:
			return line, nil
		}
	}
}

func (r *reader) open() (err error) {
	r.path, r.paths, r.number = r.paths[0], r.paths[1:], 0
	if r.file, err = os.Open(r.path); err != nil {
		return err
	}
	if r.buffer == nil {
		r.buffer = bufio.NewReaderSize(nil, 1<<16)
	}
	r.buffer.Reset(r.file)
	return nil
}

// read reads a line.
func (r *reader) read() (line []byte, err error) {
	r.long = r.long[:0]
	for r.number++; ; {
		part, err := r.buffer.ReadSlice('\n')
		if err == nil && len(r.long) == 0 {
			return part, nil
		}
		r.long = append(r.long, part...)
		if err != bufio.ErrBufferFull {
			return r.long, err
		}
	}
}

// versionError says what to do about a recording in another version of the format.
func versionError(v int) error {
	if v >= 1 && v < version {
		return fmt.Errorf("the recording was made by an older version of allways, in version %d of the format, but "+
			"this one reads only version %d: validate it with the version that made it, or record the run again in "+
			"another directory", v, version)
	}
	return fmt.Errorf("the recording is in version %d of the format, but this version of allways reads only "+
		"version %d: update allways", v, version)
}

// fits returns an error unless an entry belongs into a recording.
func (e *Entry) fits(h Header) error {
	if e.Actor != h.Actor {
		return fmt.Errorf("the entry belongs to actor %d, but the recording to actor %d", e.Actor, h.Actor)
	}
	if len(e.Clock) != len(h.Actors) {
		return fmt.Errorf("the clock counts %d actors, want %d", len(e.Clock), len(h.Actors))
	}
	_, err := e.step()
	return err
}

// strict is json.Unmarshal with unknown fields as errors.
func strict(line []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
