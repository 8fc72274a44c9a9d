package tables

import (
	"reflect"
	"sync/atomic"
)

// CountFields makes all tables in the struct that a pointer points to count their memory in one sum. It finds
// them by reflection: a table that was left out would grow without limit, and no test would show it.
func CountFields(pointer any, size *atomic.Int64) {
	v := reflect.ValueOf(pointer).Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		p := reflect.NewAt(f.Type(), f.Addr().UnsafePointer()).Interface()
		if c, ok := p.(interface{ CountIn(*atomic.Int64) }); ok {
			c.CountIn(size)
		}
	}
}
