package extract

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"strconv"
	"strings"

	"stanch/rules"
)

// The layout of SQLite files: "Database File Format", sqlite.org/fileformat2.html.
const (
	sqliteMagic         = "SQLite format 3\x00"
	sqliteHeader        = 100
	sqliteTableLeaf     = 0x0D
	sqliteTableInterior = 0x05
	sqliteIndexLeaf     = 0x0A
	sqliteIndexInterior = 0x02
	maxSQLiteDepth      = 32      // of a b-tree; real ones stay below 10
	maxSQLiteRow        = 4 << 20 // bytes of one row
	maxSQLiteColumns    = 1000
)

// A sqliteFile reads the rows of all tables, and the strings on pages that no table uses: deleted rows stay there.
type sqliteFile struct {
	*source
	*reading
	pageSize, usable int64
	utf16            int // 0 UTF-8, 1 little-endian, 2 big-endian
	visited          []bool
	tally            tally
	sheet            *sheet
	row              int
	payload          []byte
	take             func(values []sqliteValue)
}

// A sqliteValue is one column of a row.
type sqliteValue struct {
	text []byte
	kind sqliteKind
}

type sqliteKind uint8

const (
	sqliteNull sqliteKind = iota
	sqliteNumber
	sqliteText
	sqliteBlob
)

// A sqliteTable is one entry of the schema.
type sqliteTable struct {
	name    string
	root    int64
	columns []string
}

// readSQLite reads a database.
func readSQLite(s *source) (rules.Format, outcome) {
	var head [sqliteHeader]byte
	if _, err := s.file.ReadAt(head[:], 0); err != nil || string(head[:16]) != sqliteMagic {
		readStrings(s)
		return rules.SQLite, unscannable(rules.Corrupt)
	}
	f := &sqliteFile{source: s, reading: &reading{options: s.nested(), emit: s.relay()}}
	f.pageSize = int64(binary.BigEndian.Uint16(head[16:]))
	if f.pageSize == 1 {
		f.pageSize = 1 << 16
	}
	f.usable = f.pageSize - int64(head[20])
	f.utf16 = max(0, int(binary.BigEndian.Uint32(head[56:]))-1)
	if f.pageSize < 512 || f.usable < 480 || f.utf16 > 2 {
		readStrings(s)
		return rules.SQLite, unscannable(rules.Corrupt)
	}
	f.visited = make([]bool, s.size/f.pageSize+2)
	f.tally.read = true
	for _, t := range f.schema() {
		f.table(t)
	}
	f.unused()
	status, reason := f.result()
	f.tally.add(outcome{status, reason})
	f.tally.fail(s.meter.reason)
	return rules.SQLite, f.tally.outcome()
}

// schema reads the table of tables, whose rows are: type, name, table, root page, SQL.
func (f *sqliteFile) schema() []sqliteTable {
	var tables []sqliteTable
	f.take = func(v []sqliteValue) {
		if len(v) < 5 {
			return
		}
		f.running(v[4].text)
		f.breakLine()
		f.flushFull()
		root, err := strconv.ParseInt(string(v[3].text), 10, 64)
		if err == nil && string(v[0].text) == "table" && len(tables) < f.source.options.Limits.Entries {
			tables = append(tables, sqliteTable{string(v[1].text), root, sqliteColumns(string(v[4].text))})
		}
	}
	f.walk(1, 0)
	return tables
}

// sqliteColumns reads the column names of a CREATE TABLE statement. A name may stand in quotes, and types may have parentheses.
func sqliteColumns(sql string) []string {
	open, end := strings.IndexByte(sql, '('), strings.LastIndexByte(sql, ')')
	if open < 0 || end < open {
		return nil
	}
	var columns []string
	depth, start, quote := 0, open+1, byte(0)
	add := func(definition string) {
		definition = strings.TrimSpace(definition)
		if definition == "" || len(columns) >= maxSQLiteColumns {
			return
		}
		if i := strings.IndexByte("\"`'[", definition[0]); i >= 0 {
			if name, _, found := strings.Cut(definition[1:], "\"`']"[i:i+1]); found {
				columns = append(columns, name)
			}
			return
		}
		words := strings.FieldsFunc(definition, func(r rune) bool { return r <= ' ' || r == '(' })
		if len(words) == 0 {
			return
		}
		switch strings.ToUpper(words[0]) {
		case "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "CONSTRAINT":
		default:
			columns = append(columns, words[0])
		}
	}
	for i := open + 1; i < end; i++ {
		c := sql[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case c == '[':
			quote = ']'
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			add(sql[start:i])
			start = i + 1
		}
	}
	add(sql[start:end])
	return columns
}

// table reads the rows of one table under its column names.
func (f *sqliteFile) table(t sqliteTable) {
	f.sheet, f.row = newSheet(f.reading, t.name), 0
	for i, name := range t.columns {
		f.sheet.nameColumn(i+1, []byte(name))
	}
	f.sheet.found, f.sheet.searched = max(len(t.columns), 1), headerSearch
	f.take = f.addRow
	f.walk(t.root, 0)
	f.sheet.finish()
}

func (f *sqliteFile) addRow(values []sqliteValue) {
	f.row++
	f.sheet.beginRow(f.row)
	for i, v := range values {
		switch v.kind {
		case sqliteText, sqliteNumber:
			start := f.sheet.open()
			f.running(v.text)
			f.sheet.close(start, i+1, v.kind == sqliteText)
		case sqliteBlob:
			start := f.sheet.open()
			strings := textWriter{emit: func(b *Batch) { f.running(bytes.ReplaceAll(b.Text, []byte("\n"), []byte(" "))) }, meter: f.meter}
			scanStrings(&strings, bytes.NewReader(v.text))
			strings.flush()
			f.sheet.close(start, i+1, true)
		}
	}
	f.sheet.endRow()
}

// walk reads the b-tree below a page.
func (f *sqliteFile) walk(number int64, depth int) {
	if number < 1 || number >= int64(len(f.visited)) || f.visited[number] || depth > maxSQLiteDepth {
		f.tally.fail(rules.Corrupt)
		return
	}
	if !f.meter.ok() {
		return
	}
	f.visited[number] = true
	page := make([]byte, f.pageSize)
	if _, err := f.file.ReadAt(page, (number-1)*f.pageSize); err != nil && err != io.EOF {
		f.tally.fail(rules.Corrupt)
		return
	}
	head := page
	if number == 1 {
		head = page[sqliteHeader:]
	}
	kind := head[0]
	cells := int(binary.BigEndian.Uint16(head[3:]))
	pointers := head[8:]
	interior := kind == sqliteTableInterior || kind == sqliteIndexInterior
	if interior {
		pointers = head[12:]
	} else if kind != sqliteTableLeaf && kind != sqliteIndexLeaf {
		f.tally.fail(rules.Corrupt)
		return
	}
	for i := 0; i < cells && 2*i+2 <= len(pointers); i++ {
		at := int(binary.BigEndian.Uint16(pointers[2*i:]))
		if at+4 > len(page) {
			f.tally.fail(rules.Corrupt)
			continue
		}
		cell := page[at:]
		if interior {
			f.walk(int64(binary.BigEndian.Uint32(cell)), depth+1)
			cell = cell[4:]
		}
		if kind != sqliteTableInterior {
			f.cell(cell, kind == sqliteTableLeaf)
		}
	}
	if interior {
		f.walk(int64(binary.BigEndian.Uint32(head[8:])), depth+1)
	}
}

// cell reads the payload of a cell, with the overflow pages that it goes on in, and hands out its values.
func (f *sqliteFile) cell(cell []byte, isTable bool) {
	length, n := sqliteVarint(cell)
	cell = cell[n:]
	if isTable {
		_, n = sqliteVarint(cell) // the row's number
		cell = cell[n:]
	}
	if length < 0 || length > maxSQLiteRow {
		f.tally.fail(rules.TooLarge)
		length = maxSQLiteRow
	}
	most := f.usable - 35
	if !isTable {
		most = (f.usable-12)*64/255 - 23
	}
	local := length
	if length > most {
		least := (f.usable-12)*32/255 - 23
		if local = least + (length-least)%(f.usable-4); local > most {
			local = least
		}
	}
	if local > int64(len(cell)) {
		f.tally.fail(rules.Corrupt)
		local = int64(len(cell))
	}
	f.payload = append(f.payload[:0], cell[:local]...)
	if local < length && int64(len(cell)) >= local+4 {
		f.overflow(int64(binary.BigEndian.Uint32(cell[local:])), length)
	}
	f.values(f.payload)
}

func (f *sqliteFile) overflow(next, length int64) {
	page := make([]byte, f.pageSize)
	for next > 0 && int64(len(f.payload)) < length {
		if next >= int64(len(f.visited)) || f.visited[next] || !f.meter.ok() {
			f.tally.fail(rules.Corrupt)
			return
		}
		f.visited[next] = true
		f.file.ReadAt(page, (next-1)*f.pageSize)
		f.payload = append(f.payload, page[4:4+min(f.usable-4, length-int64(len(f.payload)))]...)
		next = int64(binary.BigEndian.Uint32(page))
	}
}

// values takes a record apart: a header of serial types, then the values (section 2.1).
func (f *sqliteFile) values(record []byte) {
	size, n := sqliteVarint(record)
	if size < int64(n) || size > int64(len(record)) {
		f.tally.fail(rules.Corrupt)
		return
	}
	types, body := record[n:size], record[size:]
	var values []sqliteValue
	for len(types) > 0 && len(values) < maxSQLiteColumns {
		serial, n := sqliteVarint(types)
		types = types[n:]
		length := sqliteLength(serial)
		if length > int64(len(body)) {
			f.tally.fail(rules.Corrupt)
			length = int64(len(body))
		}
		values = append(values, f.value(serial, body[:length]))
		body = body[length:]
	}
	f.take(values)
}

func sqliteLength(serial int64) int64 {
	switch {
	case serial >= 12:
		return (serial - 12) / 2
	case serial < 0:
		return 0
	}
	return [12]int64{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0}[serial]
}

func (f *sqliteFile) value(serial int64, raw []byte) sqliteValue {
	switch {
	case serial == 7 && len(raw) == 8:
		return sqliteValue{appendGeneral(nil, math.Float64frombits(binary.BigEndian.Uint64(raw))), sqliteNumber}
	case serial >= 1 && serial <= 6 && len(raw) > 0:
		v := int64(int8(raw[0]))
		for _, b := range raw[1:] {
			v = v<<8 | int64(b)
		}
		return sqliteValue{strconv.AppendInt(nil, v, 10), sqliteNumber}
	case serial == 8 || serial == 9:
		return sqliteValue{[]byte{'0' + byte(serial-8)}, sqliteNumber}
	case serial >= 13 && serial%2 == 1:
		switch f.utf16 {
		case 1:
			raw = []byte(utf16Text(raw, 0, 1))
		case 2:
			raw = []byte(utf16Text(raw, 1, 0))
		}
		return sqliteValue{raw, sqliteText}
	case serial >= 12:
		return sqliteValue{raw, sqliteBlob}
	}
	return sqliteValue{}
}

// sqliteVarint reads a variable-length integer (section 1.6) and tells its length, which is never more than what is there.
func sqliteVarint(raw []byte) (int64, int) {
	v := uint64(0)
	for i := range min(len(raw), 9) {
		if i == 8 {
			return int64(v<<8 | uint64(raw[i])), 9
		}
		v = v<<7 | uint64(raw[i]&0x7F)
		if raw[i] < 0x80 {
			return int64(v), i + 1
		}
	}
	return 0, len(raw)
}

// unused looks for strings on pages that no table led to.
func (f *sqliteFile) unused() {
	w := f.source.text()
	page := make([]byte, f.pageSize)
	for number := int64(1); number < int64(len(f.visited)) && f.meter.ok(); number++ {
		if f.visited[number] {
			continue
		}
		n, _ := f.file.ReadAt(page, (number-1)*f.pageSize)
		scanStrings(w, bytes.NewReader(page[:n]))
	}
	w.flush()
}
