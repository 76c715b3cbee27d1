package extract

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"strconv"

	"golang.org/x/text/encoding/charmap"

	"stanch/rules"
)

// lotusKind is one of three families of spreadsheets by Lotus 1-2-3, Symphony and Quattro Pro. All are streams of records: type,
// length, content; they differ in where a cell's record says its row and column. The facts are from Lotus's "File Formats for
// 1-2-3 and Symphony" and, for the later versions, from the descriptions of libwps and SheetJS.
type lotusKind uint8

const (
	lotusNone    lotusKind = iota
	lotusWK1               // WKS, WK1, WQ1: format, column, row
	lotusQuattro           // WB1, WB2: column, sheet, row, format
	lotusWK3               // WK3, WK4, 123: row, sheet, column
)

// The records that hold cells. The first five are those of WK1 and Quattro, the others those of WK3 and later.
const (
	lotusInteger    = 0x0D
	lotusNumber     = 0x0E
	lotusLabel      = 0x0F
	lotusFormula    = 0x10
	lotusString     = 0x33
	lotus3Label     = 0x16
	lotus3Long      = 0x17
	lotus3Short     = 0x18
	lotus3Formula   = 0x19
	lotus3String    = 0x1A
	lotus3Packed    = 0x25
	lotus3Double    = 0x27
	lotus3FormulaDP = 0x28
	lotusEnd        = 0x01
)

// lotusMagic tells the family by the version in the first record.
func lotusMagic(head []byte) lotusKind {
	if len(head) < 6 || head[0] != 0 || head[1] != 0 || head[3] != 0 {
		return lotusNone
	}
	length, version := head[2], binary.LittleEndian.Uint16(head[4:])
	switch {
	case length == 2 && (version >= 0x0404 && version <= 0x0406 || version == 0x5120 || version == 0x5121):
		return lotusWK1
	case length == 2 && version >= 0x1001 && version <= 0x1007:
		return lotusQuattro
	case length == 0x1A && version >= 0x1000 && version <= 0x1005:
		return lotusWK3
	}
	return lotusNone
}

// A lotusReader reads one such spreadsheet.
type lotusReader struct {
	*reading
	kind   lotusKind
	sheet  *sheet
	number int // of the open sheet, from 0
	row    int // of the open row, from 0; -1 while none is open
}

// A lotusCell is where a cell lies, and what its record says behind that.
type lotusCell struct {
	row, column, sheet int
	content            []byte
}

// readLotus reads the cells, and the strings in all other records.
func readLotus(s *source, kind lotusKind) outcome {
	l := &lotusReader{reading: &reading{options: s.nested(), emit: s.relay()}, kind: kind, number: -1, row: -1}
	stream := bufio.NewReader(io.NewSectionReader(s.file, 0, s.size))
	content := make([]byte, math.MaxUint16)
	ended := false // properties of other shapes may follow the last record
	for s.meter.ok() {
		var header [4]byte
		if _, err := io.ReadFull(stream, header[:]); err != nil {
			break // some writers leave padding behind the last record
		}
		n, err := io.ReadFull(stream, content[:binary.LittleEndian.Uint16(header[2:])])
		kind := binary.LittleEndian.Uint16(header[:])
		l.take(s, kind, content[:n])
		ended = ended || kind == lotusEnd
		if err != nil {
			break
		}
	}
	if l.sheet != nil {
		l.sheet.finish()
	}
	if !ended {
		l.fail(rules.Corrupt)
	}
	if s.meter.reason != rules.NoReason {
		l.fail(s.meter.reason)
	}
	status, reason := l.result()
	return outcome{status, reason}
}

// take reads one record.
func (l *lotusReader) take(s *source, kind uint16, content []byte) {
	cell, ok := l.cell(content)
	if ok && l.kind == lotusWK3 {
		ok = l.take3(kind, cell)
	} else if ok {
		ok = l.take1(kind, cell)
	}
	if ok && kind != lotusFormula && kind != lotus3Formula && kind != lotus3FormulaDP {
		return
	}
	// Other records, and the code of formulas, may hold texts too.
	strings := textWriter{emit: func(b *Batch) {
		l.endRow()
		l.running(b.Text)
	}, meter: s.meter}
	scanStrings(&strings, bytes.NewReader(content))
	strings.flush()
	l.flushFull()
}

// cell reads where a cell lies.
func (l *lotusReader) cell(content []byte) (c lotusCell, ok bool) {
	u16 := binary.LittleEndian.Uint16
	switch {
	case l.kind == lotusWK1 && len(content) >= 5:
		return lotusCell{int(u16(content[3:])), int(u16(content[1:])), 0, content[5:]}, true
	case l.kind == lotusQuattro && len(content) >= 6:
		return lotusCell{int(u16(content[2:])), int(content[0]), int(content[1]), content[6:]}, true
	case l.kind == lotusWK3 && len(content) >= 4:
		return lotusCell{int(u16(content)), int(content[3]), int(content[2]), content[4:]}, true
	}
	return c, false
}

// take1 reads a cell of the older families and reports whether the record is one.
func (l *lotusReader) take1(kind uint16, c lotusCell) bool {
	switch {
	case kind == lotusInteger && len(c.content) >= 2:
		l.value(c, strconv.AppendInt(nil, int64(int16(binary.LittleEndian.Uint16(c.content))), 10), false)
	case (kind == lotusNumber || kind == lotusFormula) && len(c.content) >= 8:
		l.value(c, appendGeneral(nil, math.Float64frombits(binary.LittleEndian.Uint64(c.content))), false)
	case kind == lotusLabel || kind == lotusString:
		l.value(c, lotusText(c.content), true)
	default:
		return false
	}
	return true
}

// take3 reads a cell of the newer family and reports whether the record is one.
func (l *lotusReader) take3(kind uint16, c lotusCell) bool {
	switch {
	case kind == lotus3Label || kind == lotus3String:
		l.value(c, lotusText(c.content), true)
	case (kind == lotus3Long || kind == lotus3Formula) && len(c.content) >= 10:
		l.value(c, appendGeneral(nil, extendedFloat(c.content)), false)
	case kind == lotus3Short && len(c.content) >= 2:
		l.value(c, appendGeneral(nil, lotusShort(binary.LittleEndian.Uint16(c.content))), false)
	case kind == lotus3Packed && len(c.content) >= 4:
		l.value(c, appendGeneral(nil, lotusPacked(binary.LittleEndian.Uint32(c.content))), false)
	case (kind == lotus3Double || kind == lotus3FormulaDP) && len(c.content) >= 8:
		l.value(c, appendGeneral(nil, math.Float64frombits(binary.LittleEndian.Uint64(c.content))), false)
	default:
		return false
	}
	return true
}

// value adds a cell to its row.
func (l *lotusReader) value(c lotusCell, text []byte, textual bool) {
	if l.sheet == nil || c.sheet != l.number {
		l.endRow()
		l.number = c.sheet
		l.sheet = newSheet(l.reading, "Sheet"+strconv.Itoa(c.sheet+1))
	}
	if c.row != l.row {
		l.sheet.beginRow(c.row + 1)
		l.row = c.row
	}
	start := l.sheet.open()
	l.running(text)
	l.sheet.close(start, c.column+1, textual)
}

// endRow ends the open row, before text that lies in no cell.
func (l *lotusReader) endRow() {
	if l.sheet != nil {
		l.sheet.endRow()
		l.row = -1
	}
	l.breakLine()
}

// lotusText decodes a label: an alignment mark, perhaps a length, and text up to a zero. Control bytes switch code pages in the
// later versions; they are dropped.
func lotusText(content []byte) []byte {
	if len(content) > 0 && bytes.IndexByte([]byte(`'"^\|`), content[0]) >= 0 {
		content = content[1:]
	}
	if len(content) > 0 && int(content[0]) == len(content)-1 {
		content = content[1:]
	}
	content, _, _ = bytes.Cut(bytes.TrimLeft(content, "\x00"), []byte{0})
	text := make([]byte, 0, len(content))
	for _, b := range content {
		if b >= ' ' {
			text = append(text, string(charmap.CodePage437.DecodeByte(b))...)
		}
	}
	return text
}

// lotusShort decodes a number in 16 bits: an integer, or 12 bits and one of eight scales.
func lotusShort(v uint16) float64 {
	if v&1 == 0 {
		return float64(int16(v) >> 1)
	}
	scales := [8]float64{5000, 500, 1.0 / 20, 1.0 / 200, 1.0 / 2000, 1.0 / 20000, 1.0 / 16, 1.0 / 64}
	return float64(int16(v)>>4) * scales[v>>1&7]
}

// lotusPacked decodes a number in 32 bits: 26 bits, a sign, and a power of ten.
func lotusPacked(v uint32) float64 {
	value, power := float64(v>>6), math.Pow10(int(v&15))
	if v&0x20 != 0 {
		value = -value
	}
	if v&0x10 != 0 {
		return value / power
	}
	return value * power
}

// extendedFloat decodes an 80-bit floating-point number of the x87.
func extendedFloat(raw []byte) float64 {
	mantissa, exponent := binary.LittleEndian.Uint64(raw), binary.LittleEndian.Uint16(raw[8:])
	value := math.Ldexp(float64(mantissa), int(exponent&0x7FFF)-16383-63)
	if exponent&0x8000 != 0 {
		return -value
	}
	return value
}
