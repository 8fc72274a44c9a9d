// Package guard keeps strangers away from a server for one person: pages of other sites, other names of
// the host, and callers without the token.
package guard

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// policy lets the page load from this server only, and run no script but its own.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Safe refuses what a stranger's page could send: requests under a name that is neither a loopback
// address nor one of hosts, as after DNS rebinding, and requests from another origin.
func Safe(next http.Handler, hosts []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		switch {
		case !served(r.Host, hosts):
			http.Error(w, "this server is not reached under the name "+r.Host, http.StatusMisdirectedRequest)
		case !sameOrigin(r):
			http.Error(w, "requests from other pages are refused", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// served reports whether a Host header names this server.
func served(host string, hosts []string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	if ip := net.ParseIP(name); ip != nil && ip.IsLoopback() {
		return true
	}
	return name == "localhost" || slices.Contains(hosts, name)
}

// sameOrigin reports whether a request comes from the page itself or from no page at all. Browsers
// say where a request comes from; other programs need not.
func sameOrigin(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host == r.Host
}

// TokenHeader carries the token.
const TokenHeader = "X-Allways-Token"

// Allowed reports whether a request may change something. Without a token, none may.
func Allowed(r *http.Request, token string) bool {
	return token != "" && subtle.ConstantTimeCompare([]byte(r.Header.Get(TokenHeader)), []byte(token)) == 1
}
