package configs

import (
	"encoding"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"stanch/rules"
)

// byteSize is a number of bytes, written as "64KiB", "256MiB" or "1GiB".
type byteSize int64

// The units of a byteSize, the largest first.
var sizeUnits = [...]struct {
	name  string
	bytes int64
}{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}}

// UnmarshalText reads a number with a unit.
func (s *byteSize) UnmarshalText(text []byte) error {
	wrong := &hinted{message: fmt.Sprintf("%q is no size; allowed is a number with B, KiB, MiB, GiB or TiB, such as \"64KiB\"", text)}
	for _, unit := range sizeUnits {
		digits, ok := strings.CutSuffix(string(text), unit.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
		if err != nil || n < 0 || n > math.MaxInt64/unit.bytes {
			break
		}
		*s = byteSize(n * unit.bytes)
		return nil
	}
	for _, unit := range [...]string{"K", "M", "G", "T"} {
		digits := strings.TrimRight(strings.ToUpper(string(text)), "IB")
		if number, ok := strings.CutSuffix(digits, unit); ok {
			wrong.hint = "did you mean \"" + strings.TrimSpace(number) + unit + "iB\"?"
		}
	}
	return wrong
}

// String writes the size in its largest whole unit.
func (s byteSize) String() string {
	for _, unit := range sizeUnits {
		if int64(s) >= unit.bytes && int64(s)%unit.bytes == 0 {
			return strconv.FormatInt(int64(s)/unit.bytes, 10) + unit.name
		}
	}
	return strconv.FormatInt(int64(s), 10) + "B"
}

// A Source is where a client's identity is read from.
type Source struct {
	Kind SourceKind
	Name string // of the cookie or header; "" for Address
}

// SourceKind is a kind of Source.
type SourceKind uint8

// The kinds.
const (
	Cookie SourceKind = iota
	Header
	Address
)

var sourceKinds = [...]string{"cookie", "header", "address"}

// UnmarshalText reads "cookie:<name>", "header:<name>" or "address".
func (s *Source) UnmarshalText(text []byte) error {
	kind, name, named := strings.Cut(string(text), ":")
	switch {
	case kind == sourceKinds[Address] && !named:
		*s = Source{Kind: Address}
		return nil
	case (kind == sourceKinds[Cookie] || kind == sourceKinds[Header]) && isToken(name):
		*s = Source{Kind: Cookie, Name: name}
		if kind == sourceKinds[Header] {
			s.Kind = Header
		}
		return nil
	}
	hint := ""
	if near := rules.Nearest(kind, sourceKinds[:]); near != "" && named && near != sourceKinds[Address] && isToken(name) {
		hint = near + ":" + name
	} else if near != "" && !named {
		hint = near
	}
	if hint == string(text) || hint == sourceKinds[Cookie] || hint == sourceKinds[Header] {
		hint = "name it, such as \"cookie:sessionid\""
	}
	return &hinted{message: fmt.Sprintf("%q is no source of identity; allowed are \"cookie:<name>\", \"header:<name>\" and \"address\"", text), hint: hint}
}

// String writes the source as UnmarshalText reads it.
func (s Source) String() string {
	if s.Kind == Address {
		return sourceKinds[Address]
	}
	return sourceKinds[s.Kind] + ":" + s.Name
}

// isToken reports whether a name is a token of RFC 9110, section 5.6.2: what header fields and cookies may be called.
func isToken(name string) bool {
	for _, c := range []byte(name) {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && !(c >= '0' && c <= '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return name != ""
}

// parseDuration reads "30s", "5m", "1h30m" or, with whole days, "7d".
func parseDuration(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%q is no duration; allowed is a number with s, m, h or d, such as \"30s\" or \"1h\"", text)
	}
	return d, nil
}

// parsePrefix reads "10.0.0.0/8" or a single address; "cidr:" may stand before it.
func parsePrefix(text string) (netip.Prefix, error) {
	plain := strings.TrimPrefix(text, "cidr:")
	if address, err := netip.ParseAddr(plain); err == nil && address.Zone() == "" {
		return netip.PrefixFrom(address, address.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(plain)
	if err != nil {
		return prefix, fmt.Errorf("%q is no network; allowed is an address or a CIDR, such as \"10.0.0.0/8\" or \"fd00::/8\"", text)
	}
	if prefix != prefix.Masked() {
		return prefix, &hinted{message: fmt.Sprintf("%q has address bits behind its prefix length", text),
			hint: fmt.Sprintf("did you mean %q?", prefix.Masked())}
	}
	return prefix, nil
}

// parsePath checks a pattern of paths: '*' is anything within a segment, '**' anything at all.
func parsePath(text string) (string, error) {
	switch {
	case strings.ContainsAny(text, "?#"):
		return "", fmt.Errorf("%q is no path pattern: rules see the path only, without its query; '*' and '**' are the wildcards", text)
	case !strings.HasPrefix(text, "/"):
		return "", &hinted{message: fmt.Sprintf("%q is no path pattern: it must begin with '/'", text), hint: fmt.Sprintf("did you mean %q?", "/"+text)}
	case strings.Contains(text, "***") || strings.Contains(text, "//"):
		return "", fmt.Errorf("%q is no path pattern: no path that arrives here has '//', and there are only '*' and '**'", text)
	case strings.Contains(text+"/", "/../") || strings.Contains(text+"/", "/./"):
		return "", fmt.Errorf("%q is no path pattern: paths are cleaned of '.' and '..' before they are matched", text)
	}
	return text, nil
}

// upstreamSchemes are how the application can be spoken to; h2c is HTTP/2 without TLS.
var upstreamSchemes = [...]string{"http", "https", "h2c"}

// parseUpstream reads the application's base URL. It is fixed at start, so it may hold nothing that a request brings.
func parseUpstream(text string) (*url.URL, error) {
	const allowed = "http://host:port, https://host:port, h2c://host:port or unix:///path"
	u, err := url.Parse(text)
	switch {
	case err != nil: // the message must not repeat what may be a password
		return nil, &hinted{message: "must be " + allowed, hint: upstreamHint(text)}
	case u.User != nil:
		return nil, errors.New("must not hold credentials; allowed is " + allowed)
	case u.Scheme == "unix" && u.Host == "" && len(u.Path) > 1 && u.RawQuery == "":
		return u, nil
	case u.Host == "" || !slices.Contains(upstreamSchemes[:], u.Scheme):
		return nil, &hinted{message: "must be " + allowed, hint: upstreamHint(text)}
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return nil, &hinted{message: fmt.Sprintf("%q has a path or query; allowed is %s", text, allowed),
			hint: fmt.Sprintf("did you mean %q?", u.Scheme+"://"+u.Host)}
	}
	u.Path = ""
	return u, nil
}

// parseHost checks a host name without its port.
func parseHost(text string) (string, error) {
	if text == "" || strings.ContainsAny(text, "/@:* ") || strings.ToLower(text) != text {
		return "", fmt.Errorf("%q is no host name; allowed is a name in lower case without scheme and port, such as \"apply.example.org\"", text)
	}
	return text, nil
}

func upstreamHint(text string) string {
	if u, err := url.Parse("http://" + text); err == nil && u.User == nil && u.Host != "" && !strings.Contains(text, "://") {
		return fmt.Sprintf("did you mean %q?", "http://"+text)
	}
	return ""
}

// parseAddress checks host:port to listen on.
func parseAddress(text string) (string, error) {
	colon := strings.LastIndexByte(text, ':')
	_, err := strconv.ParseUint(text[colon+1:], 10, 16)
	host := strings.Trim(text[:max(colon, 0)], "[]")
	if colon < 0 || err != nil || strings.ContainsAny(host, " /@") {
		hint := ""
		if _, err := strconv.ParseUint(text, 10, 16); err == nil {
			hint = fmt.Sprintf("did you mean %q?", ":"+text)
		}
		return "", &hinted{message: fmt.Sprintf("%q is no address to listen on; allowed is host:port or :port, the port from 0 to 65535", text), hint: hint}
	}
	return text, nil
}

// parseText is the parser of values that check themselves.
func parseText[T any, P interface {
	*T
	encoding.TextUnmarshaler
}](text string) (T, error) {
	var value T
	err := P(&value).UnmarshalText([]byte(text))
	return value, err
}
