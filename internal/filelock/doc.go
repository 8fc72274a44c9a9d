// Package filelock opens files that only one process may write. On systems without locks that end
// with a process, which are Windows and a few others, it opens them without a lock.
package filelock
