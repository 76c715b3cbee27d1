package extract

import (
	"encoding/binary"
	"io"

	"golang.org/x/text/encoding/charmap"

	"stanch/rules"
)

// The places in a Word document's file information block: MS-DOC 2.5.1 and 2.5.6.
const (
	fibLength     = 0x1AA
	fibIdentifier = 0xA5EC // Word 97 and later; Word 6 and 95 have A5DC
	fibIdentOld   = 0xA5DC
	fibFlags      = 0x0A
	fibVersion    = 0x02
	fibTextStart  = 0x18
	fibTextEnd    = 0x1C
	fibClx        = 0x1A2
	fibWord97     = 0xC1

	fibFlagEncrypted = 0x0100
	fibFlagTable1    = 0x0200
)

// maxPieces bounds the pieces of one document, far above what editors make.
const maxPieces = 1 << 20

// readWord reads the text of a Word document: the main text, notes, headers and comments, in the order of the piece table.
func (c *compoundFile) readWord() outcome {
	document := c.open(c.find(0, "WordDocument"))
	var fib [fibLength]byte
	n, _ := document.ReadAt(fib[:], 0)
	if n < 0x20 {
		return unscannable(rules.Corrupt)
	}
	identifier, flags := binary.LittleEndian.Uint16(fib[:]), binary.LittleEndian.Uint16(fib[fibFlags:])
	if identifier != fibIdentifier && identifier != fibIdentOld {
		return unscannable(rules.Corrupt)
	}
	if flags&fibFlagEncrypted != 0 {
		return unscannable(rules.Encrypted)
	}
	w := c.text()
	defer w.flush()
	if binary.LittleEndian.Uint16(fib[fibVersion:]) < fibWord97 || n < fibLength {
		start, end := int64(binary.LittleEndian.Uint32(fib[fibTextStart:])), int64(binary.LittleEndian.Uint32(fib[fibTextEnd:]))
		return c.wordPiece(w, document, wordPiece{offset: start, length: end - start})
	}
	table := c.find(0, "0Table")
	if flags&fibFlagTable1 != 0 {
		table = c.find(0, "1Table")
	}
	if table == nil {
		return unscannable(rules.Corrupt)
	}
	pieces, ok := c.wordPieces(table, binary.LittleEndian.Uint32(fib[fibClx:]), binary.LittleEndian.Uint32(fib[fibClx+4:]))
	if !ok {
		return unscannable(rules.Corrupt)
	}
	var t tally
	for _, p := range pieces {
		if !c.meter.ok() {
			break
		}
		t.add(c.wordPiece(w, document, p))
	}
	t.fail(c.meter.reason)
	return t.outcome()
}

// A wordPiece is a stretch of text in the document stream.
type wordPiece struct {
	offset, length int64 // in bytes
	wide           bool  // UTF-16, else Windows-1252
}

// wordPieces reads the piece table: MS-DOC 2.9.38 (Clx), 2.8.35 (PlcPcd), 2.9.73 (FcCompressed).
func (c *compoundFile) wordPieces(table *compoundStream, offset, length uint32) ([]wordPiece, bool) {
	content, _ := c.load(table)
	if uint64(offset)+uint64(length) > uint64(len(content)) {
		return nil, false
	}
	clx := content[offset : offset+length]
	for len(clx) >= 3 && clx[0] == 1 { // property modifiers
		skip := 3 + int(binary.LittleEndian.Uint16(clx[1:]))
		if skip > len(clx) {
			return nil, false
		}
		clx = clx[skip:]
	}
	if len(clx) < 5 || clx[0] != 2 {
		return nil, false
	}
	clx = clx[5:]
	count := (len(clx) - 4) / 12
	if count < 1 || count > maxPieces {
		return nil, false
	}
	pieces := make([]wordPiece, 0, count)
	for i := range count {
		first, next := binary.LittleEndian.Uint32(clx[4*i:]), binary.LittleEndian.Uint32(clx[4*i+4:])
		place := binary.LittleEndian.Uint32(clx[4*(count+1)+8*i+2:])
		if next < first {
			return pieces, len(pieces) > 0
		}
		p := wordPiece{offset: int64(place & 0x3FFFFFFF), length: int64(next - first)}
		if place&0x40000000 != 0 {
			p.offset /= 2
		} else {
			p.wide, p.length = true, 2*p.length
		}
		pieces = append(pieces, p)
	}
	return pieces, true
}

// wordPiece writes one piece.
func (c *compoundFile) wordPiece(w *textWriter, document *io.SectionReader, p wordPiece) outcome {
	if p.length < 0 || p.offset < 0 || p.offset+p.length > document.Size() {
		return partial(rules.Corrupt)
	}
	buffer := make([]byte, min(p.length, flatBuffer))
	for left := p.length; left > 0; {
		n := int(min(left, flatBuffer))
		if _, err := document.ReadAt(buffer[:n], p.offset+p.length-left); err != nil || !c.meter.expand(n) {
			return partial(c.errReason(err))
		}
		left -= int64(n)
		if p.wide {
			writeUTF16(w, buffer[:n])
			continue
		}
		for _, b := range buffer[:n] {
			writeOfficeRune(w, charmap.Windows1252.DecodeByte(b))
		}
	}
	return outcome{}
}
