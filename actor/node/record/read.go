package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Recording is the recording of one actor.
type Recording struct {
	Header  Header  // the actor and its system
	Entries []Entry // the steps of the actor, in their order
}

// Read reads a recording from a file. It ignores a last line that is cut off.
func Read(path string) (Recording, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return Recording{}, err
	}
	return parse(path, b[:bytes.LastIndexByte(b, '\n')+1])
}

// ReadDir reads all recordings in a directory.
func ReadDir(dir string) ([]Recording, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*"+suffix))
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("no recordings in %s: want files whose names end in %s", dir, suffix)
	}
	var all []Recording
	for _, path := range paths {
		r, err := Read(path)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// parse parses complete lines.
func parse(path string, b []byte) (r Recording, err error) {
	number := 0
	for line := range bytes.Lines(b) {
		number++
		if number == 1 {
			err = strict(line, &r.Header)
			if err == nil && r.Header.Allways != version {
				err = versionError(r.Header.Allways)
			}
			if err == nil && (r.Header.Actor < 0 || int(r.Header.Actor) >= len(r.Header.Actors)) {
				err = fmt.Errorf("actor %d is not one of the %d actors", r.Header.Actor, len(r.Header.Actors))
			}
		} else {
			var e Entry
			if err = strict(line, &e); err == nil {
				err = e.fits(r.Header)
			}
			r.Entries = append(r.Entries, e)
		}
		if err != nil {
			return r, fmt.Errorf("%s, line %d: %w", path, number, err)
		}
	}
	if number == 0 {
		return r, fmt.Errorf("%s is empty, so it is not a recording", path)
	}
	return r, nil
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
