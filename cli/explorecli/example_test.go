package explorecli_test

import (
	"fmt"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/explorecli"
)

func ExampleVerbs() {
	app := cli.App[allways.Funcs[int, int]]{Name: "counter", Verbs: explorecli.Verbs}
	for _, v := range app.Verbs() {
		fmt.Println(v.Name+":", v.Summary)
	}
	// Output: explore: step through the model in a browser
}
