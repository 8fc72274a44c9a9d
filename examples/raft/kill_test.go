package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/allways-go/allways/internal/exampletest"
	"github.com/allways-go/allways/internal/longtest"
)

// TestKill kills and restarts servers at random moments, one at a time, while commands arrive.
func TestKill(t *testing.T) {
	exampletest.OverNetworks(t, func(t *testing.T, transport string) {
		p := exampletest.NewProcesses(t, transport, "0")
		for i := range 3 {
			p.Start(fmt.Sprint("server-", i+1), i)
		}
		for k := range longtest.Size(2, 8) {
			for i := range 3 {
				url := p.URL(i, fmt.Sprintf("/actors/server-%d?wait=0", i+1))
				command := fmt.Sprintf(`{"type":"Command","value":{"Number":%d}}`, k+1)
				r, err := http.Post(url, "application/json", strings.NewReader(command))
				if err != nil {
					t.Fatal(err)
				}
				r.Body.Close()
			}
			time.Sleep(time.Duration(rand.IntN(400)) * time.Millisecond)
			i := rand.IntN(3)
			name := fmt.Sprint("server-", i+1)
			p.End(name, os.Kill)
			time.Sleep(time.Duration(rand.IntN(400)) * time.Millisecond)
			p.Start(name, i)
		}
		p.Conforms()
	})
}
