package proxy

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"net"
	"net/http"
	"net/netip"
	"path"
	"strings"
	"sync"
	"time"

	"stanch/rules"
)

// pseudonymBytes is the length of a client's pseudonym before it is written in hex: 64 bits tell clients apart and carry little else.
const pseudonymBytes = 8

// An identifier says who asks, from where, and for what.
type identifier struct {
	from, signedIn []source
	trusted        []netip.Prefix
	macs           sync.Pool
}

// A source is a place in a request where an identity may stand.
type source struct{ kind, name string }

func newIdentifier(o *Options) (*identifier, error) {
	id := &identifier{trusted: o.TrustedProxies}
	var err error
	if id.from, err = parseSources("Identity", o.Identity); err != nil {
		return nil, err
	}
	if id.signedIn, err = parseSources("SignedIn", o.SignedIn); err != nil {
		return nil, err
	}
	for _, s := range id.signedIn {
		if s.kind == "address" {
			return nil, fmt.Errorf("proxy: SignedIn cannot be %q; allowed are cookie:NAME, header:NAME", s.kind)
		}
	}
	key := o.Key
	id.macs.New = func() any { return hmac.New(sha256.New, key) }
	return id, nil
}

func parseSources(field string, words []string) ([]source, error) {
	var sources []source
	for i, word := range words {
		kind, name, _ := strings.Cut(word, ":")
		if kind == "header" {
			name = http.CanonicalHeaderKey(name)
		}
		if (kind != "cookie" && kind != "header" || name == "") && word != "address" {
			return nil, fmt.Errorf("proxy: %s[%d] is %q; allowed are cookie:NAME, header:NAME, address", field, i, word)
		}
		sources = append(sources, source{kind, name})
	}
	return sources, nil
}

// exchange says what the rules need to know of a request.
func (id *identifier) exchange(r *http.Request) rules.Exchange {
	route, ambiguous := cleanRoute(r.URL.Path, r.URL.EscapedPath())
	address := id.address(r)
	x := rules.Exchange{Route: route, Ambiguous: ambiguous, Address: address, Time: time.Now()}
	for _, s := range id.from {
		value := s.value(r)
		if s.kind == "address" && address.IsValid() {
			value = address.String()
		}
		if value != "" {
			x.Client = id.pseudonym(s, value)
			break
		}
	}
	for _, s := range id.signedIn {
		if s.value(r) != "" {
			x.SignedIn = true
			break
		}
	}
	return x
}

func (s source) value(r *http.Request) string {
	switch s.kind {
	case "cookie":
		if c, err := r.Cookie(s.name); err == nil {
			return c.Value
		}
	case "header":
		return r.Header.Get(s.name)
	}
	return ""
}

// pseudonym is a keyed hash of where an identity stood and what it was: it tells clients apart without saying who they are.
func (id *identifier) pseudonym(s source, value string) string {
	mac := id.macs.Get().(hash.Hash)
	defer id.macs.Put(mac)
	mac.Reset()
	mac.Write([]byte(s.kind + "\x00" + s.name + "\x00" + value))
	var sum [sha256.Size]byte
	return hex.EncodeToString(mac.Sum(sum[:0])[:pseudonymBytes])
}

// address is where a request came from: the nearest hop that is not a trusted proxy. An entry of X-Forwarded-For that is no address ends the search.
func (id *identifier) address(r *http.Request) netip.Addr {
	address := peerAddress(r)
	if !id.trusts(address) {
		return address
	}
	hops := strings.Split(strings.Join(r.Header["X-Forwarded-For"], ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		if address = hop.Unmap(); !id.trusts(address) {
			break
		}
	}
	return address
}

func (id *identifier) trusts(address netip.Addr) bool {
	for _, prefix := range id.trusted {
		if prefix.Contains(address) {
			return true
		}
	}
	return false
}

// peerAddress is the other end of the connection; it is invalid for a unix socket.
func peerAddress(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr().Unmap().WithZone("")
}

// cleanRoute returns the path that rules are matched with, and whether an application might read the path differently: encoded separators and
// dots, dot segments, empty segments, backslashes, and path parameters.
func cleanRoute(decoded, escaped string) (route string, ambiguous bool) {
	if plainPath(decoded) && len(decoded) == len(escaped) {
		return decoded, false
	}
	lower := strings.ToLower(escaped)
	for _, mark := range []string{"%2f", "%5c", "%2e", "%25", "%3b", "%00", "\\", ";", "//", "/./", "/../"} {
		ambiguous = ambiguous || strings.Contains(lower, mark)
	}
	ambiguous = ambiguous || strings.HasSuffix(lower, "/.") || strings.HasSuffix(lower, "/..") || !strings.HasPrefix(decoded, "/")
	route = path.Clean("/" + strings.ReplaceAll(decoded, "\\", "/"))
	if strings.HasSuffix(decoded, "/") && route != "/" {
		route += "/"
	}
	return route, ambiguous
}

// plainPath reports whether nothing in a path could be read in two ways, without allocating.
func plainPath(p string) bool {
	if p == "" || p[0] != '/' {
		return false
	}
	for i := 0; i < len(p); i++ {
		switch c := p[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '~':
		case c == '/' && (i == 0 || p[i-1] != '/'):
		case c == '.' && p[i-1] != '/' && p[i-1] != '.':
		default:
			return false
		}
	}
	return true
}

// hostName is the lower-case host without its port.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}
