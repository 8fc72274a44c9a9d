package cli

type report struct{}
type route interface{}
type description struct{}
