// Package tables keeps what searches of systems of actors have computed: tables by numbers that goroutines share, and
// read without a lock. They only grow; a table is dropped as a whole. They know nothing of what they hold, and are
// no place for contents, which package intern keeps.
package tables
