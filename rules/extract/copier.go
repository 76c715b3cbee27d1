package extract

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
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
	json   bool           // all of JSON's backslash escapes count, not only those that any text may hold

	percent, ampersand, backslash int // the next of each at or behind clean
}

// begin starts on the body that a Read was given, and returns the index from which the reader goes on.
func (c *copier) begin(batch *Batch, body []byte, offset int64) int {
	c.batch, c.body, c.offset = batch, body, offset
	c.from, c.shift, c.solid = 0, len(batch.Text), 0
	c.percent, c.ampersand, c.backslash = -1, -1, -1
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
	c.ahead = i - done
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
	if i >= len(c.body) {
		return len(c.body)
	}
	if c.percent < i {
		c.percent = next(c.body, i, '%')
	}
	if c.ampersand < i {
		c.ampersand = next(c.body, i, '&')
	}
	if c.backslash < i {
		c.backslash = next(c.body, i, '\\')
	}
	return nextFoldable(c.body, i, min(c.percent, c.ampersand, c.backslash))
}

// next returns the index of the first b in body[from:], or the length of body.
func next(body []byte, from int, b byte) int {
	if i := bytes.IndexByte(body[from:], b); i >= 0 {
		return from + i
	}
	return len(body)
}

const highBits = 0x8080808080808080

// nextFoldable returns the first index in body[i:limit] of a character that is not plain, or limit.
func nextFoldable(body []byte, i, limit int) int {
	for {
		for i+32 <= limit {
			chunk := body[i : i+32 : i+32]
			if (binary.LittleEndian.Uint64(chunk)|binary.LittleEndian.Uint64(chunk[8:])|
				binary.LittleEndian.Uint64(chunk[16:])|binary.LittleEndian.Uint64(chunk[24:]))&highBits != 0 {
				break
			}
			i += 32
		}
		for i+8 <= limit {
			if high := binary.LittleEndian.Uint64(body[i:]) & highBits; high != 0 {
				i += bits.TrailingZeros64(high) / 8
				break
			}
			i += 8
		}
		for i < limit && body[i] < utf8.RuneSelf {
			i++
		}
		start := i
		for i < limit && body[i] >= utf8.RuneSelf {
			size := plainSize(body, i)
			if size == 0 {
				return i
			}
			i += size
		}
		if i >= limit {
			return limit
		}
		if i == start {
			continue
		}
	}
}

// foldTo folds everything before body[to] and returns where body[to] stands in Text.
func (c *copier) foldTo(to int) int {
	for c.clean < to {
		i := c.clean
		folded, size := c.decode(c.body[i:to])
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
)

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
