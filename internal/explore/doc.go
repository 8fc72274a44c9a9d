// Package explore serves the page on which people step through a model, and the HTTP interface
// behind it. It is not generic, so that one server serves models of every type; package explorer
// is what users see of it. It searches nothing itself and keeps no position of any page: every
// request names the path that it is about.
package explore
