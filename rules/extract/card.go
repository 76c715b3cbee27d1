package extract

import (
	"bytes"
	"fmt"

	"stanch/rules"
)

// A cardReader reads vCards and iCalendars: lines of a property, parameters and a value, in nested components. Cards and
// events are records; the property is the column. Folded lines are joined before it sees them.
type cardReader struct {
	copier
	options  Options
	format   rules.Format
	columns  map[string]*Column
	record   int64
	start    int64
	inRecord bool
	row      int
	long     *Column // of the line that goes on, when it is too long to be read at once
}

func newCardReader(format rules.Format, options Options) Reader {
	reader := &cardReader{format: format, options: options, columns: make(map[string]*Column)}
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
	i := r.copier.begin(batch, body, offset)
	for i < len(body) {
		end := next(body, i, '\n')
		switch {
		case end-i > cutLength:
			end = max(r.copier.settled(i+cutLength), i+1)
			r.line(i, end)
		case end == len(body) && !final:
			return r.copier.end(i, final)
		default:
			r.line(i, end)
			r.long = nil
			end = min(end+1, len(body))
		}
		i = end
	}
	return r.copier.end(i, final)
}

// line reads one line, or a piece of a long one.
func (r *cardReader) line(start, end int) {
	if r.long != nil {
		r.emit(start, end, r.long)
		return
	}
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
		r.emit(start+from, start+to, r.column([]byte("CN")))
	}
	r.long = r.column(name)
	r.emit(start+colon+1, end, r.long)
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

func (r *cardReader) column(name []byte) *Column {
	if column := r.columns[string(name)]; column != nil {
		return column
	}
	if len(r.columns) >= maxTerms {
		name = nil
		if column := r.columns[""]; column != nil {
			return column
		}
	}
	column := &Column{Header: string(name[:min(len(name), headerLength)])}
	r.columns[string(name)] = column
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
