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
		return r.cdata(i, final)
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
	end := next(body, i, '<')
	if end-i > cutLength {
		end = max(r.copier.settled(i+cutLength), i+1)
	} else if end == len(body) && !final {
		return i
	}
	r.text(i, end)
	return end
}

const cdataStart = "<![CDATA["

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

// cdata reads a CDATA section up to its end.
func (r *xmlReader) cdata(i int, final bool) int {
	body := r.copier.body
	end := bytes.Index(body[i:], []byte("]]>"))
	if end == 0 {
		r.state = xmlContent
		return i + len("]]>")
	}
	if end < 0 {
		end = len(body) - i
		if !final {
			if end <= cutLength {
				return i
			}
		}
	}
	if end > cutLength {
		end = max(r.copier.settled(i+cutLength)-i, 1)
	}
	r.text(i, i+end)
	return i + end
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
	r.push(i, name)
	r.attributes(i, tag)
	if empty {
		r.pop(len(r.frames)-1, end)
	}
}

// push opens an element. It begins a record when it is a child of the root or stands beside others of its name.
func (r *xmlReader) push(i int, name []byte) {
	depth := len(r.frames)
	above := &r.frames[depth-1]
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
	if depth == 2 || node.repeats && depth > 1 {
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
		if name := tag[nameStart:equals]; start < end && !bytes.HasPrefix(tag[nameStart-1:], []byte(":")) || isData(name) {
			r.cell(i+start, i+end, r.columns.child(frame.node, name[:min(len(name), headerLength)]))
		}
	}
}

// isData reports whether an attribute with a prefix holds a value of a spreadsheet or the target of a link.
func isData(name []byte) bool {
	return string(name) == "href" || string(name) == "HRef" || string(name) == "string-value"
}

// attribute returns the small number that an attribute of a tag holds, or 0.
func attribute(tag []byte, name string) int {
	at := bytes.Index(tag, []byte(name+`="`))
	if at < 0 {
		return 0
	}
	n := 0
	for _, b := range tag[at+len(name)+2:] {
		if b-'0' > 9 || n > maxColumns {
			break
		}
		n = n*10 + int(b-'0')
	}
	return n
}

// text emits the text of an element as a cell.
func (r *xmlReader) text(start, end int) {
	body := r.copier.body
	for start < end && isSpace(body[start]) {
		start++
	}
	for end > start && isSpace(body[end-1]) {
		end--
	}
	if start == end || len(r.frames) == 1 {
		return
	}
	if r.grid.inCell() {
		r.gridText(start, end)
		return
	}
	r.cell(start, end, r.frames[len(r.frames)-1].node)
}

func (r *xmlReader) gridText(start, end int) {
	from, to := r.copier.at(start), r.copier.at(end)
	if r.grid.plainHeading() {
		r.copier.flush(end)
		r.grid.name(r.copier.batch.Text[from:to])
	}
	r.grid.cell(r.copier.batch.addCell(), from, to)
}

func (r *xmlReader) cell(start, end int, node *keyNode) {
	frame := &r.frames[len(r.frames)-1]
	from, to := r.copier.at(start), r.copier.at(end)
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
