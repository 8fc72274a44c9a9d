package storage_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/allways-go/allways/actor/node/storage"
)

// temporary returns a directory and how to remove it.
func temporary() (path string, remove func()) {
	path, err := os.MkdirTemp("", "storage")
	if err != nil {
		panic(err)
	}
	return path, func() { os.RemoveAll(path) }
}

// A process saves, ends, and finds what it saved when it runs again.
func ExampleDir() {
	path, remove := temporary()
	defer remove()
	for range 3 {
		store, err := storage.Dir(path).Open("server-1")
		if err != nil {
			fmt.Println(err)
			return
		}
		v, ok, err := store.Load()
		fmt.Printf("%q %t %v\n", v.Content, ok, err)
		if err := store.Save(storage.Value{Saved: true, Content: v.Content + "x"}); err != nil {
			fmt.Println(err)
		}
		store.Close()
	}
	// Output:
	// "" false <nil>
	// "x" true <nil>
	// "xx" true <nil>
}

// Tests that are killed only as processes need not wait for the disk.
func ExampleDirWithoutSync() {
	path, remove := temporary()
	defer remove()
	store, err := storage.DirWithoutSync(path).Open("server-1")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	fmt.Println(store.Save(storage.Value{Saved: true, Content: "x"}))
	fmt.Println(store.Load())
	// Output:
	// <nil>
	// {true  x} true <nil>
}

// A storage in memory serves all restarts within one process.
func ExampleMemory() {
	memory := storage.Memory()
	before, _ := memory.Open("server-1")
	before.Save(storage.Value{Saved: true, Content: "promise"})
	before.Close()

	after, _ := memory.Open("server-1")
	fmt.Println(after.Load())
	// Output: {true  promise} true <nil>
}

// A damaged file is an error that names it, never an empty store.
func ExampleCorruptError() {
	path, remove := temporary()
	defer remove()
	store, err := storage.Dir(path).Open("server-1")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	store.Save(storage.Value{Saved: true, Content: "promise"})
	os.WriteFile(filepath.Join(path, "actor-server-1", "state"), []byte("garbage"), 0o600)

	_, _, err = store.Load()
	if corrupt, ok := errors.AsType[*storage.CorruptError](err); ok {
		fmt.Println(filepath.Base(corrupt.Path), "is damaged:", corrupt.Reason)
	}
	// Output: state is damaged: its first line is cut off
}
