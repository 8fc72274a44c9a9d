package explorer_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/allways-go/allways"
	"github.com/allways-go/allways/explorer"
)

func Example() {
	counter := allways.Funcs[int, string]{
		InitFunc: func() []int { return []int{0} },
		ActionsFunc: func(dst []string, n int) []string {
			if n < 3 {
				dst = append(dst, "inc")
			}
			return dst
		},
		NextFunc: func(n int, _ string) (int, bool) { return n + 1, true },
		Props:    []allways.Property[int]{allways.Always("small", func(n int) bool { return n < 3 })},
	}
	s, err := explorer.New(counter, explorer.Options{Title: "counter"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	// A program would call http.ListenAndServe("localhost:7357", s).
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "http://localhost/api/v1/export?format=text&path=0:0.0", nil)
	s.ServeHTTP(w, r)
	fmt.Println(strings.TrimSpace(w.Body.String()))
	// Output:
	// init  0
	//    1  inc
	//         ~  state  0 → 1
	//    2  inc
	//         ~  state  1 → 2
}

// A predicate has a name, by which people and programs find states.
func ExampleNew() {
	walk := allways.Funcs[int, string]{
		InitFunc:    func() []int { return []int{0} },
		ActionsFunc: func(dst []string, n int) []string { return append(dst, "left", "right") },
		NextFunc: func(n int, a string) (int, bool) {
			if a == "left" {
				return n - 1, true
			}
			return n + 2, true
		},
	}
	far := allways.NamedPredicate[int]{Name: "far away", Holds: func(n int) bool { return n > 4 }}
	s, err := explorer.New(walk, explorer.Options{}, far)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	w := httptest.NewRecorder()
	query := url.Values{"scope": {"all"}, "limit": {"1"}, "expr": {`after(named("far away"), state == -2)`}}
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/api/v1/find?"+query.Encode(), nil))
	var found struct {
		Results []struct{ On, Text string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &found); err != nil {
		fmt.Println(err)
	}
	fmt.Printf("%+v\n", found.Results)
	// Output: [{On:0:0.0.1.1.1.1 Text:right}]
}
