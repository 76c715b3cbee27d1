package extract

import (
	"unicode/utf8"

	"stanch/rules"
)

// Ways to write text that nobody names, but that the first bytes show.

// fewestEscapes is how many sure escapes of quoted-printable, or runs of UTF-7, the first bytes must hold.
const fewestEscapes = 4

// undeclaredLayer is the decoder of the way that text is written in, by its first bytes; nil for plain text.
func undeclaredLayer(format rules.Format, head []byte) charsetDecoder {
	switch format {
	case rules.EventStream, rules.NDJSON:
		return nil // they are told by fewer bytes, so that they can leave at once
	}
	switch {
	case isQuotedPrintable(head):
		return quotedDecoder{}
	case isUTF7(head):
		return &openUTF7Decoder{}
	}
	return nil
}

// isQuotedPrintable reports whether the first bytes of a text are full of the escapes of quoted-printable, of which some are sure:
// one directly behind the other, or the '@' of an address. Most of what has a '=' assigns something, and few numbers stand behind it.
func isQuotedPrintable(head []byte) bool {
	signs, escapes, sure := 0, 0, 0
	for i := 0; i < len(head); i++ {
		if head[i] != '=' {
			continue
		}
		signs++
		value, ok := quotedByte(head[i:])
		if !ok {
			if end := lineEnd(head[i+1:]); end > 0 || len(head)-i < quotedSize {
				escapes++
			}
			continue
		}
		escapes++
		inWord := i > 0 && isAlphanumeric(head[i-1])
		if _, again := quotedByte(head[i+quotedSize:]); again || value == '@' && inWord && isQuotedDomain(head[i+quotedSize:]) {
			sure++
		}
		i += quotedSize - 1
	}
	return sure >= fewestEscapes && escapes*10 >= signs*9
}

// isQuotedDomain reports whether text begins with a word and a dot, escaped or not.
func isQuotedDomain(text []byte) bool {
	i := 0
	for i < len(text) && (isAlphanumeric(text[i]) || text[i] == '-') {
		i++
	}
	if i == 0 || i == len(text) || !isLetter(text[0]) {
		return false
	}
	dot, _ := quotedByte(text[i:])
	return text[i] == '.' || dot == '.'
}

// quotedSize is how many bytes stand for one in quoted-printable (RFC 2045, section 6.7).
const quotedSize = 3

// quotedByte reads =XX where that is a character of text. Before a long number it is an assignment.
func quotedByte(text []byte) (byte, bool) {
	const longNumber = 6
	if len(text) < quotedSize || text[0] != '=' {
		return 0, false
	}
	value, ok := hexByte(text, 1)
	if !ok || binaryBytes[value] || value == 0x7F {
		return 0, false
	}
	digits := 0
	for digits < longNumber && quotedSize+digits < len(text) && text[quotedSize+digits]-'0' < 10 {
		digits++
	}
	return value, digits < longNumber
}

// lineEnd is the length of the line end that text begins with.
func lineEnd(text []byte) int {
	switch {
	case len(text) > 1 && text[0] == '\r' && text[1] == '\n':
		return 2
	case len(text) > 0 && text[0] == '\n':
		return 1
	}
	return 0
}

// A quotedDecoder decodes quoted-printable: "=40" is '@', and a '=' before a line end joins two lines.
type quotedDecoder struct{}

// quotedReach is how far behind a '=' the decoder looks.
const quotedReach = quotedSize + 6

func (d quotedDecoder) run(body []byte) (int, int, int) { return next(body, 0, '='), 1, 0 }

func (d quotedDecoder) next(body []byte, final bool) (rune, int) {
	if len(body) < utf8.UTFMax*quotedReach && !final {
		return 0, 0
	}
	if end := lineEnd(body[1:]); end > 0 {
		return none, 1 + end
	}
	var char [utf8.UTFMax]byte
	size := 0
	for size < len(char) {
		value, ok := quotedByte(body[min(size*quotedSize, len(body)):])
		if !ok || size > 0 && value < utf8.RuneSelf {
			break
		}
		char[size] = value
		size++
		if value < utf8.RuneSelf {
			break
		}
	}
	if size == 0 {
		return '=', 1
	}
	r, width := utf8.DecodeRune(char[:size])
	if r == utf8.RuneError && width == 1 {
		r = windows1252(char[0])
	}
	return r, width * quotedSize
}

// isUTF7 reports whether the first bytes of a text hold runs of UTF-7 that stand for ASCII.
func isUTF7(head []byte) bool {
	runs := 0
	for i := 0; i < len(head); i++ {
		if head[i] != '+' {
			continue
		}
		size := openUTF7Run(head[i:])
		if size == 0 {
			continue
		}
		if runs++; runs == fewestEscapes {
			return true
		}
		i += size - 1
	}
	return false
}

// openUTF7Run is the length of the run of UTF-7 at the start of text that stands for ASCII, from '+' to '-'; 0 when there is none,
// or it is longer than an escape may be.
func openUTF7Run(text []byte) int {
	var bits uint32
	count, units := uint(0), 0
	for i := 1; i < min(len(text), longestEscape); i++ {
		value := base64Value(text[i])
		if value < 0 {
			if text[i] == '-' && units > 0 && count < 6 && bits&(1<<count-1) == 0 {
				return i + 1
			}
			return 0
		}
		bits, count = bits<<6|uint32(value), count+6
		if count >= 16 {
			count -= 16
			if unit := bits >> count & 0xFFFF; unit < ' ' || unit > '~' {
				return 0
			}
			units++
		}
	}
	return 0
}

// An openUTF7Decoder decodes the runs of UTF-7 that openUTF7Run knows, and leaves all else as it is.
type openUTF7Decoder struct {
	left    int // bytes of the run that is decoded
	decoder utf7Decoder
}

func (d *openUTF7Decoder) run(body []byte) (int, int, int) {
	if d.left > 0 {
		return 0, 1, 0
	}
	return next(body, 0, '+'), 1, 0
}

func (d *openUTF7Decoder) next(body []byte, final bool) (rune, int) {
	if d.left == 0 {
		if len(body) < longestEscape && !final {
			return 0, 0
		}
		if d.left = openUTF7Run(body); d.left == 0 {
			return '+', 1
		}
		d.decoder = utf7Decoder{}
	}
	r, size := d.decoder.next(body, true)
	d.left -= size
	return r, size
}
