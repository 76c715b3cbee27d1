package extract

import "bytes"

// The bounds of whole numbers that are written out, in digits: identifiers have no fewer and hardly more.
const (
	leastLarge = 8
	mostLarge  = 20
)

// writeOut makes the number body[start:end] stand for its digits when it is whole and written in another way: 9.990000018e9, 9990000018.0.
func (r *jsonReader) writeOut(start, end int) {
	number := r.copier.body[start:end]
	if len(number) < leastLarge || !mayBeWhole(number) && bytes.IndexByte(number, 'e') < 0 && bytes.IndexByte(number, 'E') < 0 {
		return
	}
	var buffer [mostLarge]byte
	if digits, ok := wholeDigits(buffer[:0], number); ok {
		r.copier.replace(start, end, digits)
	}
}

// mayBeWhole reports whether a number without an exponent may have a fraction and be whole all the same, and have digits enough.
func mayBeWhole(number []byte) bool {
	n := len(number)
	return n >= leastLarge && number[n-1] == '0' && (number[n-2] == '0' || number[n-2] == '.')
}

// wholeDigits appends the digits of a number with a fraction or an exponent (RFC 8259, section 6), which is whole. It does not take numbers of fewer
// digits than leastLarge or more than mostLarge.
func wholeDigits(dst, number []byte) (digits []byte, ok bool) {
	mantissa, exponent := number, 0
	if at := bytes.IndexAny(number, "eE"); at >= 0 {
		mantissa = number[:at]
		if exponent, ok = smallExponent(number[at+1:]); !ok {
			return dst, false
		}
	}
	point := bytes.IndexByte(mantissa, '.')
	if point < 0 {
		if exponent == 0 {
			return dst, false // as it is
		}
		point = len(mantissa)
	}
	whole := point + exponent // digits before the point
	n := 0
	for i, b := range mantissa {
		switch {
		case i == point:
			continue
		case b-'0' > 9 || n >= whole && b != '0':
			return dst, false
		case n < whole && (b != '0' || len(dst) > 0):
			if len(dst) == mostLarge {
				return dst, false
			}
			dst = append(dst, b)
		}
		n++
	}
	for ; n < whole && len(dst) < mostLarge; n++ {
		dst = append(dst, '0')
	}
	return dst, n >= whole && len(dst) >= leastLarge
}

// smallExponent reads an exponent that numbers of mostLarge digits may have.
func smallExponent(text []byte) (exponent int, ok bool) {
	negative := len(text) > 0 && text[0] == '-'
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		text = text[1:]
	}
	for _, b := range text {
		if b-'0' > 9 || exponent > 10*mostLarge {
			return 0, false
		}
		exponent = exponent*10 + int(b-'0')
	}
	if negative {
		exponent = -exponent
	}
	return exponent, len(text) > 0
}
