package extract

import (
	"bytes"
	"fmt"

	"stanch/rules"
)

// A fieldsReader reads text whose lines are a name, a colon and a value: blocks with blank lines between them, the items of a YAML list, LDIF.
// Blocks and items are records, an item one within the block that holds its list; names are columns. A listed value goes on with the field before it; any other line
// without a name is running text, whose people are not those of the record.
type fieldsReader struct {
	lineCopier
	options     Options
	columns     columnNames
	records     int64
	block, item fieldRecord // those that are open
	items       int         // indentation of the list whose items are records, while one is open
	field       *Column     // the last one
	said        bool        // the line belongs to the field
}

// A fieldRecord is a record that is being read. Its zero value is none.
type fieldRecord struct {
	id, parent int64
	start      int64  // its body offset
	level      int    // indentation of its fields
	colon      int    // where the colon of the first stands: names may be flush with it
	first      []byte // name of the first of them
}

func newFieldsReader(options Options) Reader {
	return &fieldsReader{options: options, columns: make(columnNames)}
}

func (r *fieldsReader) Format() rules.Format { return rules.Fields }

func (r *fieldsReader) RecordStart() int64 {
	if record := r.open(); record.id > 0 {
		return record.start
	}
	return -1
}

// open is the record that is being read.
func (r *fieldsReader) open() *fieldRecord {
	if r.item.id > 0 {
		return &r.item
	}
	return &r.block
}

func (r *fieldsReader) Read(batch *Batch, body []byte, offset int64, final bool) int {
	return r.readLines(batch, body, offset, final, r.line)
}

// line reads one line, or a piece of a long one.
func (r *fieldsReader) line(start, end int, within bool) {
	if within {
		if r.said {
			r.emit(start, end)
		}
		return
	}
	line := r.copier.body[start:end]
	f, named := fieldOf(line)
	r.said = named || isListed(line)
	switch {
	case separatesFields(line):
		r.item.id, r.block.id = 0, 0
	case named:
		r.place(f, start)
		r.field = r.columns.of(f.name)
		r.emit(start+f.value, start+f.end)
	case r.said:
		r.emit(start, end)
	}
}

// place begins a record where a field does not belong to the one before it.
func (r *fieldsReader) place(f field, start int) {
	switch {
	case r.item.id > 0 && f.item && f.indent > r.items, r.item.id > 0 && !f.item && f.column >= r.item.level:
		return // it belongs to the item, as lists within it do
	case r.block.id > 0 && (f.indent < r.block.level && f.colon != r.block.colon || !f.item && f.column == r.block.level && bytes.Equal(f.name, r.block.first)):
		r.block.id = 0
	}
	r.item.id = 0
	switch {
	case f.item:
		r.begin(&r.item, f, start)
		r.item.parent, r.items = r.block.id, f.indent
	case r.block.id == 0 && f.value < f.end:
		r.begin(&r.block, f, start)
	}
}

func (r *fieldsReader) begin(record *fieldRecord, f field, start int) {
	r.records++
	*record = fieldRecord{id: r.records, start: r.copier.bodyAt(start), level: f.column, colon: f.colon, first: append(record.first[:0], f.name...)}
}

func (r *fieldsReader) emit(start, end int) {
	record := r.open()
	if start >= end || record.id == 0 {
		return
	}
	cell := Cell{Start: r.copier.at(start), End: r.copier.at(end), Column: r.field, Row: int(record.id), Record: record.id, Parent: record.parent, RecordBody: record.start}
	if r.options.Places {
		cell.Where = fmt.Sprintf("entry %d, %s", record.id, r.field.Header)
	}
	r.copier.batch.Cells = append(r.copier.batch.Cells, cell)
}

// A field is a line that names what it says.
type field struct {
	indent     int  // bytes before the name, or before the dash of an item
	item       bool // it begins an item of a list
	column     int  // bytes before the name
	colon      int  // bytes before the colon
	name       []byte
	value, end int // of what it says, within the line and any quotes
}

// maxFieldName is the longest name of a field, in bytes.
const maxFieldName = 40

// fieldOf takes a line apart.
func fieldOf(line []byte) (f field, ok bool) {
	line = bytes.TrimRight(line, " \t\r")
	for f.indent < len(line) && (line[f.indent] == ' ' || line[f.indent] == '\t') {
		f.indent++
	}
	f.column = f.indent
	if bytes.HasPrefix(line[f.column:], []byte("- ")) {
		f.item = true
		for f.column++; f.column < len(line) && line[f.column] == ' '; f.column++ {
		}
	}
	colon := f.column
	for colon < len(line) && line[colon] != ':' {
		if !namesField(line[colon], colon == f.column) || colon-f.column > maxFieldName {
			return f, false
		}
		colon++
	}
	if colon == f.column || colon == len(line) {
		return f, false
	}
	f.name, f.colon = bytes.Trim(line[f.column:colon], `"' `), colon
	f.value, f.end = colon+1, len(line)
	if f.value < f.end && line[f.value] != ' ' && line[f.value] != '\t' && line[f.value] != ':' {
		return f, false // "https://", "12:30", "std::string"
	}
	for f.value < f.end && (line[f.value] == ' ' || line[f.value] == '\t' || line[f.value] == ':') {
		f.value++
	}
	if quote := f.end - 1; quote > f.value && (line[quote] == '"' || line[quote] == '\'') && line[f.value] == line[quote] {
		f.value, f.end = f.value+1, quote
	}
	return f, true
}

// namesField reports whether a byte may stand in the name of a field.
func namesField(b byte, first bool) bool {
	switch {
	case isLetter(b) || b >= 0x80 || b == '"' || b == '\'':
		return true
	case first:
		return false
	}
	return isAlphanumeric(b) || bytes.IndexByte([]byte(" _-./;()#&"), b) >= 0
}

// isListed reports whether a line without a name is an item of a list.
func isListed(line []byte) bool { return bytes.HasPrefix(bytes.TrimLeft(line, " \t"), []byte("- ")) }

// separatesFields reports whether a line stands between records: an empty one, or a rule such as "---" or "*** 1. row ***".
func separatesFields(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) == 0 || len(line) >= minRule && bytes.IndexByte([]byte("-*=_~."), line[0]) >= 0 && line[1] == line[0] && line[2] == line[0]
}

// minRule is how many bytes of one kind make a rule.
const minRule = 3

// minFields is how many fields a text must begin with to be read as fields.
const minFields = 4

// looksLikeFields reports whether text begins with two blocks or items that begin alike and have two fields or more, with hardly a line in between that is
// no field.
func looksLikeFields(text []byte, complete bool) bool {
	var begun [2]struct { // the last block and the last item
		field
		fields int
	}
	var kind, items, alike, fields, others int
	apart, listed := true, false
	for len(text) > 0 {
		line, rest, ended := bytes.Cut(text, []byte{'\n'})
		text = rest
		if !ended && !complete {
			break
		}
		if separatesFields(line) {
			apart, listed = true, false
			continue
		}
		f, ok := fieldOf(line)
		if !ok {
			if line[0] != '#' && !isListed(line) {
				others++
			}
			continue
		}
		apart = apart || f.value == f.end && f.column < begun[0].column // the name of the next record
		item := f.item && (!listed || f.indent <= items)
		if item || apart && f.value < f.end {
			kind, apart = 0, false
			if item {
				kind, listed, items = 1, true, f.indent
			}
			if last := &begun[kind]; last.fields > 1 && last.column == f.column && bytes.Equal(last.name, f.name) {
				alike++
			}
			begun[kind].field, begun[kind].fields = f, 0
		}
		fields++
		begun[kind].fields++
	}
	return alike > 0 && fields >= minFields && others*4 <= fields
}
