package extract

import (
	"bytes"
	"fmt"

	"stanch/rules"
)

// A cardReader reads vCards and iCalendars: lines of a property, parameters and a value, in nested components. Cards and
// events are records; the property is the column. Folded lines are joined before it sees them.
type cardReader struct {
	lineCopier
	options  Options
	format   rules.Format
	columns  columnNames
	record   int64
	start    int64
	inRecord bool
	row      int
	property *Column // of the line that is read; nil when it has none
}

func newCardReader(format rules.Format, options Options) Reader {
	reader := &cardReader{format: format, options: options, columns: make(columnNames)}
	reader.copier.json = true // its escapes are backslashes too: \n \, \;
	return newLayerReader(reader, unfoldDecoder{})
}

func (r *cardReader) Format() rules.Format { return r.format }

func (r *cardReader) RecordStart() int64 {
	if r.inRecord {
		return r.start
	}
	return -1
}

func (r *cardReader) Read(batch *Batch, body []byte, offset int64, final bool) int {
	return r.readLines(batch, body, offset, final, r.line)
}

// line reads one line, or a piece of a long one.
func (r *cardReader) line(start, end int, within bool) {
	if within {
		if r.property != nil {
			r.emit(start, end, r.property)
		}
		return
	}
	r.property = nil
	line := r.copier.body[start:end]
	colon := valueStart(line)
	if colon < 0 {
		return
	}
	name := propertyName(line[:colon])
	switch {
	case bytes.EqualFold(name, []byte("BEGIN")):
		r.begin(line[colon+1:], start)
		return
	case bytes.EqualFold(name, []byte("END")):
		r.inRecord = r.inRecord && !isRecord(line[colon+1:])
		return
	}
	if cn := bytes.Index(line[:colon], []byte(";CN=")); cn >= 0 {
		from := cn + len(";CN=")
		to := colon
		if line[from] == '"' {
			from++
			to = next(line[:colon], from, '"')
		} else if semicolon := next(line[:colon], from, ';'); semicolon < to {
			to = semicolon
		}
		r.emit(start+from, start+to, r.columns.of([]byte("CN")))
	}
	r.property = r.columns.of(name)
	r.emit(start+colon+1, end, r.property)
}

// valueStart returns the index of the colon before the value: the first that stands in no quotes.
func valueStart(line []byte) int {
	quoted := false
	for i, b := range line {
		switch b {
		case '"':
			quoted = !quoted
		case ':':
			if !quoted {
				return i
			}
		}
	}
	return -1
}

// propertyName returns the name of a property without its group and parameters.
func propertyName(line []byte) []byte {
	name := line[:next(line, 0, ';')]
	return name[bytes.LastIndexByte(name, '.')+1:]
}

// isRecord reports whether a component is a record of its own.
func isRecord(component []byte) bool {
	for _, name := range [...]string{"VCARD", "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"} {
		if bytes.EqualFold(bytes.TrimSpace(component), []byte(name)) {
			return true
		}
	}
	return false
}

func (r *cardReader) begin(component []byte, start int) {
	if isRecord(component) {
		r.record++
		r.row++
		r.inRecord, r.start = true, r.copier.bodyAt(start)
	}
}

// columnNames are columns by the names beside their values. Those that come when there are many share one that has none.
type columnNames map[string]*Column

func (c columnNames) of(name []byte) *Column {
	if column := c[string(name)]; column != nil {
		return column
	}
	if len(c) >= maxTerms {
		name = nil
		if column := c[""]; column != nil {
			return column
		}
	}
	column := &Column{Header: string(name[:min(len(name), headerLength)])}
	c[string(name)] = column
	return column
}

func (r *cardReader) emit(start, end int, column *Column) {
	if start >= end || !r.inRecord {
		return
	}
	cell := Cell{Start: r.copier.at(start), End: r.copier.at(end), Column: column, Row: r.row, Record: r.record, RecordBody: r.start}
	if r.options.Places {
		cell.Where = fmt.Sprintf("entry %d, %s", r.row, column.Header)
	}
	r.copier.batch.Cells = append(r.copier.batch.Cells, cell)
}
