package extract

import (
	"bytes"
	"strconv"

	"stanch/rules"
)

// An xmlReader reads XML. Text holds the document as it is; the text of elements and the values of attributes are cells,
// named by the element or attribute. An element that stands beside others of its name is a record, and so is each child of
// the root. No DTD is read and no entity of its own expanded. Rows of spreadsheets kept as XML (SpreadsheetML 2003, flat ODF)
// are read as tables.
type xmlReader struct {
	copier
	options Options
	columns keyColumns
	frames  []xmlFrame
	deeper  int // open elements past maxDepth
	records int64
	grid    grid
	state   xmlState
}

// An xmlFrame is an open element.
type xmlFrame struct {
	node   *keyNode
	field  *keyNode // the column that an attribute names, as that of <field name="email"> does; nil for none
	last   *keyNode // of the child element before
	record int64
	parent int64
	row    int
	start  int64 // of a frame that began a record: the body offset of the record, or of what is left of it behind another one inside it
	owner  int   // index of the frame that began the record
	opened bool  // another record began inside the one that this frame began
	count  int   // child elements of the same name as last, in a row
}

type xmlState uint8

const (
	xmlContent xmlState = iota
	xmlCDATA
	xmlSkipped // in a comment, a processing instruction or a DTD that was too long to be read at once
)

func newXMLReader(options Options) *xmlReader {
	r := &xmlReader{options: options, grid: grid{places: options.Places, plain: true}}
	r.frames = append(make([]xmlFrame, 0, 16), xmlFrame{node: &r.columns.root})
	return r
}

func (r *xmlReader) Format() rules.Format { return rules.XML }

func (r *xmlReader) RecordStart() int64 {
	if start := r.grid.recordStart(); start >= 0 {
		return start
	}
	frame := &r.frames[len(r.frames)-1]
	owner := &r.frames[frame.owner]
	if frame.record == 0 || owner.opened {
		return -1
	}
	return owner.start
}

func (r *xmlReader) Read(batch *Batch, body []byte, offset int64, final bool) int {
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

// token reads text or one piece of markup at body[i] and returns what is behind it; i when more is needed.
func (r *xmlReader) token(i int, final bool) int {
	body := r.copier.body
	switch {
	case r.state == xmlCDATA:
		return r.content(i, final)
	case r.state == xmlSkipped:
		end := next(body, i, '>')
		if end < len(body) {
			r.state = xmlContent
			return end + 1
		}
		if final {
			return end
		}
		return max(r.copier.settled(end), i)
	case body[i] == '<':
		return r.markup(i, final)
	}
	return r.content(i, final)
}

// What a CDATA section begins and ends with.
const (
	cdataStart = "<![CDATA["
	cdataEnd   = "]]>"
)

// markup reads a tag, comment, instruction or the start of a CDATA section.
func (r *xmlReader) markup(i int, final bool) int {
	body := r.copier.body
	rest := body[i:min(i+cutLength, len(body))]
	enough := len(rest) == cutLength || final
	if len(rest) < len(cdataStart) && !final {
		return i
	}
	if bytes.HasPrefix(rest, []byte(cdataStart)) {
		r.state = xmlCDATA
		return i + len(cdataStart)
	}
	end, ok := tagEnd(rest)
	if !ok {
		if !enough {
			return i
		}
		r.state = xmlSkipped
		return i + 1
	}
	switch rest[1] {
	case '!', '?':
	case '/':
		r.close(rest, i+end)
	default:
		r.open(i, i+end)
	}
	return i + end
}

// maxSections is how often CDATA sections may begin or end within one value.
const maxSections = 64

// content reads the text of an element from body[i] on, over the beginnings and ends of CDATA sections in it: it is one value to whoever reads it.
// Text longer than cutLength is read in pieces.
func (r *xmlReader) content(i int, final bool) int {
	var skips [maxSections][2]int
	at, state, joins := i, r.state, 0
	for {
		end, mark, found := r.contentEnd(at, state)
		if !found && final {
			end = len(r.copier.body)
		}
		switch {
		case end-i > cutLength && joins > 0:
			// What is long stands in the last piece: it is read anew, in pieces.
			r.state = state
			r.text(i, skips[joins-1][0], skips[:joins-1])
			return skips[joins-1][1]
		case end-i > cutLength:
			end = max(r.copier.settled(i+cutLength), i+1)
			r.text(i, end, nil)
			return end
		case !found && !final:
			return i
		case mark > 0 && end == i: // a mark with nothing before it
			r.state = state.other()
			return end + mark
		case mark == 0, joins == maxSections:
			r.state = state
			r.text(i, end, skips[:joins])
			return end
		}
		if joins > 0 && skips[joins-1][1] == end { // nothing between two marks
			skips[joins-1][1] = end + mark
		} else {
			skips[joins] = [2]int{end, end + mark}
			joins++
		}
		at, state = end+mark, state.other()
	}
}

// other is what a mark of a CDATA section leads to.
func (s xmlState) other() xmlState {
	if s == xmlCDATA {
		return xmlContent
	}
	return xmlCDATA
}

// contentEnd returns where the text at body[at:] ends, and the length of the mark behind it where it may go on behind that; or that more is needed.
func (r *xmlReader) contentEnd(at int, state xmlState) (end, mark int, found bool) {
	body := r.copier.body
	if state == xmlCDATA {
		if n := bytes.Index(body[at:], []byte(cdataEnd)); n >= 0 {
			return at + n, len(cdataEnd), true
		}
		return max(len(body)-len(cdataEnd)+1, at), 0, false
	}
	end = next(body, at, '<')
	rest := body[end:]
	switch {
	case bytes.HasPrefix(rest, []byte(cdataStart)):
		return end, len(cdataStart), true
	case len(rest) < len(cdataStart) && string(rest) == cdataStart[:len(rest)]:
		return end, 0, false
	}
	return end, 0, true
}

// localTagName returns the name of the tag that text begins with, without its prefix.
func localTagName(text []byte) []byte {
	start := 1
	if len(text) > 1 && text[1] == '/' {
		start = 2
	}
	end := start
	for end < len(text) && !isSpace(text[end]) && text[end] != '>' && text[end] != '/' {
		if text[end] == ':' {
			start = end + 1
		}
		end++
	}
	return text[start:end]
}

// sheetTag tells whether an element is part of a table of a spreadsheet.
func sheetTag(name []byte) tagKind {
	switch string(name) {
	case "Table", "table":
		return tableTag
	case "Row", "table-row":
		return rowTag
	case "Cell", "table-cell":
		return valueTag
	}
	return otherTag
}

// open begins the element whose tag is body[i:end].
func (r *xmlReader) open(i, end int) {
	tag := r.copier.body[i:end]
	name := localTagName(tag)
	empty := len(tag) > 2 && tag[len(tag)-2] == '/'
	if kind := sheetTag(name); kind != otherTag {
		r.grid.tag(kind, false, r.copier.bodyAt(i))
		r.grid.skipCells(attribute(tag, "Index"))
		if empty {
			r.grid.tag(kind, true, r.copier.bodyAt(i))
			r.grid.repeatCell(attribute(tag, "number-columns-repeated"))
		}
	}
	if len(r.frames) > maxDepth {
		if !empty {
			r.deeper++
		}
		return
	}
	r.push(i, name, fieldName(name, tag))
	r.attributes(i, tag)
	if empty {
		r.pop(len(r.frames)-1, end)
	}
}

// fieldName returns what an attribute calls the value of an element that is one for any value, as exports of databases and search
// engines have them: <field name="email">. It is nil for others.
func fieldName(element, tag []byte) []byte {
	switch string(element) {
	case "field", "column", "col", "cell", "property", "str":
	default:
		return nil
	}
	for _, name := range [...]string{" name=", " key="} {
		_, value, found := bytes.Cut(tag, []byte(name))
		if !found || len(value) == 0 || value[0] != '"' && value[0] != '\'' {
			continue
		}
		field := value[1 : 1+next(value[1:], 0, value[0])]
		return field[:min(len(field), headerLength)]
	}
	return nil
}

// push opens an element, which has the name of a field or none. It begins a record when it is a child of the root or stands beside others of
// its name and is no field.
func (r *xmlReader) push(i int, name, field []byte) {
	depth := len(r.frames)
	above := &r.frames[depth-1]
	if depth == 2 {
		field = nil
	}
	node := r.columns.child(above.node, name[:min(len(name), headerLength)])
	if above.last == node && !node.repeats {
		node.repeats = true
	}
	if above.last != node {
		above.count = 0
	}
	above.last = node
	above.count++
	frame := xmlFrame{node: node, record: above.record, parent: above.parent, row: above.row, owner: above.owner}
	if len(field) > 0 {
		frame.field = r.columns.child(node, field)
	} else if depth == 2 || node.repeats && depth > 1 {
		r.records++
		r.frames[above.owner].opened = true
		frame.record, frame.parent, frame.row = r.records, above.record, above.count
		frame.start, frame.owner = r.copier.bodyAt(i), depth
	}
	node.next = 0
	r.frames = append(r.frames, frame)
}

// close ends the element that a closing tag names, and what is open in it. The tag ends before body[behind].
func (r *xmlReader) close(tag []byte, behind int) {
	name := localTagName(tag)
	if kind := sheetTag(name); kind != otherTag {
		r.grid.tag(kind, true, 0)
	}
	if r.deeper > 0 {
		r.deeper--
		return
	}
	for depth := len(r.frames) - 1; depth > 0; depth-- {
		if string(name[:min(len(name), headerLength)]) == r.frames[depth].node.column.Header || r.frames[depth].node.column.Header == "" {
			r.pop(depth, behind)
			return
		}
	}
}

// pop ends the elements from depth on at body[behind]. When one of them was a record, the one around goes on behind it: what stands
// there is held back like its beginning was.
func (r *xmlReader) pop(depth, behind int) {
	for last := len(r.frames) - 1; last >= depth; last-- {
		if r.frames[last].owner == last {
			owner := &r.frames[r.frames[last-1].owner]
			owner.opened, owner.start = false, r.copier.bodyAt(behind)
		}
	}
	r.frames = r.frames[:depth]
}

// attributes emits the values of a tag's attributes as cells.
func (r *xmlReader) attributes(i int, tag []byte) {
	frame := &r.frames[len(r.frames)-1]
	for at := 1; ; {
		equals := bytes.IndexByte(tag[at:], '=')
		if equals < 0 || at+equals+2 >= len(tag) {
			return
		}
		equals += at
		quote := tag[equals+1]
		if quote != '"' && quote != '\'' {
			at = equals + 1
			continue
		}
		start := equals + 2
		end := next(tag, start, quote)
		if end == len(tag) {
			return
		}
		nameStart := equals
		for nameStart > 1 && !isSpace(tag[nameStart-1]) && tag[nameStart-1] != ':' {
			nameStart--
		}
		at = end + 1
		name := tag[nameStart:equals]
		if frame.field != nil && (string(name) == "name" || string(name) == "key") {
			continue
		}
		if start < end && !bytes.HasPrefix(tag[nameStart-1:], []byte(":")) || isData(name) {
			r.cell(i+start, i+end, nil, r.columns.child(frame.node, name[:min(len(name), headerLength)]))
		}
	}
}

// isData reports whether an attribute with a prefix holds a value of a spreadsheet or the target of a link.
func isData(name []byte) bool {
	return string(name) == "href" || string(name) == "HRef" || string(name) == "string-value"
}

// attribute returns the small number that an attribute of a tag holds, or 0.
func attribute(tag []byte, name string) int {
	_, value, found := bytes.Cut(tag, []byte(name+"="))
	if !found {
		return 0
	}
	if len(value) > 0 && (value[0] == '"' || value[0] == '\'') {
		value = value[1:]
	}
	n := 0
	for _, b := range value {
		if b-'0' > 9 || n > maxColumns {
			break
		}
		n = n*10 + int(b-'0')
	}
	return n
}

// text emits the text of an element, without the skipped parts, as a cell.
func (r *xmlReader) text(start, end int, skips [][2]int) {
	body := r.copier.body
	for start < end {
		if len(skips) > 0 && start == skips[0][0] {
			start, skips = skips[0][1], skips[1:]
		} else if isSpace(body[start]) {
			start++
		} else {
			break
		}
	}
	for end > start {
		if n := len(skips); n > 0 && end == skips[n-1][1] {
			end, skips = skips[n-1][0], skips[:n-1]
		} else if isSpace(body[end-1]) {
			end--
		} else {
			break
		}
	}
	if start >= end || len(r.frames) == 1 {
		return
	}
	if r.grid.inCell() {
		r.gridText(start, end, skips)
		return
	}
	frame := &r.frames[len(r.frames)-1]
	if frame.field != nil {
		r.cell(start, end, skips, frame.field)
	} else {
		r.cell(start, end, skips, frame.node)
	}
}

// span returns where body[start:end] without the skipped parts stands, or will stand, in the text.
func (r *xmlReader) span(start, end int, skips [][2]int) (from, to int) {
	from = r.copier.at(start)
	for _, skip := range skips {
		r.copier.skip(skip[0], skip[1])
	}
	return from, r.copier.at(end)
}

func (r *xmlReader) gridText(start, end int, skips [][2]int) {
	from, to := r.span(start, end, skips)
	if r.grid.plainHeading() {
		r.copier.flush(end)
		r.grid.name(r.copier.batch.Text[from:to])
	}
	r.grid.cell(r.copier.batch.addCell(), from, to)
}

func (r *xmlReader) cell(start, end int, skips [][2]int, node *keyNode) {
	frame := &r.frames[len(r.frames)-1]
	from, to := r.span(start, end, skips)
	cell := r.copier.batch.addCell()
	*cell = Cell{Start: from, End: to, Column: &node.column, Row: frame.row, Record: frame.record, Parent: frame.parent, RecordBody: r.frames[frame.owner].start}
	if r.options.Places {
		cell.Where = r.where(node)
	}
}

// where returns the path of a value: "/people/person[3]/email".
func (r *xmlReader) where(node *keyNode) string {
	var path []byte
	for i := range r.frames[1:] {
		frame := &r.frames[i+1]
		path = append(append(path, '/'), frame.node.column.Header...)
		if frame.owner == i+1 && frame.row > 0 {
			path = append(strconv.AppendInt(append(path, '['), int64(frame.row), 10), ']')
		}
		if i+2 == len(r.frames) && frame.node != node {
			path = append(append(path, "/@"...), node.column.Header...)
		}
	}
	return string(path)
}
