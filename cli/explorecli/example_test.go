package explorecli_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/cli"
	"github.com/allways-go/allways/cli/explorecli"
	"github.com/allways-go/allways/internal/explore/recorded"
	"github.com/allways-go/allways/trace"
)

// Counter counts up to Max.
type Counter struct{ Max int }

func (c Counter) Init() []int { return []int{0} }

func (c Counter) Actions(dst []string, s int) []string {
	if s < c.Max {
		dst = append(dst, "count")
	}
	return dst
}

func (c Counter) Next(s int, _ string) (int, bool) { return s + 1, true }

func (c Counter) Properties() []allways.Property[int] {
	return []allways.Property[int]{allways.Always("below three", func(s int) bool { return s < 3 })}
}

// counter is the command line of the model. A main function is one line: cli.Main(counter).
var counter = cli.App[Counter]{
	Name:     "counter",
	Summary:  "A counter that counts up to a number.",
	Params:   func(c *Counter) []cli.Param { return []cli.Param{cli.Int("max", &c.Max, 5, 1, 9, "where it ends")} },
	Variants: []cli.Variant[Counter]{{Name: "counter"}},
	Build:    func(c Counter) (cli.Instance, error) { return cli.NewInstance(c), nil },
	Verbs:    explorecli.Verbs,
	Variable: "counter",
}

func ExampleVerbs() {
	ctx, cancel := context.WithCancel(context.Background()) // Ctrl-C cancels that of cli.Main
	defer cancel()
	out, stdout := io.Pipe()
	ended := make(chan int)
	go func() {
		ended <- cli.Run(ctx, counter, []string{"explore", "4", "-addr", "127.0.0.1:0"}, nil, stdout, os.Stderr)
	}()
	lines := bufio.NewReader(out)
	link, err := lines.ReadString('\n') // what a person opens in a browser
	if err != nil {
		fmt.Println(err)
	}
	go io.Copy(io.Discard, lines) // the rest is for people
	u, err := url.Parse(link[:len(link)-1])
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := http.Get("http://" + u.Host + "/api/v1/export?path=0:0.0&format=text")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Body.Close()
	io.Copy(os.Stdout, r.Body)
	cancel()
	fmt.Println("exit code", <-ended)
	// Output:
	// init  0
	//    1  count
	//         ~  state  0 → 1
	//    2  count
	//         ~  state  1 → 2
	// exit code 0
}

func ExampleWithRecordings() {
	app := counter
	app.Verbs = func() []cli.Verb {
		return explorecli.WithRecordings(func(c *cli.Call, folder string) (*cli.Selection, *recorded.Run, error) {
			if _, err := os.Stat(folder); err != nil {
				return nil, nil, fmt.Errorf("-recording: there is no folder %s", folder)
			}
			s, err := c.Select(c.Words, trace.Header{})
			return s, &recorded.Run{Name: folder}, err
		})
	}
	code := cli.Run(context.Background(), app, []string{"explore", "-recording", "nothing"}, nil, os.Stdout, os.Stdout)
	fmt.Println("exit code", code)
	// Output:
	// counter: -recording: there is no folder nothing
	// exit code 2
}
