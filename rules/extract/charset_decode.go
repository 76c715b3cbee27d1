package extract

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/transform"
)

// A charsetDecoder decodes one character at a time, so that each can be traced to its bytes.
type charsetDecoder interface {
	// next decodes the character at the start of body. A size of 0 asks for more bytes, which there are not when final;
	// the rune none stands for bytes that only switch a state.
	next(body []byte, final bool) (r rune, size int)
	// run returns how many characters at the start of body stand for themselves: ASCII, in width bytes each, of which the
	// one with index at is the character. The bytes of a run of width 1 may also be those of UTF-8.
	run(body []byte) (count, width, at int)
}

// asciiRun is run for encodings in which ASCII characters take width bytes.
func asciiRun(body []byte, width, at int) (int, int, int) {
	count := 0
	for i := 0; i+width <= len(body); i += width {
		for k, b := range body[i : i+width] {
			if k == at && b >= utf8.RuneSelf || k != at && b != 0 {
				return count, width, at
			}
		}
		count++
	}
	return count, width, at
}

// newCharsetDecoder returns the decoder of a charset by its name, or nil when UTF-8 text needs none; known is false when
// there is no such charset.
func newCharsetDecoder(name string) (decoder charsetDecoder, known bool) {
	switch name = strings.ToLower(strings.Trim(name, ` "'`)); name {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252", "iso-8859-15", "binary":
		// What is no UTF-8 is read as windows-1252 in any case.
		return nil, true
	case "utf-16le", "utf-16be":
		return utf16Decoder{name == "utf-16be"}, true
	case "utf-16", "ucs-2", "utf16":
		return utf16Decoder{}, true
	case "utf-32le", "utf-32be":
		return utf32Decoder{name == "utf-32be"}, true
	case "utf-32", "ucs-4", "utf32":
		return utf32Decoder{}, true
	case "utf-7", "utf7", "unicode-1-1-utf-7":
		return &utf7Decoder{}, true
	case "ibm037", "cp037", "ebcdic-cp-us":
		return charmapDecoder{charmap.CodePage037}, true
	case "ibm1047", "cp1047":
		return charmapDecoder{charmap.CodePage1047}, true
	case "ibm1140", "ibm01140", "cp1140":
		return charmapDecoder{charmap.CodePage1140}, true
	case "hz-gb-2312", "iso-2022-kr", "iso-2022-cn", "iso-2022-cn-ext":
		// The Encoding Standard has browsers refuse these: what a client makes of them cannot be told.
		return nil, false
	}
	known1, err := htmlindex.Get(name)
	if err != nil || known1 == encoding.Replacement {
		return nil, false
	}
	if chars, ok := known1.(*charmap.Charmap); ok {
		return charmapDecoder{chars}, true
	}
	return &multibyteDecoder{decoder: known1.NewDecoder().Transformer, escapes: name == "iso-2022-jp" || name == "csiso2022jp"}, true
}

type utf16Decoder struct{ bigEndian bool }

func (d utf16Decoder) run(body []byte) (int, int, int) {
	if d.bigEndian {
		return asciiRun(body, 2, 1)
	}
	return asciiRun(body, 2, 0)
}

func (d utf16Decoder) unit(body []byte) rune {
	if d.bigEndian {
		return rune(binary.BigEndian.Uint16(body))
	}
	return rune(binary.LittleEndian.Uint16(body))
}

func (d utf16Decoder) next(body []byte, final bool) (rune, int) {
	if len(body) < 2 {
		return utf8.RuneError, finalSize(body, final)
	}
	first := d.unit(body)
	if !utf16.IsSurrogate(first) {
		return first, 2
	}
	if len(body) < 4 {
		if final {
			return utf8.RuneError, 2
		}
		return 0, 0
	}
	if r := utf16.DecodeRune(first, d.unit(body[2:])); r != utf8.RuneError {
		return r, 4
	}
	return utf8.RuneError, 2
}

// finalSize takes what is left of a torn character when nothing follows.
func finalSize(body []byte, final bool) int {
	if final {
		return len(body)
	}
	return 0
}

type utf32Decoder struct{ bigEndian bool }

func (d utf32Decoder) run(body []byte) (int, int, int) {
	if d.bigEndian {
		return asciiRun(body, 4, 3)
	}
	return asciiRun(body, 4, 0)
}

func (d utf32Decoder) next(body []byte, final bool) (rune, int) {
	if len(body) < 4 {
		return utf8.RuneError, finalSize(body, final)
	}
	r := binary.LittleEndian.Uint32(body)
	if d.bigEndian {
		r = binary.BigEndian.Uint32(body)
	}
	if r > utf8.MaxRune || utf16.IsSurrogate(rune(r)) {
		return utf8.RuneError, 4
	}
	return rune(r), 4
}

type charmapDecoder struct{ chars *charmap.Charmap }

func (d charmapDecoder) run(body []byte) (int, int, int) {
	if d.ebcdic() {
		return 0, 1, 0
	}
	return asciiRun(body, 1, 0)
}

func (d charmapDecoder) ebcdic() bool { return d.chars.DecodeByte('0') != '0' }

func (d charmapDecoder) next(body []byte, final bool) (rune, int) {
	if d.ebcdic() {
		return ebcdicRune(d.chars, body[0]), 1
	}
	return d.chars.DecodeByte(body[0]), 1
}

// longestMultibyte is the longest character or escape sequence of the multi-byte encodings, in bytes.
const longestMultibyte = 4

// A multibyteDecoder decodes the East Asian encodings.
type multibyteDecoder struct {
	decoder transform.Transformer
	escapes bool // ASCII bytes may be part of other characters
	buffer  [2 * utf8.UTFMax]byte
}

func (d *multibyteDecoder) run(body []byte) (int, int, int) {
	if d.escapes {
		return 0, 1, 0
	}
	return asciiRun(body, 1, 0)
}

func (d *multibyteDecoder) next(body []byte, final bool) (rune, int) {
	for size := 1; size <= longestMultibyte; size++ {
		if size > len(body) {
			if !final {
				return 0, 0
			}
			break
		}
		written, read, err := d.decoder.Transform(d.buffer[:], body[:size], false)
		if err == transform.ErrShortSrc || read == 0 {
			continue
		}
		if written == 0 {
			return none, read
		}
		r, _ := utf8.DecodeRune(d.buffer[:written])
		return r, read
	}
	return utf8.RuneError, 1
}

// A utf7Decoder decodes UTF-7 (RFC 2152): "+ADE-" is "1".
type utf7Decoder struct {
	shifted bool
	bits    uint32
	count   uint
	high    rune // the first half of a surrogate pair
}

func (d *utf7Decoder) run(body []byte) (int, int, int) {
	if d.shifted {
		return 0, 1, 0
	}
	return asciiRun(body[:next(body, 0, '+')], 1, 0)
}

func (d *utf7Decoder) next(body []byte, final bool) (rune, int) {
	if !d.shifted {
		if body[0] != '+' {
			return rune(body[0]), 1
		}
		if len(body) == 1 {
			if final {
				return '+', 1
			}
			return 0, 0
		}
		if body[1] == '-' {
			return '+', 2
		}
		if base64Value(body[1]) < 0 {
			return '+', 1
		}
		*d = utf7Decoder{shifted: true}
		return none, 1
	}
	value := base64Value(body[0])
	if value < 0 {
		d.shifted = false
		if body[0] == '-' {
			return none, 1
		}
		return rune(body[0]), 1
	}
	d.bits, d.count = d.bits<<6|uint32(value), d.count+6
	if d.count < 16 {
		return none, 1
	}
	d.count -= 16
	unit := rune(d.bits >> d.count & 0xFFFF)
	switch {
	case d.high != 0:
		r := utf16.DecodeRune(d.high, unit)
		d.high = 0
		return r, 1
	case utf16.IsSurrogate(unit):
		d.high = unit
		return none, 1
	}
	return unit, 1
}

const base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

func base64Value(b byte) int { return strings.IndexByte(base64Letters, b) }
