package extract

import (
	"bytes"

	"stanch/rules"
)

// An htmlReader reads HTML. Text holds the page as it is, markup, scripts and comments included, for any of it may hold
// data; but tags inside a value are left out. Cells are the fields of tables, the definitions of definition lists, and list
// items.
type htmlReader struct {
	copier
	options Options
	grid    grid

	edge   int     // index behind the last markup that was left out, in one Read
	lastAt int64   // body offset of the last '@' behind what is read; -1 for none
	nextAt int     // index of the next one, in one Read; -1 before it is looked for
	long   bool    // the text in a list item began too far back
	before [3]byte // the bytes of text before edge, the nearest one first
	tail   []byte  // the last longestField bytes of the body before what is read, or fewer
}

func newHTMLReader(options Options) *htmlReader {
	return &htmlReader{copier: copier{table: htmlTable}, lastAt: -1, options: options, grid: grid{places: options.Places}}
}

func (r *htmlReader) Format() rules.Format { return rules.HTML }

func (r *htmlReader) RecordStart() int64 { return r.grid.recordStart() }

func (r *htmlReader) Read(batch *Batch, body []byte, offset int64, final bool) int {
	i := r.copier.begin(batch, body, offset)
	r.edge, r.nextAt = i, -1
	r.survey()
	for i < len(body) {
		var next int
		switch {
		case r.grid.inCell():
			next = r.cellText(i, final)
		case r.grid.list == inItem, r.grid.list == inDefinition:
			next = r.itemText(i, final)
		default:
			next = r.text(i, final)
		}
		if next == i {
			break
		}
		i = next
	}
	r.passAddresses(i)
	r.before[0], r.before[1], r.before[2] = r.textBefore(i)
	r.keepTail(body[:i])
	return r.copier.end(i, final)
}

// text moves over running text and the markup in it, up to markup that needs a closer look.
func (r *htmlReader) text(i int, final bool) int {
	body := r.copier.body
	for {
		open := r.nextLook(i)
		if open == len(body) {
			return open
		}
		if open < r.edge+3 || open+3 >= len(body) {
			return r.joinOrMarkup(open, final)
		}
		first, second := body[open+1], body[open+2]
		if first == '/' {
			first, second = second, body[open+3]
		}
		if markupKinds[first] && gridPair(first|0x20, second|0x20) {
			if kind, _ := gridTag(body[open:]); kind != otherTag {
				return r.markup(open, final)
			}
			return r.joinOrMarkup(open, final)
		}
		if left := leftClass(body[open-1], body[open-2], body[open-3]); left != joinNever && (left != joinLetter || r.nearAddress(open)) {
			return r.joinOrMarkup(open, final)
		}
		i = open + 1
	}
}

// markupKinds tells the first letters of the tags that gridTag knows.
var markupKinds = [256]bool{'t': true, 'T': true, 'd': true, 'D': true, 'l': true, 'L': true, 'u': true, 'U': true, 'o': true, 'O': true}

// gridPair reports whether a tag that begins with two letters may be one that gridTag knows.
func gridPair(first, second byte) bool {
	switch first {
	case 't':
		return second == 'd' || second == 'r' || second == 'h' || second == 'a'
	case 'd':
		return second == 'd' || second == 't' || second == 'l'
	case 'l':
		return second == 'i'
	}
	return second == 'l'
}

// nearAddress reports whether an address may stand around body[open]. It may say yes too often.
func (r *htmlReader) nearAddress(open int) bool {
	return r.beforeCue(open) || r.behindAddress(open)
}

// behindAddress reports whether an '@' stands before body[open] within reach.
func (r *htmlReader) behindAddress(open int) bool {
	r.passAddresses(open)
	return r.lastAt >= 0 && r.copier.offset+int64(open)-r.lastAt <= addressReach
}

// passAddresses moves on to the next '@' behind body[:i].
func (r *htmlReader) passAddresses(i int) {
	for r.nextAt < i {
		if r.nextAt >= 0 {
			r.lastAt = r.copier.offset + int64(r.nextAt)
		}
		r.nextAt = next(r.copier.body, r.nextAt+1, '@')
	}
}

// itemText is text in a list item or a definition. Items are mostly navigation, and definitions may be whole chapters: but
// for the first words of a definition, only text with a digit or an address becomes a cell.
func (r *htmlReader) itemText(i int, final bool) int {
	body := r.copier.body
	for {
		wanted := r.grid.wantsFirst()
		if !wanted && !r.long {
			i, wanted = r.passQuiet(i)
		}
		open := r.copier.nextIn(tagSet, i)
		if open == len(body) && !final && open-i <= cellCut {
			return i
		}
		if wanted && !r.long && open-i <= cellCut {
			start := behindTag(body, i, open)
			cue := r.copier.nextBefore(cueSet, start, open) < open
			if r.grid.wants(body[start:open], cue) {
				r.emit(start, open, nil)
			}
		}
		if r.long = open == len(body); r.long {
			return open
		}
		if r.needsLook(open) {
			return r.joinOrMarkup(open, final)
		}
		i = open + 1
	}
}

// behindTag returns the index behind the last '>' in body[i:open], or i. Mostly there is one, the end of the tag that i lies in.
func behindTag(body []byte, i, open int) int {
	first := bytes.IndexByte(body[i:open], '>')
	if first < 0 {
		return i
	}
	i += first + 1
	if bytes.IndexByte(body[i:open], '>') < 0 {
		return i
	}
	return i + bytes.LastIndexByte(body[i:open], '>') + 1
}

// passQuiet passes over text in an item that becomes no cell and markup that needs no look: to the next markup that does, or to behind the
// last '<' before a digit or an '@' (cue). Without either it stops behind the last '<' of body.
func (r *htmlReader) passQuiet(i int) (next int, cue bool) {
	look := r.nextLook(i)
	at := r.copier.nextBefore(cueSet, i, look)
	if at == look && look < len(r.copier.body) {
		return look, false
	}
	return r.copier.lastIn(tagSet, i, at) + 1, at < look
}

// joinOrMarkup reads what begins at body[open] outside of cells.
func (r *htmlReader) joinOrMarkup(open int, final bool) int {
	end, how := r.join(open, final)
	switch how {
	case undecided:
		return open
	case joined:
		r.passOver(open, end)
		r.copier.skip(open, end)
		return end
	}
	return r.markup(open, final)
}

// passOver remembers the text before markup that is left out.
func (r *htmlReader) passOver(open, end int) {
	r.before[0], r.before[1], r.before[2] = r.textBefore(open)
	r.edge = end
}

// textBefore returns the three bytes of text before body[i], the nearest one first.
func (r *htmlReader) textBefore(i int) (near, far, farther byte) {
	switch body := r.copier.body; i - r.edge {
	case 0:
		return r.before[0], r.before[1], r.before[2]
	case 1:
		return body[i-1], r.before[0], r.before[1]
	case 2:
		return body[i-1], body[i-2], r.before[0]
	default:
		return body[i-1], body[i-2], body[i-3]
	}
}

// shortTag is the length of "<td>" and its like.
const shortTag = 4

// markup reads the tag at body[open], as far as it matters, and returns an index behind its start, or open when more is
// needed. Outside of cells the rest of a tag that does not matter is read as text: it may hold values.
func (r *htmlReader) markup(open int, final bool) int {
	body := r.copier.body
	if rest := body[open:]; len(rest) < longestTagName && !final && bytes.IndexByte(rest, '>') < 0 {
		return open
	}
	kind, closing := gridTag(body[open:])
	if !r.grid.inCell() && kind != headingTag && kind != valueTag && kind != termTag {
		if kind != otherTag {
			r.grid.tag(kind, closing, r.copier.bodyAt(open))
		}
		return open + 1
	}
	end, ok := open+shortTag, false
	if closing {
		end++
	}
	if kind != otherTag && end <= len(body) && body[end-1] == '>' {
		ok = true
	} else {
		end, ok = tagEnd(body[open:min(open+cellCut, len(body))])
		end += open
	}
	switch {
	case ok:
	case len(body)-open < cellCut && !final:
		return open
	default:
		return open + 1
	}
	if kind != otherTag {
		r.grid.tag(kind, closing, r.copier.bodyAt(open))
		if tag := body[open:end]; !closing && (kind == headingTag || kind == valueTag) && bytes.Contains(tag, []byte("span=")) {
			r.grid.spread(attribute(tag, "colspan"), attribute(tag, "rowspan"))
		}
	}
	return end
}

// cellText reads text in a cell up to the next markup that is not inside a value. Text longer than cellCut is read in
// pieces.
func (r *htmlReader) cellText(i int, final bool) int {
	body := r.copier.body
	if body[i] == '<' {
		return r.markup(i, final)
	}
	var skips [maxJoins][2]int
	joins, before, edge, end := 0, r.before, r.edge, i
	for joins < maxJoins {
		end = r.copier.nextIn(tagSet, end)
		if end-i > cellCut {
			break
		}
		if end == len(body) {
			if final {
				break
			}
			r.before, r.edge = before, edge
			return i
		}
		after, how := end, apart
		if r.needsLook(end) {
			after, how = r.join(end, final)
		}
		if how == undecided {
			r.before, r.edge = before, edge
			return i
		}
		if how == apart {
			break
		}
		r.passOver(end, after)
		skips[joins] = [2]int{end, after}
		joins++
		end = after
	}
	if end-i > cellCut {
		end = r.copier.settled(i + cellCut)
		for joins > 0 && skips[joins-1][1] > end {
			joins--
			end = min(end, skips[joins][0])
		}
		end = max(end, i+1)
		r.before, r.edge = before, edge
	}
	r.emit(i, end, skips[:joins])
	return end
}

// emit makes body[start:end] without the skipped parts a value of the cell.
func (r *htmlReader) emit(start, end int, skips [][2]int) {
	body := r.copier.body
	for start < end && isSpace(body[start]) {
		start++
	}
	last := end
	for last > start && isSpace(body[last-1]) {
		last--
	}
	if start == last {
		return
	}
	from := r.copier.at(start)
	for _, skip := range skips {
		r.copier.skip(skip[0], skip[1])
	}
	to := r.copier.at(last)
	if name := r.grid.inName(); name || r.grid.plainHeading() {
		r.copier.flush(last)
		r.grid.name(r.copier.batch.Text[from:to])
		if name {
			return
		}
	}
	r.grid.cell(r.copier.batch.addCell(), from, to)
}

func isSpace(b byte) bool { return b == ' ' || b >= '\t' && b <= '\r' }
