package extract

import (
	"bytes"
	"fmt"

	"stanch/rules"
)

const (
	// cutLength is how long a piece of a token may get before it is read in pieces: less than MaxToken by the longest
	// character and what stands around a token.
	cutLength = MaxToken - 2*longestEscape
	// maxColumns bounds how many columns of one table are told apart.
	maxColumns = 4096
)

// A csvReader reads tables of separated values. Each row is a record.
type csvReader struct {
	copier
	options Options
	dialect dialect
	ready   bool // the dialect is known

	columns  []*Column
	headers  []string
	column   int   // 0-based, of the field that is read
	row      int   // 0-based
	rowStart int64 // body offset
	record   int64
	inField  fieldState
}

// A fieldState says how a field goes on that was too long to be read at once.
type fieldState uint8

const (
	atStart fieldState = iota
	inPlain
	inQuotes
)

func newCSVReader(options Options) *csvReader { return &csvReader{options: options} }

func (r *csvReader) Format() rules.Format { return rules.CSV }

func (r *csvReader) RecordStart() int64 {
	if r.record == 0 || r.column == 0 && r.inField == atStart {
		return -1
	}
	return r.rowStart
}

func (r *csvReader) Read(batch *Batch, body []byte, offset int64, final bool) int {
	skipped, fresh := 0, !r.ready
	if fresh {
		if len(body) < cutLength && !final {
			return 0
		}
		r.dialect, _ = detectDialect(body[:min(len(body), cutLength)], final && len(body) <= cutLength, false)
		r.ready = true
		r.copier.table = csvTable(r.dialect.delimiter)
		if bytes.HasPrefix(body, []byte(byteOrderMark)) {
			skipped = len(byteOrderMark)
		}
	}
	i := r.copier.begin(batch, body, offset) + skipped
	if fresh {
		r.beginRow(0)
	}
	for i < len(body) {
		if i = r.quick(i); i == len(body) {
			break
		}
		next := r.field(i, final)
		if next == i {
			break
		}
		i = next
	}
	return r.copier.end(i, final)
}

// field reads the field, or a piece of it, that begins at body[i], and returns what is behind it; i when more is needed.
func (r *csvReader) field(i int, final bool) int {
	body := r.copier.body
	start := i
	state := r.inField
	if state == atStart {
		state = inPlain
		if body[i] == '"' || body[i] == ' ' || body[i] == '=' {
			if len(body)-i < 3 && !final {
				return i
			}
			if quoted := quotedStart(body, i); quoted > 0 {
				state, start = inQuotes, quoted
			}
		}
	}
	if state == inQuotes {
		return r.quotedField(i, start, final)
	}
	end := r.copier.nextIn(fieldSet, i)
	return r.endField(i, start, end, end, inPlain, final)
}

func (r *csvReader) quotedField(i, start int, final bool) int {
	body := r.copier.body
	end, after, ok := quotedEnd(body, start, r.dialect.delimiter, final)
	if !ok || after-i > cutLength {
		if len(body)-i <= cutLength && !final {
			return i
		}
		if r.inField == atStart && r.loneQuote(body[start:min(i+cutLength, len(body))]) {
			end = r.copier.nextIn(fieldSet, start)
			return r.endField(i, start, end, end, inPlain, final)
		}
		end, after = len(body), len(body)
	}
	return r.endField(i, start, end, after, inQuotes, final)
}

// loneQuote reports whether text, which no quote ends, is rows rather than one long field.
func (r *csvReader) loneQuote(text []byte) bool {
	if r.dialect.delimiter == 0 {
		return true
	}
	lines, regular := 0, 0
	for {
		line, rest, found := bytes.Cut(text, []byte{'\n'})
		if !found {
			break
		}
		text = rest
		lines++
		if lines > 1 && bytes.Count(line, []byte{r.dialect.delimiter}) == len(r.headers)-1 {
			regular++
		}
	}
	return regular >= 2 && regular*2 >= lines
}

// endField emits what lies between start and end as a cell, and moves behind what ends the field. A field that is longer
// than cutLength is read in pieces.
func (r *csvReader) endField(i, start, end, after int, state fieldState, final bool) int {
	body := r.copier.body
	if after-i > cutLength {
		cut := cutBefore(&r.copier, start, i+cutLength, '"')
		r.emit(start, cut, state)
		r.inField = state
		return cut
	}
	if after == len(body) && !final {
		return i
	}
	rowEnd, next := true, after
	if after < len(body) {
		next++
		switch body[after] {
		case '\r':
			if next == len(body) && !final {
				return i
			}
			if next < len(body) && body[next] == '\n' {
				next++
			}
		case '\n':
		default:
			rowEnd = false
		}
	}
	r.emit(start, end, state)
	r.inField = atStart
	r.column++
	if rowEnd {
		r.endRow(next)
	}
	return next
}

func (r *csvReader) emit(start, end int, state fieldState) {
	body := r.copier.body
	if state == inPlain {
		for start < end && (body[start] == ' ' || body[start] == '\t') {
			start++
		}
		for end > start && (body[end-1] == ' ' || body[end-1] == '\t') {
			end--
		}
	}
	if start == end {
		return
	}
	if r.row <= r.dialect.header {
		if r.row == r.dialect.header {
			r.nameColumn(start, end)
		}
		return
	}
	if r.record == 0 {
		return
	}
	textStart := r.copier.at(start)
	if state == inQuotes {
		foldDoubled(&r.copier, start, end, '"')
	}
	r.cell(textStart, r.copier.at(end))
}

// cell makes Text[start:end] the value of the field that is read.
func (r *csvReader) cell(start, end int) {
	var column *Column
	if r.column < len(r.columns) {
		column = r.columns[r.column]
	} else {
		column = r.columnAt(r.column)
	}
	cell := r.copier.batch.addCell()
	cell.Start, cell.End, cell.Column, cell.Row = start, end, column, r.row+1
	cell.Record, cell.Parent, cell.RecordBody, cell.Where = r.record, 0, r.rowStart, ""
	if r.options.Places {
		cell.Where = r.where(column)
	}
}

// nameColumn keeps the name of the column that is read, in its folded form.
func (r *csvReader) nameColumn(start, end int) {
	if r.column >= maxColumns {
		return
	}
	from := r.copier.at(start)
	r.copier.flush(end)
	for len(r.headers) <= r.column {
		r.headers = append(r.headers, "")
	}
	name := bytes.TrimSpace(r.copier.batch.Text[from:])
	r.headers[r.column] += string(name[:min(len(name), headerLength)])
}

// columnAt returns the column with a 0-based number. Those past maxColumns share the last one.
func (r *csvReader) columnAt(i int) *Column {
	i = min(i, maxColumns-1)
	for len(r.columns) <= i {
		column := &Column{Number: len(r.columns) + 1, Tabular: true}
		if len(r.columns) < len(r.headers) {
			column.Header = r.headers[len(r.columns)]
		}
		r.columns = append(r.columns, column)
	}
	return r.columns[i]
}

func (r *csvReader) where(column *Column) string {
	if column.Header == "" {
		return fmt.Sprintf("row %d, column %d", r.row+1, column.Number)
	}
	return fmt.Sprintf("row %d, column %d (%s)", r.row+1, column.Number, column.Header)
}

func (r *csvReader) endRow(next int) {
	r.column = 0
	r.row++
	r.beginRow(next)
}

// beginRow starts the row at body[i]. Rows up to the header, or a line "sep=;", are no records.
func (r *csvReader) beginRow(i int) {
	r.rowStart = r.copier.bodyAt(i)
	if r.row > r.dialect.header && r.row >= r.dialect.first {
		r.record++
	}
}
