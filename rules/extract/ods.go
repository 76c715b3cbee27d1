package extract

import (
	"bufio"
	"bytes"
	"io"

	"stanch/rules"
)

// maxRepeat is how often a repeated cell is written out. Repeats of the same value tell nothing new.
const maxRepeat = 64

// An odsReader reads a spreadsheet in OpenDocument form: its tables as cells, everything else as text.
type odsReader struct {
	*reading
	x      xmlScanner
	sheet  *sheet // nil outside tables
	tables int
	around *partText
	row    int // number of the open row
	column int // number of the last cell in its row

	repeatRow int
	rowTag    []byte // the attributes that said so
	cellOpen  bool
	repeat    int
	kind      string               // the cell's office:value-type
	value     []byte               // the cell's typed value
	text      []byte               // the cell's text as shown
	paragraph bool                 // inside text:p of the cell
	notes     []byte               // the cell's annotation
	plainTags [plainColumns]odsTag // of the last cell of a column that was plainly written
	noteDepth int                  // depth of the annotation; 0 outside

	out  *packageRewriter // takes the parts over when the spreadsheet is redacted; else nil
	edit odsEdit
}

// readODS reads all XML parts of a spreadsheet.
func readODS(p parts, options Options, emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
	o := &odsReader{reading: &reading{options: options, emit: emit}}
	o.read(p)
	status, reason := o.result()
	return rules.ODS, status, reason
}

// read reads the parts in their order.
func (o *odsReader) read(p parts) {
	for _, name := range p.Names() {
		body, err := p.Open(name)
		if err != nil {
			o.fail(reasonOf(err))
			continue
		}
		head := bufio.NewReaderSize(body, sniffLength)
		if start, _ := head.Peek(8); bytes.IndexByte(start, '<') >= 0 {
			o.readPart(head, name)
		}
		body.Close()
	}
}

// readFODS reads a spreadsheet that is one XML file.
func readFODS(file io.ReaderAt, size int64, options Options, emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
	o := &odsReader{reading: &reading{options: options, emit: emit}}
	o.readPart(io.NewSectionReader(file, 0, size), "")
	status, reason := o.result()
	return rules.FODS, status, reason
}

// readPart reads one part.
func (o *odsReader) readPart(body io.Reader, name string) {
	if o.out != nil {
		o.x.copy = o.out.begin(name)
	}
	o.x.reset(body)
	o.around = newPartText(o.reading, &o.x, name)
	for {
		kind := o.x.next()
		if !o.take(kind) {
			o.around.take(kind)
		}
		if kind == xmlEnd || o.full {
			break
		}
		o.plainCells()
	}
	o.closeTable()
	if o.x.reason != rules.NoReason {
		o.fail(o.x.reason)
	}
	if o.out != nil {
		if err := o.out.end(&o.x); err != nil {
			o.fail(rules.Internal)
		}
	}
}

// take takes a token of a table and reports whether it was one.
func (o *odsReader) take(kind xmlKind) bool {
	if o.cellOpen {
		o.inCell(kind)
		return true
	}
	if kind != xmlOpen && kind != xmlClose {
		return false
	}
	switch string(o.x.name) {
	case "table":
		o.around.end()
		o.closeTable()
		if kind == xmlOpen {
			o.tables++
			o.sheet = newSheet(o.reading, string(appendUnescaped(nil, o.x.attr("name"))))
			o.row = 0
		}
		return true
	case "table-row":
		if o.sheet == nil {
			return false
		}
		o.around.end()
		if kind == xmlOpen {
			o.openRow()
		} else {
			o.closeRow()
		}
		return true
	case "table-cell", "covered-table-cell":
		if o.sheet == nil || kind != xmlOpen {
			return false
		}
		o.around.end()
		o.openCell()
		return true
	}
	if o.sheet != nil && o.sheet.recordNow != 0 {
		o.sheet.endRow()
	}
	return false
}

// openRow starts the row whose start tag the scanner stands at.
func (o *odsReader) openRow() {
	o.row++
	o.column = 0
	if len(o.x.attrs) == 0 || !bytes.Equal(o.x.attrs, o.rowTag) {
		o.repeatRow = count(o.x.attr("number-rows-repeated"))
		o.rowTag = append(o.rowTag[:0], o.x.attrs...)
	}
	o.sheet.beginRow(o.row)
}

// closeRow ends the open row.
func (o *odsReader) closeRow() {
	o.sheet.endRow()
	o.row += o.repeatRow - 1
}

// closeTable ends the open table, if there is one.
func (o *odsReader) closeTable() {
	if o.sheet != nil {
		o.sheet.finish()
		o.sheet = nil
	}
	o.cellOpen = false
}

// maxPosition bounds row and column numbers: no program has more rows.
const maxPosition = 1 << 24

// count reads how often something is repeated, at least once.
func count(digits []byte) int { return min(max(1, smallNumber(digits)), maxPosition) }

// openCell starts a cell.
func (o *odsReader) openCell() {
	o.cellOpen, o.paragraph, o.noteDepth = true, false, 0
	o.value, o.text, o.notes = o.value[:0], o.text[:0], o.notes[:0]
	o.kind, o.repeat = "", 1
	if o.out != nil {
		o.edit.begin(&o.x)
	}
	attributes := xmlAttributes{rest: o.x.attrs}
	for attributes.next() {
		switch string(attributes.name) {
		case "number-columns-repeated":
			o.repeat = count(attributes.value)
		case "value-type":
			if kind := odsKind(attributes.value); kind != "" { // LibreOffice repeats the attribute in a namespace of its own
				o.kind = kind
			}
		case "value", "date-value", "boolean-value", "string-value":
			o.value = appendUnescaped(o.value[:0], attributes.value)
		case "formula":
			if bytes.Contains(attributes.value, []byte("&quot;")) || bytes.IndexByte(attributes.value, '"') >= 0 {
				o.notes = appendUnescaped(o.notes, attributes.value)
			}
		}
	}
}

// odsKind is the kind of a cell's value, "" for none that is known.
func odsKind(name []byte) string {
	switch string(name) {
	case "string":
		return "string"
	case "float":
		return "float"
	case "date":
		return "date"
	case "percentage":
		return "percentage"
	case "currency":
		return "currency"
	case "time":
		return "time"
	case "boolean":
		return "boolean"
	}
	return ""
}

// inCell takes a token inside a cell. The cell ends with its own end tag, or with the part.
func (o *odsReader) inCell(kind xmlKind) {
	switch kind {
	case xmlEnd:
		o.closeCellNow()
	case xmlText, xmlLiteral:
		switch {
		case o.noteDepth > 0:
			o.notes = appendText(o.notes, &o.x)
		case o.paragraph || kind == xmlLiteral:
			o.text = appendText(o.text, &o.x)
		case len(bytes.TrimSpace(o.x.text)) > 0:
			o.text = appendText(o.text, &o.x)
		}
	case xmlOpen:
		o.openInside()
	case xmlClose:
		switch string(o.x.name) {
		case "p":
			o.paragraph = false
		case "annotation":
			o.noteDepth = 0
			if o.out != nil {
				o.edit.noteTo = o.x.at(o.x.pos)
			}
		case "table-cell", "covered-table-cell":
			o.closeCellNow()
		}
	}
}

// openInside takes a start tag inside a cell.
func (o *odsReader) openInside() {
	into := &o.text
	if o.noteDepth > 0 {
		into = &o.notes
	}
	switch string(o.x.name) {
	case "annotation":
		o.noteDepth = o.x.depth
		if o.out != nil {
			o.edit.noteFrom = o.x.at(o.x.start)
		}
		if len(o.notes) > 0 {
			o.notes = append(o.notes, '\n')
		}
	case "p", "line-break", "creator", "date":
		if len(*into) > 0 {
			*into = append(*into, '\n')
		}
		o.paragraph = string(o.x.name) == "p" && o.noteDepth == 0 || o.paragraph
	case "s":
		for range min(count(o.x.attr("c")), maxRepeat) {
			*into = append(*into, ' ')
		}
	case "tab":
		*into = append(*into, ' ')
	case "a":
		if link := o.x.attr("href"); len(link) > 0 {
			if len(o.notes) > 0 {
				o.notes = append(o.notes, '\n')
			}
			o.notes = appendUnescaped(o.notes, link)
		}
	}
}

// closeCellNow adds the cell that was read.
func (o *odsReader) closeCellNow() {
	o.cellOpen = false
	o.column++
	value, text := o.shown()
	if len(value) > 0 {
		for i := range min(o.repeat, maxRepeat) {
			start := o.sheet.open()
			o.batch.Text = append(o.batch.Text, value...)
			o.sheet.close(start, o.column+i, text)
			if o.changed {
				o.edit.text, o.edit.changed = append(o.edit.text[:0], o.replacement...), true
			}
		}
	}
	if len(o.notes) > 0 {
		start := o.sheet.open()
		o.batch.Text = append(o.batch.Text, o.notes...)
		o.closeCell(start, o.sheet.formulaColumn(), o.row, o.sheet.recordNow)
		if o.changed {
			o.edit.notes = true
		}
	}
	if o.out != nil {
		o.edit.end(&o.x, value)
	}
	o.column += o.repeat - 1
}

// shown is the cell's value: a number with all digits unless its format only sets them apart, a date as it is stored.
func (o *odsReader) shown() (value []byte, text bool) {
	switch o.kind {
	case "float", "percentage", "currency":
		if len(o.value) > 0 && !sameDigits(o.text, o.value) {
			var plain numberStyle
			o.text = plain.appendRaw(o.text[:0], o.value, -1)
		}
		return o.text, false
	case "date":
		if len(o.value) > 0 {
			if i := bytes.IndexByte(o.value, 'T'); i >= 0 {
				o.value[i] = ' '
			}
			return bytes.TrimSuffix(o.value, []byte(" 00:00:00")), false
		}
		return o.text, false
	case "time", "boolean":
		return o.text, false
	}
	if len(o.text) == 0 {
		return o.value, true
	}
	return o.text, true
}

// sameDigits reports whether text shows all digits of a whole number, perhaps with zeros in front and signs between.
func sameDigits(text, value []byte) bool {
	if !plainInteger(value) {
		return false
	}
	j := 0
	for _, c := range text {
		if c < '0' || c > '9' || j == 0 && c == '0' && value[0] != '0' {
			if c == '.' || c == ',' {
				return false
			}
			continue
		}
		if j == len(value) || c != value[j] {
			return false
		}
		j++
	}
	return j == len(value)
}
