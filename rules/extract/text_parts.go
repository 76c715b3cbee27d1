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
	for _, name := range p.Names() {
		d.readPart(name)
	}
	status, reason := d.result()
	return rules.Unrecognized, status, reason
}

// textParts reads the parts of one document.
type textParts struct {
	*reading
	parts   parts
	scanner xmlScanner
	aside   []byte // attributes that people wrote, held back to the end of the paragraph they stand in
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
}

func (d *textParts) readBody(name string) {
	b := &textBody{textParts: d, name: name, start: -1}
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
			b.row++
			b.column = 0
			b.table.beginRow(b.row)
		}
	case "tc", "table-cell", "covered-table-cell":
		if b.depth == 1 && b.start < 0 {
			b.column++
			b.start = b.table.open()
		}
	case "tab":
		b.running([]byte{'\t'})
	case "br", "cr", "line-break", "s":
		b.running([]byte{' '})
	case "noBreakHyphen":
		b.running([]byte{'-'})
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
				b.aside = append(appendUnescaped(b.aside, attributes.value), '\n')
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

// text adds character data. White space alone only lays out the XML.
func (b *textBody) text(text []byte, escaped bool) {
	if len(bytes.TrimLeft(text, " \t\r\n")) == 0 && bytes.IndexByte(text, '\n') >= 0 {
		return
	}
	if escaped {
		b.batch.Text = appendUnescaped(b.batch.Text, text)
		return
	}
	b.running(text)
}

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
	b.batch.Text = b.batch.Text[:b.start+len(text)]
	b.table.close(b.start, b.column, true)
	b.start = -1
}

func (b *textBody) endTable() {
	if b.table == nil {
		return
	}
	b.endCell()
	b.table.finish()
	b.table, b.depth = nil, 0
	b.endParagraph()
}

// endParagraph ends a line, adds what was held back, and emits when there is enough.
func (b *textBody) endParagraph() {
	if b.table != nil {
		return
	}
	b.breakLine()
	b.running(b.aside)
	b.aside = b.aside[:0]
	b.flushFull()
}
