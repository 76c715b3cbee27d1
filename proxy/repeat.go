package proxy

import (
	"bytes"
	"io"
	"strings"
	"time"
)

// A body that was inspected before needs no inspection, as long as it is the same. One that comes in one piece is recognized as a whole. A longer one is
// compared, piece by piece, with a recording of the body that began like it: while it is the same, as much may leave as left of that one at this point.
// Where it becomes another, inspection begins at its start, with what has been the same, and goes on with what comes; what the client has is not sent again.

// recognizes reports whether a body that is all there is one that needs no inspection, because it had one before.
func (s *stream) recognizes(p []byte) bool {
	s.x.begin()
	known := s.in.Recognize(p, strings.Join(s.names, ","))
	s.x.done()
	if known {
		s.received = int64(len(p))
		s.firstByte = time.Now()
		if s.coded != nil {
			s.coded.hold(p, 0)
		}
	}
	return known
}

// begin goes on behind the first piece of a body: beside a recording of one that began with it, or by inspecting it.
func (s *stream) begin(first chunk) {
	s.x.begin()
	s.course, s.recording = s.in.Recall(first.bytes(), strings.Join(s.names, ","))
	s.x.done()
	if s.course != nil {
		s.following = true
		s.take(first)
		return
	}
	s.startFeed(s.source, first)
}

// readOn reads the next piece of a body that is followed.
func (s *stream) readOn() chunk {
	buffer := s.buffers.get(repeatBuffer)
	n, err := s.source.Read(*buffer)
	return chunk{buffer: buffer, n: n, err: err}
}

// follow compares a piece with the recording, and gives its buffer back.
func (s *stream) follow(c chunk) {
	if s.firstByte.IsZero() {
		s.firstByte = time.Now()
	}
	s.x.begin()
	same := s.course.Continue(c.bytes())
	ended := same && c.err == io.EOF && s.course.End()
	s.x.done()
	if !same || c.err != nil && !ended {
		s.stray(c, same)
		return
	}
	s.received += int64(c.n)
	s.buffers.put(c.buffer)
	if ended {
		s.x.idle.Stop()
		s.finished = true
	}
}

// stray begins the inspection of a body that is not the recorded one any more, or whose client may not read it. It is told whether the course has taken
// the last piece.
func (s *stream) stray(c chunk, taken bool) {
	next, rest := bytes.Clone(c.bytes()), io.Reader(s.source)
	if taken {
		next = nil
	}
	if c.err != nil {
		rest = failing{c.err}
	}
	s.buffers.put(c.buffer)
	s.following, s.received = false, 0
	released := s.sent
	if s.coded != nil {
		s.coded.ahead, released = int(s.sent), 0
	}
	s.startFeed(io.MultiReader(bytes.NewReader(s.course.Stray(released)), bytes.NewReader(next), rest), chunk{})
}

// failing is a reader that has come to an error.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// releaseRecorded sends what may leave of a body that is followed. The bytes are those of the recording.
func (s *stream) releaseRecorded() (int64, error) {
	p := s.course.Behind(s.sent)
	if len(p) == 0 {
		return 0, nil
	}
	n, err := s.x.client.Write(p)
	return int64(n), err
}

// endRepeat sees to it that what a client got of a body that broke off is inspected, for the observer's sake, and leaves the recording.
func (s *stream) endRepeat() {
	if s.course == nil {
		return
	}
	defer s.course.Leave()
	defer func() {
		if fault := recover(); fault != nil {
			s.x.fault()
		}
	}()
	if s.following && !s.finished {
		s.stray(chunk{err: io.ErrUnexpectedEOF}, true)
	}
	failure := s.failure
	for s.failure == "" && !s.finished && s.behind() {
		s.take(<-s.feed.ready)
	}
	s.failure = failure // that the body ends here is no fault of its own
}

// behind reports whether the client has more of the body than inspection has cleared.
func (s *stream) behind() bool {
	if s.coded != nil {
		return s.coded.may(s.in.Cleared()) < s.coded.ahead
	}
	return s.in.Cleared() < s.sent
}
