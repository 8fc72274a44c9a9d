// Package diagram draws a run of communicating processes as a sequence diagram: as text for a
// terminal, as SVG, or in the Mermaid language. A [Sequence] describes the drawing. The package
// does not depend on package actor, which makes the Sequence of a path.
//
// The texts of a Sequence may be arbitrary. Each is drawn on one line. Control characters and
// characters that change the direction of writing are drawn as the replacement character, and
// characters with a meaning in the output format are escaped.
package diagram
