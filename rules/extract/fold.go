package extract

import "unicode"

// foldRune returns what a character is matched as: none for characters that cannot be seen, ' ' for every space, '-' for
// every dash, ASCII digits for every decimal digit, ASCII for the characters that Unicode calls compatible with it
// (fullwidth and mathematical forms); the others are themselves. Names and words keep their letters.
func foldRune(r rune) rune {
	switch {
	case r < 0xA0:
		return r
	case r < 0x300:
		switch r {
		case 0xA0:
			return ' '
		case 0xAD:
			return none
		}
		return r
	case r >= 0x2000 && r < 0x2070, r == 0x2212:
		return foldPunctuation(r)
	case r >= 0xFF00 && r < 0xFFF0:
		return foldFullwidth(r)
	case r >= 0x1D400 && r <= 0x1D7FF:
		return foldMathematical(r)
	case r >= 0xE0000 && r <= 0xE01EF, r >= 0xFE00 && r <= 0xFE0F:
		return none // tags and variation selectors
	case r == 0x034F || r == 0x061C || r == 0x115F || r == 0x1160 || r == 0x17B4 || r == 0x17B5 || r >= 0x180B && r <= 0x180F || r == 0x3164 || r == 0xFEFF:
		return none // grapheme joiner, Arabic letter mark, fillers, Mongolian selectors, byte order mark
	case r == 0x1680 || r == 0x3000:
		return ' '
	case r == 0x3002:
		return '.' // ideographic full stop: a dot in domain names (RFC 3490, section 3.1)
	case r == 0xFE58 || r == 0xFE63:
		return '-'
	case r == 0xFE52:
		return '.'
	case r == 0xFE6B:
		return '@'
	case r >= 0x2070 && r <= 0x2079 && r > 0x2073:
		return '0' + r - 0x2070
	case r >= 0x2080 && r <= 0x2089:
		return '0' + r - 0x2080
	case r >= 0x2460 && r <= 0x2468:
		return '1' + r - 0x2460
	case r >= 0x24B6 && r <= 0x24CF:
		return 'A' + r - 0x24B6
	case r >= 0x24D0 && r <= 0x24E9:
		return 'a' + r - 0x24D0
	}
	return foldDigit(r)
}

// foldPunctuation folds the block General Punctuation, and the minus sign.
func foldPunctuation(r rune) rune {
	switch {
	case r <= 0x200A, r == 0x202F, r == 0x205F:
		return ' '
	case r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060:
		if r == 0x2212 {
			return '-'
		}
		return none // zero-width, direction and invisible operators
	case r <= 0x2015, r == 0x2043:
		return '-'
	case r == 0x2024:
		return '.'
	case r == 0x2028, r == 0x2029:
		return '\n'
	case r == 0x2044:
		return '/'
	}
	return r
}

func foldFullwidth(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFEE0
	case r == 0xFF61:
		return '.'
	case r == 0xFFA0:
		return none
	}
	return r
}

// foldMathematical folds the block Mathematical Alphanumeric Symbols: thirteen alphabets of 52 letters, Greek, five rows of
// digits.
func foldMathematical(r rune) rune {
	switch {
	case r >= 0x1D7CE:
		return '0' + (r-0x1D7CE)%10
	case r < 0x1D6A4:
		letter := (r - 0x1D400) % 52
		if letter < 26 {
			return 'A' + letter
		}
		return 'a' + letter - 26
	}
	return r
}

// foldDigit folds the decimal digits of all scripts. Their ranges in Unicode begin with zero and hold ten each.
func foldDigit(r rune) rune {
	if r <= 0xFFFF {
		for _, digits := range unicode.Nd.R16 {
			if rune(digits.Lo) > r {
				return r
			}
			if r <= rune(digits.Hi) {
				return '0' + (r-rune(digits.Lo))%10
			}
		}
		return r
	}
	for _, digits := range unicode.Nd.R32 {
		if rune(digits.Lo) > r {
			return r
		}
		if r <= rune(digits.Hi) {
			return '0' + (r-rune(digits.Lo))%10
		}
	}
	return r
}

// windows1252 returns the character of a byte that is not ASCII. A body that is no UTF-8 is taken for windows-1252, as the
// Encoding Standard takes all that calls itself ISO-8859-1.
func windows1252(b byte) rune {
	if b >= 0x80 && b <= 0x9F {
		if r := windows1252Controls[b-0x80]; r != 0 {
			return r
		}
	}
	return rune(b)
}

// windows1252Controls is what windows-1252 holds in place of the C1 controls (encoding.spec.whatwg.org, index-windows-1252).
var windows1252Controls = [32]rune{0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
	0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178}

// Classes of bytes beside a place where a value may have been torn apart.
const (
	joinNever = iota
	joinDigit
	joinLetter
	joinAt
	joinSeparator
)

var joinClasses = func() (classes [256]uint8) {
	for b := range classes {
		switch {
		case byte(b)-'0' < 10:
			classes[b] = joinDigit
		case isAlphanumeric(byte(b)):
			classes[b] = joinLetter
		}
	}
	classes['@'] = joinAt
	for _, b := range " -._/+()" {
		classes[b] = joinSeparator
	}
	return classes
}()
