package guard

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// answered returns what a guarded server says to a request, and whether the request came through.
func answered(t *testing.T, method, host string, header http.Header) (*http.Response, bool) {
	t.Helper()
	reached := false
	h := Safe(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }), []string{"models.example"})
	r := httptest.NewRequest(method, "http://localhost/", nil)
	r.Host = host
	for name, values := range header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result(), reached
}

// Only names that were served are answered to: a page whose name leads to this address since a moment ago
// has another one.
func TestHosts(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST:7357": true, "127.0.0.1:7357": true, "127.8.8.8": true, "[::1]:80": true,
		"[::1]": true, "::1": true, "models.example": true, "Models.Example:8080": true,

		"evil.example": false, "evil.example:7357": false, "localhost.evil.example": false,
		"127.0.0.1.evil.example": false,
		"evilmodels.example":     false, "models.example.evil": false, "models.example.": false, "": false,
		":7357":   false,
		"0.0.0.0": false, "0.0.0.0:7357": false, "[::]": false, "192.168.1.7": false, "10.0.0.1:80": false,
		"[fe80::1]": false,
		"127.1":     false, "0x7f.1": false, "2130706433": false, "localhost:80:80": false, "localhost/": false,
		"user@localhost": false,
	} {
		for _, method := range []string{"GET", "POST", "HEAD", "OPTIONS"} {
			r, reached := answered(t, method, host, nil)
			if reached != want || (r.StatusCode == http.StatusMisdirectedRequest) == want {
				t.Errorf("%s of host %q: reached %t, %s", method, host, reached, r.Status)
			}
		}
	}
}

// Pages of other origins are refused, whichever of the two ways a browser has to say so.
func TestOrigins(t *testing.T) {
	const host = "localhost:7357"
	for _, x := range []struct {
		origin, site string
		want         bool
	}{
		{"", "", true}, {"http://localhost:7357", "", true}, {"", "same-origin", true}, {"", "none", true},
		{"http://localhost:7357", "same-origin", true},

		{"http://evil.example", "", false}, {"null", "", false}, {"http://localhost", "", false},
		{"http://localhost:73570", "", false}, {"http://127.0.0.1:7357", "", false}, {"://", "", false},
		{"http://evil.example/localhost:7357", "", false}, {"http://localhost:7357@evil.example", "", false},
		{"", "cross-site", false}, {"", "same-site", false}, {"", "SAME-ORIGIN", false},
		{"http://localhost:7357", "cross-site", false}, {"http://evil.example", "same-origin", false},
	} {
		for _, method := range []string{"GET", "POST"} {
			h := http.Header{}
			if x.origin != "" {
				h.Set("Origin", x.origin)
			}
			if x.site != "" {
				h.Set("Sec-Fetch-Site", x.site)
			}
			if r, reached := answered(t, method, host, h); reached != x.want {
				t.Errorf("%s, origin %q, site %q: reached %t, %s", method, x.origin, x.site, reached, r.Status)
			}
		}
	}
}

// Every answer, also one that refuses, carries the policy under which no markup of a model can do anything.
func TestHeaders(t *testing.T) {
	for _, host := range []string{"localhost", "evil.example"} {
		r, _ := answered(t, "GET", host, nil)
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", host, name, got, want)
			}
		}
		directives := map[string]string{}
		for d := range strings.SplitSeq(r.Header.Get("Content-Security-Policy"), ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(d), " ")
			directives[name] = value
		}
		for name, want := range map[string]string{
			"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "connect-src": "'self'",
			"img-src": "'self' data:", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'",
		} {
			if directives[name] != want {
				t.Errorf("%s: %s is %q, want %q", host, name, directives[name], want)
			}
		}
		if len(directives) != 8 || r.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %v", host, r.Header)
		}
	}
}

// Only the whole token counts.
func TestToken(t *testing.T) {
	const token = "a secret"
	for sent, want := range map[string]bool{
		token: true, "": false, "a secre": false, "a secretx": false, "A SECRET": false, " a secret": false,
		token + "\x00": false,
	} {
		r := httptest.NewRequest("POST", "http://localhost/", nil)
		r.Header[TokenHeader] = []string{sent}
		if Allowed(r, token) != want {
			t.Errorf("token %q: allowed %t", sent, !want)
		}
	}
	if Allowed(httptest.NewRequest("POST", "http://localhost/", nil), "") {
		t.Error("a server without a token lets anyone change it")
	}
	if Allowed(httptest.NewRequest("POST", "http://localhost/?token=a+secret", nil), token) {
		t.Error("a token in the address is accepted: it would be in histories and logs")
	}
}
