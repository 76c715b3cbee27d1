package extract

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

const (
	maxSheetColumns = 1 << 14   // columns of a sheet, the limit of the formats; cells beyond it fall into the last
	maxHeader       = 200       // bytes of a header that are kept
	headerSearch    = 20        // rows with content in which the header is looked for
	splitSheetRow   = 256 << 10 // bytes after which a row goes out in pieces
)

// A sheet turns the cells of one table into text, finds its header row, and gives out columns and records. Cells come in the
// order of the file; the caller appends a cell's text to reading.batch.Text between open and close.
type sheet struct {
	*reading
	container string
	columns   []*Column // by number; nil before the first use
	formula   *Column   // literals inside formulas, which belong to no column of the table

	row       int   // 1-based number of the open row
	recordNow int64 // its record; 0 before its first cell
	rowStart  int   // where the row's text starts in the batch
	firstCell int   // where its cells start in the batch
	textual   int   // how many of its cells hold text rather than a number

	searched int // rows with content that were looked at for a header
	found    int // cells of the header, two or more; 0 while none was found
	lastRow  int // the last row with content
}

// newSheet starts on a table.
func newSheet(r *reading, name string) *sheet {
	r.breakLine()
	r.flushFull()
	return &sheet{reading: r, container: name}
}

// beginRow starts a row; a row that is still open ends.
func (s *sheet) beginRow(number int) {
	s.endRow()
	s.row = number
}

// open makes room for a cell and returns where its text starts.
func (s *sheet) open() int {
	if s.recordNow == 0 {
		s.breakLine()
		s.recordNow = s.nextRecord()
		s.rowStart, s.firstCell, s.textual = len(s.batch.Text), len(s.batch.Cells), 0
	} else {
		s.batch.Text = append(s.batch.Text, '\t')
	}
	return len(s.batch.Text)
}

// close ends a cell whose text starts at start. A cell without text leaves no trace but its separator.
func (s *sheet) close(start, number int, text bool) {
	s.changed = false
	if len(s.batch.Text) == start {
		return
	}
	if text {
		s.textual++
	}
	s.closeCell(start, s.column(number), s.row, s.recordNow)
	if len(s.batch.Text)-s.rowStart > splitSheetRow {
		s.searched = headerSearch
		s.flush()
		s.rowStart, s.firstCell = 0, 0
	}
}

// putText adds a cell of text: it opens the cell, appends the text and closes it.
func (s *sheet) putText(text []byte, number int) {
	if s.recordNow == 0 {
		s.open()
	} else if n := len(s.batch.Text); cap(s.batch.Text)-n > len(text) {
		to := s.batch.Text[:n+1+len(text)]
		to[n] = '\t'
		copy(to[n+1:], text)
		s.batch.Text = to
		s.close(n+1, number, true)
		return
	} else {
		s.batch.Text = append(s.batch.Text, '\t')
	}
	start := len(s.batch.Text)
	s.batch.Text = append(s.batch.Text, text...)
	s.close(start, number, true)
}

// column returns a column by its 1-based number.
func (s *sheet) column(number int) *Column {
	if uint(number-1) < uint(len(s.columns)) {
		if c := s.columns[number-1]; c != nil {
			return c
		}
	}
	return s.newColumn(number)
}

// newColumn makes a column that was not seen before.
func (s *sheet) newColumn(number int) *Column {
	number = min(max(number, 1), maxSheetColumns)
	if number > len(s.columns) {
		s.columns = append(s.columns, make([]*Column, number-len(s.columns))...)
	}
	if s.columns[number-1] == nil {
		s.columns[number-1] = &Column{Container: s.container, Number: number}
	}
	return s.columns[number-1]
}

// formulaColumn is where the literals of formulas go.
func (s *sheet) formulaColumn() *Column {
	if s.formula == nil {
		s.formula = &Column{Container: s.container}
	}
	return s.formula
}

// endRow ends the open row, looks whether it is the header, and emits when enough has been gathered.
func (s *sheet) endRow() {
	if s.recordNow == 0 {
		return
	}
	s.batch.Text = append(s.batch.Text, '\n')
	cells := s.batch.Cells[min(s.firstCell, len(s.batch.Cells)):]
	if s.found == 0 && s.searched < headerSearch {
		s.searched++
		s.considerHeader(cells)
	} else if s.lastRow > 0 && s.row > s.lastRow+1 && len(cells) != s.found {
		s.considerHeader(cells) // a second table below a gap; one of the same width is the first one going on
	}
	s.lastRow = s.row
	s.recordNow = 0
	s.flushFull()
}

// finish ends the table.
func (s *sheet) finish() {
	s.endRow()
	s.breakLine()
}

// considerHeader takes a row for the header of those below it when it has two or more short texts and hardly a number among
// them. A lone text names its own column until such a row comes: it is a title, or the header of a list.
func (s *sheet) considerHeader(cells []Cell) {
	if len(cells) == 1 && s.found == 0 && s.textual == 1 {
		c := &cells[0]
		text := s.batch.Text[c.Start:c.End]
		if c.Column.Number > 0 && c.Column.Header == "" && headerLike(text) {
			s.nameColumn(c.Column.Number, text)
		}
		return
	}
	if len(cells) < 2 || s.textual*5 < len(cells)*4 {
		return
	}
	like := 0
	for i := range cells {
		if headerLike(s.batch.Text[cells[i].Start:cells[i].End]) {
			like++
		}
	}
	if like < 2 || like*5 < len(cells)*4 {
		return
	}
	s.found = len(cells)
	clear(s.columns)
	for i := range cells {
		if number := cells[i].Column.Number; number > 0 {
			s.nameColumn(number, s.batch.Text[cells[i].Start:cells[i].End])
		}
	}
}

// nameColumn gives the cells below a header their column.
func (s *sheet) nameColumn(number int, header []byte) {
	text := bytes.TrimSpace(header)
	if len(text) > maxHeader {
		text = text[:maxHeader]
	}
	s.column(number) // makes room
	s.columns[number-1] = &Column{Container: s.container, Header: string(bytes.ToValidUTF8(text, nil)), Number: number}
}

// headerLike reports whether a text could name a column: short, begins like a word, holds few digits and no address.
func headerLike(text []byte) bool {
	if len(text) == 0 || len(text) > maxHeader {
		return false
	}
	letters, digits := 0, 0
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == '@':
			return false
		case c >= '0' && c <= '9':
			digits++
		case c < utf8.RuneSelf:
			if c|0x20 >= 'a' && c|0x20 <= 'z' {
				letters++
			}
		default:
			r, size := utf8.DecodeRune(text[i:])
			if unicode.IsLetter(r) {
				letters++
			}
			i += size - 1
		}
		i++
	}
	return letters > digits && digits <= 4
}
