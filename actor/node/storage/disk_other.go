//go:build !unix

package storage

// Folders cannot be synced on this system, which writes names in order.
func (osDisk) syncFolder(string) error { return nil }
