package allways

// NamedPredicate is a question about states by its name. It promises nothing and no search checks it: people
// find states by it, in the explorer. As a property does, it must return the same for equal states; several
// goroutines may call it.
type NamedPredicate[S any] struct {
	Name  string         // name, which no property has
	Holds func(s S) bool // answer
}
