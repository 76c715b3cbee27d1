package extract

import (
	"unicode/utf16"
	"unicode/utf8"
)

// longestEscape is how many bytes an escape may have that stands for one character. Longer ones, such as numeric character
// references with many leading zeros, stand for themselves.
const longestEscape = 48

// decodePercent reads %XX and, encoded twice, %25XX, of which each digit may be encoded again: %25%34%30. Only what identifiers are made of is decoded: letters, digits, '@' and
// the separators; the rest of a URL stays as it is.
func decodePercent(body []byte) (rune, int) {
	value, ok := hexByte(body, 1)
	if !ok {
		return same, 1
	}
	size := 3
	if value == '%' {
		high, n := percentDigit(body[size:])
		size += n
		low, m := percentDigit(body[size:])
		if size += m; n == 0 || m == 0 {
			return same, 1
		}
		value = byte(high<<4 | low)
	}
	if joinClasses[value] == joinNever {
		return same, 1
	}
	return rune(value), size
}

// percentDigit reads a hexadecimal digit, or %XX that stands for one. The size is 0 for anything else.
func percentDigit(text []byte) (value int8, size int) {
	if len(text) == 0 {
		return 0, 0
	}
	if value = hexDigits[text[0]]; value >= 0 {
		return value, 1
	}
	if b, ok := hexByte(text, 1); ok && text[0] == '%' && hexDigits[b] >= 0 {
		return hexDigits[b], 3
	}
	return 0, 0
}

// hexByte reads two hexadecimal digits at body[at:].
func hexByte(body []byte, at int) (byte, bool) {
	if at+2 > len(body) {
		return 0, false
	}
	high, low := hexDigits[body[at]], hexDigits[body[at+1]]
	if high < 0 || low < 0 {
		return 0, false
	}
	return byte(high<<4 | low), true
}

// hexDigits is the value of each hexadecimal digit, -1 for other bytes.
var hexDigits = func() (values [256]int8) {
	for i := range values {
		values[i] = -1
	}
	for i := range 10 {
		values['0'+i] = int8(i)
	}
	for i := range 6 {
		values['a'+i], values['A'+i] = int8(10+i), int8(10+i)
	}
	return values
}()

// decodeEscape reads one of JSON's escapes (RFC 8259, section 7).
func decodeEscape(body []byte) (rune, int) {
	if len(body) < 2 {
		return same, 1
	}
	switch body[1] {
	case '"', '\\', '/', '\'', ',', ';':
		return rune(body[1]), 2
	case 'n', 'r':
		return '\n', 2
	case 't':
		return '\t', 2
	case 'b', 'f', 'v':
		return ' ', 2
	}
	return decodeUnicodeEscape(body)
}

// decodeUnicodeEscape reads \u0040, \u{40} and \x40.
func decodeUnicodeEscape(body []byte) (rune, int) {
	if len(body) < 4 {
		return same, 1
	}
	if body[1] == 'x' {
		if value, ok := hexByte(body, 2); ok {
			return foldRune(rune(value)), 4
		}
		return same, 1
	}
	if body[1] != 'u' {
		return same, 1
	}
	if body[2] == '{' {
		return decodeBracedEscape(body)
	}
	first, ok := hexUnit(body)
	if !ok {
		return same, 1
	}
	if !utf16.IsSurrogate(first) {
		return foldRune(first), 6
	}
	if second, ok := hexUnit(body[6:]); ok {
		if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
			return foldRune(r), 12
		}
	}
	return utf8.RuneError, 6
}

// hexUnit reads \uXXXX.
func hexUnit(body []byte) (rune, bool) {
	if len(body) < 6 || body[0] != '\\' || body[1] != 'u' {
		return 0, false
	}
	high, ok := hexByte(body, 2)
	low, ok2 := hexByte(body, 4)
	return rune(high)<<8 | rune(low), ok && ok2
}

func decodeBracedEscape(body []byte) (rune, int) {
	var r rune
	for i := 3; i < len(body) && i < 10; i++ {
		if body[i] == '}' && i > 3 && r <= utf8.MaxRune {
			return foldRune(r), i + 1
		}
		digit := hexDigits[body[i]]
		if digit < 0 {
			break
		}
		r = r<<4 | rune(digit)
	}
	return same, 1
}

// unfinishedEscape reports whether rest, which begins with a backslash, may become an escape with more bytes behind it.
func unfinishedEscape(rest []byte) bool {
	if len(rest) < 2 {
		return true
	}
	switch rest[1] {
	case 'x':
		return len(rest) < 4 && allHex(rest[2:])
	case 'u':
	default:
		return false
	}
	if len(rest) > 2 && rest[2] == '{' {
		return len(rest) < 10 && allHex(rest[3:])
	}
	if len(rest) < 6 {
		return allHex(rest[2:])
	}
	first, ok := hexUnit(rest)
	if !ok || first < 0xD800 || first > 0xDBFF || len(rest) >= 12 {
		return false
	}
	second := rest[6:]
	return len(second) == 0 || second[0] == '\\' && (len(second) == 1 || second[1] == 'u' && allHex(second[2:]))
}

// unfinishedPercent is the same for rest that begins with '%'.
func unfinishedPercent(rest []byte) bool {
	if len(rest) < 3 {
		return allHex(rest[1:])
	}
	if rest[1] != '2' || rest[2] != '5' {
		return false
	}
	rest = rest[3:]
	for range 2 {
		if len(rest) == 0 || rest[0] == '%' && len(rest) < 3 && allHex(rest[1:]) {
			return true
		}
		_, size := percentDigit(rest)
		if size == 0 {
			return false
		}
		rest = rest[size:]
	}
	return false
}

func allHex(text []byte) bool {
	for _, b := range text {
		if hexDigits[b] < 0 {
			return false
		}
	}
	return true
}

// decodeEntity reads a character reference of HTML or XML, with or without its semicolon.
func decodeEntity(body []byte) (rune, int) {
	if len(body) > 2 && body[1] == '#' {
		return decodeNumericEntity(body)
	}
	if size := markupEntity(body); size > 0 {
		return same, size
	}
	end, key := 1, uint64(0)
	for end < len(body) && end < longestName && isAlphanumeric(body[end]) {
		key |= uint64(body[end]) << (8 * (end - 1))
		end++
	}
	if end < len(body) && body[end] == ';' {
		if r := entities.find(key); r != 0 {
			return foldRune(r), end + 1
		}
	}
	// Those of HTML 2 may lack the semicolon, and then even run into the next word.
	for ; end > 2; end-- {
		if r := entities.find(key); r != 0 && r <= 0xFF {
			return foldRune(r), end
		}
		key &^= 0xFF << (8 * (end - 2))
	}
	return same, 1
}

// markupEntity returns the length of a reference to a character of markup. It ends a value as the character itself does, so
// it stays as it is: pages are full of them.
func markupEntity(body []byte) int {
	for _, name := range [...]string{"&lt;", "&gt;", "&amp;", "&quot;"} {
		if len(body) >= len(name) && body[1] == name[1] && string(body[:len(name)]) == name {
			return len(name)
		}
	}
	return 0
}

func decodeNumericEntity(body []byte) (rune, int) {
	base, start := rune(10), 2
	if body[2] == 'x' || body[2] == 'X' {
		base, start = 16, 3
	}
	var r rune
	end := start
	for end < len(body) && end < longestEscape-1 {
		digit := rune(hexDigits[body[end]])
		if digit < 0 || digit >= base {
			break
		}
		r = min(r*base+digit, utf8.MaxRune+1)
		end++
	}
	if end == start || end == longestEscape-1 {
		return same, 1
	}
	if end < len(body) && body[end] == ';' {
		end++
	}
	switch {
	case r >= 0x80 && r <= 0x9F:
		// As every browser does, and the HTML standard says (13.2.5.80).
		r = windows1252(byte(r))
	case r == 0 || r > utf8.MaxRune || utf16.IsSurrogate(r):
		return utf8.RuneError, end
	}
	return foldRune(r), end
}

// unfinishedEntity reports whether rest, which begins with '&', may become a reference with more bytes behind it.
func unfinishedEntity(rest []byte) bool {
	for _, b := range rest[1:] {
		if !isAlphanumeric(b) && b != '#' {
			return false
		}
	}
	return true
}

func isAlphanumeric(b byte) bool {
	return b-'0' < 10 || b|0x20-'a' < 26
}
