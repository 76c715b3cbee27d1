package extract

import (
	"strconv"

	"stanch/rules"
	"stanch/rules/extract/bitmap"
)

// maxDepth is how deeply objects and arrays are told apart; what lies deeper is read as if it lay there.
const maxDepth = 512

// A jsonFrame is an open object or array.
type jsonFrame struct {
	node     *keyNode // the column of what holds this object or array
	key      *keyNode // the column of the member that is read
	object   bool
	inKey    bool // the next string is a key
	numbered bool // the key that is read has no column of its own, and is numbered
	index    int  // of the element that is read
	rows     bool // an array whose elements are arrays' values: a row of a table

	row    int // Cell.Row of the values in an object
	owner  int // index of the frame that began the record
	record int64
	parent int64
	start  int64  // of a frame that began a record: the body offset of the record, or of what is left of it behind another one inside it
	opened bool   // another record began inside the one that this frame began
	begin  int64  // body offset of the object or array
	first  string // the first key of the object that was the value of a member before
}

// A jsonReader reads JSON, JSON lines, events whose data is JSON, and what calls itself so. It never gives up on malformed input: all of it is text.
// Text holds the body with its punctuation, cells are the values between.
type jsonReader struct {
	copier
	options  Options
	format   rules.Format
	formatAt int64 // FormatAt
	columns  keyColumns
	frames   []jsonFrame
	deeper   int // open brackets past maxDepth
	records  int64
	tops     int // top-level objects and arrays so far

	blank     bool // nothing but space since the last line end
	last      byte // the last structural byte, for telling a quote from an apostrophe
	digit     int  // index behind the character that was the element of an array before, in one Read; -1 for none
	slash     int  // index of the next backslash, in one Read
	inString  byte // the quote of a string that was too long to be read at once; 0 for none
	inComment byte // '/' or '*'
}

func newJSONReader(format rules.Format, options Options) *jsonReader {
	r := &jsonReader{format: format, options: options, copier: copier{json: true, table: jsonTable}, digit: -1}
	r.frames = append(make([]jsonFrame, 0, 8), jsonFrame{node: &r.columns.root})
	return r
}

func (r *jsonReader) Format() rules.Format { return r.format }

// FormatAt is the body offset of what shows that the format is another than that of the first value; 0 while nothing does.
func (r *jsonReader) FormatAt() int64 { return r.formatAt }

func (r *jsonReader) RecordStart() int64 {
	frame := &r.frames[len(r.frames)-1]
	owner := &r.frames[frame.owner]
	if frame.record == 0 || owner.opened {
		return -1
	}
	return owner.start
}

func (r *jsonReader) Read(batch *Batch, body []byte, offset int64, final bool) int {
	i := r.copier.begin(batch, body, offset)
	r.copier.blocks = append(r.copier.blocks, bitmap.Block{}, bitmap.Block{}) // see ahead
	r.slash = -1
	for i < len(body) {
		if i = r.quick(i); i == len(body) {
			break
		}
		next := r.token(i, final)
		if next == i {
			break
		}
		i = next
	}
	return r.end(i, final)
}

// token reads the token at body[i] and returns what is behind it; i when more is needed.
func (r *jsonReader) token(i int, final bool) int {
	body := r.copier.body
	if r.inString != 0 {
		return r.stringRest(i, i, final)
	}
	if r.inComment != 0 {
		if next := r.comment(i, final); next > i || r.inComment != 0 {
			return next
		}
	}
	class := jsonClasses[body[i]]
	if class != jsonNewline && class != jsonSpace {
		r.blank = false
	}
	switch b := body[i]; class {
	case jsonSpace:
		for i++; i < len(body) && body[i] == ' '; i++ {
		}
		return i
	case jsonNewline:
		if r.format == rules.NDJSON || r.format == rules.EventStream && r.blank {
			r.closeAll()
		}
		r.blank = true
		return i + 1
	case jsonQuote:
		if len(r.frames) == 1 || b == '\'' && r.last == 0 {
			return i + 1
		}
		return r.string(i, final)
	case jsonNumber:
		return r.number(i, final)
	case jsonWord:
		return r.word(i, final)
	case jsonSlash:
		return r.slashes(i, final)
	case jsonOpen:
		r.open(i, b == '{')
	case jsonClose:
		r.close(i)
	case jsonComma:
		r.comma()
	case jsonColon:
		r.frames[len(r.frames)-1].inKey = false
		r.last = ':'
	}
	return i + 1
}

// string reads the string whose quote is body[i].
func (r *jsonReader) string(i int, final bool) int {
	r.inString = r.copier.body[i]
	next := r.stringRest(i, i+1, final)
	if next == i {
		r.inString = 0
	}
	return next
}

// stringRest reads a string, or a piece of it, whose content goes on at body[start].
func (r *jsonReader) stringRest(i, start int, final bool) int {
	body := r.copier.body
	end := r.stringEnd(start)
	if r.format != rules.JSON {
		// A line ends whatever is open in it.
		if line := next(body[:end], start, '\n'); line < end {
			end, r.slash = line, -1
		}
	}
	if end > i+cutLength {
		cut := cutBefore(&r.copier, start, i+cutLength, r.inString)
		r.value(start, cut, false)
		r.slash = -1 // it is behind the cut by now
		return cut
	}
	if end == len(body) && !final {
		return i
	}
	closed := end < len(body) && body[end] == r.inString
	r.inString = 0
	frame := &r.frames[len(r.frames)-1]
	if frame.object && frame.inKey {
		r.key(start, end)
	} else {
		r.value(start, end, false)
	}
	r.last = 0
	if closed {
		end++
	}
	return end
}

// stringEnd returns the index of the quote that ends the string, of a line end that no string may hold, or the length of
// body.
func (r *jsonReader) stringEnd(start int) int {
	body := r.copier.body
	end := start
	for {
		end = next(body, end, r.inString)
		if r.slash < start {
			r.slash = next(body, start, '\\')
		}
		if r.slash >= end {
			break
		}
		// Walk over the escapes before the quote.
		for r.slash < end {
			start = r.slash + 2
			if start >= len(body) {
				return len(body)
			}
			r.slash = next(body, start, '\\')
		}
		if start > end {
			end = start
			continue
		}
		break
	}
	return end
}

// begin makes a frame the first of a new record.
func (r *jsonReader) begin(frame, above *jsonFrame, start int64) {
	r.records++
	r.frames[above.owner].opened = true
	frame.parent, frame.record, frame.start = above.record, r.records, start
}

// value emits a scalar as a cell. A number is one without quotes.
func (r *jsonReader) value(start, end int, number bool) {
	depth := len(r.frames) - 1
	if depth == 0 || start >= end {
		return
	}
	frame := &r.frames[depth]
	if end == start+1 && !frame.object && !frame.rows && joinClasses[r.copier.body[start]] != joinNever {
		r.element(start)
		return
	}
	r.digit = -1
	switch {
	case frame.object && frame.key != nil:
		r.cell(frame, &frame.key.column, start, end, number)
	case frame.rows:
		r.cell(frame, &r.columns.element(frame.node, frame.index).column, start, end, number)
	default:
		cell := r.cell(frame, &frame.node.column, start, end, number)
		if !frame.object {
			cell.Row = frame.index + 1
		}
	}
}

// cell emits body[start:end] as a value of the object or array that is read. A number is one that writeOut may write.
func (r *jsonReader) cell(frame *jsonFrame, column *Column, start, end int, number bool) *Cell {
	from := r.copier.at(start)
	if number {
		r.writeOut(start, end)
	}
	to := r.copier.at(end)
	cell := r.copier.batch.addCell()
	cell.Start, cell.End, cell.Column = from, to, column
	cell.Row, cell.Record, cell.Parent, cell.RecordBody, cell.Where = frame.row, frame.record, frame.parent, r.frames[frame.owner].start, ""
	if r.options.Places {
		cell.Where = r.where()
	}
	return cell
}

// digitGap is the most that may stand between two characters that are elements of one array, for them to be read as one value.
const digitGap = 64

// element takes the character at body[i], which is an element of an array: [4,1,1,1] reads as 4111, ["a","@","b"] as a@b.
func (r *jsonReader) element(i int) {
	if r.digit >= 0 && r.onlySeparates(i) {
		r.copier.skip(r.digit, i)
	} else {
		r.copier.at(i)
	}
	r.digit = i + 1
}

// onlySeparates reports whether nothing but a comma, quotes and a little space stands between the last digit and body[i].
func (r *jsonReader) onlySeparates(i int) bool {
	if i-r.digit > digitGap {
		return false
	}
	for _, b := range r.copier.body[r.digit:i] {
		switch jsonClasses[b] {
		case jsonSpace, jsonNewline, jsonComma, jsonQuote:
		default:
			return false
		}
	}
	return true
}

// end finishes a Read that came as far as body[i]. What stands behind a digit may have to be left out.
func (r *jsonReader) end(i int, final bool) int {
	if r.digit < 0 || final || !r.onlySeparates(i) {
		r.digit = -1
		return r.copier.end(i, final)
	}
	done := r.copier.end(r.digit, false)
	r.copier.ahead = i - done
	r.digit -= done
	return done
}

// where returns the path of the value that is read, with its indices.
func (r *jsonReader) where() string {
	path := []byte{'$'}
	if r.format == rules.NDJSON {
		path = append(strconv.AppendInt([]byte("line "), int64(r.tops), 10), ", $"...)
	}
	for i := range r.frames[1:] {
		frame := &r.frames[i+1]
		if frame.object {
			if frame.key != nil {
				path = append(append(path, '.'), frame.key.column.Header...)
			}
			continue
		}
		path = append(strconv.AppendInt(append(path, '['), int64(frame.index), 10), ']')
	}
	return string(path)
}

// number reads a number, which ends before the first byte that cannot be part of one.
func (r *jsonReader) number(i int, final bool) int {
	body := r.copier.body
	end := r.numberEnd(i + 1)
	if end-i > cutLength {
		end = i + cutLength
	} else if end == len(body) && !final {
		return i
	}
	r.value(i, end, true)
	r.last = 0
	return end
}

// word reads true, false, null, or a key without quotes as JavaScript has them.
func (r *jsonReader) word(i int, final bool) int {
	body := r.copier.body
	end := i + 1
	for end < len(body) && (jsonClasses[body[end]] == jsonWord || body[end]-'0' < 10) {
		end++
	}
	if end-i > cutLength {
		end = i + cutLength
	} else if end == len(body) && !final {
		return i
	}
	frame := &r.frames[len(r.frames)-1]
	switch word := body[i:end]; {
	case frame.object && frame.inKey:
		r.key(i, end)
	case string(word) == "true" || string(word) == "false":
		r.value(i, end, false)
	}
	r.last = 0
	return end
}

// slashes reads what may be a comment.
func (r *jsonReader) slashes(i int, final bool) int {
	body := r.copier.body
	if i+1 == len(body) {
		if final {
			return i + 1
		}
		return i
	}
	if b := body[i+1]; b == '/' || b == '*' {
		r.inComment = b
		return i + 2
	}
	return i + 1
}

func (r *jsonReader) comment(i int, final bool) int {
	body := r.copier.body
	if r.inComment == '/' {
		end := next(body, i, '\n')
		if end < len(body) {
			r.inComment = 0
		}
		return end
	}
	star := next(body, i, '*')
	switch {
	case star == len(body):
		return star
	case star+1 == len(body) && !final:
		return star
	case star+1 < len(body) && body[star+1] == '/':
		r.inComment = 0
		return star + 2
	}
	return star + 1
}

// open begins an object or array.
func (r *jsonReader) open(i int, object bool) {
	r.digit = -1
	if len(r.frames) == 1 {
		r.tops++
		if r.tops == 2 && r.format == rules.JSON {
			r.format, r.formatAt = rules.NDJSON, r.copier.bodyAt(i)
		}
	}
	if len(r.frames) > maxDepth {
		r.deeper++
		return
	}
	n := len(r.frames)
	if n == cap(r.frames) {
		r.frames = append(r.frames, jsonFrame{})
	} else {
		r.frames = r.frames[:n+1]
	}
	// Field by field: copying a frame just made is slower by far.
	above, frame := &r.frames[n-1], &r.frames[n]
	frame.node, frame.key, frame.first, frame.begin = above.node, nil, "", r.copier.bodyAt(i)
	if above.object && above.key != nil {
		frame.node = above.key
	}
	frame.object, frame.inKey, frame.index, frame.opened, frame.numbered = object, object, 0, false, false
	frame.rows = !object && !above.object && n > 1
	if frame.rows || object && !above.object {
		r.begin(frame, above, frame.begin)
		frame.owner = n
		frame.row = above.index + 1
	} else {
		frame.parent, frame.record, frame.owner, frame.row = above.parent, above.record, above.owner, above.row
	}
	frame.node.next = 0
	r.last = '{'
}

// close ends the innermost object or array at the bracket body[i]. When it was a record, the one around goes on behind it: what stands
// there is held back like its beginning was.
func (r *jsonReader) close(i int) {
	r.last, r.digit = 0, -1
	switch last := len(r.frames) - 1; {
	case r.deeper > 0:
		r.deeper--
	case last > 0:
		if r.frames[last].owner == last {
			owner := &r.frames[r.frames[last-1].owner]
			owner.opened, owner.start = false, r.copier.bodyAt(i+1)
		}
		r.frames = r.frames[:last]
	}
}

func (r *jsonReader) closeAll() {
	r.digit = -1
	if len(r.frames) > 1 {
		r.frames, r.deeper = r.frames[:1], 0
	}
}

func (r *jsonReader) comma() {
	frame := &r.frames[len(r.frames)-1]
	frame.inKey = frame.object
	frame.index++
	r.last = ','
}
