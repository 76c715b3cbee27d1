package extract

import (
	"bytes"
)

// longString is the length from which a shared string is read once only, however many cells show it: what it says is known
// then, and a workbook that shows one megabyte in thousands of cells costs no more than any other.
const longString = 1024

// An xlsxSheet reads the cells of one sheet.
type xlsxSheet struct {
	*sheet
	book   *xlsxReader
	x      *xmlScanner
	column int       // number of the last cell in its row
	edit   *cellEdit // what replaces the open cell, when the sheet is rewritten; else nil
}

// readSheet reads one sheet: its cells, and what stands around them (headers, footers, links, validations).
func (x *xlsxReader) readSheet(tab xlsxTab) {
	body, err := x.parts.Open(tab.part)
	if err != nil {
		x.fail(reasonOf(err))
		return
	}
	defer body.Close()
	x.begin(tab.part, body)
	s := &xlsxSheet{sheet: newSheet(x.reading, tab.title), book: x, x: &x.scanner}
	if x.out != nil {
		s.edit = &cellEdit{dropped: make(map[string]bool)}
	}
	around := newPartText(x.reading, &x.scanner, tab.title)
	for {
		kind := x.scanner.next()
		switch {
		case kind == xmlOpen && string(x.scanner.name) == "row":
			around.end()
			s.startRow()
			s.plainCells()
		case kind == xmlOpen && string(x.scanner.name) == "c":
			around.end()
			s.cell()
			s.plainCells()
		case kind == xmlClose && string(x.scanner.name) == "row":
			s.endRow()
		default:
			if s.recordNow != 0 && kind == xmlOpen {
				s.endRow()
			}
			around.take(kind)
		}
		if kind == xmlEnd || x.full {
			break
		}
	}
	s.finish()
	x.end()
}

// startRow starts a row at its number, or after the last one.
func (s *xlsxSheet) startRow() {
	number := smallNumber(s.x.attr("r"))
	if number < 1 {
		number = s.row + 1
	}
	s.beginRow(number)
	s.column = 0
}

// cellType is what the value of a cell is, by the attribute t.
type cellType uint8

const (
	cellNumber cellType = iota
	cellShared
	cellInline
	cellString // the result of a formula, and everything else that is text as it stands
	cellBool
)

// typeOf reads the attribute t.
func typeOf(name []byte) cellType {
	switch string(name) {
	case "", "n":
		return cellNumber
	case "s":
		return cellShared
	case "b":
		return cellBool
	case "inlineStr":
		return cellInline
	}
	return cellString
}

// cell reads the cell whose start tag the scanner stands at, in whatever way it is written.
func (s *xlsxSheet) cell() {
	x := s.x
	s.place(x.attr("r"))
	style := smallNumber(x.attr("s"))
	kind := typeOf(x.attr("t"))
	book := s.book
	book.value, book.formula = book.value[:0], book.formula[:0]
	var joiner runJoiner
	depth, inValue, inFormula := x.depth, false, false
	if s.edit != nil {
		s.edit.begin(x)
	}
	for x.depth >= depth {
		token := x.next()
		if s.edit != nil {
			s.edit.take(x, token)
		}
		switch token {
		case xmlEnd:
			s.emit(kind, style, joiner.text)
			return
		case xmlOpen, xmlClose:
			switch string(x.name) {
			case "v":
				inValue = token == xmlOpen
			case "f":
				inFormula = token == xmlOpen
			}
		case xmlText, xmlLiteral:
			if inValue {
				book.value = appendText(book.value, x)
			} else if inFormula {
				book.formula = appendText(book.formula, x)
			}
		}
		joiner.take(x, token)
	}
	s.emit(kind, style, joiner.text)
	if s.edit != nil {
		s.endEdit(kind)
	}
}

// place reads a cell's reference, such as BC23; without one the cell follows the last.
func (s *xlsxSheet) place(reference []byte) {
	column := 0
	for _, c := range reference {
		if c |= 0x20; c < 'a' || c > 'z' || column > maxSheetColumns {
			break
		}
		column = column*26 + int(c-'a') + 1
	}
	if column == 0 {
		column = s.column + 1
	}
	s.column = column
}

// emit adds the cell that was read, and the literals of its formula.
func (s *xlsxSheet) emit(kind cellType, style int, runs []byte) {
	book := s.book
	value := book.value
	if len(runs) > 0 {
		if kind == cellInline || len(value) == 0 {
			kind, value = cellInline, runs
		} else {
			s.put(cellInline, style, runs) // both are in the file
		}
	}
	if len(value) > 0 {
		s.put(kind, style, value)
	}
	if bytes.IndexByte(book.formula, '"') >= 0 {
		start := s.open()
		s.batch.Text = append(s.batch.Text, book.formula...)
		s.closeCell(start, s.formulaColumn(), s.row, s.recordNow)
		if s.edit != nil && s.changed {
			s.edit.formula = true
		}
	}
}

// put adds one value to the row.
func (s *xlsxSheet) put(kind cellType, style int, value []byte) {
	start := s.open()
	text := true
	switch kind {
	case cellNumber:
		s.batch.Text = s.book.numbers.appendRaw(s.batch.Text, bytes.TrimSpace(value), style)
		text = false
	case cellShared:
		s.appendShared(value)
	case cellBool:
		s.batch.Text = append(s.batch.Text, boolText(value)...)
		text = false
	default:
		s.batch.Text = append(s.batch.Text, decodeEscapes(value)...)
	}
	s.close(start, s.column, text)
	if s.edit != nil && s.changed {
		if kind == cellShared {
			s.book.blanked.add(smallNumber(bytes.TrimSpace(value)))
		}
		s.edit.value(s.replacement)
	}
}

// boolText is how a truth value is shown.
func boolText(value []byte) string {
	if string(bytes.TrimSpace(value)) == "1" || string(bytes.TrimSpace(value)) == "true" {
		return "TRUE"
	}
	return "FALSE"
}

// appendShared appends the shared string with the index that value says.
func (s *xlsxSheet) appendShared(value []byte) {
	index := smallNumber(value)
	if index < 0 {
		index = smallNumber(bytes.TrimSpace(value))
	}
	if index < 0 || index >= s.book.strings.count {
		return
	}
	text, err := s.book.strings.get(index)
	if err != nil {
		s.fail(reasonOf(err))
		return
	}
	if fresh := s.book.used.add(index); !fresh && len(text) >= longString {
		text = nil
	}
	s.batch.Text = append(s.batch.Text, text...)
}

// plainCell is how many bytes are wanted in the window when the next cell is read the short way: more than most cells need.
const plainCell = 1 << 10

// plainCells reads cells in the way that nearly all programs write them, <c r="B7" s="1" t="s"><v>42</v></c>, straight from
// the window. It stops before the first that looks different, which next and cell read then.
func (s *xlsxSheet) plainCells() {
	x := s.x
	if x.empty || s.edit != nil {
		return
	}
	for {
		if x.end-x.pos < plainCell && !x.ended {
			x.fill()
		}
		n := s.plainCell(x.buf[x.pos:x.end])
		if n == 0 || s.full {
			return
		}
		x.pos += n
	}
}

// plainCell reads one cell at the start of b and returns its length, or 0 when it is not written plainly.
func (s *xlsxSheet) plainCell(b []byte) int {
	const shortest = len(`<c r="A1"/>`)
	if len(b) < shortest || b[0] != '<' || b[1] != 'c' {
		return 0
	}
	i, column, style, kind := 2, s.column+1, -1, cellNumber
	if string(b[i:i+4]) == ` r="` {
		i += 4
		for column = 0; i < len(b) && b[i] >= 'A' && b[i] <= 'Z' && column <= maxSheetColumns; i++ {
			column = column*26 + int(b[i]-'A') + 1
		}
		for i < len(b) && b[i] >= '0' && b[i] <= '9' {
			i++
		}
		if i == len(b) || b[i] != '"' || column == 0 {
			return 0
		}
		i++
	}
	if len(b)-i > 4 && string(b[i:i+4]) == ` s="` {
		for i, style = i+4, 0; i < len(b) && b[i] >= '0' && b[i] <= '9' && style < maxStyles; i++ {
			style = style*10 + int(b[i]-'0')
		}
		if i == len(b) || b[i] != '"' {
			return 0
		}
		i++
	}
	if len(b)-i > 4 && string(b[i:i+4]) == ` t="` {
		length := bytes.IndexByte(b[i+4:min(len(b), i+16)], '"')
		if length < 0 {
			return 0
		}
		kind = typeOf(b[i+4 : i+4+length])
		i += 4 + length + 1
	}
	if len(b)-i >= 2 && b[i] == '/' && b[i+1] == '>' {
		s.column = column
		return i + 2
	}
	if i == len(b) || b[i] != '>' {
		return 0
	}
	value, length := plainValue(b[i+1:], kind == cellInline)
	if length == 0 {
		return 0
	}
	s.column = column
	if len(value) > 0 {
		s.put(kind, style, value)
	}
	return i + 1 + length
}

// plainValue takes the value at the start of b with the tags around it, and returns the length of all, or 0 when it is not
// written plainly.
func plainValue(b []byte, inline bool) (value []byte, length int) {
	const opening, closing = "<v>", "</v></c>"
	const openingInline, closingInline = "<is><t>", "</t></is></c>"
	if inline {
		if len(b) < len(openingInline) || string(b[:len(openingInline)]) != openingInline {
			return nil, 0
		}
		value = b[len(openingInline):]
		i := bytes.IndexByte(value, '<')
		if i < 0 || len(value)-i < len(closingInline) || string(value[i:i+len(closingInline)]) != closingInline ||
			bytes.IndexByte(value[:i], '&') >= 0 {
			return nil, 0
		}
		return value[:i], len(openingInline) + i + len(closingInline)
	}
	if len(b) < len(opening) || string(b[:len(opening)]) != opening {
		return nil, 0
	}
	value = b[len(opening):]
	i := 0
	for i < len(value) && value[i] != '<' && value[i] != '&' {
		i++
	}
	if len(value)-i < len(closing) || string(value[i:i+len(closing)]) != closing {
		return nil, 0
	}
	return value[:i], len(opening) + i + len(closing)
}
