package extract

import (
	"encoding/binary"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// A utf16Joiner decodes little-endian UTF-16 that may come in pieces.
type utf16Joiner struct{ high rune }

// append decodes whole units.
func (j *utf16Joiner) append(dst, raw []byte) []byte {
	for i := 0; i+1 < len(raw); i += 2 {
		if j.high == 0 {
			var n int
			if dst, n = appendASCIIUnits(dst, raw[i:]); n > 0 {
				if i += n; i+1 >= len(raw) {
					break
				}
			}
		}
		r := rune(binary.LittleEndian.Uint16(raw[i:]))
		switch {
		case j.high != 0:
			if joined := utf16.DecodeRune(j.high, r); joined != utf8.RuneError {
				dst = utf8.AppendRune(dst, joined)
				j.high = 0
				continue
			}
			dst = utf8.AppendRune(dst, utf8.RuneError)
			j.high = 0
			fallthrough
		default:
			if utf16.IsSurrogate(r) && r < 0xDC00 {
				j.high = r
				continue
			}
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// appendASCIIUnits appends UTF-16 units from the start of raw four at a time, as long as all are ASCII, and returns how many
// bytes of raw that were.
func appendASCIIUnits(dst, raw []byte) ([]byte, int) {
	const notASCII, twoBytes = 0xFF80FF80FF80FF80, 0x0000FFFF0000FFFF
	n := len(dst)
	dst = slices.Grow(dst, len(raw)/2)
	out, i := dst[n:n+len(raw)/8*4], 0
	for ; len(raw)-i >= 8; i += 8 {
		units := binary.LittleEndian.Uint64(raw[i:])
		if units&notASCII != 0 {
			break
		}
		units = (units | units>>8) & twoBytes
		binary.LittleEndian.PutUint32(out[i/2:], uint32(units|units>>16))
	}
	return dst[:n+i/2], i
}

// appendUTF16 appends little-endian UTF-16 text.
func appendUTF16(dst, raw []byte) []byte {
	dst, n := appendASCIIUnits(dst, raw)
	for ; n+1 < len(raw) && raw[n+1] == 0 && raw[n] < utf8.RuneSelf; n += 2 {
		dst = append(dst, raw[n])
	}
	if n+1 >= len(raw) {
		return dst
	}
	var joiner utf16Joiner
	dst = joiner.append(dst, raw[n:])
	if joiner.high != 0 {
		dst = utf8.AppendRune(dst, utf8.RuneError)
	}
	return dst
}

// appendLatin appends characters of which only the low bytes are stored.
func appendLatin(dst, raw []byte) []byte {
	for _, c := range raw {
		if c < utf8.RuneSelf {
			dst = append(dst, c)
		} else {
			dst = utf8.AppendRune(dst, rune(c))
		}
	}
	return dst
}

// codePage is the encoding of a Windows, DOS or Macintosh code page; Windows-1252 for what is none.
func codePage(number int) encoding.Encoding {
	switch number {
	case 437:
		return charmap.CodePage437
	case 850:
		return charmap.CodePage850
	case 852:
		return charmap.CodePage852
	case 855:
		return charmap.CodePage855
	case 858:
		return charmap.CodePage858
	case 860:
		return charmap.CodePage860
	case 862:
		return charmap.CodePage862
	case 863:
		return charmap.CodePage863
	case 865:
		return charmap.CodePage865
	case 866:
		return charmap.CodePage866
	case 874:
		return charmap.Windows874
	case 932:
		return japanese.ShiftJIS
	case 936:
		return simplifiedchinese.GBK
	case 949:
		return korean.EUCKR
	case 950:
		return traditionalchinese.Big5
	case 1250:
		return charmap.Windows1250
	case 1251:
		return charmap.Windows1251
	case 1253:
		return charmap.Windows1253
	case 1254:
		return charmap.Windows1254
	case 1255:
		return charmap.Windows1255
	case 1256:
		return charmap.Windows1256
	case 1257:
		return charmap.Windows1257
	case 1258:
		return charmap.Windows1258
	case 10000, 0x8000:
		return charmap.Macintosh
	case 10007:
		return charmap.MacintoshCyrillic
	}
	return charmap.Windows1252
}

// appendCodePage appends text in an encoding.
func appendCodePage(dst, raw []byte, from encoding.Encoding) []byte {
	for _, c := range raw {
		if c >= utf8.RuneSelf {
			return append(dst, decoded(from, raw)...)
		}
	}
	return append(dst, raw...)
}
