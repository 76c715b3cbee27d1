package extract

import (
	"encoding/binary"
	"io"
)

// The records of Excel's binary streams that are read. Numbers as in MS-XLS 2.3.2; those of versions 2 to 5 after
// OpenOffice.org's documentation of the format, section 5.
const (
	biffFormula   = 0x0006
	biffEOF       = 0x000A
	biffHeader    = 0x0014
	biffFooter    = 0x0015
	biffName      = 0x0018
	biffNote      = 0x001C
	biffFormat2   = 0x001E
	biffDateMode  = 0x0022
	biffFilePass  = 0x002F
	biffContinue  = 0x003C
	biffCodePage  = 0x0042
	biffXF2       = 0x0043
	biffWriter    = 0x005C // WriteAccess: who saved the file
	biffSheet     = 0x0085 // BoundSheet8
	biffMulRK     = 0x00BD
	biffPivotText = 0x00CD // SXString
	biffRString   = 0x00D6
	biffXF        = 0x00E0
	biffPictures  = 0x00EB // MsoDrawingGroup
	biffDrawing   = 0x00EC // MsoDrawing
	biffSST       = 0x00FC
	biffLabelSST  = 0x00FD
	biffTextBox   = 0x01B6 // TxO
	biffNumber    = 0x0003
	biffLabel     = 0x0004
	biffBoolErr   = 0x0005
	biffString    = 0x0007
	biffInteger   = 0x0002
	biffBOF       = 0x0009
	biffRK        = 0x007E
	biffFormat    = 0x041E
	biffFont      = 0x0031

	biffStyle      = 0x0293
	biffXFMore     = 0x087D // XFExt
	biffTableStyle = 0x088E
	biffStyleMore  = 0x0892 // StyleExt
	biffTheme      = 0x0896
)

// biffVersion is a version of the format, as far as records differ.
type biffVersion uint8

// BIFF7 is BIFF5, and BIFF2 to 4 differ in what is around the values.
const (
	biff2 biffVersion = 2
	biff3 biffVersion = 3
	biff4 biffVersion = 4
	biff5 biffVersion = 5
	biff8 biffVersion = 8
)

// A biffReader reads the records of one stream in turn. Records have at most 64 KiB, and one is held at a time.
type biffReader struct {
	source  io.Reader
	offset  int64 // where the next record starts in the stream
	start   int64 // where the current record starts
	kind    uint16
	data    []byte
	header  [4]byte // of the next record, when peeked
	peeked  bool
	broken  bool // the stream ended within a record
	err     error
	decrypt biffCipher // nil while nothing is encrypted
	spots   *biffSpots // where the value that is being read stands, when the stream is redacted; else nil
}

// mark notes that characters or a number of the value stand in a part of the current record.
func (b *biffReader) mark(part []byte, kind biffSpotKind) {
	if b.spots != nil {
		// Parts of a record's data end where its capacity ends: the difference is where they start.
		at := b.start + int64(len(b.header)) + int64(cap(b.data)-cap(part))
		b.spots.list = append(b.spots.list, biffSpot{at, len(part), kind})
	}
}

// A biffCipher decrypts the content of a record in place. The offset is that of the content in the stream.
type biffCipher interface {
	decrypt(kind uint16, content []byte, offset int64)
}

// next reads the next record and reports whether there is one.
func (b *biffReader) next() bool {
	if !b.peek() {
		return false
	}
	b.peeked = false
	b.kind = binary.LittleEndian.Uint16(b.header[:])
	length := int(binary.LittleEndian.Uint16(b.header[2:]))
	if cap(b.data) < length {
		b.data = make([]byte, max(length, 1<<14))
	}
	b.start = b.offset
	b.data = b.data[:length]
	n, err := io.ReadFull(b.source, b.data)
	b.offset += int64(len(b.header) + length)
	if err != nil {
		b.end(err)
		b.broken = true
		b.data = b.data[:n]
	}
	if b.decrypt != nil {
		b.decrypt.decrypt(b.kind, b.data, b.start+int64(len(b.header)))
	}
	return true
}

// peek reads the header of the next record and reports whether there is one.
func (b *biffReader) peek() bool {
	if b.peeked {
		return true
	}
	if b.broken || b.err != nil {
		return false
	}
	n, err := io.ReadFull(b.source, b.header[:])
	if err != nil {
		b.broken = b.broken || n > 0 && b.header != [4]byte{}
		b.end(err)
		return false
	}
	b.peeked = true
	return true
}

// end notes why the stream ended, unless it simply did.
func (b *biffReader) end(err error) {
	if err != io.EOF && err != io.ErrUnexpectedEOF && b.err == nil {
		b.err = err
	}
}

// more moves on to the current record's continuation, if it has one.
func (b *biffReader) more() bool {
	return b.peek() && binary.LittleEndian.Uint16(b.header[:]) == biffContinue && b.next()
}

// A biffText reads on through a record and its continuations.
type biffText struct {
	*biffReader
	rest []byte // of the current record
}

// take returns the next n bytes, when they lie in one record, or nil.
func (t *biffText) take(n int) []byte {
	for len(t.rest) == 0 && n > 0 {
		if !t.more() {
			return nil
		}
		t.rest = t.data
	}
	if len(t.rest) < n {
		return nil
	}
	taken := t.rest[:n]
	t.rest = t.rest[n:]
	return taken
}

// skip leaves out n bytes, through as many records as they go.
func (t *biffText) skip(n int) bool {
	for n > len(t.rest) {
		n -= len(t.rest)
		if !t.more() {
			t.rest = nil
			return false
		}
		t.rest = t.data
	}
	t.rest = t.rest[n:]
	return true
}

const (
	wideText      = 0x01 // characters have two bytes
	phoneticText  = 0x04 // a block about pronunciation follows
	formattedText = 0x08 // formatting runs follow
)

// characters appends count characters, which a continuation may cut: it starts with its own width then.
func (t *biffText) characters(dst []byte, count int, flags byte) ([]byte, bool) {
	wide := flags&wideText != 0
	var pair utf16Joiner
	for count > 0 {
		if len(t.rest) == 0 {
			if !t.more() || len(t.data) == 0 {
				t.rest = nil
				return dst, false
			}
			wide = t.data[0]&wideText != 0
			t.rest = t.data[1:]
			continue
		}
		if !wide {
			n := min(count, len(t.rest))
			t.mark(t.rest[:n], spotNarrow)
			dst = appendLatin(dst, t.rest[:n])
			t.rest, count = t.rest[n:], count-n
			continue
		}
		n := min(count, len(t.rest)/2)
		if n == 0 { // half a character at the end of a record
			t.rest = nil
			continue
		}
		t.mark(t.rest[:2*n], spotWide)
		dst = pair.append(dst, t.rest[:2*n])
		t.rest, count = t.rest[2*n:], count-n
	}
	return dst, true
}

// richText appends a string with its count of characters in front (XLUnicodeRichExtendedString), without runs and
// pronunciation.
func (t *biffText) richText(dst []byte) ([]byte, bool) {
	head := t.take(3)
	if head == nil {
		return dst, false
	}
	count, flags, after := int(binary.LittleEndian.Uint16(head)), head[2], 0
	if flags&formattedText != 0 {
		runs := t.take(2)
		if runs == nil {
			return dst, false
		}
		after += 4 * int(binary.LittleEndian.Uint16(runs))
	}
	if flags&phoneticText != 0 {
		size := t.take(4)
		if size == nil {
			return dst, false
		}
		after += int(binary.LittleEndian.Uint32(size) & 0x7FFFFFFF)
	}
	dst, ok := t.characters(dst, count, flags)
	return dst, ok && t.skip(after)
}
