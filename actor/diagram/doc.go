// Package diagram draws runs of processes that exchange messages as sequence diagrams: as text for the terminal, as SVG
// and as Mermaid. A [Sequence] says what is to be drawn and knows nothing of systems; package actor makes one of a path.
//
// All texts of a Sequence may be anything. They are shown on one line, control characters and characters that change the
// direction of writing are replaced by the replacement character, and whatever means something in a format is escaped.
package diagram
