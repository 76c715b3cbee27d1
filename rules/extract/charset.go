package extract

import (
	"bytes"

	"stanch/rules"
)

// sniffEncoding names the encoding of text that is not a superset of ASCII: by its byte order mark, or by where the zero
// bytes of its ASCII characters stand. It is "" when there is no such sign.
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
		return ""
	}
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

// looksLikeEBCDIC reports whether nearly all of head is what text is made of in every Latin code page of EBCDIC: letters and digits above all, none of
// which is ASCII, and neither a space nor a line end of ASCII. Text in other encodings of one or two bytes has bytes that are nothing there.
func looksLikeEBCDIC(head []byte) bool {
	if len(head) < leastEBCDIC || bytes.IndexByte(head, ' ') >= 0 || bytes.IndexByte(head, '\n') >= 0 {
		return false
	}
	letters, others := 0, 0
	for _, b := range head {
		switch ebcdicKinds[b] {
		case ebcdicLetter:
			letters++
		case ebcdicNone:
			others++
		}
	}
	return letters*2 > len(head) && others*50 <= len(head)
}

// What a byte is in the code pages of EBCDIC that Latin text is written in (IBM, Character Data Representation Architecture, appendix C: the
// invariant characters).
const (
	ebcdicNone uint8 = iota
	ebcdicLetter
	ebcdicSign
)

var ebcdicKinds = func() (kinds [256]uint8) {
	for _, letters := range []string{"\x81\x89", "\x91\x99", "\xA2\xA9", "\xC1\xC9", "\xD1\xD9", "\xE2\xE9", "\xF0\xF9"} {
		for b := int(letters[0]); b <= int(letters[1]); b++ {
			kinds[b] = ebcdicLetter
		}
	}
	for _, b := range []byte("\x05\x0D\x15\x25\x40\x4B\x4C\x4D\x4E\x50\x5A\x5B\x5C\x5D\x5E\x60\x61\x6B\x6C\x6D\x6E\x6F\x7A\x7B\x7C\x7D\x7E\x7F") {
		kinds[b] = ebcdicSign
	}
	return kinds
}()

// sniffDecoded tells the format of text in UTF-16 or UTF-32, by its ASCII characters alone.
func sniffDecoded(head []byte) rules.Format {
	plain := make([]byte, 0, len(head)/2)
	encoding := sniffEncoding(head)
	width := 2
	if encoding[4] == '3' {
		width = 4
	}
	low := 0
	if encoding[len(encoding)-2] == 'b' {
		low = width - 1
	}
	for i := 0; i+width <= len(head); i += width {
		if b := head[i+low]; b < 0x80 {
			plain = append(plain, b)
		}
	}
	if len(plain) == 0 || isBinary(plain) {
		return rules.Text
	}
	if format := sniffText(plain, rules.Unrecognized); format != rules.Unrecognized {
		return format
	}
	return rules.Text
}
