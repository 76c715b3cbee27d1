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
	if index := smallNumber(bytes.TrimSpace(value)); index >= 0 {
		s.book.appendIndex(index)
	}
}

// appendIndex appends a shared string; a long one once only.
func (x *xlsxReader) appendIndex(index int) {
	if index >= x.strings.count {
		return
	}
	text, ok := x.strings.inMemory(index)
	if !ok {
		var err error
		if text, err = x.strings.get(index); err != nil {
			x.fail(reasonOf(err))
			return
		}
	}
	if fresh := x.used.add(index); fresh || len(text) < longString {
		x.batch.Text = append(x.batch.Text, text...)
	}
}
