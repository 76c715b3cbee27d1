package proxy

import (
	"bytes"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
)

// net/http answers requests whose framing two parsers may read in two ways: both Content-Length and Transfer-Encoding, chunks in HTTP/1.0, lines that
// end in a bare line feed, folded headers. A handler no longer sees it. So the bytes are checked on their way to net/http, and a request like that
// becomes one that net/http itself refuses, in its turn, with a 400 and the end of the connection.

// refusal is a head's line, and the end of the head, that net/http refuses.
const refusal = ":\r\n\r\n"

// preface is the first line of what an HTTP/2 client says (RFC 9113, section 3.4).
const preface = "PRI * HTTP/2.0"

// errPreface ends the connection of a client that agreed on HTTP/2 and speaks something else.
var errPreface = errors.New("proxy: no HTTP/2 where it was agreed on")

func agreedOnHTTP2(conn net.Conn) bool {
	encrypted, ok := conn.(*tls.Conn)
	return ok && encrypted.ConnectionState().NegotiatedProtocol == "h2"
}

type checkedListener struct {
	net.Listener
	encrypt func() *tls.Config // nil for connections without TLS
	open    *admission         // of connections
	lot     *parkingLot        // of connections whose clients are silent
}

// Accept returns the next connection, checked. Its handshake takes place when it is first read, within the time that a request's head may take.
// Connections for which there is no room are closed: each holds a file, and the application's and the spools' are needed to serve the others.
func (l checkedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if !l.open.enter(0) {
			conn.Close()
			continue
		}
		if l.encrypt != nil {
			conn = tls.Server(conn, l.encrypt())
		}
		return &checkedConn{Conn: conn, open: l.open, nap: nap{lot: l.lot}}, nil
	}
}

// A checkedConn checks what a client sends: the framing of HTTP/1, and how many frames of HTTP/2 ask for nothing.
type checkedConn struct {
	net.Conn
	check    framing
	begun    bool   // the client has said something
	refused  string // what net/http still has to read of the refusal
	broken   bool
	left     atomic.Bool // the connection is closed and counts no more
	open     *admission  // what it counts in
	nap      nap
	gathered *gatherer // nil while nothing is to be gathered
}

// Close closes the connection and makes room for another. One that is to be parked stays open.
func (c *checkedConn) Close() error {
	if !c.left.CompareAndSwap(false, true) || c.nap.rest.Load() == parked && c.nap.lot.park(c.Conn, c.open, c.nap.ends) {
		return nil
	}
	c.open.leave(0)
	return c.Conn.Close()
}

func (c *checkedConn) Read(p []byte) (int, error) {
	if len(c.refused) > 0 {
		n := copy(p, c.refused)
		c.refused = c.refused[n:]
		return n, nil
	}
	for c.broken {
		// An end here would look as if the client had left while an earlier request is still being answered.
		if _, err := c.Conn.Read(p); err != nil {
			return 0, err
		}
	}
	n, err := c.receive(p)
	if n == 0 && c.nap.rest.Load() == dozing {
		return c.dozed(p, err)
	}
	if n > 0 && !c.begun {
		c.begun = true
		if agreedOnHTTP2(c.Conn) && !strings.HasPrefix(preface, string(p[:min(n, len(preface))])) {
			c.Conn.Close()
			return 0, errPreface
		}
	}
	good := c.check.feed(p[:n])
	if good == n {
		return n, err
	}
	if c.check.part == inFrames {
		c.Conn.Close()
		return 0, errFlood
	}
	c.broken, c.refused = true, refusal
	if len(c.check.line) > 0 {
		c.refused = "\r\n" + refusal
	}
	m := copy(p[good:], c.refused)
	c.refused = c.refused[m:]
	return good + m, nil
}

// CloseWrite is what net/http looks for, to let a refusal reach a client that is still sending.
func (c *checkedConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// part is where in a message the next byte stands.
type part uint8

const (
	inRequestLine part = iota
	inHeader
	inBody
	inChunkSize
	inChunkData
	inChunkEnd
	inTrailer
	inFrames // of HTTP/2
	unchecked
)

// maxKept is how much of a line is kept: enough for a header that says something of the framing.
const maxKept = 256

// A framing follows the requests on one connection. Its zero value stands before the first.
type framing struct {
	part    part
	line    []byte      // the start of the line that has begun
	cr      bool        // its last byte was a carriage return
	old     bool        // the request is HTTP/1.0
	sized   bool        // it has a Content-Length
	chunked bool        // it has a Transfer-Encoding
	upgrade bool        // it asks for a WebSocket
	left    int64       // bytes of the body or chunk still to come
	frames  *frameMeter // nil for HTTP/1: idle connections are many
}

// feed takes the next bytes and returns how many of them are good: all of them, or those before the first that is not.
func (f *framing) feed(p []byte) int {
	at := 0
	for at < len(p) && f.part != unchecked {
		if f.part == inFrames {
			return at + f.frames.feed(p[at:])
		}
		if f.part == inBody || f.part == inChunkData {
			n := min(f.left, int64(len(p)-at))
			f.left -= n
			at += int(n)
			if f.left == 0 {
				f.endData()
			}
			continue
		}
		n, ok := f.feedLine(p[at:])
		at += n
		if !ok {
			return at
		}
	}
	return len(p)
}

func (f *framing) endData() {
	if f.part == inChunkData {
		f.part = inChunkEnd
		return
	}
	*f = framing{line: f.line[:0]}
}

// feedLine takes bytes up to the end of a line, and reports whether the line is one that can be read in one way only.
func (f *framing) feedLine(p []byte) (int, bool) {
	end := bytes.IndexByte(p, '\n')
	piece := p
	if end >= 0 {
		piece = p[:end]
	}
	if f.cr && len(piece) > 0 {
		return 0, false // a carriage return in the middle of a line
	}
	if cr := bytes.IndexByte(piece, '\r'); cr >= 0 && cr != len(piece)-1 {
		f.line = append(f.line[:0], '\r')
		return cr + 1, false
	}
	if len(piece) > 0 {
		f.cr = piece[len(piece)-1] == '\r'
	}
	if end < 0 {
		f.line = append(f.line, piece[:min(len(piece), maxKept-len(f.line))]...)
		return len(p), true
	}
	line := piece[:min(len(piece), maxKept)]
	if len(f.line) > 0 { // it began in an earlier read
		f.line = append(f.line, piece[:min(len(piece), maxKept-len(f.line))]...)
		line = f.line
	}
	if !f.cr || (f.part != inHeader || saysFraming(line)) && !f.endLine(string(bytes.TrimSuffix(line, []byte{'\r'}))) {
		f.line = append(f.line[:0], line...)
		return end, false
	}
	f.line, f.cr = nil, false // kept for a line in many reads only: idle connections are many
	return end + 1, true
}

// saysFraming reports whether a line of a head could be one that header looks at, by its first byte.
func saysFraming(line []byte) bool {
	switch line[0] {
	case '\r', ' ', '\t', 'c', 'C', 't', 'T', 'u', 'U':
		return true
	}
	return false
}

// endLine judges a complete line and goes on to the next part.
func (f *framing) endLine(line string) bool {
	switch f.part {
	case inRequestLine:
		if line == preface {
			f.part, f.frames = inFrames, newFrameMeter()
			return true
		}
		f.old = strings.HasSuffix(line, "HTTP/1.0")
		f.part = inHeader
	case inHeader:
		return f.header(line)
	case inChunkSize:
		size, _, _ := strings.Cut(line, ";")
		n, err := strconv.ParseUint(strings.TrimRight(size, " \t"), 16, 63)
		if err != nil {
			return false
		}
		f.left = int64(n)
		if f.part = inChunkData; f.left == 0 {
			f.part = inTrailer
		}
	case inChunkEnd:
		f.part = inChunkSize
		return line == ""
	case inTrailer:
		if line == "" {
			*f = framing{line: f.line}
		}
	}
	return true
}

func (f *framing) header(line string) bool {
	if line == "" {
		f.endHead()
		return true
	}
	if line[0] == ' ' || line[0] == '\t' {
		return false // folded
	}
	name, value, _ := strings.Cut(line, ":")
	value = strings.Trim(value, " \t")
	switch {
	case strings.EqualFold(name, "Content-Length"):
		f.sized = true
		n, err := strconv.ParseUint(value, 10, 63)
		if err != nil {
			return false
		}
		f.left = int64(n)
	case strings.EqualFold(name, "Transfer-Encoding"):
		f.chunked = true
	case strings.EqualFold(name, "Upgrade"):
		f.upgrade = strings.EqualFold(value, "websocket")
	}
	return !f.chunked || !f.sized && !f.old
}

func (f *framing) endHead() {
	switch {
	case f.upgrade:
		f.part = unchecked // what follows may be frames; if it is not, the connection ends with the answer
	case f.chunked:
		f.part = inChunkSize
	case f.left > 0:
		f.part = inBody
	default:
		*f = framing{line: f.line}
	}
}
