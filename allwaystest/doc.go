// Package allwaystest checks models in go test. Each property is a subtest, counterexamples are
// artifacts of the test, stored traces are regression tests, and a model can be fuzzed.
//
// Importing the package adds flags to the test binary. Each flag has an environment variable, for test
// commands that cannot be changed. A flag takes precedence over its variable.
//
//	-allways.workers N      ALLWAYS_WORKERS   number of goroutines that search
//	-allways.timeout TIME   ALLWAYS_TIMEOUT   time limit of each search, such as 90s
//	-allways.seed N         ALLWAYS_SEED      seed of Simulate
//	-allways.trace DIR      ALLWAYS_TRACE     save the traces of counterexamples in DIR
//	-allways.rewrite        ALLWAYS_REWRITE   store counterexamples as regression tests, in testdata/allways
//	-allways.path PATH      ALLWAYS_PATH      replay PATH instead of searching
//	-allways.explore        ALLWAYS_EXPLORE   show a counterexample in a browser, until Ctrl-C
//
// A relative DIR is relative to the folder of the package under test. Counterexamples are also
// artifacts of the test, which go test keeps with -artifacts.
//
// With -allways.explore, a test that fails prints a link to its first counterexample, or to the path of
// -allways.path, and serves it until it is interrupted, or the deadline of the test binary is near: -timeout=0
// means no deadline. The binary must import package explorer, if only for that, since it links a server.
package allwaystest
