package extract

import (
	"bytes"
	"strconv"
)

// maxPartColumns is how many element names of one part get a column of their own.
const maxPartColumns = 256

// line adds a value that stands alone, on a line of its own.
func (r *reading) line(text []byte, column *Column) {
	r.changed = false
	if len(bytes.TrimSpace(text)) == 0 {
		return
	}
	r.breakLine()
	start := len(r.batch.Text)
	r.batch.Text = append(r.batch.Text, text...)
	r.closeCell(start, column, 0, 0)
	r.batch.Text = append(r.batch.Text, '\n')
	r.flushFull()
}

// partText reads the text of an XML part whose vocabulary does not matter: runs of a paragraph are joined, every other element
// is a value of its own under its element's name, and attributes that hold what people wrote are values too.
type partText struct {
	r         *reading
	x         *xmlScanner
	container string
	columns   map[string]*Column
	element   []byte // name of the last start tag
	header    string // of the pivot field that is being read
	start     int    // where the open value starts in the batch, or -1
	rooted    bool   // the root element was seen
	foreign   bool   // the root is in nobody's namespace that we know: every attribute counts
	record    int64  // of the pivot record that is being read
	spans     []span // where the open value stands in the part, when it is rewritten
	sheets    int    // names of sheets that were replaced
}

// A span is a stretch of a part.
type span struct{ from, to int64 }

// newPartText starts on a part that the scanner was reset to.
func newPartText(r *reading, x *xmlScanner, name string) *partText {
	r.breakLine()
	return &partText{r: r, x: x, container: name, columns: make(map[string]*Column), start: -1}
}

// take takes the token that the scanner stands at.
func (p *partText) take(kind xmlKind) {
	switch kind {
	case xmlOpen:
		if !runElement(p.x.name) {
			p.end()
		}
		p.element = append(p.element[:0], p.x.name...)
		p.open()
	case xmlText, xmlLiteral:
		p.add()
	case xmlClose:
		if !runElement(p.x.name) {
			p.end()
		}
		switch string(p.x.name) {
		case "cacheField":
			p.header = ""
		case "r":
			p.record = 0
		}
	case xmlEnd:
		p.end()
	}
}

// runElement reports whether an element of the usual vocabularies only dresses the text it stands in.
func runElement(name []byte) bool {
	switch string(name) {
	case "r", "t", "rPr", "b", "i", "u", "sz", "color", "rFont", "family", "scheme", "charset", "vertAlign", "strike", // SpreadsheetML
		"latin", "ea", "cs", "solidFill", "srgbClr", "schemeClr", // DrawingML
		"span", "a", "s", "font", "em", "strong", // OpenDocument, VML
		"proofErr", "lang", "rStyle", "rFonts", "szCs", "noProof", "bCs": // WordprocessingML
		return true
	}
	return false
}

// known reports whether a root element's attributes declare one of the office vocabularies.
func known(attrs []byte) bool {
	for _, namespace := range []string{"openxmlformats.org", "schemas.microsoft.com", "schemas-microsoft-com", "purl.oclc.org", "urn:oasis"} {
		if bytes.Contains(attrs, []byte(namespace)) {
			return true
		}
	}
	return false
}

// open reads the attributes of a start tag.
func (p *partText) open() {
	if !p.rooted {
		p.rooted, p.foreign = true, !known(p.x.attrs)
	}
	if len(p.x.attrs) == 0 {
		if string(p.element) == "r" {
			p.record = p.r.nextRecord()
		}
		return
	}
	external := string(p.element) == "Relationship" && string(p.x.attr("TargetMode")) == "External"
	attributes := xmlAttributes{rest: p.x.attrs}
	for attributes.next() {
		address := bytes.IndexByte(attributes.value, '@') >= 0 // of somebody, wherever it stands
		if len(attributes.value) == 0 || !p.foreign && !address && !textAttribute(attributes.name) {
			continue
		}
		switch string(attributes.name) {
		case "Target":
			if !external {
				continue
			}
		case "val":
			if !address && !p.chosenValue() {
				continue
			}
		case "n":
			if !p.foreign && !address && string(p.element) != "item" && string(p.element) != "i" { // of pivot tables and slicers
				continue
			}
		case "name":
			if !p.foreign && !address && !namedElement(p.element) {
				continue
			}
			if string(p.element) == "cacheField" {
				p.header = string(appendUnescaped(nil, attributes.value[:min(len(attributes.value), maxHeader)]))
			}
		}
		if p.start >= 0 {
			p.end()
		}
		p.begin()
		p.r.batch.Text = appendUnescaped(p.r.batch.Text, attributes.value)
		if p.x.copy != nil {
			from := p.x.at(p.x.attrsAt + len(p.x.attrs) - len(attributes.rest) - len(`"`) - len(attributes.value))
			p.spans = append(p.spans, span{from, from + int64(len(attributes.value))})
		}
		p.endAs(string(attributes.name))
	}
}

// chosenValue reports whether the attribute val of the element holds a cell's value: most hold settings.
func (p *partText) chosenValue() bool {
	switch string(p.element) {
	case "filter", "customFilter", "inputCells":
		return true
	}
	return false
}

// textAttribute reports whether an attribute of the office vocabularies holds what people wrote.
func textAttribute(name []byte) bool {
	switch string(name) {
	case "v", "val", "n", "name", "text", "user", "totalsRowLabel", "displayName", "userId", "userName", "author", "Target", "title", "descr", "tooltip", "display", "location",
		"caption", "alt", "href", "string", "prompt", "promptTitle", "error", "errorTitle", "connection", "command", "comment",
		"description", "help", "statusBar", "sourceFile", "url", "string-value", "value", "date-value":
		return true
	}
	return false
}

// namedElement reports whether people name an element: most are named by programs.
func namedElement(element []byte) bool {
	switch string(element) {
	case "cacheField", "tableColumn", "cNvPr", "docPr", "definedName", "sheet", "property", "dataField", "pivotField", "scenario", "userInfo", // Office Open XML
		"table", "named-range", "named-expression", "database-range", "user-defined", "frame", "data-pilot-table": // OpenDocument
		return true
	}
	return false
}

// begin starts a value.
func (p *partText) begin() {
	p.r.breakLine()
	p.start = len(p.r.batch.Text)
}

// add adds a piece of text.
func (p *partText) add() {
	if p.start < 0 {
		if len(bytes.TrimSpace(p.x.text)) == 0 {
			return
		}
		p.begin()
	}
	p.r.batch.Text = appendText(p.r.batch.Text, p.x)
	if p.x.copy != nil {
		if len(p.spans) == 0 {
			p.x.hold(p.x.start)
		}
		p.spans = append(p.spans, span{p.x.at(p.x.start), p.x.at(p.x.pos)})
	}
	if len(p.r.batch.Text)-p.start > splitSheetRow {
		p.end()
	}
}

// end ends the open value, if there is one.
func (p *partText) end() { p.endAs("") }

// endAs ends the value of an attribute, or with "" that of text.
func (p *partText) endAs(attribute string) {
	if p.start < 0 {
		return
	}
	p.r.closeCell(p.start, p.column(), 0, p.record)
	if p.x.copy != nil {
		p.replace(attribute)
	}
	p.r.batch.Text = append(p.r.batch.Text, '\n')
	p.start = -1
	if p.record == 0 {
		p.r.flushFull()
	}
}

// replace puts what the value was rewritten to in the place of its first piece, and nothing in those of the others.
func (p *partText) replace(attribute string) {
	if p.r.changed {
		with := appendEscaped(nil, p.allowed(attribute, p.r.replacement))
		for _, s := range p.spans {
			p.x.copy.replace(p.x.buf, s.from, s.to, with)
			with = nil
		}
	}
	p.spans = p.spans[:0]
	p.x.letGo()
}

// allowed turns a replacement into what an attribute may hold, so that the file still opens: a link stays a link, a sheet
// keeps a name of its own, a defined name stays a word.
func (p *partText) allowed(attribute string, text []byte) []byte {
	element := string(p.element)
	switch {
	case attribute == "Target" || attribute == "href":
		var out []byte
		for _, c := range text {
			if c <= ' ' || c >= 0x7F || bytes.IndexByte([]byte(`[]<>{}|"^%\`), c) >= 0 {
				c = '_'
			}
			out = append(out, c)
		}
		return out
	case attribute == "name" && (element == "sheet" || element == "table"):
		p.sheets++
		return strconv.AppendInt([]byte("redacted"), int64(p.sheets), 10)
	case attribute == "name" && element == "definedName":
		p.sheets++
		return strconv.AppendInt([]byte("_redacted."), int64(p.sheets), 10)
	}
	return text
}

// column is the column of the open value.
func (p *partText) column() *Column {
	header := p.header
	if header == "" && !runElement(p.element) {
		header = string(p.element[:min(len(p.element), maxHeader)])
	}
	column := p.columns[header]
	if column == nil {
		if len(p.columns) >= maxPartColumns {
			header = ""
		}
		column = &Column{Container: p.container, Header: header}
		p.columns[header] = column
	}
	return column
}
