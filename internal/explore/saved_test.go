package explore

import (
	"regexp"
	"strings"
	"testing"
)

// A saved page is one file with all that it needs.
func TestSavedPage(t *testing.T) {
	_, c := serve(t, counter(4))
	got := string(c.get(200, "export", "path", "0:0.1", "format", "html"))
	if strings.Contains(got, `src="/`) || strings.Contains(got, `href="/`) || strings.Count(got, "</script>") != 2 {
		t.Errorf("it loads something, or a text ends a script: %.600s", got)
	}
	data := regexp.MustCompile(`(?s)id="data">(.*?)</script>`).FindStringSubmatch(got)
	if data == nil {
		t.Fatal("no data")
	}
	held := decoded[savedJSON](t, []byte(data[1]))
	if len(held.States) != 3 || held.States[2].Path != "0:0.1" || held.Trace.Length != 2 || held.Model.Title != "a title" {
		t.Errorf("%+v", held)
	}
}
