package extract

import (
	"bufio"
	"bytes"
	"io"

	"stanch/rules"
)

// readTextParts reads the XML parts of a text document or presentation, Office Open XML and OpenDocument alike: body, headers,
// footers, notes, comments, masters, properties, custom XML and relations. All other parts are left to the caller.
func readTextParts(p parts, options Options, emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
	d := &textParts{reading: &reading{options: options, emit: emit}, parts: p}
	d.read()
	status, reason := d.result()
	return rules.Unrecognized, status, reason
}

// textParts reads the parts of one document.
type textParts struct {
	*reading
	parts   parts
	scanner xmlScanner
	aside   []byte  // attributes that people wrote, held back to the end of the paragraph they stand in
	asides  []piece // where each of them stands in aside
	pieces  []piece // where the text of the open paragraph or cell stands in the batch

	out   *packageRewriter // takes the parts over when the document is redacted; else nil
	edits []partEdit       // what changes in the paragraph or cell that is being read
}

// read reads the parts in their order.
func (d *textParts) read() {
	for _, name := range d.parts.Names() {
		d.readPart(name)
	}
}

// readPart reads one part: as running text with tables when its root element says that it is some, else value by value.
func (d *textParts) readPart(name string) {
	body, err := d.parts.Open(name)
	if err != nil {
		d.fail(reasonOf(err))
		return
	}
	defer body.Close()
	part := bufio.NewReader(body)
	if head, _ := part.Peek(xmlHead); !looksXML(bytes.NewReader(head)) {
		return
	}
	if d.out != nil {
		d.scanner.copy = d.out.begin(name)
	}
	d.scanner.reset(part)
	kind := d.scanner.next()
	for kind != xmlOpen && kind != xmlEnd {
		kind = d.scanner.next()
	}
	if kind == xmlOpen && isTextRoot(d.scanner.name) {
		d.readBody(name)
	} else {
		values := newPartText(d.reading, &d.scanner, name)
		for values.take(kind); kind != xmlEnd; values.take(kind) {
			kind = d.scanner.next()
		}
	}
	if d.scanner.reason != rules.NoReason {
		d.fail(d.scanner.reason)
	}
	if d.out != nil {
		if err := d.out.end(&d.scanner); err != nil {
			d.fail(rules.Internal)
		}
	}
	// What stands behind the root element, or could not be read, is still paid for and checked.
	if _, err := io.Copy(io.Discard, part); err != nil {
		d.fail(reasonOf(err))
	}
}

// isTextRoot reports whether a root element holds paragraphs: WordprocessingML, PresentationML and OpenDocument.
func isTextRoot(name []byte) bool {
	switch string(name) {
	case "document", "hdr", "ftr", "footnotes", "endnotes", "comments", "glossaryDocument",
		"sld", "notes", "sldMaster", "sldLayout", "notesMaster", "handoutMaster",
		"document-content", "document-styles":
		return true
	}
	return false
}

// A textBody is the state of reading one part with paragraphs.
type textBody struct {
	*textParts
	name   string
	tables int    // how many tables were met
	depth  int    // tables within tables
	table  *sheet // the outermost open table
	row    int
	column int
	start  int // where the open cell starts, or -1
	line   int // where the open paragraph starts, or -1
	prose  *Column
}

func (d *textParts) readBody(name string) {
	b := &textBody{textParts: d, name: name, start: -1, line: -1, prose: &Column{Container: name, Running: true}}
	for {
		switch d.scanner.next() {
		case xmlOpen:
			b.open(string(d.scanner.name))
		case xmlClose:
			b.close(string(d.scanner.name))
		case xmlText:
			b.text(d.scanner.text, true)
		case xmlLiteral:
			b.text(d.scanner.text, false)
		case xmlEnd:
			b.endTable()
			b.endParagraph()
			return
		}
	}
}

func (b *textBody) open(name string) {
	switch name {
	case "tbl", "table":
		b.depth++
		if b.depth == 1 {
			b.endParagraph()
			b.tables++
			b.table = newSheet(b.reading, b.name)
			b.row = 0
		}
	case "tr", "table-row":
		if b.depth == 1 {
			b.endLine()
			b.row++
			b.column = 0
			b.table.beginRow(b.row)
		}
	case "tc", "table-cell", "covered-table-cell":
		if b.depth == 1 && b.start < 0 {
			b.endLine()
			b.column++
			b.start = b.table.open()
		}
	case "tab":
		b.layout('\t')
	case "br", "cr", "line-break", "s":
		b.layout(' ')
	case "noBreakHyphen":
		b.layout('-')
	}
	b.attributes()
}

// attributes keeps those attributes that people write: links, alternative texts, authors, names of fields and their values.
func (b *textBody) attributes() {
	attributes := xmlAttributes{rest: b.scanner.attrs}
	for attributes.next() {
		switch string(attributes.name) {
		case "href", "descr", "title", "author", "alt", "tooltip", "instr", "initials", "userId", "string-value", "current-value", "tag", "alias":
			if len(attributes.value) > 0 {
				b.addAside(attributes)
			}
		}
	}
}

func (b *textBody) close(name string) {
	switch name {
	case "tbl", "table":
		if b.depth--; b.depth == 0 {
			b.endTable()
		}
		b.depth = max(b.depth, 0)
	case "tc", "table-cell", "covered-table-cell":
		if b.depth == 1 {
			b.endCell()
		}
	case "p", "h", "creator", "date", "instrText":
		if b.start >= 0 {
			b.running([]byte{' '})
		} else {
			b.endParagraph()
		}
	}
}

// layout adds what an element without text stands for.
func (b *textBody) layout(c byte) {
	b.beginLine()
	b.batch.Text = append(b.batch.Text, c)
}

// beginLine starts a paragraph, unless a cell or a paragraph is open.
func (b *textBody) beginLine() {
	if b.start < 0 && b.line < 0 {
		b.line = len(b.batch.Text)
	}
}

// text adds character data. White space alone only lays out the XML.
func (b *textBody) text(text []byte, escaped bool) {
	if len(bytes.TrimLeft(text, " \t\r\n")) == 0 && bytes.IndexByte(text, '\n') >= 0 {
		return
	}
	b.beginLine()
	start := len(b.batch.Text)
	if escaped {
		b.batch.Text = appendUnescaped(b.batch.Text, text)
	} else {
		b.running(text)
	}
	b.addPiece(start)
}

// endCell ends the open cell. What stands aside of it belongs to its record.
func (b *textBody) endCell() {
	if b.start < 0 {
		return
	}
	text := bytes.TrimRight(b.batch.Text[b.start:], " \t\r\n")
	for i, c := range text {
		if c == '\n' {
			text[i] = ' '
		}
	}
	start := b.start
	b.start = -1
	b.batch.Text = b.batch.Text[:start+len(text)]
	b.table.close(start, b.column, true)
	b.rewriteText(start, text)
	for i := range b.asides {
		start := b.table.open()
		b.running(b.asideText(i))
		b.closeCell(start, b.table.formulaColumn(), b.row, b.table.recordNow)
		b.rewriteAside(i)
	}
	b.settle()
}

func (b *textBody) endTable() {
	if b.table == nil {
		return
	}
	b.endCell()
	b.endLine()
	b.table.finish()
	b.table, b.depth = nil, 0
	b.endParagraph()
}

// endLine makes the open paragraph a cell of running text.
func (b *textBody) endLine() {
	if b.line < 0 {
		return
	}
	start := b.line
	b.line = -1
	text := b.batch.Text[start:]
	if len(bytes.TrimSpace(text)) > 0 {
		b.closeCell(start, b.prose, 0, 0)
		b.rewriteText(start, text)
	}
	b.pieces = b.pieces[:0]
}

// endParagraph ends a line, adds what was held back, and emits when there is enough.
func (b *textBody) endParagraph() {
	if b.table != nil {
		return
	}
	b.endLine()
	b.breakLine()
	for i := range b.asides {
		start := len(b.batch.Text)
		b.running(b.asideText(i))
		b.closeCell(start, b.prose, 0, 0)
		b.rewriteAside(i)
		b.batch.Text = append(b.batch.Text, '\n')
	}
	b.settle()
	b.flushFull()
}
