// Package pathtext writes runs of models as text for people: every step with the parts that it changed. Paths, tests,
// the command line and replays of recordings share it, so that a run reads the same everywhere.
package pathtext
