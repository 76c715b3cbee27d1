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

// plainColumns is how many columns are remembered with the start tag of their last text.
const plainColumns = 64

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
		n := o.plainText(b)
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

// plainText reads a text whose start tag is that of the last text in its column, and returns its length, or 0.
func (o *odsReader) plainText(b []byte) int {
	column := o.column
	if column >= plainColumns {
		return 0
	}
	tag := o.plainTags[column]
	if len(tag) == 0 || !bytes.HasPrefix(b, tag) {
		return 0
	}
	length, whole := plainParagraph(b[len(tag):])
	if whole == 0 || length == 0 {
		return 0
	}
	o.around.end()
	o.column++
	start := o.sheet.open()
	o.batch.Text = append(o.batch.Text, b[len(tag):len(tag)+length]...)
	o.sheet.close(start, o.column, true)
	return len(tag) + whole
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
	if o.column < plainColumns && o.repeat == 1 && len(o.value) == 0 && (o.kind == "string" || o.kind == "") {
		o.plainTags[o.column] = append(o.plainTags[o.column][:0], b[:tag]...)
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
	if stop < 0 || b[len(odsNextRow)+stop-1] == '/' {
		return 0
	}
	o.closeRow()
	o.x.attrs = b[len(odsNextRow) : len(odsNextRow)+stop]
	o.openRow()
	return len(odsNextRow) + stop + 1
}
