package extract

import (
	"bytes"
	"io"

	"stanch/rules"
)

// A spreadsheetXML reads a workbook in the XML of Excel 2002 and 2003 (SpreadsheetML).
type spreadsheetXML struct {
	*reading
	x       xmlScanner
	sheet   *sheet // nil outside tables
	row     int
	column  int
	depth   int  // of the open cell; 0 outside
	inData  bool // inside the cell's Data, else its Comment or what else is in it
	kind    string
	value   []byte
	notes   []byte
	formula []byte
	around  *partText
}

// readSheetXML reads a spreadsheet that is one XML file, in OpenDocument's vocabulary or SpreadsheetML.
func readSheetXML(file io.ReaderAt, size int64, options Options, emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
	head := make([]byte, sniffLength)
	n, _ := file.ReadAt(head, 0)
	if bytes.Contains(head[:n], []byte("urn:schemas-microsoft-com:office:spreadsheet")) {
		return readSpreadsheetXML(file, size, options, emit)
	}
	return readFODS(file, size, options, emit)
}

// readSpreadsheetXML reads the tables as cells and everything else as text.
func readSpreadsheetXML(file io.ReaderAt, size int64, options Options, emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
	s := &spreadsheetXML{reading: &reading{options: options, emit: emit}}
	s.x.reset(io.NewSectionReader(file, 0, size))
	s.around = newPartText(s.reading, &s.x, "")
	for {
		kind := s.x.next()
		if !s.take(kind) {
			s.around.take(kind)
		}
		if kind == xmlEnd || s.full {
			break
		}
	}
	s.closeTable()
	if s.x.reason != rules.NoReason {
		s.fail(s.x.reason)
	}
	status, reason := s.result()
	return rules.XML, status, reason
}

// closeTable ends the open table, if there is one.
func (s *spreadsheetXML) closeTable() {
	if s.sheet != nil {
		s.sheet.finish()
		s.sheet = nil
	}
	s.depth = 0
}

// take takes a token of a table and reports whether it was one.
func (s *spreadsheetXML) take(kind xmlKind) bool {
	if s.depth > 0 {
		s.inCell(kind)
		return true
	}
	if kind != xmlOpen && kind != xmlClose {
		return false
	}
	switch string(s.x.name) {
	case "Worksheet":
		s.around.end()
		s.closeTable()
		if kind == xmlOpen {
			s.sheet = newSheet(s.reading, string(appendUnescaped(nil, s.x.attr("Name"))))
			s.row = 0
		}
		return true
	case "Row":
		if s.sheet == nil {
			return false
		}
		s.around.end()
		if kind == xmlOpen {
			s.row = at(s.x.attr("Index"), s.row+1)
			s.column = 0
			s.sheet.beginRow(s.row)
		} else {
			s.sheet.endRow()
			s.row += max(0, smallNumber(s.x.attr("Span")))
		}
		return true
	case "Cell":
		if s.sheet == nil || kind != xmlOpen {
			return false
		}
		s.around.end()
		s.column = at(s.x.attr("Index"), s.column+1)
		s.depth, s.inData, s.kind = s.x.depth, false, ""
		s.value, s.notes, s.formula = s.value[:0], s.notes[:0], s.formula[:0]
		if formula := s.x.attr("Formula"); bytes.Contains(formula, []byte("&quot;")) {
			s.formula = appendUnescaped(s.formula, formula)
		}
		if link := s.x.attr("HRef"); len(link) > 0 {
			s.notes = appendUnescaped(s.notes, link)
		}
		return true
	}
	if s.sheet != nil {
		s.sheet.endRow()
	}
	return false
}

// at reads a position, or gives the next one.
func at(digits []byte, next int) int {
	if number := smallNumber(digits); number > 0 {
		next = number
	}
	return min(next, maxPosition)
}

// inCell takes a token inside a cell.
func (s *spreadsheetXML) inCell(kind xmlKind) {
	switch kind {
	case xmlOpen, xmlClose:
		switch string(s.x.name) {
		case "Data":
			s.inData = kind == xmlOpen
			if kind == xmlOpen && s.kind == "" {
				s.kind = string(s.x.attr("Type"))
			}
		case "Comment":
			if kind == xmlOpen {
				s.notes = append(appendUnescaped(s.notes, s.x.attr("Author")), ' ')
				s.kind += " " // the comment's Data is no value
			}
		}
		if kind == xmlClose && s.x.depth < s.depth {
			s.closeCellNow()
		}
	case xmlText, xmlLiteral:
		if s.inData && len(s.kind) > 0 && s.kind[len(s.kind)-1] != ' ' {
			s.value = appendText(s.value, &s.x)
		} else if len(bytes.TrimSpace(s.x.text)) > 0 {
			s.notes = appendText(s.notes, &s.x)
		}
	case xmlEnd:
		s.closeCellNow()
	}
}

// closeCellNow adds the cell that was read.
func (s *spreadsheetXML) closeCellNow() {
	s.depth = 0
	if len(s.value) > 0 {
		start := s.sheet.open()
		kind, text := bytes.TrimRight([]byte(s.kind), " "), false
		switch string(kind) {
		case "Number":
			s.batch.Text = (&numberStyle{}).appendRaw(s.batch.Text, bytes.TrimSpace(s.value), -1)
		case "DateTime":
			value := bytes.TrimSuffix(bytes.TrimSpace(s.value), []byte(".000"))
			value = bytes.TrimSuffix(value, []byte("T00:00:00"))
			s.batch.Text = append(s.batch.Text, bytes.Replace(value, []byte("T"), []byte(" "), 1)...)
		case "Boolean":
			s.batch.Text = append(s.batch.Text, boolText(s.value)...)
		default:
			text = true
			s.batch.Text = append(s.batch.Text, s.value...)
		}
		s.sheet.close(start, s.column, text)
	}
	for _, more := range [][]byte{s.notes, s.formula} {
		if len(bytes.TrimSpace(more)) > 0 {
			start := s.sheet.open()
			s.batch.Text = append(s.batch.Text, more...)
			s.closeCell(start, s.sheet.formulaColumn(), s.row, s.sheet.recordNow)
		}
	}
}
