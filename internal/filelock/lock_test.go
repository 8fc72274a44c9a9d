package filelock

import (
	"os"
	"path/filepath"
	"testing"
)

// A file that is open is refused, and keeps its content; once closed it can be opened again.
func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if g, err := Open(path); err == nil || g != nil {
		t.Errorf("opened twice: %v, %v", g, err)
	}
	f.Close()
	if f, err = Open(path); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if b, err := os.ReadFile(path); string(b) != "content" {
		t.Errorf("the file has %q, %v", b, err)
	}
}
