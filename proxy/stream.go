package proxy

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"stanch/rules"
)

// grace is how long the head of an answer waits for more of its body, once something of it may leave. Streams of messages do not wait at all.
const grace = 2 * time.Millisecond

// A stream is the body of an answer under inspection. Before the head leaves, prime reads enough to say what the head must be; then WriteTo carries
// on while it copies to the client. It ends with exchange.abort set whenever the client must not take the body for complete.
type stream struct {
	x        *exchange
	ctx      context.Context
	response *http.Response
	source   io.ReadCloser // the application's body
	in       inspection
	buffers  *buffers
	feed     *feed  // reads ahead; nil while the whole body is at hand
	coded    *coded // the body as it came, when it has a content coding; nil for a plain one

	declared    int64 // Content-Length, or -1
	received    int64 // bytes from the application, coded if they are
	sent        int64 // bytes to the client
	messages    bool
	finished    bool // the application's body has ended and the last verdict stands
	transformed bool // the client gets what Release writes, not the bytes that came
	withheld    bool // blocked before anything was sent
	failure     string
	firstByte   time.Time // when the first byte came from the application
}

func newStream(x *exchange, r *http.Request, response *http.Response) *stream {
	return &stream{
		x: x, ctx: r.Context(), response: response, source: response.Body, buffers: &x.proxy.buffers,
		in:       x.proxy.inspector(x.rules, x.outcome.Exchange, x.bodyOf(response)),
		declared: response.ContentLength,
		messages: streams(response.Header.Get("Content-Type")),
	}
}

// prime reads and inspects until the body has ended, the verdict is to block, or something may leave and either the window is full or
// the application pauses. It must not panic past its caller's recover.
func (s *stream) prime() {
	s.x.watch()
	if s.messages {
		s.startFeed(nil)
	} else {
		s.readFirst()
	}
	for !s.settled() {
		c, ok := s.next()
		if !ok {
			return
		}
		s.take(c)
	}
}

// settled reports whether prime has nothing left to wait for.
func (s *stream) settled() bool {
	if s.finished || s.failure != "" || s.in.Verdict().Action == rules.Block {
		return true
	}
	return s.in.Report().Bytes >= int64(s.x.proxy.options.Window) && s.ready()
}

// next returns the next chunk, or false when the application pauses and something may leave already.
func (s *stream) next() (chunk, bool) {
	if s.messages {
		// The head of such a stream is worth something by itself.
		return s.feed.poll()
	}
	if s.ready() {
		return s.feed.wait(grace)
	}
	return <-s.feed.ready, true
}

// ready reports whether something may leave.
func (s *stream) ready() bool {
	if s.coded != nil && !s.transformed {
		return s.coded.ready(s.in.Cleared())
	}
	return s.in.Cleared() > 0
}

// readFirst reads without a goroutine what came together with the head. Most bodies end there.
func (s *stream) readFirst() {
	buffer := s.buffers.get(bodyBuffer)
	n, err := s.source.Read(*buffer)
	for n == 0 && err == nil {
		n, err = s.source.Read(*buffer)
	}
	if err == nil && int64(n) == s.declared {
		err = s.readEnd()
	}
	if err == nil {
		s.startFeed(&chunk{buffer: buffer, n: n})
		return
	}
	s.takeWhole(chunk{buffer: buffer, n: n, err: err})
}

// readEnd reads the end of a body whose bytes are all here, so that the connection can be used again.
func (s *stream) readEnd() error {
	var none [1]byte
	for range 2 {
		if _, err := s.source.Read(none[:]); err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}
