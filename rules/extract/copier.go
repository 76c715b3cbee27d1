package extract

import (
	"bytes"
	"math/bits"
	"sync"
	"unicode/utf8"

	"stanch/rules/extract/bitmap"
)

// A copier appends body bytes to a batch as they are, but for what must be folded: escapes and characters that only look
// like others. It is the one place where text and body come apart, so it keeps the marks.
type copier struct {
	batch  *Batch
	body   []byte
	offset int64          // of body[0]
	from   int            // body[:from] is appended, or left out
	clean  int            // body[from:clean] needs no folding
	shift  int            // what leads from an index in body[from:clean] to one in Text
	solid  int            // the last index that was asked for: no escape is read across it
	ahead  int            // how far the reader is ahead of what it was done with, when an escape was unfinished
	layer  *charsetReader // what decoded the body before; nil for nothing
	tags   tagRun
	alike  alikeRun
	json   bool // all of JSON's backslash escapes count, not only those that any text may hold

	table    *bitmap.Table // the sets of bytes that the reader walks by; foldable is foldableSet. Nil for no other
	*bitmaps               // of body, in one Read
}

// bitmaps are what is known of the bytes of a body.
type bitmaps struct {
	blocks   []bitmap.Block // of readers with a table
	foldable []uint64       // of those without one
	look     []uint64       // see htmlReader.survey
	cues     []uint64
}

// bitmapPool holds bitmaps for one Read each: readers are many, and few of them read at a time.
var bitmapPool = sync.Pool{New: func() any { return new(bitmaps) }}

// foldableSet is the index of the set of bytes that may begin what must be folded, in the table of every reader.
const foldableSet = 0

// foldable are the bytes that may begin what must be folded.
var foldable = bitmap.Where(func(b byte) bool { return b == '%' || b == '&' || b == '\\' || b >= utf8.RuneSelf })

// foldableTable is for readers that walk by no other sets.
var foldableTable = mustTable(foldable)

// mustTable is for the sets that readers are written for: that they fit is a matter of the source.
func mustTable(sets ...bitmap.Set) *bitmap.Table {
	table, err := bitmap.NewTable(sets...)
	if err != nil {
		panic(err)
	}
	return table
}

// begin starts on the body that a Read was given, and returns the index from which the reader goes on.
func (c *copier) begin(batch *Batch, body []byte, offset int64) int {
	c.batch, c.body, c.offset = batch, body, offset
	c.from, c.shift, c.solid = 0, len(batch.Text), 0
	c.bitmaps = bitmapPool.Get().(*bitmaps)
	if c.table != nil {
		c.blocks = c.table.Fill(c.blocks[:0], body)
	} else {
		c.foldable = foldableTable.Mark(c.foldable[:0], body)
	}
	c.clean = c.scan(0)
	n := len(batch.Map)
	if n > 0 {
		last := batch.Map[n-1]
		if !last.Folded && last.Width < 2 && last.Body+int64(len(batch.Text)-last.Text) == offset {
			return c.ahead
		}
	}
	c.mark(offset, false)
	return c.ahead
}

// through says that what is read was decoded by a layer.
func (c *copier) through(layer *charsetReader) { c.layer = layer }

// bodyAt returns the offset of body[i] in the body as it was sent.
func (c *copier) bodyAt(i int) int64 {
	at := c.offset + int64(i)
	if c.layer != nil {
		return c.layer.origin(at)
	}
	return at
}

// end finishes a Read that came as far as body[i], and returns how much the caller may forget: an escape that is not
// finished before body[i] is presented again.
func (c *copier) end(i int, final bool) int {
	done := i
	if !final {
		done = max(c.settled(i), c.solid)
	}
	c.flush(done)
	if text := c.batch.Text; len(text) > 0 {
		c.tags.before = text[len(text)-1]
	}
	if done > 0 {
		c.alike.before = c.body[done-1]
	}
	c.ahead = i - done
	bitmapPool.Put(c.bitmaps)
	c.bitmaps = nil
	return done
}

// at returns where body[i] stands, or will stand, in Text.
func (c *copier) at(i int) int {
	c.solid = i
	if i <= c.clean {
		return i + c.shift
	}
	return c.foldTo(i)
}

// span is at for both ends of a value.
func (c *copier) span(start, end int) (from, to int) {
	if end <= c.clean { // as mostly
		c.solid = end
		return start + c.shift, end + c.shift
	}
	from = c.at(start)
	return from, c.at(end)
}

// flush appends everything before body[to].
func (c *copier) flush(to int) {
	c.at(to)
	c.append(to)
}

// skip leaves body[i:end] out of the text.
func (c *copier) skip(i, end int) {
	c.flush(i)
	c.from = end
	c.mark(c.offset+int64(end), false)
	c.resume(end)
}

// replace makes body[i:end] stand for other text.
func (c *copier) replace(i, end int, text []byte) {
	c.flush(i)
	c.mark(c.offset+int64(i), true)
	c.batch.Text = append(c.batch.Text, text...)
	c.from = end
	c.mark(c.offset+int64(end), false)
	c.resume(end)
}

func (c *copier) resume(end int) {
	c.shift = len(c.batch.Text) - end
	if c.clean < end {
		c.clean = c.scan(end)
	}
}

// append copies body[from:to] as it is.
func (c *copier) append(to int) {
	if to > c.from {
		c.batch.Text = append(c.batch.Text, c.body[c.from:to]...)
		c.from = to
	}
}

// mark notes that the text appended from here on stems from the body at an offset.
func (c *copier) mark(body int64, folded bool) {
	addMark(c.batch, Mark{Text: len(c.batch.Text), Body: body, Folded: folded})
}

// scan returns the first index at or behind i that may need folding, or the length of the body.
func (c *copier) scan(i int) int {
	body := c.body
	for i < len(body) {
		if i = c.nextFoldable(i); i == len(body) {
			break
		}
		if body[i] < utf8.RuneSelf {
			if c.begins(body[i:]) {
				return i
			}
			i++
			continue
		}
		if c.maybeAlike(i) {
			return i
		}
		for i < len(body) && body[i] >= utf8.RuneSelf {
			size := plainSize(body, i)
			if size == 0 {
				return i
			}
			i += size
		}
	}
	return len(body)
}

// begins reports whether text, which begins with '%', '&' or a backslash, may be an escape. It may say yes too often.
func (c *copier) begins(text []byte) bool {
	if len(text) < 2 {
		return true
	}
	switch second := text[1]; text[0] {
	case '&':
		return second == '#' || isAlphanumeric(second) && (len(text) == 2 || isAlphanumeric(text[2]) && beginsEntity[entityBeginning(second, text[2])])
	case '%':
		return hexDigits[second] >= 0
	default:
		return c.json || second == 'u' || second == 'x'
	}
}

// nextFoldable returns the index of the first byte in body[i:] that may begin what must be folded, or the length of body.
func (c *copier) nextFoldable(i int) int {
	if c.table != nil {
		return c.nextIn(foldableSet, i)
	}
	k := i / bitmap.BlockSize
	if k >= len(c.foldable) {
		return len(c.body)
	}
	word := c.foldable[k] >> (i % bitmap.BlockSize) << (i % bitmap.BlockSize)
	for word == 0 {
		if k++; k == len(c.foldable) {
			return len(c.body)
		}
		word = c.foldable[k]
	}
	return k*bitmap.BlockSize + bits.TrailingZeros64(word)
}

// nextIn returns the index of the first byte in body[i:] that is in a set of the table, or the length of body.
func (c *copier) nextIn(set, i int) int {
	k := i / bitmap.BlockSize
	if k >= len(c.blocks) {
		return len(c.body)
	}
	word := c.blocks[k][set] >> (i % bitmap.BlockSize) << (i % bitmap.BlockSize)
	for word == 0 {
		if k++; k == len(c.blocks) {
			return len(c.body)
		}
		word = c.blocks[k][set]
	}
	return k*bitmap.BlockSize + bits.TrailingZeros64(word)
}

// nextBefore returns the index of the first byte in body[i:end] that is in a set of the table, or end.
func (c *copier) nextBefore(set, i, end int) int {
	if i >= end {
		return end
	}
	k, last := i/bitmap.BlockSize, (end-1)/bitmap.BlockSize
	word := c.blocks[k][set] >> (i % bitmap.BlockSize) << (i % bitmap.BlockSize)
	for word == 0 {
		if k++; k > last {
			return end
		}
		word = c.blocks[k][set]
	}
	return min(k*bitmap.BlockSize+bits.TrailingZeros64(word), end)
}

// lastIn returns the index of the last byte in body[i:end] that is in a set of the table, or i-1.
func (c *copier) lastIn(set, i, end int) int {
	if i >= end {
		return i - 1
	}
	k, first := (end-1)/bitmap.BlockSize, i/bitmap.BlockSize
	beyond := bitmap.BlockSize - 1 - (end-1)%bitmap.BlockSize
	word := c.blocks[k][set] << beyond >> beyond
	for word == 0 {
		if k--; k < first {
			return i - 1
		}
		word = c.blocks[k][set]
	}
	return max(k*bitmap.BlockSize+bits.Len64(word)-1, i-1)
}

// next returns the index of the first b in body[from:], or the length of body.
func next(body []byte, from int, b byte) int {
	if i := bytes.IndexByte(body[from:], b); i >= 0 {
		return from + i
	}
	return len(body)
}

const highBits = 0x8080808080808080

// foldTo folds everything before body[to] and returns where body[to] stands in Text.
func (c *copier) foldTo(to int) int {
	for c.clean < to {
		i := c.clean
		folded, size := c.decode(c.body[i:to])
		switch {
		case folded == tagged:
			folded = c.tag(i, size)
		case folded == same && alikeLead[c.body[i]]:
			if r, _ := utf8.DecodeRune(c.body[i:]); c.latin(r, i) != r {
				folded = lookAlike(r)
			}
		case folded > utf8.RuneSelf: // an escape
			folded = c.latin(folded, i)
		}
		if folded != same {
			c.passed(folded, i, size)
		}
		switch {
		case folded == same:
			c.clean = c.scan(i + size)
			continue
		case folded == none:
			c.append(i)
		default:
			c.append(i)
			c.mark(c.offset+int64(i), true)
			c.batch.Text = utf8.AppendRune(c.batch.Text, folded)
		}
		c.from = i + size
		c.mark(c.offset+int64(c.from), false)
		c.shift = len(c.batch.Text) - c.from
		c.clean = c.scan(c.from)
	}
	return to + c.shift
}

// What decode says beside a character.
const (
	same rune = -1 // the bytes stand for themselves
	none rune = -2 // the bytes stand for nothing
	// The bytes are a tag character (the Unicode Standard, section 23.9): it stands for the ASCII character of its number where a text is
	// written in them, and for nothing among other characters.
	tagged rune = -3
)

// tagBase is where the tag characters stand for ASCII.
const tagBase = 0xE0000

// A tagRun is a row of tag characters.
type tagRun struct {
	end    int64 // body offset behind it; 0 for none
	text   bool  // it is text
	before byte  // the last byte of text of the Read before; 0 for none
}

// tag returns what the tag character of so many bytes at body[i] stands for. What it follows decides for the whole row.
func (c *copier) tag(i, size int) rune {
	at := c.offset + int64(i)
	if c.tags.end != at || at == 0 {
		before := c.tags.before
		if i > c.from {
			before = c.body[i-1]
		} else if text := c.batch.Text; len(text) > 0 {
			before = text[len(text)-1]
		}
		c.tags.text = !isAlphanumeric(before) && before < utf8.RuneSelf
	}
	c.tags.end = at + int64(size)
	r, _ := utf8.DecodeRune(c.body[i:])
	if !c.tags.text || r < tagBase+' ' || r > tagBase+'~' {
		return none
	}
	return r - tagBase
}

// decode returns what the character or escape at the start of body stands for, and its length.
func (c *copier) decode(body []byte) (rune, int) {
	switch b := body[0]; {
	case b == '%':
		return decodePercent(body)
	case b == '&':
		return decodeEntity(body)
	case b == '\\':
		if c.json {
			return decodeEscape(body)
		}
		return decodeUnicodeEscape(body)
	case b < utf8.RuneSelf:
		return same, 1
	}
	r, size := utf8.DecodeRune(body)
	if r == utf8.RuneError && size == 1 {
		return foldRune(windows1252(body[0])), 1
	}
	if r >= tagBase && r < tagBase+utf8.RuneSelf {
		return tagged, size
	}
	if folded := foldRune(r); folded != r {
		return folded, size
	}
	return same, size
}

// settled returns the last index in body[:end] up to which no character or escape is unfinished.
func (c *copier) settled(end int) int {
	i := max(end-longestEscape, 0)
	if c.json {
		// Backslashes come in pairs there.
		i -= slashesBefore(c.body, 0, i) & 1
	}
	for ; i < end; i++ {
		rest := c.body[i:end]
		switch rest[0] {
		case '&':
			if unfinishedEntity(rest) {
				return i
			}
		case '%':
			if unfinishedPercent(rest) {
				return i
			}
		case '\\':
			if unfinishedEscape(rest) {
				return i
			}
			if c.json && rest[1] == '\\' {
				i++
			}
		default:
			if rest[0] >= utf8.RuneSelf && len(rest) < utf8.UTFMax && !utf8.FullRune(rest) {
				return i
			}
		}
	}
	return end
}

// cutBefore returns where a piece of a long quoted token that begins at start ends at the latest, so that no character,
// escape or doubled quote is torn.
func cutBefore(c *copier, start, limit int, quote byte) int {
	for {
		cut := c.settled(limit)
		cut -= slashesBefore(c.body, start, cut) & 1
		for cut > start+1 && c.body[cut-1] == quote {
			cut--
		}
		if cut == limit || cut <= start {
			return max(cut, start+1)
		}
		limit = cut
	}
}

// foldDoubled leaves one of two doubled quotes in body[start:end] out of the text.
func foldDoubled(c *copier, start, end int, quote byte) {
	for {
		i := bytes.IndexByte(c.body[start:end], quote)
		if i < 0 {
			return
		}
		start += i + 1
		if start < end && c.body[start] == quote {
			c.skip(start, start+1)
			start++
		}
	}
}
