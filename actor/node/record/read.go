package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Recording is what was read of one actor.
type Recording struct {
	Header  Header
	Entries []Entry
}

// Read reads a recording. A last line that was cut off is left out.
func Read(path string) (Recording, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return Recording{}, err
	}
	return parse(path, b[:bytes.LastIndexByte(b, '\n')+1])
}

// ReadDir reads all recordings in a folder.
func ReadDir(folder string) ([]Recording, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*"+suffix))
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("there are no recordings in %s: their names end with %s", folder, suffix)
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

// parse reads lines, each of which is whole.
func parse(path string, b []byte) (r Recording, err error) {
	number := 0
	for line := range bytes.Lines(b) {
		number++
		if number == 1 {
			err = strict(line, &r.Header)
			if err == nil && r.Header.Allways != version {
				err = fmt.Errorf("it has version %d of the format, and this program knows version %d", r.Header.Allways, version)
			}
			if err == nil && (r.Header.Actor < 0 || int(r.Header.Actor) >= len(r.Header.Actors)) {
				err = fmt.Errorf("it is of actor %d of %d", r.Header.Actor, len(r.Header.Actors))
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
		return r, fmt.Errorf("%s is empty: it is no recording", path)
	}
	return r, nil
}

func (e *Entry) fits(h Header) error {
	if e.Actor != h.Actor {
		return fmt.Errorf("the entry is of actor %d, and the recording of actor %d", e.Actor, h.Actor)
	}
	if len(e.Clock) != len(h.Actors) {
		return fmt.Errorf("the clock is for %d actors, and there are %d", len(e.Clock), len(h.Actors))
	}
	_, err := e.step()
	return err
}

func strict(line []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
