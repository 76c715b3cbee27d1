package extract

import "bytes"

// The tags of a table as all programs write them.
const (
	odsCellOpening = "<table:table-cell"
	odsCellClosing = "</table:table-cell>"
	odsTextOpening = "<text:p>"
	odsTextClosing = "</text:p>" + odsCellClosing
	odsNextRow     = "</table:table-row><table:table-row"
)

// plainColumns is how many columns are remembered with the start tag of their last cell.
const plainColumns = 64

// An odsTag is the start tag of a cell and of the paragraph in it, around the value that an attribute holds: cells of one
// column differ by that value only.
type odsTag struct {
	before, after []byte // after is nil where no attribute holds a value; before where the column is not remembered
	kind          string
}

// set remembers a tag. Those with several values are not.
func (t *odsTag) set(tag []byte, kind string, valued bool) {
	const value = `value="`
	t.before, t.after, t.kind = append(t.before[:0], tag...), t.after[:0], kind
	if !valued {
		return
	}
	i := bytes.Index(tag, []byte(value)) + len(value)
	stop := bytes.IndexByte(tag[i:], '"')
	if bytes.Count(tag, []byte(value)) != 1 || stop < 0 {
		t.before = t.before[:0]
		return
	}
	t.before, t.after = t.before[:i], append(t.after, tag[i+stop:]...)
}

// match reports whether b starts with the tag, and returns its length and the value in it.
func (t *odsTag) match(b []byte) (value []byte, length int, ok bool) {
	if len(t.before) == 0 || !bytes.HasPrefix(b, t.before) {
		return nil, 0, false
	}
	if len(t.after) == 0 {
		return nil, len(t.before), true
	}
	rest := b[len(t.before):]
	stop := bytes.IndexByte(rest[:min(len(rest), maxHeader)], '"')
	if stop < 0 || !bytes.HasPrefix(rest[stop:], t.after) || bytes.IndexByte(rest[:stop], '&') >= 0 || bytes.IndexByte(rest[:stop], '<') >= 0 {
		return nil, 0, false
	}
	return rest[:stop], len(t.before) + stop + len(t.after), true
}

// plainCells reads cells and rows in the way that nearly all programs write them, straight from the window. It stops before the
// first that looks different: one with more than a line of text, a note, a formula.
func (o *odsReader) plainCells() {
	x := &o.x
	if x.empty || o.sheet == nil || o.cellOpen || o.out != nil {
		return
	}
	for !o.full {
		if x.end-x.pos < plainCell && !x.ended {
			x.fill()
		}
		b := x.buf[x.pos:x.end]
		n := o.likeLast(b)
		if n == 0 {
			n = o.plainCell(b)
		}
		if n == 0 {
			if n = o.plainRow(b); n == 0 {
				return
			}
		}
		x.pos += n
	}
}

// likeLast reads a cell whose start tag is that of the last cell in its column, and returns its length, or 0.
func (o *odsReader) likeLast(b []byte) int {
	if o.column >= plainColumns {
		return 0
	}
	tag := &o.plainTags[o.column]
	value, from, ok := tag.match(b)
	if !ok {
		return 0
	}
	length, whole := plainParagraph(b[from:])
	if whole == 0 {
		return 0
	}
	o.around.end()
	text := b[from : from+length]
	if len(value) == 0 && length > 0 && (tag.kind == "" || tag.kind == "string") {
		o.column++
		o.sheet.putText(text, o.column)
		return from + whole
	}
	o.kind, o.repeat, o.notes = tag.kind, 1, o.notes[:0]
	o.value, o.text = append(o.value[:0], value...), append(o.text[:0], text...)
	o.closeCellNow()
	return from + whole
}

// plainParagraph measures the text at the start of b, behind which paragraph and cell end, and all of that together. It
// returns zeros for a text with tags or references in it.
func plainParagraph(b []byte) (text, whole int) {
	text, special := plainRun(b)
	if text < 0 || len(b)-text < len(odsTextClosing) || string(b[text:text+len(odsTextClosing)]) != odsTextClosing {
		return 0, 0
	}
	if special && bytes.IndexByte(b[:text], '&') >= 0 {
		return 0, 0
	}
	return text, text + len(odsTextClosing)
}

// plainCell reads any cell with at most one line of text, and returns its length, or 0.
func (o *odsReader) plainCell(b []byte) int {
	if len(b) <= len(odsCellOpening) || string(b[:len(odsCellOpening)]) != odsCellOpening || !isSpace(b[len(odsCellOpening)]) {
		return 0
	}
	stop := plainTagEnd(b[len(odsCellOpening):])
	if stop < 0 {
		return 0
	}
	tag := len(odsCellOpening) + stop + 1
	o.x.attrs = b[len(odsCellOpening) : tag-1]
	if b[tag-2] == '/' {
		o.x.attrs = b[len(odsCellOpening) : tag-2]
		o.openCell()
		if len(o.notes) > 0 {
			o.cellOpen = false
			return 0
		}
		o.around.end()
		o.closeCellNow()
		return tag
	}
	if len(b)-tag < len(odsTextOpening) || string(b[tag:tag+len(odsTextOpening)]) != odsTextOpening {
		return 0
	}
	tag += len(odsTextOpening)
	length, whole := plainParagraph(b[tag:])
	if whole == 0 {
		return 0
	}
	o.openCell()
	if len(o.notes) > 0 {
		o.cellOpen = false
		return 0
	}
	o.around.end()
	if o.column < plainColumns && o.repeat == 1 {
		o.plainTags[o.column].set(b[:tag], o.kind, len(o.value) > 0)
	}
	o.text = append(o.text, b[tag:tag+length]...)
	o.closeCellNow()
	return tag + whole
}

// plainRow reads the end of a row and the start of the next one, and returns their length, or 0.
func (o *odsReader) plainRow(b []byte) int {
	if len(b) <= len(odsNextRow) || string(b[:len(odsNextRow)]) != odsNextRow || b[len(odsNextRow)] != '>' && !isSpace(b[len(odsNextRow)]) {
		return 0
	}
	stop := plainTagEnd(b[len(odsNextRow):])
	if stop < 0 || b[len(odsNextRow)+stop-1] == '/' || !o.x.inside("table-row") {
		return 0
	}
	o.around.end()
	o.closeRow()
	o.x.attrs = b[len(odsNextRow) : len(odsNextRow)+stop]
	o.openRow()
	return len(odsNextRow) + stop + 1
}
