package core

import (
	"fmt"
	"reflect"

	"github.com/allways-go/allways/internal/plan"
)

// Configuration watches the receiver of an actor's methods, which must never change: all of its fields that have
// content. A handler that wrote to it would have a memory that is no part of the state. Running handlers twice
// detects that only if the second run does something else; comparing contents detects that something was written.
type Configuration struct {
	parts     []watched
	unwatched []string
}

// watched is memory that is compared by content.
type watched struct {
	at   reflect.Value // a pointer to it
	plan *plan.Plan
}

// ConfigurationOf returns the configuration of an actor.
func ConfigurationOf(impl any) *Configuration {
	c := &Configuration{}
	box := reflect.New(reflect.TypeOf(impl))
	box.Elem().Set(reflect.ValueOf(impl))
	c.watch(box, "")
	return c
}

// Unwatched returns the paths of fields without content, such as functions, whose changes go unnoticed.
func (c *Configuration) Unwatched() []string { return c.unwatched }

// watch adds what a pointer points to, field by field if it has no content as a whole.
func (c *Configuration) watch(at reflect.Value, path string) {
	v := at.Elem()
	p, err := plan.Of(v.Type())
	if err == nil {
		_, err = p.Append(nil, at.UnsafePointer())
	}
	switch {
	case err == nil:
		c.parts = append(c.parts, watched{at, p})
	case v.Kind() == reflect.Pointer && !v.IsNil() && path == "":
		c.watch(v, path)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			c.watch(v.Field(i).Addr(), join(path, v.Type().Field(i).Name))
		}
	case path == "":
		c.unwatched = append(c.unwatched, fmt.Sprintf("the %v itself", v.Type()))
	default:
		c.unwatched = append(c.unwatched, path)
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// Content returns what is watched. A part that has lost its content since differs from all that have some.
func (c *Configuration) Content() string {
	var all []byte
	for _, w := range c.parts {
		b, err := w.plan.Append(nil, w.at.UnsafePointer())
		if err != nil {
			b = []byte(err.Error())
		}
		all = AppendString(all, string(b))
	}
	return string(all)
}
