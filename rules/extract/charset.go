package extract

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"stanch/rules"
)

// sniffEncoding names the encoding of text that is not a superset of ASCII: by its byte order mark, by where the zero
// bytes of its ASCII characters stand, or by bytes that are text in EBCDIC alone. It is "" when there is no such sign.
func sniffEncoding(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\xFF\xFE\x00\x00")):
		return "utf-32le"
	case bytes.HasPrefix(head, []byte("\x00\x00\xFE\xFF")):
		return "utf-32be"
	case bytes.HasPrefix(head, []byte("\xFF\xFE")):
		return "utf-16le"
	case bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return "utf-16be"
	}
	if len(head) < 8 || bytes.IndexByte(head, 0) < 0 {
		return sniffEBCDIC(head)
	}
	if name := sniffWide(head); name != "" && !isBinary(plainOf(head, name)) {
		return name
	}
	return ""
}

// sniffWide names UTF-16 or UTF-32 by where the zero bytes of ASCII characters stand, or "".
func sniffWide(head []byte) string {
	var zeros [4]int
	sample := head[:min(len(head), 512)&^3]
	for i, b := range sample {
		if b == 0 {
			zeros[i&3]++
		}
	}
	quarter := len(sample) / 4
	many := func(n int) bool { return n*10 >= quarter*7 }
	few := func(n int) bool { return n*10 <= quarter }
	switch {
	case few(zeros[0]) && many(zeros[1]) && many(zeros[2]) && many(zeros[3]):
		return "utf-32le"
	case many(zeros[0]) && many(zeros[1]) && many(zeros[2]) && few(zeros[3]):
		return "utf-32be"
	case few(zeros[0]) && few(zeros[2]) && many(zeros[1]) && many(zeros[3]):
		return "utf-16le"
	case many(zeros[0]) && many(zeros[2]) && few(zeros[1]) && few(zeros[3]):
		return "utf-16be"
	}
	return ""
}

// leastEBCDIC is how many bytes show that a text is in EBCDIC.
const leastEBCDIC = 32

// ebcdicText are the bytes of EBCDIC that text is made of: letters and digits, which stand in the upper half, and the punctuation, spaces
// and line ends that code pages 37 and 1047 have in common (IBM Character Data Representation Architecture, appendix E).
var ebcdicText = func() (is [256]bool) {
	const line, lineFeed, tab, carriageReturn, space = 0x15, 0x25, 0x05, 0x0D, 0x40
	for _, b := range []byte{line, lineFeed, tab, carriageReturn, space} {
		is[b] = true
	}
	for _, letters := range [...][2]byte{{0x81, 0x89}, {0x91, 0x99}, {0xA2, 0xA9}, {0xC1, 0xC9}, {0xD1, 0xD9}, {0xE2, 0xE9}, {0xF0, 0xF9},
		{0x4B, 0x4E}, {0x50, 0x50}, {0x5B, 0x5E}, {0x60, 0x61}, {0x6B, 0x6F}, {0x7A, 0x7F}, {0xC0, 0xC0}, {0xD0, 0xD0}, {0xE0, 0xE0}} {
		for b := int(letters[0]); b <= int(letters[1]); b++ {
			is[b] = true
		}
	}
	return is
}()

// sniffEBCDIC names the code page of text in EBCDIC, or "". Nearly all of it is letters, digits and what stands between them there; in
// any charset that extends ASCII, spaces and line ends alone are more than what may be otherwise. The two pages differ in brackets.
func sniffEBCDIC(head []byte) string {
	if len(head) < leastEBCDIC || bytes.IndexByte(head, ' ') >= 0 || bytes.IndexByte(head, '\n') >= 0 {
		return ""
	}
	var text, upper, brackets037, brackets1047 int
	for _, b := range head {
		switch b {
		case 0xBA, 0xBB:
			brackets037++
		case 0xAD, 0xBD:
			brackets1047++
		default:
			if !ebcdicText[b] {
				continue
			}
		}
		text++
		if b >= 0x80 {
			upper++
		}
	}
	switch {
	case text*20 < len(head)*19 || upper*5 < len(head)*2:
		return ""
	case brackets1047 > brackets037:
		return "ibm1047"
	}
	return "ibm037"
}

// sniffDecoded tells the format of text in an encoding that is no superset of ASCII, by its ASCII characters alone.
func sniffDecoded(head []byte, encoding string) rules.Format {
	plain := plainOf(head, encoding)
	if len(plain) == 0 || isBinary(plain) {
		return rules.Text
	}
	if format := sniffText(plain, rules.Unrecognized); format != rules.Unrecognized {
		return format
	}
	return rules.Text
}

// plainOf returns the ASCII characters of text in one of the encodings that sniffEncoding names. It calls no decoder, which would move
// every caller's head to the heap.
func plainOf(head []byte, encoding string) []byte {
	plain := make([]byte, 0, len(head))
	width, low := 1, 0
	switch encoding {
	case "utf-16le", "utf-16be":
		width = 2
	case "utf-32le", "utf-32be":
		width = 4
	}
	if strings.HasSuffix(encoding, "be") {
		low = width - 1
	}
	for ; len(head) >= width; head = head[width:] {
		char := rune(head[low])
		switch encoding {
		case "ibm037":
			char = ebcdicRune(charmap.CodePage037, head[0])
		case "ibm1047":
			char = ebcdicRune(charmap.CodePage1047, head[0])
		default:
			for k, b := range head[:width] {
				if k != low && b != 0 {
					char = utf8.RuneSelf
				}
			}
		}
		if char < utf8.RuneSelf {
			plain = append(plain, byte(char))
		}
	}
	return plain
}

// ebcdicRune is the character of a byte. A line of EBCDIC ends with one that is none in ASCII (Unicode Standard, section 5.8, table 5-1).
func ebcdicRune(page *charmap.Charmap, b byte) rune {
	const nextLine = 0x85
	r := page.DecodeByte(b)
	if r == nextLine {
		return '\n'
	}
	return r
}
