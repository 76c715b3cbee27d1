package proxy

import (
	"context"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"
)

// hopByHop are the headers that go for one connection only (RFC 9110, section 7.6.1, and the older ones still in use).
var hopByHop = []string{"Connection", "Proxy-Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Te", "Trailer",
	"Transfer-Encoding", "Upgrade"}

// maxParameters is how many parameters a query may have on a route that is inspected: applications differ in which of more than a thousand they see.
const maxParameters = 1000

// originHeaders say where a request came from. They are believed from trusted proxies only.
var originHeaders = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Server",
	"X-Forwarded-Prefix", "X-Forwarded-Uri", "X-Real-Ip", "X-Client-Ip", "X-Cluster-Client-Ip", "X-Original-Forwarded-For", "True-Client-Ip",
	"Cf-Connecting-Ip", "Fastly-Client-Ip"}

// partHeaders ask for a part of a body, a difference, a coding against a dictionary, or a charset that inspection might not know.
var partHeaders = []string{"Range", "If-Range", "A-Im", "Available-Dictionary", "Dictionary-Id", "Accept-Charset"}

// outgoing is the request for the application: the one that came in, with its target overwritten, its connection's own headers removed and its
// origin told anew. The request that came in is left as it was.
func (x *exchange) outgoing(r *http.Request) *http.Request {
	ctx, cancel := context.WithCancelCause(context.WithValue(r.Context(), exchangeKey{}, x))
	x.ctx, x.cancel = ctx, cancel
	out := r.WithContext(ctx)
	out.Header = r.Header.Clone()
	if out.Header == nil {
		out.Header = make(http.Header)
	}
	out.URL = new(url.URL)
	*out.URL = *r.URL
	out.URL.Scheme, out.URL.Host, out.URL.User = targetOf(x.proxy.options.Upstream)
	out.RequestURI = ""
	out.Close = false
	out.Trailer = r.Trailer // filled while the body is read; a copy would stay empty

	upgrade := x.wantsUpgrade(r)
	trailers := headerHas(r.Header, "Te", "trailers")
	stripHopByHop(out.Header)
	if upgrade {
		out.Header["Connection"], out.Header["Upgrade"] = []string{"Upgrade"}, []string{"websocket"}
		out.Header.Del("Sec-Websocket-Extensions") // compressed messages could not be read
	}
	if trailers {
		out.Header["Te"] = []string{"trailers"}
	}
	x.setOrigin(out)
	if x.inspected() {
		for _, name := range partHeaders {
			delete(out.Header, name)
		}
		x.setCodings(out.Header)
	}
	if out.Header["User-Agent"] == nil {
		out.Header["User-Agent"] = []string{""} // or net/http adds its own
	}
	x.setBody(out, r)
	if upgrade {
		x.client = &hijackWriter{x.client, x}
	}
	return out
}

// targetOf is the part of every outgoing URL that no request may choose.
func targetOf(upstream *url.URL) (scheme, host string, user *url.Userinfo) {
	switch upstream.Scheme {
	case "unix":
		return "http", "localhost", nil
	case "h2c":
		return "http", upstream.Host, nil
	}
	return upstream.Scheme, upstream.Host, nil
}

// setBody hands the request's body on. It closes nothing: net/http's own Close would wait for a client that waits for "100 Continue".
func (x *exchange) setBody(out, r *http.Request) {
	switch {
	case r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0:
		out.Body = http.NoBody // an empty body of an HTTP/2 client would become a chunked one
	default:
		x.echo = newEcho(r)
		out.Body = &requestBody{source: r.Body, x: x, conversation: strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc")}
	}
}

// uploadRate is how many bytes a second a client has to send on average, beside the silence that it may keep once: whoever sends a byte now and then
// holds an exchange for ever otherwise. It is about as many as it has to take of an answer, where a whole buffer must be taken within ClientIdle.
const uploadRate = 500

type requestBody struct {
	source       io.Reader
	x            *exchange
	conversation bool // messages that may come hours apart
	received     int64
	waited       time.Duration // for the client; what the application takes to read is not its fault
}

// Read gives the client its time to send the next bytes. The deadline ends with the body: later, net/http would take it for
// the end of the connection. After an error it stays, or net/http would wait for the rest of the body. The transport may ask for more of a body when
// its exchange has ended: it gets an error.
func (b *requestBody) Read(p []byte) (int, error) {
	begin, patience := time.Now(), b.x.proxy.options.ClientIdle
	if !b.conversation {
		patience = min(patience, patience+time.Duration(b.received)*(time.Second/uploadRate)-b.waited)
	}
	if !b.x.deadline.read(b.x.control, begin.Add(patience)) {
		return 0, http.ErrBodyReadAfterClose
	}
	n, err := b.source.Read(p)
	b.received += int64(n)
	b.waited += time.Since(begin)
	if err == io.EOF {
		b.x.deadline.read(b.x.control, time.Time{})
	}
	b.x.echo.add(p[:n])
	return n, err
}

func (b *requestBody) Close() error { return nil }

// wantsUpgrade reports whether the request asks for a WebSocket where one is allowed.
func (x *exchange) wantsUpgrade(r *http.Request) bool {
	return x.route != nil && x.route.WebSocket && !x.outcome.Exchange.Ambiguous && r.ProtoMajor == 1 && r.Method == http.MethodGet &&
		headerHas(r.Header, "Connection", "upgrade") && headerHas(r.Header, "Upgrade", "websocket")
}

// setOrigin tells the application where the request came from. What the client says of it counts only behind a trusted proxy.
func (x *exchange) setOrigin(out *http.Request) {
	peer := peerAddress(out)
	trusted := peer.IsValid() && x.proxy.identity.trusts(peer)
	for name := range out.Header {
		// Gateway interfaces make one variable of X-Forwarded-For and X_Forwarded_For.
		dashed := strings.ReplaceAll(name, "_", "-")
		if dashed == name && trusted {
			continue
		}
		for _, origin := range originHeaders {
			if strings.EqualFold(dashed, origin) {
				delete(out.Header, name)
			}
		}
	}
	if peer.IsValid() {
		appendHop(out.Header, "X-Forwarded-For", peer.String())
		if out.Header["Forwarded"] != nil {
			node := peer.String()
			if peer.Is6() {
				node = `"[` + node + `]"`
			}
			appendHop(out.Header, "Forwarded", "for="+node)
		}
	}
	if out.Header["X-Forwarded-Proto"] == nil {
		proto := "http"
		if out.TLS != nil {
			proto = "https"
		}
		out.Header["X-Forwarded-Proto"] = []string{proto}
	}
	if out.Header["X-Forwarded-Host"] == nil {
		out.Header["X-Forwarded-Host"] = []string{out.Host}
	}
}

// appendHop adds one hop to a list, in one header.
func appendHop(h http.Header, name, hop string) {
	if before := h[name]; len(before) > 0 {
		hop = strings.Join(before, ", ") + ", " + hop
	}
	h[name] = []string{hop}
}

// stripHopByHop removes the headers of one connection, and those that its Connection header names.
func stripHopByHop(h http.Header) {
	for _, list := range h["Connection"] {
		for name := range strings.SplitSeq(list, ",") {
			if name = textproto.TrimString(name); name != "" {
				h.Del(name)
			}
		}
	}
	for _, name := range hopByHop {
		delete(h, name)
	}
}

// headerHas reports whether a comma-separated header holds a word, whatever its case.
func headerHas(h http.Header, name, word string) bool {
	for _, list := range h[name] {
		for item := range strings.SplitSeq(list, ",") {
			if strings.EqualFold(textproto.TrimString(item), word) {
				return true
			}
		}
	}
	return false
}
