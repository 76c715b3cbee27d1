package extract

import (
	"bytes"
	"fmt"

	"stanch/rules"
)

// A sqlReader reads dumps of databases: the tuples of INSERT statements and the rows of COPY blocks are records, named by
// the statement's column list or by the CREATE TABLE before it.
type sqlReader struct {
	copier
	options Options
	state   sqlState
	table   []byte // its name
	key     []byte // table and column list, as a key of shapes
	shapes  map[string]*sqlShape
	shape   *sqlShape // of the statement that is read
	depth   int       // open parentheses
	item    int       // of the list that is read
	first   bool      // no word of the item is read yet

	row       int
	record    int64
	rowStart  int64
	inRecord  bool
	inQuote   byte // the quote of a string that was too long to be read at once
	inComment byte // '-' or '*'
}

// A sqlShape is the columns of a table as one kind of statement lists them.
type sqlShape struct{ columns []*Column }

type sqlState uint8

const (
	sqlOutside  sqlState = iota
	sqlInsert            // behind INSERT or REPLACE
	sqlInto              // behind INTO
	sqlValues            // behind VALUES
	sqlCreate            // behind CREATE
	sqlTable             // behind TABLE
	sqlCopy              // behind COPY
	sqlCopyRows          // in the lines behind COPY ... FROM stdin;
)

// maxShapes bounds how many tables and column lists are told apart.
const maxShapes = 1024

func newSQLReader(options Options) *sqlReader {
	return &sqlReader{options: options, shapes: make(map[string]*sqlShape)}
}

func (r *sqlReader) Format() rules.Format { return rules.SQL }

func (r *sqlReader) RecordStart() int64 {
	if r.inRecord {
		return r.rowStart
	}
	return -1
}

func (r *sqlReader) Read(batch *Batch, body []byte, offset int64, final bool) int {
	i := r.copier.begin(batch, body, offset)
	for i < len(body) {
		next := r.token(i, final)
		if next == i {
			break
		}
		i = next
	}
	return r.copier.end(i, final)
}

// token reads the token at body[i] and returns what is behind it; i when more is needed.
func (r *sqlReader) token(i int, final bool) int {
	body := r.copier.body
	switch {
	case r.inQuote != 0:
		return r.quotedRest(i, i, final)
	case r.inComment != 0:
		return r.comment(i, final)
	case r.state == sqlCopyRows:
		return r.copyField(i, final)
	}
	switch b := body[i]; b {
	case '\'', '"', '`':
		return r.quoted(i, final)
	case '(':
		r.open(i)
	case ')':
		r.close()
	case ',':
		if r.depth == 1 {
			r.item++
			r.first = true
		}
	case ';':
		r.endStatement()
	case '-', '/':
		if i+1 == len(body) && !final {
			return i
		}
		if i+1 < len(body) && (b == '-' && body[i+1] == '-' || b == '/' && body[i+1] == '*') {
			r.inComment = body[i+1]
			// What MySQL dumps keep in /*!40000 ... */ is executed.
			if b == '/' {
				if i+2 == len(body) && !final {
					r.inComment = 0
					return i
				}
				if i+2 < len(body) && body[i+2] == '!' {
					r.inComment = 0
				}
			}
			return i + 2
		}
		if b == '-' {
			return r.word(i, final)
		}
	default:
		if sqlWordBytes[b] {
			return r.word(i, final)
		}
	}
	return i + 1
}

var sqlWordBytes = func() (is [256]bool) {
	for b := range is {
		is[b] = isAlphanumeric(byte(b)) || b == '_' || b == '.' || b == '$' || b == '+' || b >= 0x80
	}
	is['-'] = true
	return is
}()

func (r *sqlReader) comment(i int, final bool) int {
	body := r.copier.body
	if r.inComment == '-' {
		end := next(body, i, '\n')
		if end < len(body) {
			r.inComment = 0
			return end + 1
		}
		return r.commentEnd(i, end, final)
	}
	star := next(body, i, '*')
	switch {
	case star == len(body):
		return r.commentEnd(i, star, final)
	case star+1 == len(body) && !final:
		if star > i {
			return r.commentEnd(i, star, final)
		}
		return i
	case star+1 < len(body) && body[star+1] == '/':
		r.inComment = 0
		return star + 2
	}
	return star + 1
}

// commentEnd takes as much of a comment as ends with a whole character.
func (r *sqlReader) commentEnd(i, end int, final bool) int {
	if final {
		return end
	}
	return max(r.copier.settled(end), i)
}

// word reads a keyword, a name or a number.
func (r *sqlReader) word(i int, final bool) int {
	body := r.copier.body
	end := i + 1
	for end < len(body) && sqlWordBytes[body[end]] {
		end++
	}
	if end-i > cutLength {
		end = max(r.copier.settled(i+cutLength), i+1)
	} else if end == len(body) && !final {
		return i
	}
	if r.depth > 0 {
		r.listItem(i, end, false)
		return end
	}
	r.keyword(body[i:end])
	return end
}

// keyword follows a statement outside of parentheses.
func (r *sqlReader) keyword(word []byte) {
	is := func(s string) bool { return len(word) == len(s) && bytes.EqualFold(word, []byte(s)) }
	switch r.state {
	case sqlOutside:
		switch {
		case is("insert"), is("replace"):
			r.state = sqlInsert
		case is("create"):
			r.state = sqlCreate
		case is("copy"):
			r.begin(sqlCopy)
		}
	case sqlInsert:
		if is("into") {
			r.begin(sqlInto)
		}
	case sqlCreate:
		if is("table") {
			r.begin(sqlTable)
		}
	case sqlInto:
		if is("values") || is("value") {
			r.beginRows(sqlValues)
		} else {
			r.name(word)
		}
	case sqlTable:
		if !is("if") && !is("not") && !is("exists") {
			r.name(word)
		}
	case sqlCopy:
		if is("stdin") {
			r.beginRows(sqlCopyRows)
		} else if !is("from") {
			r.name(word)
		}
	}
}

// begin begins a statement about a table.
func (r *sqlReader) begin(state sqlState) {
	r.state, r.shape = state, nil
	r.table, r.key = r.table[:0], r.key[:0]
}

// name takes a word as the name of the table.
func (r *sqlReader) name(word []byte) {
	if len(r.table) == 0 {
		r.table = append(r.table, word[:min(len(word), headerLength)]...)
		r.key = append(r.key, r.table...)
	}
}

// beginRows ends the head of a statement: its shape is known now.
func (r *sqlReader) beginRows(state sqlState) {
	r.state = state
	r.shape = r.shapeOf(r.key)
	if len(r.shape.columns) == 0 && len(r.key) > len(r.table) {
		for name := range bytes.SplitSeq(r.key[len(r.table)+1:], []byte{0}) {
			r.addColumn(string(name))
		}
	}
}

// shapeOf returns the shape that a key stands for; all past maxShapes share one.
func (r *sqlReader) shapeOf(key []byte) *sqlShape {
	if shape := r.shapes[string(key)]; shape != nil {
		return shape
	}
	if len(r.shapes) >= maxShapes {
		key = nil
		if shape := r.shapes[""]; shape != nil {
			return shape
		}
	}
	shape := &sqlShape{}
	r.shapes[string(key)] = shape
	return shape
}

func (r *sqlReader) addColumn(header string) {
	if n := len(r.shape.columns); n < maxColumns {
		r.shape.columns = append(r.shape.columns, &Column{Container: string(r.table), Header: header, Number: n + 1})
	}
}

func (r *sqlReader) open(i int) {
	r.depth++
	if r.depth > 1 {
		return
	}
	r.item, r.first = 0, true
	switch r.state {
	case sqlTable:
		r.shape = r.shapeOf(r.key)
		r.shape.columns = nil
	case sqlValues:
		r.beginRow(i)
	}
}

func (r *sqlReader) beginRow(i int) {
	r.row++
	r.record++
	r.inRecord, r.rowStart = true, r.copier.bodyAt(i)
	r.item, r.first = 0, true
}

func (r *sqlReader) close() {
	if r.depth > 0 {
		r.depth--
	}
	if r.depth == 0 {
		r.inRecord = false
	}
}

func (r *sqlReader) endStatement() {
	if r.depth > 0 && r.state == sqlValues {
		return // a lone semicolon in a tuple
	}
	r.depth, r.inRecord = 0, false
	if r.state != sqlCopyRows {
		r.state = sqlOutside
	}
}

// listItem takes a word or string inside of parentheses: the name of a column, or a value.
func (r *sqlReader) listItem(start, end int, quoted bool) {
	body := r.copier.body
	switch r.state {
	case sqlInto, sqlCopy:
		if r.first && len(r.key) < MaxToken {
			r.key = append(append(r.key, 0), body[start:min(end, start+headerLength)]...)
		}
	case sqlTable:
		if r.first && r.depth == 1 && (quoted || !isConstraint(body[start:end])) {
			r.addColumn(string(body[start:min(end, start+headerLength)]))
		}
	case sqlValues:
		if string(body[start:end]) != "NULL" {
			r.value(start, end)
		}
	}
	r.first = false
}

// isConstraint reports whether an item of CREATE TABLE that begins with a word is no column.
func isConstraint(word []byte) bool {
	for _, constraint := range [...]string{"primary", "key", "unique", "constraint", "index", "foreign", "check", "fulltext", "spatial"} {
		if len(word) == len(constraint) && bytes.EqualFold(word, []byte(constraint)) {
			return true
		}
	}
	return false
}

func (r *sqlReader) value(start, end int) {
	if start >= end {
		return
	}
	cell := Cell{Start: r.copier.at(start), Column: r.columnAt(r.item), Row: r.row, Record: r.record, RecordBody: r.rowStart}
	if r.inQuote != 0 {
		foldDoubled(&r.copier, start, end, r.inQuote)
	}
	cell.End = r.copier.at(end)
	if r.options.Places {
		cell.Where = fmt.Sprintf("%s row %d, column %d", r.table, r.row, cell.Column.Number)
		if cell.Column.Header != "" {
			cell.Where += " (" + cell.Column.Header + ")"
		}
	}
	r.copier.batch.Cells = append(r.copier.batch.Cells, cell)
}

// columnAt returns the column of a 0-based item.
func (r *sqlReader) columnAt(item int) *Column {
	item = min(item, maxColumns-1)
	for len(r.shape.columns) <= item {
		r.addColumn("")
	}
	return r.shape.columns[item]
}

// quoted reads the string or quoted name whose quote is body[i].
func (r *sqlReader) quoted(i int, final bool) int {
	r.inQuote = r.copier.body[i]
	next := r.quotedRest(i, i+1, final)
	if next == i {
		r.inQuote = 0
	}
	return next
}

// quotedRest reads a string, or a piece of it, whose content goes on at body[start].
func (r *sqlReader) quotedRest(i, start int, final bool) int {
	body := r.copier.body
	end, ok := sqlStringEnd(body, start, r.inQuote, final)
	if !ok && !final && len(body)-i <= cutLength {
		return i
	}
	if end > i+cutLength {
		cut := cutBefore(&r.copier, start, i+cutLength, r.inQuote)
		if r.depth > 0 {
			r.listItem(start, cut, true)
		}
		return cut
	}
	switch {
	case r.depth > 0:
		r.listItem(start, end, true)
	case r.state == sqlInto || r.state == sqlTable || r.state == sqlCopy:
		r.name(body[start:end])
	}
	r.inQuote = 0
	return min(end+1, len(body))
}

// sqlStringEnd returns the index of the quote that ends a string. A doubled quote is part of the string, and so is one
// behind a backslash, as MySQL writes it, unless the list goes on behind it.
func sqlStringEnd(body []byte, start int, quote byte, final bool) (end int, ok bool) {
	for i := start; ; {
		i = next(body, i, quote)
		if i == len(body) {
			return i, false
		}
		if i+1 == len(body) {
			if final {
				return i, true
			}
			return len(body), false
		}
		behind := body[i+1]
		if behind == quote {
			i += 2
			continue
		}
		if odd := slashesBefore(body, start, i)&1 == 1; odd && behind != ',' && behind != ')' && behind != ';' {
			i++
			continue
		}
		return i, true
	}
}

// slashesBefore counts the backslashes right before body[i].
func slashesBefore(body []byte, start, i int) int {
	n := 0
	for i-n > start && body[i-n-1] == '\\' {
		n++
	}
	return n
}

// copyField reads a field of a row in the text format of PostgreSQL's COPY.
func (r *sqlReader) copyField(i int, final bool) int {
	body := r.copier.body
	if !r.inRecord {
		if b := body[i]; b == ';' || b == '\r' || b == '\n' {
			return i + 1
		}
		if body[i] == '\\' {
			if i+1 == len(body) && !final {
				return i
			}
			if i+1 < len(body) && body[i+1] == '.' {
				r.state = sqlOutside
				return i + 2
			}
		}
	}
	end := plainFieldEnd(body, i, '\t')
	if end-i > cutLength {
		end = max(r.copier.settled(i+cutLength), i+1)
	} else if end == len(body) && !final {
		return i
	}
	if !r.inRecord {
		r.beginRow(i)
	}
	if string(body[i:end]) != `\N` {
		r.value(i, end)
	}
	if end == len(body) {
		return end
	}
	switch body[end] {
	case '\t':
		r.item++
		return end + 1
	case '\n', '\r':
		r.inRecord = false
		return end + 1
	}
	return end
}
