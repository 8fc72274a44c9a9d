//go:build !unix

package storage

// syncDir does nothing: this system cannot sync directories, and writes names in order.
func (osDisk) syncDir(string) error { return nil }
