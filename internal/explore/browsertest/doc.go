// Package browsertest tests the explorer's page as people use it: in a Chromium, with real keys and
// clicks, against a real server. Every journey fails on an error in the console, an uncaught
// exception, or a request that leaves the server. The package has tests only; without a Chromium on
// the machine they are skipped.
package browsertest
