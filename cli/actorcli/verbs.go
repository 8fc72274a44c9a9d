package actorcli

import (
	"github.com/allways-go/allways/actor"
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/explorecli"
)

// Verbs returns the verbs explore, run and, for recordings, replay. It is meant for [cli.App.Verbs].
func Verbs() []cli.Verb {
	return append(explorecli.WithRecordings(readRecording), runVerb(), cli.Verb{
		Name: "replay", Summary: "compare a recorded run with the model", Usage: []string{"FOLDER [flags]"},
		Common: []string{"json", "color", "full", "quiet"}, Takes: isRecording, Run: replayRecording,
	})
}

// Network is the parameter for how messages travel. Its default is the value of *to.
func Network(to *actor.Network) cli.Param {
	return cli.Choice("network", to, "how messages travel", actor.Unordered, actor.Duplicating, actor.Ordered)
}

// Ignored is the parameter for messages without effect, a flag. Its default is the value of *to.
func Ignored(to *actor.IgnoredPolicy) cli.Param {
	return cli.Choice("ignored", to, "messages without effect; forgotten leaves out those that are dead",
		actor.IgnoredAuto, actor.IgnoredKept, actor.IgnoredConsumed, actor.IgnoredForgotten).Flag()
}
