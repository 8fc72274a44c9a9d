package actorcli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/actor/node/record"
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/internal/render"
	"github.com/allways-go/allways/internal/safefile"
	"github.com/allways-go/allways/trace"
)

// recordingModel is the file in a folder of recordings that names the model and its parameters.
const recordingModel = "model.json"

// describeRecording writes down with which parameters a recorded system was made. A folder that has recordings
// of a system with other parameters is refused and left as it is.
func describeRecording(folder string, s *cli.Selection) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("-record: %w", err)
	}
	b, err := json.MarshalIndent(s.Header, "", "  ")
	if err != nil {
		return err
	}
	b = append(b, '\n')
	path := filepath.Join(folder, recordingModel)
	switch old, err := os.ReadFile(path); {
	case err == nil && bytes.Equal(old, b):
		return nil
	case err == nil && isRecording([]string{folder}):
		return fmt.Errorf("-record %s: the folder has recordings of a run with other parameters, see %s: "+
			"choose another folder, or the same parameters", folder, recordingModel)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("-record: %w", err)
	}
	return safefile.Write(path, b)
}

// loadRecordingModel returns a zero header if none was written.
func loadRecordingModel(folder string) (h trace.Header, err error) {
	b, err := os.ReadFile(filepath.Join(folder, recordingModel))
	if errors.Is(err, fs.ErrNotExist) {
		return h, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &h)
	}
	return h, err
}

// isRecording reports whether the last of some words is a folder with recordings.
func isRecording(words []string) bool {
	if len(words) == 0 {
		return false
	}
	files, err := filepath.Glob(filepath.Join(words[len(words)-1], "*.ndjson"))
	return err == nil && len(files) > 0
}

// replayRecording follows the recordings in a folder through the model.
func replayRecording(_ context.Context, c *cli.Call) (int, error) {
	folder, words := c.Words[len(c.Words)-1], c.Words[:len(c.Words)-1]
	h, err := loadRecordingModel(folder)
	if err != nil {
		return 0, err
	}
	s, err := c.Select(words, h)
	if err != nil {
		return 0, err
	}
	p, ok := s.Model.(actor.Program)
	if !ok {
		return 0, fmt.Errorf("%s holds recordings of a system of actors, and this model is not one", folder)
	}
	r, err := record.ValidateDir(p, folder)
	if err != nil {
		return 0, err
	}
	code := cli.ExitHolds
	if !r.Conforms() {
		code = cli.ExitViolated
	}
	if c.JSON {
		c.Emit(recordingEvent(r, code))
	} else {
		fmt.Fprintf(c.Stdout, "%s  recorded\n\n%v\n", render.NewStyle(c.Color).Strong(s.Title()), r)
	}
	return code, nil
}

// recordingJSON is the event of -json. Its fields are part of the API.
type recordingJSON struct {
	Event      string   `json:"event"` // "recording"
	Conforms   bool     `json:"conforms"`
	Steps      int      `json:"steps"`
	Divergence string   `json:"divergence,omitempty"`
	Violated   []string `json:"violated"`
	Clocks     []string `json:"clocks,omitempty"` // verdicts that depend on how far clocks differ
	Exit       int      `json:"exit"`
}

func recordingEvent(r *record.Report, code int) recordingJSON {
	e := recordingJSON{Event: "recording", Conforms: r.Conforms(), Steps: r.Steps, Violated: []string{}, Exit: code}
	if r.Divergence != nil {
		e.Divergence = r.Divergence.Error()
	}
	for _, v := range append(r.Violations, r.HistoryViolations...) {
		e.Violated = append(e.Violated, v.Property)
	}
	for _, d := range r.ClockDependences {
		e.Clocks = append(e.Clocks, d.String())
	}
	return e
}
