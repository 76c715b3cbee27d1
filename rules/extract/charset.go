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
