// Package docs has no code: it is the folder of the pages for users, and its tests do what they say.
package docs
