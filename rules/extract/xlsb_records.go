package extract

import (
	"io"

	"stanch/rules"
)

// maxXLSBRecord bounds one record, in bytes: cells hold 32,767 characters at most.
const maxXLSBRecord = 1 << 20

// An xlsbRecords reads the records of one part in turn, in a window.
type xlsbRecords struct {
	source   io.Reader
	buf      []byte
	pos, end int   // buf[pos:end] has not been read
	err      error // why source has no more; nil while it may have
	kind     int
	data     []byte       // valid until the next call of next
	reason   rules.Reason // why the part ended early
}

// reset starts on a part. The window is kept.
func (b *xlsbRecords) reset(source io.Reader) {
	*b = xlsbRecords{source: source, buf: b.buf}
	if b.buf == nil {
		b.buf = make([]byte, xmlWindow)
	}
}

// next reads the next record and reports whether there is one.
func (b *xlsbRecords) next() bool {
	const longestHead = 6
	if b.end-b.pos < longestHead {
		b.want(longestHead)
	}
	if b.pos == b.end && b.err == io.EOF || b.reason != rules.NoReason {
		return false
	}
	kind, size, length := recordHead(b.buf[b.pos:b.end])
	if length == 0 || size > maxXLSBRecord {
		b.fail()
		return false
	}
	b.pos += length
	if b.end-b.pos < size {
		if b.want(size); b.end-b.pos < size {
			b.fail()
			return false
		}
	}
	b.kind, b.data = kind, b.buf[b.pos:b.pos+size]
	b.pos += size
	return true
}

// recordHead reads the kind and the size of a record, and how many bytes both have: 0 when they are not there.
func recordHead(b []byte) (kind, size, length int) {
	if len(b) >= 2 && b[0] < 0x80 && b[1] < 0x80 {
		return int(b[0]), int(b[1]), 2
	}
	kind, kindLength := sevenBits(b, 2)
	size, sizeLength := sevenBits(b[kindLength:], 4)
	if kindLength == 0 || sizeLength == 0 {
		return 0, 0, 0
	}
	return kind, size, kindLength + sizeLength
}

// want brings n bytes into the window, if there are so many.
func (b *xlsbRecords) want(n int) {
	if b.err != nil {
		return
	}
	b.end = copy(b.buf, b.buf[b.pos:b.end])
	b.pos = 0
	if n > len(b.buf) {
		b.buf = append(b.buf, make([]byte, n-len(b.buf))...)
	}
	for empty := 0; b.end < n && b.err == nil; empty++ {
		read, err := b.source.Read(b.buf[b.end:])
		b.end += read
		b.err = err
		if read > 0 {
			empty = 0
		} else if empty == 100 && err == nil {
			b.err = io.ErrNoProgress
		}
	}
}

// fail notes that the part is cut off or damaged.
func (b *xlsbRecords) fail() {
	b.reason = rules.Corrupt
	if b.err != nil {
		b.reason = reasonOf(b.err)
	}
}

// sevenBits reads a number of up to so many bytes with seven bits each at the start of b, and how many bytes it has: 0 when
// there is none.
func sevenBits(b []byte, most int) (n, length int) {
	for i, c := range b[:min(most, len(b))] {
		n |= int(c&0x7F) << (7 * i)
		if c&0x80 == 0 || i == most-1 {
			return n, i + 1
		}
	}
	return 0, 0
}
