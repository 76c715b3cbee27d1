package inspect

import (
	"bytes"

	"stanch/rules"
)

// A Course compares a body that comes in pieces with a recording of one that began like it: while it is the same, as much may leave as left of that one at
// this point, and nothing has to be inspected. It belongs to the goroutine of its Inspector, and is valid until Leave.
type Course struct {
	in        *Inspector
	recording *recording
	came      int64
	strayed   bool // it is another body
}

// Recall is given the first bytes of a body that comes in several pieces, as it comes, in a content coding or in none. Where a body that began so has been
// recorded, it returns the course to follow from its start, and the Inspector is written to only once that has come to another body. Otherwise the body has
// to be written, and if record is true, every piece as it came is to be given to Record before Close.
func (in *Inspector) Recall(first []byte, coding string) (course *Course, record bool) {
	if len(first) < beginning || !in.recognizes() {
		return nil, false
	}
	r, known := &in.recognition, in.engine.known
	r.take(known.mac, first[:beginning], in.body.ContentType, in.body.Name, coding, in.exchange.Route)
	var recorded *recording
	if recorded, r.recording = known.recordings.begin(r.fingerprint, in.body.Length, in.suits); recorded == nil {
		return nil, r.recording != nil
	}
	return &Course{in: in, recording: recorded}, false
}

// Record notes the next bytes of a body that is to be recorded, as they came. It keeps no reference to p.
func (in *Inspector) Record(p []byte) {
	if in.recognition.recording != nil {
		in.recognition.recording.add(p)
	}
}

// RecordLeft notes, of a body that is to be recorded, how many bytes have come and how many of those have left.
func (in *Inspector) RecordLeft(came, left int64) {
	if r := &in.recognition; r.recording != nil {
		r.recording.note(departure{came, left, len(r.people)})
	}
}

// StopRecording gives a recording up: the body does not leave as it came.
func (in *Inspector) StopRecording() {
	if r := &in.recognition; r.recording != nil {
		r.recording.owner.abandon(r.recording)
		r.recording = nil
	}
}

// Continue takes the next bytes. It reports whether the body is still the recorded one and the client may read its people; if not, the course has
// not gone on, and the body has to be inspected from its start.
func (c *Course) Continue(p []byte) bool {
	came := c.came + int64(len(p))
	if c.strayed = came > c.recording.length() || !bytes.Equal(c.recording.bytes[c.came:came], p); c.strayed || !c.in.readsPeople(c.recording.result, c.recording.at(came).people) {
		return false
	}
	c.came = came
	return true
}

// End takes the end of the body, and reports likewise. Then the inspection has ended as if the body had been decoded, written and closed; nothing of it is to
// be released from the Inspector.
func (c *Course) End() bool {
	result := c.recording.result
	if c.strayed = c.came != c.recording.length(); c.strayed || !c.in.readsPeople(result, len(result.people)) {
		return false
	}
	c.in.takeOver(result)
	return true
}

// Behind returns what may leave behind the first so many bytes. It is shared: read only, until Leave.
func (c *Course) Behind(left int64) []byte {
	end := c.recording.at(c.came).left
	if c.in.stage == finished {
		end = c.came
	}
	return c.recording.bytes[left:max(left, end)]
}

// Stray ends following: the body is to be inspected from its start. It returns what has come of it, which is shared: read only, until Leave. The Inspector
// takes the first so many bytes of the body as released.
func (c *Course) Stray(released int64) []byte {
	c.in.released = released
	return c.recording.bytes[:c.came]
}

// Verdict is the last one that the recorded body was given: Pass or Harden.
func (c *Course) Verdict() rules.Verdict { return c.recording.result.verdict }

// Leave ends the course, once. Where the body was another one, nobody follows the recording any more.
func (c *Course) Leave() { c.recording.owner.leave(c.recording, c.strayed) }
