package extract

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// plainCell is how many bytes are wanted in the window when the next cell is read the short way: more than most cells need.
const plainCell = 1 << 10

// plainCells reads cells and rows in the way that nearly all programs write them, <c r="B7" s="1" t="s"><v>42</v></c>,
// straight from the window. It stops before the first that looks different, which next and cell read then.
func (s *xlsxSheet) plainCells() {
	x := s.x
	if x.empty || s.edit != nil {
		return
	}
	for !s.full {
		if x.end-x.pos < plainCell && !x.ended {
			x.fill()
		}
		b := x.buf[x.pos:x.end]
		n := s.plainCell(b)
		if n == 0 {
			if n = s.plainRow(b); n == 0 {
				return
			}
		}
		x.pos += n
	}
}

// plainRow reads the end of a row and the start of the next one at the start of b, and returns their length, or 0.
func (s *xlsxSheet) plainRow(b []byte) int {
	const opening = `</row><row`
	if len(b) <= len(opening) || string(b[:len(opening)]) != opening || b[len(opening)] != ' ' || !s.x.inside("row") {
		return 0
	}
	stop := plainTagEnd(b[len(opening):])
	if stop < 1 || b[len(opening)+stop-1] == '/' {
		return 0
	}
	s.endRow()
	s.x.attrs = b[len(opening) : len(opening)+stop]
	if number := plainNumber(s.x.attrs, ` r="`); number > 0 {
		s.beginRow(number)
		s.column = 0
	} else {
		s.startRow()
	}
	return len(opening) + stop + 1
}

// plainNumber is the number that the first attribute of a tag says, when that is the one; else -1.
func plainNumber(attributes []byte, opening string) int {
	if len(attributes) < len(opening) || string(attributes[:len(opening)]) != opening {
		return -1
	}
	if digits := quoteWithin(attributes[len(opening):]); digits >= 0 {
		return smallNumber(attributes[len(opening) : len(opening)+digits])
	}
	return -1
}

// plainCell reads one cell at the start of b and returns its length, or 0 when it is not written plainly.
func (s *xlsxSheet) plainCell(b []byte) int {
	const shortest = len(`<c r="A1"/>`)
	if len(b) < shortest || b[0] != '<' || b[1] != 'c' {
		return 0
	}
	const openingShared = ` t="s"><v>`
	i, column, style, kind := 2, s.column+1, -1, cellNumber
	if string(b[2:6]) == ` r="` {
		i = 6
		for column = 0; i < len(b) && b[i]-'A' < 26 && column <= maxSheetColumns; i++ {
			column = column*26 + int(b[i]-'A') + 1
		}
		digits := quoteWithin(b[i:])
		if digits < 0 || column == 0 || isLetter(b[i]) {
			return 0 // also small letters name columns
		}
		i += digits + 1
		if len(b)-i > len(openingShared) && string(b[i:i+len(openingShared)]) == openingShared {
			n := s.plainShared(b[i:], len(openingShared), column)
			if n == 0 {
				return 0
			}
			return i + n
		}
	}
	if len(b)-i > 4 && string(b[i:i+4]) == ` s="` {
		from := i + 4
		for i, style = from, 0; i < len(b) && b[i]-'0' < 10 && style < maxStyles; i++ {
			style = style*10 + int(b[i]-'0')
		}
		if i == len(b) || i == from || b[i] != '"' {
			return 0
		}
		i++
	}
	if len(b)-i > 4 && string(b[i:i+4]) == ` t="` {
		if string(b[i+4:min(len(b), i+6)]) == `s"` {
			kind, i = cellShared, i+6
		} else {
			length := bytes.IndexByte(b[i+4:min(len(b), i+16)], '"')
			if length < 0 {
				return 0
			}
			kind = typeOf(b[i+4 : i+4+length])
			i += 4 + length + 1
		}
	}
	n := s.plainContent(b[i:], kind, column, style)
	if n == 0 {
		return 0
	}
	return i + n
}

// quoteWithin is where the first double quote stands in the eight bytes at the start of b, or -1: a row's number is shorter.
func quoteWithin(b []byte) int {
	const ones, quotes = 0x0101010101010101, 0x0101010101010101 * '"'
	if len(b) < 8 {
		return -1
	}
	word := binary.LittleEndian.Uint64(b) ^ quotes
	at := (word - ones) &^ word & highBits
	if at == 0 {
		return -1
	}
	return bits.TrailingZeros64(at) / 8
}

// plainContent reads the rest of a cell behind its attributes and returns its length, or 0.
func (s *xlsxSheet) plainContent(b []byte, kind cellType, column, style int) int {
	const opening, openingInline = "><v>", "><is><t>"
	if len(b) < len(openingInline) {
		return 0
	}
	switch {
	case b[0] == '/' && b[1] == '>':
		s.column = column
		return 2
	case kind == cellInline:
		if string(b[:len(openingInline)]) != openingInline {
			return 0
		}
		return s.plainInline(b, len(openingInline), column, style)
	case string(b[:len(opening)]) != opening:
		return 0
	case kind == cellShared:
		return s.plainShared(b, len(opening), column)
	}
	return s.plainValue(b, len(opening), kind, column, style)
}

// plainClosing ends a cell with a value.
const plainClosing = "</v></c>"

// closesPlainly reports whether plainClosing stands at b[i].
func closesPlainly(b []byte, i int) bool {
	return len(b)-i >= len(plainClosing) && string(b[i:i+len(plainClosing)]) == plainClosing
}

// plainShared reads the index of a shared string at b[i].
func (s *xlsxSheet) plainShared(b []byte, i, column int) int {
	const most = 10 // digits of an index
	index, from := 0, i
	for i < len(b) && b[i]-'0' < 10 && i-from < most {
		index = index*10 + int(b[i]-'0')
		i++
	}
	if i == from || !closesPlainly(b, i) {
		return 0
	}
	s.column = column
	start := s.open()
	s.book.appendIndex(index)
	s.close(start, column, true)
	return i + len(plainClosing)
}

// plainInline reads a text at b[i] that needs no decoding but for SpreadsheetML's own escapes.
func (s *xlsxSheet) plainInline(b []byte, i, column, style int) int {
	const closing = "</t></is></c>"
	length, special := plainRun(b[i:])
	if length < 0 || len(b)-i-length < len(closing) || string(b[i+length:i+length+len(closing)]) != closing {
		return 0
	}
	text := b[i : i+length]
	switch {
	case special:
		if bytes.IndexByte(text, '&') >= 0 {
			return 0
		}
		s.column = column
		s.put(cellInline, style, text)
	case length > 0:
		s.putText(text, column)
		s.column = column
	default:
		s.column = column
	}
	return i + length + len(closing)
}

// plainValue reads any other value at b[i].
func (s *xlsxSheet) plainValue(b []byte, i int, kind cellType, column, style int) int {
	from := i
	for i < len(b) && b[i] != '<' && b[i] != '&' {
		i++
	}
	if !closesPlainly(b, i) {
		return 0
	}
	s.column = column
	if i > from {
		s.put(kind, style, b[from:i])
	}
	return i + len(plainClosing)
}

// plainStrings reads strings in the way that nearly all programs write them, <si><t>text</t></si>, straight from the window.
// It stops before the first that looks different.
func (x *xlsxReader) plainStrings() error {
	scanner := &x.scanner
	for !scanner.empty {
		if scanner.end-scanner.pos < plainCell && !scanner.ended {
			scanner.fill()
		}
		text, length, special := plainString(scanner.buf[scanner.pos:scanner.end])
		if length == 0 {
			return nil
		}
		if special {
			x.value = decodeEscapes(appendUnescaped(x.value[:0], text))
			text = x.value
		}
		if err := x.strings.add(text); err != nil {
			return err
		}
		scanner.pos += length
	}
	return nil
}

// plainString takes the string at the start of b and returns the length of it with its tags, or 0; special as plainRun does.
func plainString(b []byte) (text []byte, length int, special bool) {
	const opening, spaced, closing = "<si><t>", `<si><t xml:space="preserve">`, "</t></si>"
	start := len(opening)
	if len(b) < len(spaced)+len(closing) || string(b[:len(opening)]) != opening {
		if start = len(spaced); len(b) < len(spaced)+len(closing) || string(b[:len(spaced)]) != spaced {
			return nil, 0, false
		}
	}
	length, special = plainRun(b[start:])
	stop := start + length
	if length < 0 || len(b)-stop < len(closing) || string(b[stop:stop+len(closing)]) != closing {
		return nil, 0, false
	}
	return b[start:stop], stop + len(closing), special
}

// plainRun is how many bytes stand before the first '<' in b, or -1, and whether a reference or one of SpreadsheetML's own
// escapes may be among them. It looks at eight bytes at once, and so not at the last ones of b.
func plainRun(b []byte) (n int, special bool) {
	const ones, tag, reference, escape = 0x0101010101010101, 0x0101010101010101 * '<', 0x0101010101010101 * '&', 0x0101010101010101 * '_'
	for ; len(b)-n >= 8; n += 8 {
		word := binary.LittleEndian.Uint64(b[n:])
		t, r, e := word^tag, word^reference, word^escape
		stop := (t - ones) &^ t & highBits
		odd := ((r-ones)&^r | (e-ones)&^e) & highBits
		if stop != 0 {
			return n + bits.TrailingZeros64(stop)/8, special || odd&(stop&-stop-1) != 0
		}
		special = special || odd != 0
	}
	return -1, special
}
