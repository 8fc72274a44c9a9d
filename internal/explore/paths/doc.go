// Package paths finds runs of a model for an explorer: those that a short form names, those that lead on
// from others, and those that keep a promise. It runs the model by hand and is meant for a few ten
// thousand states; complete searches are those of package allways.
package paths
