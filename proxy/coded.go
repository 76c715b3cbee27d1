package proxy

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"stanch/proxy/coding"
	"stanch/rules"
	"stanch/rules/inspect"
)

// maxHeld is how many coded bytes are held before the head leaves. A body that needs more (a document that is judged as a whole) goes out decoded.
const maxHeld = 512 << 10

// A coded is a body with a content coding: it is decoded beside the stream, and as long as nothing has to change the client gets the bytes that the
// application sent. A coded byte may leave when all decoded bytes that it could say anything of are cleared.
type coded struct {
	reader *coding.Reader
	held   []byte // coded bytes that have not left
	marks  []mark
	ahead  int  // bytes, from the next one to leave on, that the client has
	free   bool // all that is held may leave: nothing more will be said about it
}

// A mark says that the next so many held bytes say nothing of decoded bytes at or behind bound.
type mark struct {
	n     int
	bound int64
}

func (c *coded) hold(p []byte, bound int64) {
	c.held = append(c.held, p...)
	if last := len(c.marks) - 1; last >= 0 && c.marks[last].bound == bound {
		c.marks[last].n += len(p)
		return
	}
	c.marks = append(c.marks, mark{len(p), bound})
}

// may is how many of the held bytes may leave.
func (c *coded) may(cleared int64) int {
	if c.free {
		return len(c.held)
	}
	n := 0
	for _, m := range c.marks {
		if m.bound > cleared {
			break
		}
		n += m.n
	}
	return n
}

// release writes what may leave.
func (c *coded) release(w io.Writer, cleared int64) (int64, error) {
	n := c.may(cleared)
	if n == 0 {
		return 0, nil
	}
	had := min(n, c.ahead)
	c.ahead -= had
	var written int
	var err error
	if had < n {
		written, err = w.Write(c.held[had:n])
	}
	c.held = c.held[:copy(c.held, c.held[n:])]
	done := 0
	for ; done < len(c.marks) && n >= c.marks[done].n; done++ {
		n -= c.marks[done].n
	}
	c.marks = c.marks[:copy(c.marks, c.marks[done:])]
	return int64(written), err
}

// A tap is the source of a decoder that runs in the feed's goroutine: it hands every coded byte to the stream, at the latest when the decoder asks for
// more, together with what is known of the decoder then.
type tap struct {
	feed   *feed
	first  chunk // what was read with the head
	used   int   // bytes of first
	source io.Reader
	reader *coding.Reader
	pool   *buffers
	taken  chunk // coded bytes that the stream has not been handed
	err    error
}

func (t *tap) Read(p []byte) (int, error) {
	t.hand()
	var n int
	if t.first.buffer != nil {
		n = t.takeFirst(p)
	} else {
		n, t.err = t.source.Read(p[:min(len(p), bodyBuffer)])
	}
	if n > 0 {
		t.taken = chunk{buffer: t.pool.get(n), n: n, coded: true}
		copy(*t.taken.buffer, p[:n])
	}
	return n, t.err
}

// takeFirst gives out what was read with the head.
func (t *tap) takeFirst(p []byte) int {
	n := copy(p, t.first.bytes()[t.used:])
	if t.used += n; t.used == t.first.n {
		t.pool.put(t.first.buffer)
		t.first = chunk{}
	}
	return n
}

func (t *tap) hand() {
	if t.taken.buffer == nil {
		return
	}
	t.taken.bound = coding.Never
	if unsettled := t.reader.Unsettled(); unsettled != coding.Never {
		t.taken.bound = t.reader.Decoded() + unsettled
	}
	t.feed.ready <- t.taken
	t.taken = chunk{}
}

// decode reads from the decoder. A panic in it would end the process: no handler stands above this goroutine.
func (t *tap) decode(p []byte) (n int, err error) {
	defer func() {
		if recover() != nil {
			n, err = 0, fmt.Errorf("%w in %s", errPanic, inspect.PanicPlace())
		}
	}()
	return t.reader.Read(p)
}

// runCoded sends decoded and coded bytes, until an error has been sent. Behind a body that cannot be decoded it goes on with coded bytes only.
func (f *feed) runCoded(t *tap, size int) {
	for {
		buffer := t.pool.get(size)
		n, err := t.decode(*buffer)
		if errors.Is(err, errPanic) {
			t.pool.put(buffer)
			t.pool.put(t.taken.buffer)
			f.ready <- chunk{err: err}
			return
		}
		f.ready <- chunk{buffer: buffer, n: n, err: nil}
		if err == nil {
			continue
		}
		t.hand()
		switch {
		case t.err != nil && t.err != io.EOF:
			f.ready <- chunk{err: t.err}
			return
		case err == io.EOF:
			f.ready <- chunk{err: io.EOF}
			return
		}
		f.ready <- chunk{undecodable: err}
		f.runRest(t, size)
		return
	}
}

// runRest sends what is left of a body as it comes.
func (f *feed) runRest(t *tap, size int) {
	if t.err != nil {
		f.ready <- chunk{err: t.err}
		return
	}
	for {
		buffer := t.pool.get(size)
		var n int
		var err error
		if t.first.buffer != nil {
			n = t.takeFirst(*buffer)
		} else {
			n, err = t.source.Read(*buffer)
		}
		f.ready <- chunk{buffer: buffer, n: n, coded: true, err: err}
		if err != nil {
			return
		}
	}
}

// decodeWhole inspects a coded body that is all there.
func (s *stream) decodeWhole(c chunk) {
	s.received += int64(c.n)
	s.coded.hold(c.bytes(), 0)
	s.coded.reader = s.x.proxy.decoders.NewReader(bytes.NewReader(c.bytes()), s.names, s.x.proxy.options.MaxDecoded)
	buffer := s.buffers.get(decodedBuffer)
	defer s.buffers.put(buffer)
	for {
		n, err := s.coded.reader.Read(*buffer)
		s.inspect((*buffer)[:n])
		if err == io.EOF {
			break
		}
		if err != nil {
			s.undecodable(err)
			break
		}
	}
	s.buffers.put(c.buffer)
	s.end(c.err)
}

// undecodable goes on with a body that is not what its coding says, as the policy for such bodies wants it. What looks like no coding at all is inspected
// as it came: that is how a client would read it.
func (s *stream) undecodable(err error) {
	s.in.Fail(coding.ReasonOf(err))
	c := s.coded
	switch {
	case s.transformed:
		s.failure = failureAborted // the application's own bytes are gone, and nothing can be made of the rest
	case c.reader.Decoded() == 0:
		s.plain()
	default:
		c.free = true
	}
}

// plain goes on with a coded body as if it had no coding.
func (s *stream) plain() {
	c := s.coded
	s.coded = nil
	c.reader.Close()
	s.inspect(c.held)
}

// releaseCoded sends the application's own bytes, as far as what they decode to is cleared. A change of what they decode to cannot be made in them any more.
func (s *stream) releaseCoded() (int64, error) {
	if !s.coded.free && s.in.Verdict().Action == rules.Redact && s.in.Changed() {
		return 0, errBlocked
	}
	if _, err := s.in.Release(io.Discard); err != nil {
		return 0, err
	}
	if s.finished {
		s.coded.free = true
	}
	return s.coded.release(s.x.client, s.in.Cleared())
}
