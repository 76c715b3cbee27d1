package extract

import (
	"io"

	"stanch/rules"
)

// The defaults of Limits.
const (
	defaultMemory   = 16 << 20
	defaultExpanded = 1 << 30
	defaultRatio    = 200
	defaultDepth    = 3
	defaultEntries  = 10_000
)

// ratioGrace is what any body may expand to, in bytes, before its ratio counts: small files compress extremely well.
const ratioGrace = 1 << 20

// maxNames bounds the bytes that the member names of one archive may take in memory.
const maxNames = 4 << 20

// A meter is the one budget of a body and of everything nested in it. It is used by one goroutine.
type meter struct {
	limits  Limits
	left    int64        // bytes that may still be expanded
	tight   rules.Reason // why, once left is used up
	entries int
	reason  rules.Reason // the first limit that was reached; NoReason while none was
}

// newMeter returns the budget for a body of size bytes.
func newMeter(limits Limits, size int64) *meter {
	limits = withDefaults(limits)
	m := &meter{limits: limits, left: limits.Expanded, tight: rules.TooLarge}
	if byRatio := max(ratioGrace, saturate(size, limits.Ratio)); byRatio < m.left {
		m.left, m.tight = byRatio, rules.Ratio
	}
	return m
}

func withDefaults(l Limits) Limits {
	set := func(v *int64, def int64) {
		if *v <= 0 {
			*v = def
		}
	}
	set(&l.Memory, defaultMemory)
	set(&l.Expanded, defaultExpanded)
	set(&l.Ratio, defaultRatio)
	if l.Depth <= 0 {
		l.Depth = defaultDepth
	}
	if l.Entries <= 0 {
		l.Entries = defaultEntries
	}
	return l
}

// saturate multiplies two numbers that are not negative, up to the largest int64.
func saturate(a, b int64) int64 {
	const most = 1<<63 - 1
	if a != 0 && b > most/a {
		return most
	}
	return a * b
}

// expand pays for n expanded bytes. It reports false once the budget is used up or reading shall stop.
func (m *meter) expand(n int) bool {
	m.left -= int64(n)
	if m.left < 0 {
		m.fail(m.tight)
	}
	return m.ok()
}

// entry pays for one member of an archive.
func (m *meter) entry() bool {
	m.entries++
	if m.entries > m.limits.Entries {
		m.fail(rules.TooLarge)
	}
	return m.reason == rules.NoReason
}

// ok reports whether reading may go on.
func (m *meter) ok() bool {
	if m.reason == rules.NoReason && m.limits.Stop != nil && m.limits.Stop() {
		m.fail(rules.Deadline)
	}
	return m.reason == rules.NoReason
}

// fail notes why reading ends; the first reason stays.
func (m *meter) fail(reason rules.Reason) {
	if m.reason == rules.NoReason {
		m.reason = reason
	}
}

// err is the reason as an error, for readers.
func (m *meter) err() error { return reasonError{m.reason} }

// stoppable is a file that cannot be read any more once a limit is reached, so that every reader of it ends then.
type stoppable struct {
	meter *meter
	file  io.ReaderAt
}

// ReadAt implements io.ReaderAt.
func (s *stoppable) ReadAt(p []byte, offset int64) (int, error) {
	if !s.meter.ok() {
		return 0, s.meter.err()
	}
	return s.file.ReadAt(p, offset)
}

// meteredReader pays for what is read through it.
type meteredReader struct {
	meter *meter
	from  io.Reader
}

// Read ends with the meter's reason once the budget is used up.
func (r *meteredReader) Read(p []byte) (int, error) {
	if !r.meter.ok() {
		return 0, r.meter.err()
	}
	n, err := r.from.Read(p)
	if !r.meter.expand(n) {
		return n, r.meter.err()
	}
	return n, err
}
