package extract

import (
	"encoding/binary"
	"math/bits"

	"stanch/rules"
	"stanch/rules/extract/bitmap"
)

// The sets of jsonTable beside foldableSet.
const (
	stringSet  = 1 // what may end a string that is read at once, or keep it from being so
	numberSet  = 4 // what numbers are made of
	decimalSet = 5 // what numbers without an exponent are made of
)

var jsonTable = mustTable(foldable, bitmap.Of("\"\\\n"), bitmap.Set{}, bitmap.Set{}, bitmap.Of("0123456789+-.eE"), bitmap.Of("0123456789+-."))

// ahead returns the word of a set for the bytes of the body from i on, whatever the blocks they lie in.
func (r *jsonReader) ahead(set, i int) uint64 {
	blocks := r.copier.blocks
	k, bit := uint(i)/bitmap.BlockSize, uint(i)%bitmap.BlockSize
	return blocks[k][set]>>bit | blocks[k+1][set]<<1<<(bitmap.BlockSize-1-bit)
}

// quick reads what most of JSON is made of: strings without escapes, numbers, words and punctuation. It returns the index of
// the first token that is anything else, or not all there.
func (r *jsonReader) quick(i int) int {
	if r.inString != 0 || r.inComment != 0 {
		return i
	}
	body := r.copier.body
	frame := &r.frames[len(r.frames)-1]
	for i < len(body) {
		if frame.object && frame.inKey && body[i] == '"' {
			next := r.quickMembers(frame, i)
			if next == i {
				return i
			}
			i = next
			continue
		}
		switch b := body[i]; jsonClasses[b] {
		case jsonQuote:
			if b != '"' || len(r.frames) == 1 {
				return i
			}
			end := r.quickString(i + 1)
			if end < 0 {
				return i
			}
			r.value(i+1, end, false)
			r.last, r.blank = 0, false
			i = end + 1
		case jsonNumber:
			end := r.numberEnd(i + 1)
			if end == len(body) || end-i > cutLength {
				return i
			}
			r.value(i, end, true)
			r.last, r.blank = 0, false
			i = end
		case jsonWord:
			end := r.word(i, false)
			if end == i {
				return i
			}
			r.blank = false
			i = end
		case jsonComma:
			frame.inKey = frame.object
			frame.index++
			r.last, r.blank = ',', false
			i++
		case jsonColon:
			frame.inKey = false
			r.last, r.blank = ':', false
			i++
		case jsonNewline:
			if r.format != rules.JSON {
				return i
			}
			i = skipSpaces(body, i+1)
		case jsonSpace:
			i++
		case jsonOpen:
			r.blank = false
			r.open(i, b == '{')
			frame = &r.frames[len(r.frames)-1]
			i++
		case jsonClose:
			r.blank = false
			r.close(i)
			frame = &r.frames[len(r.frames)-1]
			i++
		default:
			return i
		}
	}
	return i
}

// quickMembers reads members of an object from the key whose quote is body[i] on: keys, and the colon, the string or number, and the comma
// behind each as far as they are there, with a space at most between. It returns the index behind what it read. Most of the time of JSON goes here: a key like the one
// that stood in its place in the object before is neither measured nor looked for.
func (r *jsonReader) quickMembers(frame *jsonFrame, i int) int {
	body, node := r.copier.body, frame.node
	for i < len(body) && body[i] == '"' {
		after := i + 1
		if expected := node.expected(); expected != nil && expected.isAt(body, after) {
			after += len(expected.column.Header)
			node.next++
			r.member(frame, expected)
		} else if after = r.quickString(after); after >= 0 {
			r.name(frame, body[i+1:min(after, i+1+headerLength)])
		} else {
			return i
		}
		r.blank = false
		if i = after + 1; i == len(body) || body[i] != ':' {
			r.last = 0
			return i
		}
		frame.inKey = false
		if i++; i < len(body) && body[i] == ' ' {
			i++
		}
		start, end, after := r.quickScalar(i)
		if after == 0 {
			r.last = ':'
			return i
		}
		if start < end {
			r.digit = -1
			r.cell(frame, &frame.key.column, start, end, false)
		}
		if i = after; i == len(body) || body[i] != ',' {
			r.last = 0
			return i
		}
		frame.inKey = true
		frame.index++
		r.last = ','
		if i++; i < len(body) && body[i] == ' ' {
			i++
		}
	}
	return i
}

// quickScalar measures the string or number at body[i]: where its content starts and ends, and what is behind it and its closing quote. That is
// 0 when it is neither, not all there, or a number that may have to be written out.
func (r *jsonReader) quickScalar(i int) (start, end, after int) {
	body := r.copier.body
	if i == len(body) {
		return i, i, 0
	}
	if body[i] == '"' {
		near := r.ahead(stringSet, i+1)
		end = i + 1 + bits.TrailingZeros64(near)
		if near == 0 {
			end = r.quickString(i + 1)
		} else if body[end] != '"' {
			return i, i, 0
		}
		return i + 1, end, end + 1
	}
	if jsonClasses[body[i]] != jsonNumber {
		return i, i, 0
	}
	others := ^r.ahead(decimalSet, i)
	end = i + bits.TrailingZeros64(others)
	if others == 0 || end >= len(body) || body[end]|0x20 == 'e' || mayBeWhole(body[i:end]) {
		return i, end, 0
	}
	return i, end, end
}

// quickString returns the index of the double quote that ends a string, or -1 when there is an escape or a line end before it, when it
// is not there, or when the string is so long that it is read in pieces.
func (r *jsonReader) quickString(start int) int {
	end := start
	if near := r.ahead(stringSet, start); near != 0 {
		end += bits.TrailingZeros64(near)
	} else {
		end = r.copier.nextIn(stringSet, start)
	}
	if end == len(r.copier.body) || r.copier.body[end] != '"' || end-start > cutLength-2 {
		return -1
	}
	return end
}

// numberEnd returns the index of the first byte in body[i:] that cannot be part of a number, or the length of body.
func (r *jsonReader) numberEnd(i int) int {
	blocks := r.copier.blocks
	for k, bit := i/bitmap.BlockSize, i%bitmap.BlockSize; k < len(blocks); k, bit = k+1, 0 {
		if others := ^blocks[k][numberSet] >> bit; others != 0 {
			return min(k*bitmap.BlockSize+bit+bits.TrailingZeros64(others), len(r.copier.body))
		}
	}
	return len(r.copier.body)
}

// skipSpaces returns the index of the first byte in body[i:] that is no space, or the length of body.
func skipSpaces(body []byte, i int) int {
	for i+8 <= len(body) {
		if other := binary.LittleEndian.Uint64(body[i:]) ^ spaces; other != 0 {
			return i + bits.TrailingZeros64(other)/8
		}
		i += 8
	}
	for i < len(body) && body[i] == ' ' {
		i++
	}
	return i
}

const spaces = ' ' * eachByte

// Classes of the bytes that begin a JSON token.
const (
	jsonOther = iota
	jsonSpace
	jsonNewline
	jsonQuote
	jsonNumber
	jsonWord
	jsonSlash
	jsonOpen
	jsonClose
	jsonComma
	jsonColon
)

var jsonClasses = func() (classes [256]uint8) {
	for b := range classes {
		switch {
		case byte(b)-'0' < 10:
			classes[b] = jsonNumber
		case isAlphanumeric(byte(b)):
			classes[b] = jsonWord
		}
	}
	for bytes, class := range map[string]uint8{" \t\r": jsonSpace, "\n": jsonNewline, `"'`: jsonQuote, "-+.": jsonNumber, "_$": jsonWord,
		"/": jsonSlash, "{[": jsonOpen, "}]": jsonClose, ",": jsonComma, ":": jsonColon} {
		for _, b := range []byte(bytes) {
			classes[b] = class
		}
	}
	return classes
}()
