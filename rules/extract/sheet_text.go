package extract

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"stanch/rules"
)

// maxSheetLine bounds a line of SYLK and DIF, in bytes; longer ones are cut.
const maxSheetLine = 256 << 10

// sheetLines reads a text file line by line, in UTF-8 or else Windows-1252.
type sheetLines struct {
	source *bufio.Reader
	line   []byte
	cut    bool // a line was too long
	err    error
}

func newSheetLines(file io.ReaderAt, size int64) *sheetLines {
	return &sheetLines{source: bufio.NewReaderSize(io.NewSectionReader(file, 0, size), xmlWindow)}
}

// next reads the next line, without its end, and reports whether there is one. LF, CR LF and CR end a line.
func (l *sheetLines) next() bool {
	l.line = l.line[:0]
	got := false
	for {
		part, err := l.source.ReadSlice('\n')
		got = got || len(part) > 0
		if room := maxSheetLine - len(l.line); len(part) > room {
			part, l.cut = part[:room], true
		}
		l.line = append(l.line, part...)
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil && err != io.EOF {
			l.err = err
		}
		break
	}
	l.line = bytes.TrimRight(l.line, "\r\n")
	if !utf8.Valid(l.line) {
		l.line = append(l.line[:0], decoded(charmap.Windows1252, l.line)...)
	}
	return got
}

// result ends a reading of lines.
func (l *sheetLines) result(r *reading) (rules.Status, rules.Reason) {
	if l.err != nil {
		r.fail(reasonOf(l.err))
	}
	if l.cut {
		r.fail(rules.TooLarge)
	}
	return r.result()
}

// A sylkReader reads the cells of a Symbolic Link file.
type sylkReader struct {
	*sheet
	numbers     numberStyle
	style       int // of the next cell, or -1
	column, row int
}

// readSYLK reads a Symbolic Link file. Its records are lines of fields between semicolons; a semicolon in a value is doubled.
func readSYLK(file io.ReaderAt, size int64, options Options, emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
	r := &reading{options: options, emit: emit}
	s := &sylkReader{sheet: newSheet(r, ""), style: -1, column: 1, row: 1}
	lines := newSheetLines(file, size)
	other := &Column{}
	for !r.full && lines.next() {
		kind, rest := sylkField(lines.line)
		switch string(kind) {
		case "C":
			s.cell(rest)
		case "F":
			s.position(rest, true)
		case "P":
			if code, ok := bytes.CutPrefix(rest, []byte("P")); ok && len(s.numbers.formats) < maxStyles {
				code = bytes.ReplaceAll(code, []byte(";;"), []byte(";"))
				s.numbers.formats = append(s.numbers.formats, parseFormat(string(code)))
				continue
			}
			s.endRow()
			r.line(rest, other)
		case "ID", "B", "O", "W", "E", "":
		default: // defined names and what later programs added
			s.endRow()
			r.line(lines.line, other)
		}
	}
	s.finish()
	status, reason := lines.result(r)
	return rules.SYLK, status, reason
}

// sylkField takes the first field of a record. Doubled semicolons stay in it.
func sylkField(record []byte) (field, rest []byte) {
	for i := 0; i < len(record); i++ {
		if record[i] != ';' {
			continue
		}
		if i+1 < len(record) && record[i+1] == ';' {
			i++
			continue
		}
		return record[:i], record[i+1:]
	}
	return record, nil
}

// position reads the fields that move the position, and in a format record the number format.
func (s *sylkReader) position(rest []byte, format bool) {
	for len(rest) > 0 {
		var field []byte
		if field, rest = sylkField(rest); len(field) == 0 {
			continue
		}
		number := smallNumber(field[1:])
		switch {
		case field[0] == 'X' && number > 0:
			s.column = min(number, maxSheetColumns)
		case field[0] == 'Y' && number > 0:
			s.row = min(number, maxPosition)
		case field[0] == 'P' && format:
			s.style = number
		}
	}
}

// cell reads a cell record.
func (s *sylkReader) cell(rest []byte) {
	s.position(rest, false)
	var value, formula []byte
	for len(rest) > 0 {
		var field []byte
		if field, rest = sylkField(rest); len(field) < 2 {
			continue
		}
		switch field[0] {
		case 'K':
			value = field[1:]
		case 'E', 'S', 'A': // a formula, or a note
			if bytes.IndexByte(field, '"') >= 0 || field[0] == 'A' {
				formula = field[1:]
			}
		}
	}
	style := s.style
	s.style = -1
	if len(value) == 0 && len(formula) == 0 {
		return
	}
	if s.row != s.sheet.row {
		s.beginRow(s.row)
	}
	if len(value) > 0 {
		start := s.open()
		text := value[0] == '"'
		if text {
			s.batch.Text = appendSYLK(s.batch.Text, bytes.TrimSuffix(value[1:], []byte(`"`)))
		} else {
			s.batch.Text = s.numbers.appendRaw(s.batch.Text, value, style)
		}
		s.close(start, s.column, text)
	}
	if len(formula) > 0 {
		start := s.open()
		s.batch.Text = appendSYLK(s.batch.Text, formula)
		s.closeCell(start, s.formulaColumn(), s.row, s.recordNow)
	}
}

// appendSYLK appends a text with its escapes resolved: doubled semicolons, and a character as ESC and two halves of its code,
// the first from 0x20 and the second from 0x30 upwards.
func appendSYLK(dst, text []byte) []byte {
	const escape = 0x1B
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == ';' && i+1 < len(text) && text[i+1] == ';' {
			i++
		}
		if c == escape && i+2 < len(text) && text[i+1]&0xF0 == 0x20 && text[i+2]&0xF0 == 0x30 {
			code := (text[i+1]-0x20)<<4 | (text[i+2] - 0x30)
			dst = utf8.AppendRune(dst, charmap.Windows1252.DecodeByte(code))
			i += 2
			continue
		}
		dst = append(dst, c)
	}
	return dst
}

// readDIF reads a Data Interchange Format file: after a header, pairs of lines with a type and a number, and a text.
func readDIF(file io.ReaderAt, size int64, options Options, emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
	r := &reading{options: options, emit: emit}
	s := newSheet(r, "")
	lines := newSheetLines(file, size)
	header := &Column{}
	for lines.next() {
		topic := string(bytes.TrimSpace(lines.line))
		lines.next() // two numbers
		if lines.next() && len(bytes.Trim(lines.line, `" `)) > 0 {
			r.line(bytes.Trim(lines.line, `"`), header)
		}
		if topic == "DATA" || lines.err != nil {
			break
		}
	}
	row, column := 0, 0
	for !r.full && lines.next() {
		kind, number, _ := bytes.Cut(lines.line, []byte(","))
		kind, number = append([]byte(nil), bytes.TrimSpace(kind)...), append([]byte(nil), bytes.TrimSpace(number)...)
		if !lines.next() {
			break
		}
		text := bytes.TrimSpace(lines.line)
		switch string(kind) {
		case "-1":
			if string(text) == "BOT" {
				row, column = row+1, 0
				s.beginRow(row)
			}
			continue
		case "0":
			column++
			start := s.open()
			s.batch.Text = (&numberStyle{}).appendRaw(s.batch.Text, number, -1)
			s.close(start, column, false)
		default:
			column++
			if text = unquote(text); len(text) > 0 {
				start := s.open()
				s.batch.Text = append(s.batch.Text, text...)
				s.close(start, column, true)
			}
		}
	}
	s.finish()
	status, reason := lines.result(r)
	return rules.DIF, status, reason
}

// unquote takes the quotes off a text, and halves those inside.
func unquote(text []byte) []byte {
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return text
	}
	return bytes.ReplaceAll(text[1:len(text)-1], []byte(`""`), []byte(`"`))
}
