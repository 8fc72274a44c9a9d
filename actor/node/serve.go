package node

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"log"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/allways-go/allways/actor/node/internal/places"
)

// This file says who may talk HTTP to a node, and how many.

// Times that a client has, after which its connection is closed.
const (
	headerTime  = 5 * time.Second
	requestTime = 10 * time.Second
	idleTime    = 30 * time.Second
	writeTime   = maxWait + 10*time.Second
	maxHeader   = 16 << 10 // bytes
)

// listen starts to serve clients. It returns a function that ends that.
func (n *Node) listen() (end func(), err error) {
	if n.config.HTTP == "" {
		return func() {}, nil
	}
	addr := n.config.HTTP
	if strings.HasPrefix(addr, ":") {
		addr = "127.0.0.1" + addr
	}
	socket, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	n.address = socket.Addr().String()
	n.warnOpen()
	var l net.Listener = places.Listen(socket, n.config.MaxConns, func(addr string, err error) {
		n.counters.problems.Add(1)
		n.limiter.warn("a connection of a client is not served", "address", addr, "error", err)
	})
	if n.config.HTTPTLS != nil {
		c := n.config.HTTPTLS.Clone()
		c.MinVersion, c.NextProtos = max(c.MinVersion, tls.VersionTLS13), nil
		if c.ClientCAs != nil {
			c.ClientAuth = tls.RequireAndVerifyClientCert
		}
		l = tls.NewListener(l, c)
	}
	server := &http.Server{
		Handler: n.Handler(), ReadHeaderTimeout: headerTime, ReadTimeout: requestTime, WriteTimeout: writeTime,
		IdleTimeout: idleTime, MaxHeaderBytes: maxHeader, ErrorLog: log.New(serverLog{&n.limiter}, "", 0),
		ConnContext: func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) },
	}
	var served sync.WaitGroup
	served.Go(func() { server.Serve(l) })
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			server.Close()
		}
		served.Wait()
	}, nil
}

// warnOpen warns of a node that answers programs on other machines, whichever they are.
func (n *Node) warnOpen() {
	a, err := netip.ParseAddrPort(n.address)
	identified := n.config.HTTPToken != "" || n.config.HTTPTLS != nil && n.config.HTTPTLS.ClientCAs != nil
	if err == nil && !a.Addr().IsLoopback() && !identified {
		n.config.Log.Warn("programs on other machines can send messages of clients over HTTP, and none has to identify "+
			"itself: set Config.HTTPToken or HTTPTLS, or listen on 127.0.0.1", "address", n.address)
	}
}

// serverLog takes the lines that the server would log.
type serverLog struct{ limiter *limiter }

func (l serverLog) Write(b []byte) (int, error) {
	l.limiter.warn("HTTP", "error", strings.TrimSpace(string(b)))
	return len(b), nil
}

// connKey is the key of the connection in the context of a request that [Config.HTTP] serves.
type connKey struct{}

// connOf returns the connection of a request, nil if another server serves it.
func connOf(r *http.Request) net.Conn {
	c, _ := r.Context().Value(connKey{}).(net.Conn)
	return c
}

// guarded returns a handler that refuses requests of those who may not make them. That the host must
// be known keeps out pages whose name leads to this machine for a moment; that the origin must be the
// same, forms of other sites.
func (n *Node) guarded(next http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection()
	refuse := func(w http.ResponseWriter, r *http.Request, code int, why string) {
		n.drop(refusedClient, "from", r.RemoteAddr, "error", why)
		http.Error(w, bounded(why), code)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !n.knownHost(r) {
			refuse(w, r, http.StatusForbidden, "the host "+r.Host+" is not known: name it in Config.HTTPHosts")
			return
		}
		if err := origins.Check(r); err != nil {
			refuse(w, r, http.StatusForbidden, "a page of another site may not send messages")
			return
		}
		if !n.authorized(r) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			refuse(w, r, http.StatusUnauthorized, "the token is missing or wrong: send Authorization: Bearer TOKEN")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// knownHost reports whether a request asks for this node by a name or an address that it has.
func (n *Node) knownHost(r *http.Request) bool {
	host := hostOf(r.Host)
	if ip, err := netip.ParseAddr(host); err == nil {
		local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
		if ip.IsLoopback() || local != nil && hostOf(local.String()) == ip.Unmap().String() {
			return true
		}
	}
	known := func(name string) bool { return name == "*" || strings.EqualFold(name, host) }
	names := append([]string{"localhost", hostOf(n.config.HTTP)}, n.config.HTTPHosts...)
	return host != "" && slices.ContainsFunc(names, known)
}

// hostOf returns the host in an address that may have a port.
func hostOf(addr string) string {
	if host, _, err := net.SplitHostPort(addr); err == nil {
		addr = host
	}
	return strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(addr, "["), "]"), ".")
}

// authorized reports whether a request has the token. How long that takes does not depend on the token.
func (n *Node) authorized(r *http.Request) bool {
	if n.config.HTTPToken == "" {
		return true
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	got, want := sha256.Sum256([]byte(strings.TrimSpace(token))), sha256.Sum256([]byte(n.config.HTTPToken))
	return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(got[:], want[:]) == 1
}
