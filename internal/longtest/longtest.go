// Package longtest tells the tests that run always from those that take long. The long ones run
// where the environment variable ALLWAYS_LONG is set, as the script .ci/run does, so that go test
// ./... stays a matter of a minute or two.
//
// A test that only makes sense in full calls [Run] first. One that searches more the longer it may
// take asks [Size], and one that draws its cases with rapid asks [Checks].
package longtest

import (
	"flag"
	"os"
	"strconv"
	"testing"
)

// Variable is the environment variable that makes the long tests run when it is set to anything but
// 0.
const Variable = "ALLWAYS_LONG"

// Enabled reports whether the long tests run.
func Enabled() bool {
	v := os.Getenv(Variable)
	return v != "" && v != "0"
}

// Run skips a test that takes long, unless the long tests run.
func Run(t testing.TB) {
	t.Helper()
	if !Enabled() {
		t.Skip("takes long: set " + Variable + "=1 to run it")
	}
}

// Size returns long if the long tests run, and short otherwise.
func Size(short, long int) int {
	if Enabled() {
		return long
	}
	return short
}

// Checks sets the number of cases that rapid draws in each property of this test, unless the command line says
// -rapid.checks. The long tests draw no fewer than rapid does by itself. The test must not run in parallel with others.
func Checks(t testing.TB, short int) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	if checks == nil || checks.Value.String() != checks.DefValue {
		return
	}
	if usual, err := strconv.Atoi(checks.DefValue); Enabled() && err == nil && short <= usual {
		return
	}
	if err := flag.Set(checks.Name, strconv.Itoa(short)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { flag.Set(checks.Name, checks.DefValue) })
}
