// Package render writes what a command line has to say: summaries, counterexamples, tables, JSON
// events, JUnit reports and diagrams. Its functions turn results without types, see package erased,
// into text and nothing else: they run no search, read no flags and open no files.
package render
