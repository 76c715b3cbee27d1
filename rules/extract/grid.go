package extract

import (
	"bytes"
	"fmt"
	"strings"
)

// A grid follows the tables, definition lists and list items of a page, and says what the text in them is.
type grid struct {
	places  bool
	plain   bool        // tables have no headings: their first row may name the columns
	tables  []gridTable // open tables, the innermost last
	count   int         // tables begun
	records int64
	columns int                // columns made
	terms   map[string]*Column // columns that are named beside their values
	spare   []Column           // for the next of them: they are made a few at a time
	texts   strings.Builder    // their names

	list       listState
	listRecord int64
	listStart  int64
	term       *Column // of the definitions that follow
	filled     bool    // the definition has its first words
	item       Column  // of all list items
	buffer     []byte  // a name that is being read
}

// A gridTable is an open table.
type gridTable struct {
	number   int
	cell     cellKind
	row      int // 1-based
	column   int // 1-based
	columns  []*Column
	names    []string // of the columns, from a row of headers
	named    bool     // names are complete
	decided  bool     // it is known whether the first row names the columns
	headings int      // th in this row
	values   int      // td in this row
	aside    *Column  // the name that this row begins with
	later    []string // what a second row of headings says of the columns
	span     int      // how many columns the cell that was begun last takes; 0 is one
	taken    []int    // by column: how many rows are taken by a cell that began in this one or above
	record   int64
	whole    int64 // the record of a table whose rows are the fields of one thing
	start    int64 // body offset of the row
	first    int64 // body offset of the table
}

type cellKind uint8

const (
	noCell cellKind = iota
	headingCell
	valueCell
)

type listState uint8

const (
	noList listState = iota
	inItem
	inTerm
	inDefinition
)

const (
	maxSpan   = 64  // columns of one cell, and columns that cells from above may take: what lies behind is read as if none did
	maxTables = 16  // tables within tables
	maxTerms  = 128 // names beside their values that are told apart: with the longest names they take less than a window
)

// Kinds of tags that matter to a grid.
type tagKind uint8

const (
	otherTag tagKind = iota
	tableTag
	rowTag
	headingTag
	valueTag
	itemTag
	termTag
	definitionTag
	listTag
	definitionListTag
)

// gridTag tells the kind of the tag that text begins with.
func gridTag(text []byte) (kind tagKind, closing bool) {
	start := 1
	if len(text) > 1 && text[1] == '/' {
		start, closing = 2, true
	}
	if len(text) < start+3 {
		return otherTag, closing
	}
	a, b, c := text[start]|0x20, text[start+1]|0x20, text[start+2]
	if a == 't' && b == 'a' && len(text) > start+5 && c|0x20 == 'b' && text[start+3]|0x20 == 'l' && text[start+4]|0x20 == 'e' && !isAlphanumeric(text[start+5]) {
		return tableTag, closing
	}
	if isAlphanumeric(c) {
		return otherTag, closing
	}
	switch a {
	case 't':
		switch b {
		case 'r':
			kind = rowTag
		case 'h':
			kind = headingTag
		case 'd':
			kind = valueTag
		}
	case 'd':
		switch b {
		case 't':
			kind = termTag
		case 'd':
			kind = definitionTag
		case 'l':
			kind = definitionListTag
		}
	case 'l':
		if b == 'i' {
			kind = itemTag
		}
	case 'u', 'o':
		if b == 'l' {
			kind = listTag
		}
	}
	return kind, closing
}

// tag follows a tag that stands at a body offset.
func (g *grid) tag(kind tagKind, closing bool, offset int64) {
	switch kind {
	case tableTag:
		g.table(closing, offset)
	case rowTag, headingTag, valueTag:
		if len(g.tables) > 0 {
			g.cellTag(&g.tables[len(g.tables)-1], kind, closing, offset)
		}
	default:
		g.listTag(kind, closing, offset)
	}
}

func (g *grid) table(closing bool, offset int64) {
	if closing {
		if n := len(g.tables); n > 0 {
			g.endRow(&g.tables[n-1])
			g.tables = g.tables[:n-1]
		}
		return
	}
	if len(g.tables) == maxTables {
		return
	}
	g.count++
	g.tables = append(g.tables, gridTable{number: g.count, first: offset})
}

func (g *grid) cellTag(t *gridTable, kind tagKind, closing bool, offset int64) {
	g.endCell(t)
	switch {
	case kind == rowTag:
		g.endRow(t)
		if closing {
			return
		}
		t.row++
		t.start = offset
		g.records++
		t.record = g.records
		t.nextRow()
	case closing:
	default:
		if t.row == 0 {
			// A cell without a row.
			t.row, t.start = 1, offset
			g.records++
			t.record = g.records
		}
		t.nextColumn()
		g.buffer = g.buffer[:0]
		if kind == headingTag {
			t.cell = headingCell
			t.headings++
		} else {
			t.cell = valueCell
			t.values++
		}
	}
}

// endCell ends the cell that is open, if one is.
func (g *grid) endCell(t *gridTable) {
	switch t.cell {
	case headingCell:
		g.endHeading(t)
	case valueCell:
		if t.headings == 0 {
			g.endPlainCell(t)
		}
	}
	t.cell = noCell
}

// endHeading keeps the name that was read.
func (g *grid) endHeading(t *gridTable) {
	if t.named {
		t.endLater(g.buffer)
		return
	}
	if t.column == 1 && len(bytes.Trim(g.buffer, "0123456789.# ")) > 0 { // a number counts rows and names no value
		t.aside = g.named(g.buffer)
	}
	for len(t.names) < t.column && t.column <= maxColumns {
		t.names = append(t.names, "")
	}
	if t.column <= len(t.names) {
		t.names[t.column-1] = string(g.buffer)
	}
}

// plainHeading reports whether the cell's text may be the name of its column although nothing says so.
func (g *grid) plainHeading() bool {
	n := len(g.tables)
	return n > 0 && !g.tables[n-1].named && !g.tables[n-1].decided
}

// endPlainCell keeps the text of a cell that may turn out to be a name.
func (g *grid) endPlainCell(t *gridTable) {
	if t.decided || t.named || t.column > maxColumns {
		return
	}
	for len(t.names) < t.column {
		t.names = append(t.names, "")
	}
	if t.column > 0 {
		t.names[t.column-1] = string(g.buffer)
	}
}

// decidePlain decides at the end of a row without headings whether it names the columns.
func (g *grid) decidePlain(t *gridTable) {
	if t.decided || t.named || t.values == 0 {
		return
	}
	var row sampleRow
	for _, name := range t.names {
		if name != "" {
			row = append(row, []byte(name))
		}
	}
	if len(row) < 2 {
		// A title above the table.
		t.names = t.names[:0]
		return
	}
	t.decided = true
	if namesColumns(row) && holdsHeaderWord(row) {
		t.named = true
		t.columns = t.columns[:0]
	} else {
		t.names = t.names[:0]
	}
}

// skipCells moves to the column with a 1-based number; 0 stays.
func (g *grid) skipCells(column int) {
	if n := len(g.tables); n > 0 && column > 0 && g.tables[n-1].cell != noCell {
		g.tables[n-1].column = min(column, maxColumns)
	}
}

// repeatCell stands for so many empty cells as one; 0 is one.
func (g *grid) repeatCell(count int) {
	if n := len(g.tables); n > 0 && count > 1 {
		g.tables[n-1].column = min(g.tables[n-1].column+count-1, maxColumns)
	}
}

// endRow decides what the headings of a row were: the names of the columns, or that of the row.
func (g *grid) endRow(t *gridTable) {
	g.endCell(t)
	if t.headings == 0 {
		g.decidePlain(t)
	}
	if !t.named && t.headings > 0 {
		t.decided = true
		t.named = t.values == 0 && t.headings > 1 || t.headings > t.values && t.headings > 1
		if !t.named {
			t.names = t.names[:0]
		} else {
			t.columns = t.columns[:0]
		}
	}
	if t.values == 0 && t.headings > 1 {
		for i, name := range t.later {
			if name != "" {
				t.names[i] = name
			}
		}
	}
	t.later = t.later[:0]
	t.cell, t.column, t.headings, t.values, t.aside, t.span = noCell, 0, 0, 0, nil, 0
}

// listTag follows lists.
func (g *grid) listTag(kind tagKind, closing bool, offset int64) {
	if len(g.tables) > 0 && g.tables[len(g.tables)-1].cell != noCell {
		return
	}
	if g.list == inTerm && len(g.buffer) > 0 {
		g.term = g.named(g.buffer)
	}
	g.buffer = g.buffer[:0]
	g.list = noList
	switch kind {
	case definitionListTag:
		g.beginList(offset)
	case itemTag:
		if !closing {
			g.beginList(offset)
			g.list = inItem
		}
	case termTag:
		if !closing {
			g.list = inTerm
		}
	case definitionTag:
		if !closing {
			g.list, g.filled = inDefinition, false
		}
	}
}

func (g *grid) beginList(offset int64) {
	g.records++
	g.listRecord, g.listStart, g.term = g.records, offset, nil
}

// inCell reports whether text belongs to a cell of a table or names a definition.
func (g *grid) inCell() bool {
	if n := len(g.tables); n > 0 && g.tables[n-1].cell != noCell {
		return true
	}
	return g.list == inTerm
}

// wantsFirst reports whether the next words, whatever they are, become a cell: the first ones of a definition.
func (g *grid) wantsFirst() bool { return g.list == inDefinition && !g.filled }

// wants reports whether text in a list becomes a cell; looksLikeValue is what that says of it.
func (g *grid) wants(text []byte, looksLikeValue bool) bool {
	if !g.wantsFirst() {
		return looksLikeValue
	}
	g.filled = len(bytes.TrimSpace(text)) > 0
	return g.filled
}

// recordStart is Reader.RecordStart.
func (g *grid) recordStart() int64 {
	if n := len(g.tables); n > 0 && g.tables[n-1].column > 0 { // a row is open, between its cells too
		return g.tables[n-1].start
	}
	if g.list != noList {
		return g.listStart
	}
	return -1
}

// inName reports whether text names the values below or behind it.
func (g *grid) inName() bool {
	if n := len(g.tables); n > 0 && g.tables[n-1].cell != noCell {
		return g.tables[n-1].cell == headingCell
	}
	return g.list == inTerm
}

// name takes text as part of a name, as far as that is no longer than names are.
func (g *grid) name(text []byte) {
	if len(g.buffer) >= headerLength {
		return
	}
	if len(g.buffer) > 0 {
		g.buffer = append(g.buffer, ' ')
	}
	g.buffer = append(g.buffer, text[:min(len(text), headerLength-len(g.buffer))]...)
}

// cell describes the cell that Text[start:end] stands in.
func (g *grid) cell(cell *Cell, start, end int) {
	n := len(g.tables)
	if n == 0 || g.tables[n-1].cell == noCell {
		column := &g.item
		if g.list == inDefinition && g.term != nil {
			column = g.term
		}
		*cell = Cell{Start: start, End: end, Column: column, Record: g.listRecord, RecordBody: g.listStart}
		return
	}
	t := &g.tables[n-1]
	*cell = Cell{Start: start, End: end, Column: t.aside, Row: t.row, Record: t.record, RecordBody: t.start}
	if t.aside != nil && !t.named {
		// Rows of a name and a value are the fields of one thing.
		if t.whole == 0 {
			t.whole = t.record
		}
		cell.Record = t.whole
	} else {
		cell.Column = g.column(t)
	}
	if n > 1 {
		cell.Parent = g.tables[n-2].record
	}
	if g.places {
		cell.Where = fmt.Sprintf("table %d, row %d, column %d", t.number, t.row, t.column)
		if cell.Column.Header != "" {
			cell.Where += " (" + cell.Column.Header + ")"
		}
	}
}

// column returns the column of the cell that is read. Columns past maxColumns are shared.
func (g *grid) column(t *gridTable) *Column {
	for len(t.columns) < t.column && g.columns < maxColumns {
		g.columns++
		column := &Column{Number: len(t.columns) + 1}
		if len(t.columns) < len(t.names) && t.named {
			column.Header = t.names[len(t.columns)]
		}
		t.columns = append(t.columns, column)
	}
	if t.column <= len(t.columns) {
		return t.columns[t.column-1]
	}
	return &g.item
}

// named returns the column of a name that stands beside its values.
func (g *grid) named(name []byte) *Column {
	if column := g.terms[string(name)]; column != nil {
		return column
	}
	if len(g.terms) == maxTerms {
		return nil
	}
	if g.terms == nil {
		g.terms = make(map[string]*Column)
	}
	if len(g.spare) == cap(g.spare) {
		g.spare = make([]Column, 0, min(max(cap(g.spare)*2, leastSpare), mostSpare))
	}
	g.spare = append(g.spare, Column{Header: g.keep(name)})
	column := &g.spare[len(g.spare)-1]
	g.terms[column.Header] = column
	return column
}

// Columns that are named beside their values are made so many at a time: the first page needs few of them, and most pages none.
const (
	leastSpare = 2
	mostSpare  = 16
)

// keep returns a name as a string. Several share one array.
func (g *grid) keep(name []byte) string {
	if g.texts.Cap()-g.texts.Len() < len(name) {
		size := min(max(g.texts.Cap()*2, len(name)), mostSpare*headerLength)
		g.texts = strings.Builder{}
		g.texts.Grow(size)
	}
	start := g.texts.Len()
	g.texts.Write(name)
	return g.texts.String()[start:]
}
