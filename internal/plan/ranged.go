//go:build !go1.26 || go1.27 || !(amd64 || arm64)

package plan

// mapBriefer returns the briefer of maps from numbers to numbers.
func mapBriefer[K, E plain]() briefer { return briefMap[K, E] }

// setBriefer returns the briefer of sets of numbers.
func setBriefer[K plain]() briefer { return briefSet[K] }
