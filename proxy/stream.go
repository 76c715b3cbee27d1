package proxy

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"stanch/proxy/coding"
	"stanch/rules"
	"stanch/rules/inspect"
)

const (
	// grace is how long the head of an answer waits for more of its body, once something of it may leave.
	grace = 2 * time.Millisecond
	// messageGrace is how long the head of a stream of messages waits for what has come with it, and is being read. It waits for nothing else.
	messageGrace = 50 * time.Microsecond
)

// A stream is the body of an answer under inspection. Before the head leaves, prime reads enough to say what the head must be; then WriteTo carries
// on while it copies to the client. It ends with exchange.abort set whenever the client must not take the body for complete.
type stream struct {
	x        *exchange
	response *http.Response
	source   io.ReadCloser // the application's body
	in       inspection
	buffers  *buffers
	feed     *feed    // reads ahead; nil while the whole body is at hand
	names    []string // the content codings, in the order they were applied; none for a plain body
	coded    *coded   // the body as it came, while that may be what the client gets; nil for a plain one

	recording bool            // the body is recorded while it is inspected
	course    *inspect.Course // that the body follows, or did until it strayed; nil for none
	following bool            // it has been the recorded one so far

	declared    int64 // Content-Length, or -1
	received    int64 // bytes from the application, as they came
	inspected   int64 // bytes that were inspected, decoded
	sent        int64 // bytes to the client
	messages    bool  // each chunk is worth something by itself
	ended       bool  // the feed has sent its last chunk
	finished    bool  // the body has ended and the last verdict stands
	transformed bool  // the client gets a redacted body
	keepsLength bool  // the head promises the length
	failure     string
	firstByte   time.Time // when the first byte came from the application
}

func newStream(x *exchange, response *http.Response) *stream {
	s := &stream{
		x: x, response: response, source: response.Body, buffers: &x.proxy.buffers,
		in:       x.proxy.inspector(x.rules, x.outcome.Exchange, x.bodyOf(response)),
		declared: response.ContentLength,
		messages: streams(response.Header.Get("Content-Type")),
	}
	names, err := coding.Parse(response.Header["Content-Encoding"])
	switch {
	case response.StatusCode == http.StatusPartialContent || response.StatusCode == http.StatusIMUsed:
		s.in.Fail(rules.UnknownFormat) // nobody asked for a part
	case err != nil:
		s.in.Fail(coding.ReasonOf(err))
	case len(names) > 0:
		s.names, s.coded = names, &coded{}
	}
	return s
}

// prime reads and inspects until the body has ended, the verdict is to block, or something may leave and either the window is full or
// the application pauses.
func (s *stream) prime() {
	s.x.watch()
	if s.messages {
		s.startFeed(s.source, chunk{})
	} else {
		s.readFirst()
	}
	for !s.settled() {
		c, ok := s.next()
		if !ok {
			return
		}
		s.take(c)
		s.bound()
	}
}

// bound gives up the application's own bytes when too many of them would have to be kept. It is called before anything has left.
func (s *stream) bound() {
	if s.coded != nil && len(s.coded.held) > maxHeld && !s.coded.free {
		s.coded.held, s.coded.marks = nil, nil
		s.transformed = true
		s.recording = false
		s.in.StopRecording()
	}
}

// settled reports whether prime has nothing left to wait for.
func (s *stream) settled() bool {
	if s.finished || s.failure != "" || s.in.Verdict().Action == rules.Block || s.coded != nil && s.coded.free {
		return true
	}
	return (s.following || s.inspected >= int64(s.x.proxy.options.Window)) && s.ready()
}

// next returns the next chunk, or false when the application pauses and the head may leave.
func (s *stream) next() (chunk, bool) {
	if s.following {
		return s.readOn(), true
	}
	if s.messages {
		// The head of such a stream is worth something by itself.
		c, ok := s.feed.poll()
		if !ok && s.inspected == 0 {
			c, ok = s.feed.yield(messageGrace)
		}
		if !ok {
			s.flushInspection()
		}
		return c, ok
	}
	if c, ok := s.feed.poll(); ok {
		return c, true
	}
	if c, ok := s.feed.wait(grace); ok {
		return c, true
	}
	if s.flushInspection(); s.ready() || s.in.Verdict().Action == rules.Block {
		return chunk{}, false
	}
	return <-s.feed.ready, true
}

// ready reports whether something may leave.
func (s *stream) ready() bool {
	if s.following {
		return len(s.course.Behind(0)) > 0
	}
	if s.coded != nil && !s.transformed {
		return s.coded.may(s.in.Cleared()) > 0
	}
	return s.in.Cleared() > 0
}

// readFirst reads, without a goroutine, what came together with the head. Most bodies end there.
func (s *stream) readFirst() {
	buffer := s.buffers.get(bodyBuffer)
	n, err := s.source.Read(*buffer)
	for n == 0 && err == nil {
		n, err = s.source.Read(*buffer)
	}
	switch {
	case err == nil:
		s.begin(chunk{buffer: buffer, n: n})
	case err == io.EOF && s.recognizes((*buffer)[:n]):
		s.buffers.put(buffer)
		s.end(err)
	case s.coded != nil && err == io.EOF:
		s.decodeWhole(chunk{buffer: buffer, n: n, err: err})
	default:
		s.take(chunk{buffer: buffer, n: n, err: err})
	}
}

// startFeed goes on reading in a goroutine, after a first chunk.
func (s *stream) startFeed(source io.Reader, first chunk) {
	size := bodyBuffer
	if s.messages {
		size = messageBuffer
	}
	s.feed = s.buffers.feed()
	if s.coded != nil {
		t := &tap{feed: s.feed, first: first, source: source, pool: s.buffers}
		t.reader = s.x.proxy.decoders.NewReader(t, s.names, s.x.proxy.options.MaxDecoded)
		s.coded.reader = t.reader
		go s.feed.runCoded(t, min(size, decodedBuffer))
		return
	}
	go s.feed.run(source, size, s.buffers)
	if first.buffer != nil {
		s.take(first)
	}
}

// take inspects a chunk and gives its buffer back.
func (s *stream) take(c chunk) {
	s.x.watch()
	if s.following {
		s.follow(c)
		return
	}
	if c.n > 0 && (c.coded || s.names == nil) {
		s.received += int64(c.n)
		if s.recording {
			s.in.Record(c.bytes())
		}
	}
	switch {
	case c.undecodable != nil:
		s.undecodable(c.undecodable)
	case c.coded && s.coded != nil:
		if !s.transformed {
			s.coded.hold(c.bytes(), c.bound)
		}
	default:
		s.inspect(c.bytes())
	}
	s.buffers.put(c.buffer)
	s.end(c.err)
}

func (s *stream) inspect(p []byte) {
	if len(p) == 0 {
		return
	}
	if s.firstByte.IsZero() {
		s.firstByte = time.Now()
	}
	s.inspected += int64(len(p))
	s.x.begin()
	s.in.Write(p)
	s.x.done()
}

func (s *stream) flushInspection() {
	s.x.begin()
	s.in.Flush()
	s.x.done()
}

// end takes note of how the body ended, if it has.
func (s *stream) end(err error) {
	if err == nil {
		return
	}
	s.ended = true
	if errors.Is(err, errPanic) {
		s.x.faultAt(err.Error())
		s.failure = failurePanic
		return
	}
	if err != io.EOF {
		s.failure, _ = failureOf(s.x.ctx, err)
		return
	}
	s.x.idle.Stop()
	s.x.begin()
	s.in.Close()
	s.x.done()
	s.finished = true
}

// verdict is what the head of the answer goes by.
func (s *stream) verdict() rules.Verdict {
	if s.following && !s.finished {
		return s.course.Verdict()
	}
	return s.in.Verdict()
}

// decide settles what the head says, by the verdict that stands when it leaves.
func (s *stream) decide(verdict rules.Verdict) {
	passing := s.coded != nil && s.coded.free // the rest is not inspected
	if verdict.Action == rules.Redact && !passing && (s.in.Changed() || !s.finished) {
		s.transformed = true
	}
	masked := verdict.Redaction.Style == rules.Mask && (!s.finished || s.in.Cleared() == s.declared) // a document that was written anew has a length of its own
	if s.coded == nil && s.declared >= 0 && (!s.transformed || masked) {
		s.in.KeepLength()
		s.keepsLength = true
	}
}

// WriteTo copies to the client what inspection clears, as it clears it. It writes past the writer it is given, which is goproxy's view of the same
// client, because it decides itself when to flush.
func (s *stream) WriteTo(io.Writer) (n int64, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			s.x.fault()
			s.failure = failurePanic
			s.x.abort = errPanic
			n, err = s.sent, errPanic
		}
	}()
	err = s.copy()
	if err != nil {
		s.x.abort = err
		s.x.outcome.Cut = true
		return s.sent, err
	}
	s.x.passTrailers(s.response)
	return s.sent, nil
}

func (s *stream) copy() error {
	for {
		if err := s.release(); err != nil {
			return err
		}
		if s.finished {
			return nil
		}
		c, err := s.await()
		if err != nil {
			return err
		}
		s.take(c)
		if s.failure != "" {
			s.x.fail(s.failure)
			return errUpstream
		}
	}
}

// await returns the next chunk. Before it waits, all that may leave is on its way.
func (s *stream) await() (chunk, error) {
	if s.following {
		err := s.flush()
		return s.readOn(), err
	}
	if c, ok := s.feed.poll(); ok {
		return c, nil
	}
	s.flushInspection()
	if err := s.release(); err != nil {
		return chunk{}, err
	}
	if err := s.flush(); err != nil {
		return chunk{}, err
	}
	return <-s.feed.ready, nil
}

// release sends what may leave, unless the verdict is to block. The end of a body whose length was declared stays until the last
// verdict: once it is there, a client cannot see a cut.
func (s *stream) release() error {
	if s.in.Verdict().Action == rules.Block {
		return errBlocked
	}
	if !s.finished && s.received == s.declared {
		return nil
	}
	s.x.beginWrite()
	n, err := s.send()
	if gathered := s.x.endWrite(); err == nil {
		err = gathered
	}
	if s.sent == 0 && n > 0 && !s.firstByte.IsZero() {
		s.x.outcome.FirstByte = time.Since(s.firstByte)
	}
	s.sent += n
	if s.recording {
		s.in.RecordLeft(s.received, s.sent)
	}
	if err != nil && err != errBlocked {
		s.x.fail(failureClient)
	}
	return err
}

func (s *stream) send() (int64, error) {
	if s.following {
		return s.releaseRecorded()
	}
	if s.coded != nil && !s.transformed {
		return s.releaseCoded()
	}
	return s.in.Release(s.x.client)
}

// flush sends what net/http still holds.
func (s *stream) flush() error {
	s.x.beginWrite()
	err := s.x.control.Flush()
	if gathered := s.x.endWrite(); err == nil {
		err = gathered
	}
	if err != nil {
		s.x.fail(failureClient)
	}
	return err
}

// Read is for those who do not know WriterTo. Nobody in this program reads the body that way.
func (s *stream) Read([]byte) (int, error) { return 0, errors.ErrUnsupported }

// Close stops the application's answer.
func (s *stream) Close() error { return s.source.Close() }

// finish ends the feed, gives all buffers back, and books what happened.
func (s *stream) finish() {
	s.source.Close()
	s.endRepeat()
	if s.feed != nil {
		for !s.ended {
			c := <-s.feed.ready
			if c.coded || s.names == nil {
				s.received += int64(c.n)
			}
			s.buffers.put(c.buffer)
			s.ended = c.err != nil
		}
		s.buffers.feeds.Put(s.feed)
	}
	if s.coded != nil && s.coded.reader != nil {
		s.coded.reader.Close()
	}
	report := s.in.Report()
	o := &s.x.outcome
	o.Verdict = stronger(o.Verdict, s.in.Verdict())
	evidence := &report.Evidence
	o.Format, o.Status, o.Reason, o.People, o.Special = evidence.Format, evidence.Status, evidence.Reason, evidence.People, evidence.Special
	o.Counts = append(o.Counts, evidence.Counts...)
	o.BytesRead, o.Repeated, o.HoldBack, o.Inspection = report.Bytes, report.Repeated, report.HoldBack, report.Elapsed
	o.Released, o.Withheld = s.sent, max(s.received-s.sent, 0)
	if s.failure != "" {
		s.x.fail(s.failure)
	}
	if o.Verdict.Action == rules.Block {
		s.x.incident()
	}
	if report.Panic != "" {
		s.x.faultAt(report.Panic)
	}
	s.in.Free()
}

// stronger is the verdict with the higher action; of two equal ones the first, with the rules of both.
func stronger(a, b rules.Verdict) rules.Verdict {
	if b.Action > a.Action || len(a.Rules) == 0 {
		a, b = b, a
	}
	a.Monitored = max(a.Monitored, b.Monitored)
	if len(b.Rules) > 0 {
		a.Rules = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(a.Rules), b.Rules...))))
	}
	a.Uninspected = a.Uninspected || b.Uninspected
	a.Unredactable = a.Unredactable || b.Unredactable
	return a
}
