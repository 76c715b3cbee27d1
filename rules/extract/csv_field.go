package extract

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// quotedStart returns where the content of a quoted field begins that starts at body[i], or -1 for a field without quotes.
// A formula that only yields a text, ="00123", counts as quoted.
func quotedStart(body []byte, i int) int {
	for i < len(body) && body[i] == ' ' {
		i++
	}
	if i+1 < len(body) && body[i] == '=' && body[i+1] == '"' {
		return i + 2
	}
	if i < len(body) && body[i] == '"' {
		return i + 1
	}
	return -1
}

// quotedEnd returns where the content of a quoted field ends that begins at body[start], and the index behind the field. A
// quote ends the field only before a delimiter or the end of a row; any other is part of the text. It is not ok when the
// end is not in body, which is the whole rest when final.
func quotedEnd(body []byte, start int, delimiter byte, final bool) (end, after int, ok bool) {
	for i := start; ; {
		quote := bytes.IndexByte(body[i:], '"')
		if quote < 0 {
			return 0, 0, false
		}
		end = i + quote
		after = end + 1
		if after < len(body) && body[after] == '"' {
			i = after + 1
			continue
		}
		for after < len(body) && body[after] == ' ' {
			after++
		}
		if after == len(body) {
			return end, after, final
		}
		if b := body[after]; b == '\n' || b == '\r' || b == delimiter && delimiter != 0 {
			return end, after, true
		}
		i = end + 1
	}
}

const (
	eachByte = 0x0101010101010101
	newlines = '\n' * eachByte
	returns  = '\r' * eachByte
)

// plainFieldEnd returns the index of the first delimiter or line end in body[i:], or the length of body.
func plainFieldEnd(body []byte, i int, delimiter byte) int {
	pattern := uint64(delimiter) * eachByte
	if delimiter == 0 {
		pattern = newlines
	}
	for i+8 <= len(body) {
		word := binary.LittleEndian.Uint64(body[i:])
		a, b, c := word^pattern, word^newlines, word^returns
		if hit := ((a-eachByte)&^a | (b-eachByte)&^b | (c-eachByte)&^c) & highBits; hit != 0 {
			return i + bits.TrailingZeros64(hit)/8
		}
		i += 8
	}
	for i < len(body) && body[i] != '\n' && body[i] != '\r' && (body[i] != delimiter || delimiter == 0) {
		i++
	}
	return i
}
