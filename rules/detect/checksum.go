package detect

import (
	"encoding/binary"
	"strings"
)

// The arithmetic that identifiers share. All of it works on ASCII bytes in a buffer of the caller and allocates nothing.

// maxCompact is the most characters of an identifier that are looked at, without separators. The longest known is an IBAN, with 34.
const maxCompact = 40

// A compactBuffer is the backing of a compact value. It stands on the stack of a Valid function.
type compactBuffer [maxCompact]byte

// compact returns value without its separators and with its ASCII letters in upper case. The result is backed by buf; it is nil
// when value holds anything but ASCII letters, digits and separators, or more than maxCompact of them.
func compact(buf *compactBuffer, value []byte) []byte {
	n := 0
	for _, c := range value {
		if c = compacted[c]; c <= foreignByte {
			if c == foreignByte {
				return nil
			}
			continue
		}
		if n == maxCompact {
			return nil
		}
		buf[n] = c
		n++
	}
	return buf[:n]
}

// foreignByte is what compacted holds for bytes that stand in no identifier; it holds 0 for separators.
const foreignByte = 1

// compacted maps digits and letters to themselves in upper case.
var compacted = func() (table [256]byte) {
	for i := range table {
		c := byte(i)
		switch {
		case isDigit(c):
			table[i] = c
		case asciiLetter[c] != 0:
			table[i] = asciiLetter[c] - 'a' + 'A'
		case !isSeparator(c):
			table[i] = foreignByte
		}
	}
	return
}()

// digits returns the digits of value, which may hold nothing but digits and separators; see compact.
func digits(buf *compactBuffer, value []byte) []byte {
	if len(value) <= maxCompact && allDigits(value) {
		return buf[:copy(buf[:], value)]
	}
	d := compact(buf, value)
	if !allDigits(d) {
		return nil
	}
	return d
}

// eightDigits reports whether the eight bytes of a word are ASCII digits: 0x30 to 0x39, so that six more do not leave 0x3f.
func eightDigits(word uint64) bool {
	return word&(0xf0*eachByte) == 0x30*eachByte && (word+6*eachByte)&(0xf0*eachByte) == 0x30*eachByte
}

// isSeparator reports whether c may stand between the parts of an identifier in folded text.
func isSeparator(c byte) bool {
	switch c {
	case ' ', '-', '.', '/', ':', ',', '_', '(', ')', '\'':
		return true
	}
	return false
}

// allDigits reports whether d is ASCII digits only; so is the empty one.
func allDigits(d []byte) bool {
	const word = 8
	if len(d) >= word {
		for ; len(d) > word; d = d[min(word, len(d)-word):] {
			if !eightDigits(binary.LittleEndian.Uint64(d)) {
				return false
			}
		}
		return eightDigits(binary.LittleEndian.Uint64(d))
	}
	for _, c := range d {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// allLetters reports whether d is upper-case ASCII letters only; so is the empty one.
func allLetters(d []byte) bool {
	for _, c := range d {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

// oneDigitOnly reports whether d repeats one character, as placeholders do.
func oneDigitOnly(d []byte) bool {
	for _, c := range d {
		if c != d[0] {
			return false
		}
	}
	return true
}

// listed reports whether code is one of the words of list, which are separated by a space and as long as code.
func listed(list string, code []byte) bool {
	for rest := list; len(rest) >= len(code); {
		if rest[:len(code)] == string(code) {
			return true
		}
		next := strings.IndexByte(rest, ' ')
		if next < 0 {
			return false
		}
		rest = rest[next+1:]
	}
	return false
}

// number returns the decimal value of up to 18 digits.
func number(d []byte) int {
	n := 0
	for _, c := range d {
		n = n*10 + int(c-'0')
	}
	return n
}

// symbol returns 0-9 for digits and 10-35 for upper-case letters: the values of ISO 7064 and ICAO 9303. Other bytes give 0.
func symbol(c byte) int { return int(symbols[c]) }

var symbols = func() (table [256]uint8) {
	for i := range table {
		switch c := byte(i); {
		case c >= '0' && c <= '9':
			table[i] = c - '0'
		case c >= 'A' && c <= 'Z':
			table[i] = c - 'A' + 10
		}
	}
	return
}()

// weightedSum adds the symbols of d, each times its weight. Weights are written as symbols: '7' is 7, 'A' is 10. Symbols of d
// behind the last weight do not count.
func weightedSum(d []byte, weights string) int {
	sum := 0
	for i := 0; i < len(d) && i < len(weights); i++ {
		sum += symbol(d[i]) * symbol(weights[i])
	}
	return sum
}

// digitSum adds the decimal digits of n, which is not negative.
func digitSum(n int) int {
	sum := 0
	for ; n > 0; n /= 10 {
		sum += n % 10
	}
	return sum
}

// luhn reports whether the last digit of d is its check digit by ISO/IEC 7812-1 annex B.
func luhn(d []byte) bool {
	return len(d) > 1 && luhnSum(d)%10 == 0
}

// luhnSum is the sum of ISO/IEC 7812-1 annex B: every second digit, counted from behind and beginning before the last, is doubled.
func luhnSum(d []byte) int {
	sum := 0
	for i, c := range d {
		n := int(c - '0')
		if (len(d)-i)%2 == 0 {
			n *= 2
			if n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum
}

// mod97 continues a remainder by 97 over symbols, as ISO 13616 does for IBANs: letters count as two digits. It begins with 0.
func mod97(remainder int, d []byte) int {
	for _, c := range d {
		if n := symbol(c); n > 9 {
			remainder = (remainder*100 + n) % 97
		} else {
			remainder = (remainder*10 + n) % 97
		}
	}
	return remainder
}

// iso7064Mod11Radix10 reports whether the last digit of d is its check digit by ISO/IEC 7064, MOD 11,10.
func iso7064Mod11Radix10(d []byte) bool { return hybridCheck(d, 10) }

// iso7064Mod37Radix36 reports whether the last symbol of d is its check character by ISO/IEC 7064, MOD 37,36.
func iso7064Mod37Radix36(d []byte) bool { return hybridCheck(d, 36) }

// hybridCheck is the hybrid system of ISO/IEC 7064 with the moduli radix+1 and radix.
func hybridCheck(d []byte, radix int) bool {
	if len(d) < 2 {
		return false
	}
	product := radix
	for _, c := range d[:len(d)-1] {
		sum := (product + symbol(c)) % radix
		if sum == 0 {
			sum = radix
		}
		product = sum * 2 % (radix + 1)
	}
	return (product+symbol(d[len(d)-1]))%radix == 1
}

// iso7064Mod11Radix2 reports whether the last symbol of d, a digit or 'X' for 10, is its check character by ISO/IEC 7064, MOD 11-2.
func iso7064Mod11Radix2(d []byte) bool {
	if len(d) < 2 {
		return false
	}
	last := len(d) - 1
	product := 0
	for _, c := range d[:last] {
		product = (product + symbol(c)) * 2 % 11
	}
	check := (12 - product) % 11
	if d[last] == 'X' {
		return check == 10
	}
	return d[last] >= '0' && d[last] <= '9' && check == int(d[last]-'0')
}

// Verhoeff's tables: the dihedral group of the pentagon and the powers of his permutation. J. Verhoeff, Error detecting decimal
// codes, Mathematical Centre Tracts 29, 1969.
const (
	verhoeffProduct = "0123456789" + "1234067895" + "2340178956" + "3401289567" + "4012395678" +
		"5987604321" + "6598710432" + "7659821043" + "8765932104" + "9876543210"
	verhoeffPower = "0123456789" + "1576283094" + "5803796142" + "8916043527" + "9453126870" + "4286573901" + "2793806415" + "7046913258"
)

// verhoeff reports whether the last digit of d is its check digit by Verhoeff's scheme.
func verhoeff(d []byte) bool {
	check := 0
	for i := range d {
		c := int(d[len(d)-1-i] - '0')
		power := int(verhoeffPower[i%8*10+c] - '0')
		check = int(verhoeffProduct[check*10+power] - '0')
	}
	return len(d) > 1 && check == 0
}

// icaoCheck returns the check digit of ICAO Doc 9303 part 3 over d: weights 7, 3, 1, letters from 10.
func icaoCheck(d []byte) int {
	const weights = "731"
	sum := 0
	for i, c := range d {
		sum += symbol(c) * symbol(weights[i%len(weights)])
	}
	return sum % 10
}

// The years that a birth may fall in. They are fixed, and not taken from the clock, so that the same bytes are always judged alike;
// the last is far enough ahead not to age.
const (
	firstBirthYear = 1850
	lastBirthYear  = 2079
)

// validDate reports whether a day stands in the Gregorian calendar.
func validDate(year, month, day int) bool {
	return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

// validBirth reports whether a day stands in the calendar and somebody whose data is still kept may have been born on it.
func validBirth(year, month, day int) bool {
	return year >= firstBirthYear && year <= lastBirthYear && validDate(year, month, day)
}

// validShortBirth reports whether a day with a year of two digits is a birth date in either the 20th or the 21st century.
func validShortBirth(year, month, day int) bool {
	return validBirth(1900+year, month, day) || validBirth(2000+year, month, day)
}

// daysIn returns the number of days of a month from 1 to 12.
func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}
