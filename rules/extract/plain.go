package extract

// plainSize returns the length of the character at body[i], which is not ASCII, when it surely stands for itself; else 0.
func plainSize(body []byte, i int) int {
	lead := body[i]
	size := int(plainLead[lead])
	if size == 0 || i+size > len(body) || body[i+1]&0xC0 != 0x80 || size == 3 && body[i+2]&0xC0 != 0x80 {
		return 0
	}
	if mixedLead[lead] && mayFold(lead, body[i+1], body[i+size-1]) {
		return 0
	}
	return size
}

// mayFold reports whether foldRune may change a character of two or three bytes with one of the mixed leads. It may say yes
// too often, never no to a character that is folded.
func mayFold(lead, second, last byte) bool {
	switch lead {
	case 0xC2: // U+0080 to U+00BF
		return second == 0xA0 || second == 0xAD
	case 0xCD: // U+0340 to U+037F
		return second == 0x8F
	case 0xD8: // U+0600 to U+063F
		return second == 0x9C
	case 0xD9, 0xDB: // U+0640 to U+067F, U+06C0 to U+06FF: Arabic digits
		return second >= 0xA0
	case 0xE2: // U+2000 to U+2FFF
		switch second {
		case 0x80: // but for quotation marks and the ellipsis
			return last < 0x98 || last >= 0xA8 && last <= 0xAF || last == 0xA4
		case 0x81, 0x91, 0x92, 0x93:
			return true
		case 0x82:
			return last < 0x8A
		case 0x88:
			return last == 0x92
		}
		return false
	case 0xE3: // U+3000 to U+3FFF
		return second == 0x80 && (last == 0x80 || last == 0x82) || second == 0x85
	}
	return true
}

// plainLead is the length of the characters that begin with a byte, where none, or with mixedLead few, of those characters
// are folded.
var plainLead = func() (sizes [256]uint8) {
	for b := 0xC2; b <= 0xDB; b++ {
		sizes[b] = 2
	}
	for b := 0xE2; b <= 0xE9; b++ {
		sizes[b] = 3
	}
	sizes[0xEB], sizes[0xEC] = 3, 3
	return sizes
}()

var mixedLead = [256]bool{0xC2: true, 0xCD: true, 0xD8: true, 0xD9: true, 0xDB: true, 0xE2: true, 0xE3: true}
