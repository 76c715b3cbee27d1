package extract

import (
	"encoding/binary"
	"math/bits"

	"stanch/rules"
)

// quick reads what most of JSON is made of: short strings without escapes, numbers and punctuation. It returns the index of
// the first token that is anything else, or not all there.
func (r *jsonReader) quick(i int) int {
	if r.inString != 0 || r.inComment != 0 {
		return i
	}
	body := r.copier.body
	frame := &r.frames[len(r.frames)-1]
	for i < len(body) {
		switch b := body[i]; jsonClasses[b] {
		case jsonQuote:
			end := shortStringEnd(body, i+1)
			if end < 0 || b != '"' || len(r.frames) == 1 {
				return i
			}
			if frame.object && frame.inKey {
				r.member(frame, body[i+1:min(end, i+1+headerLength)])
			} else {
				r.value(i+1, end)
			}
			r.last, r.blank = 0, false
			i = end + 1
		case jsonNumber:
			end := i + 1
			for end < len(body) && numberBytes[body[end]] {
				end++
			}
			if end == len(body) || end-i > cutLength {
				return i
			}
			r.value(i, end)
			r.last, r.blank = 0, false
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
			r.close()
			frame = &r.frames[len(r.frames)-1]
			i++
		default:
			return i
		}
	}
	return i
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

// shortStringEnd returns the index of the double quote that ends a string, or -1 when there is an escape or a line end
// before it, or it is not near.
func shortStringEnd(body []byte, i int) int {
	for range 8 {
		if i+8 > len(body) {
			return -1
		}
		word := binary.LittleEndian.Uint64(body[i:])
		quote, slash, line := word^quotes, word^backslashes, word^newlines
		if hit := ((quote-eachByte)&^quote | (slash-eachByte)&^slash | (line-eachByte)&^line) & highBits; hit != 0 {
			if i += bits.TrailingZeros64(hit) / 8; body[i] == '"' {
				return i
			}
			return -1
		}
		i += 8
	}
	return -1
}

const (
	quotes      = '"' * eachByte
	backslashes = '\\' * eachByte
	spaces      = ' ' * eachByte
)

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
