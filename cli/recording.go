package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/allways-go/allways/actor/node/record"
	"github.com/allways-go/allways/internal/safefile"
	"github.com/allways-go/allways/trace"
)

// recordingModel is the file that says of which model the recordings in a folder are.
const recordingModel = "model.json"

// describeRecording writes down with which parameters a recorded system was made.
func (c *command) describeRecording(folder string, s *selection) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("-record: %w", err)
	}
	b, err := json.MarshalIndent(trace.Header{Model: c.app.Name, Params: s.params, Types: s.about.Types}, "", "  ")
	if err != nil {
		return err
	}
	return safefile.Write(filepath.Join(folder, recordingModel), append(b, '\n'))
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
func (c *command) replayRecording(words []string) error {
	folder, words := words[len(words)-1], words[:len(words)-1]
	flags := c.modelFlags
	h, err := loadRecordingModel(folder)
	if err != nil {
		return usageError{err}
	}
	if h.Model != "" && h.Model != c.app.Name {
		return usage("%s holds recordings of %s, and this is %s", folder, h.Model, c.app.Name)
	}
	if len(words) == 0 && len(flags) == 0 {
		if words, flags, err = c.storedParams(trace.File{Header: h}); err != nil {
			return err
		}
	}
	s, err := c.pick(words, flags)
	if err != nil {
		return err
	}
	if err := c.build(s); err != nil {
		return c.refuse(s, err)
	}
	p, ok := s.instance.program()
	if !ok {
		return usage("%s holds recordings of a system of actors, and this model is none", folder)
	}
	all, err := record.ReadDir(folder)
	if err != nil {
		return usageError{err}
	}
	r, err := record.Validate(p, all)
	if err != nil {
		return usageError{err}
	}
	return c.showReport(s, r)
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

func (c *command) showReport(s *selection, r *record.Report) error {
	if !r.Conforms() {
		c.code = ExitViolated
	}
	if !c.settings.json {
		fmt.Fprintf(c.out, "%s  recorded\n\n%v\n", c.paint.strong(c.title(s)), r)
		return nil
	}
	e := struct {
		Event      string   `json:"event"`
		Conforms   bool     `json:"conforms"`
		Steps      int      `json:"steps"`
		Divergence string   `json:"divergence,omitempty"`
		Violated   []string `json:"violated"`
		Exit       int      `json:"exit"`
	}{Event: "recording", Conforms: r.Conforms(), Steps: r.Steps, Violated: []string{}, Exit: c.code}
	if r.Divergence != nil {
		e.Divergence = r.Divergence.Error()
	}
	for _, v := range append(r.Violations, r.HistoryViolations...) {
		e.Violated = append(e.Violated, v.Property)
	}
	c.emit(e)
	return nil
}
