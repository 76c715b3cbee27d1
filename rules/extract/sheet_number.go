package extract

import (
	"math"
	"strconv"
	"strings"
)

// formatKind is how a number looks in its cell, as far as it matters here.
type formatKind uint8

const (
	formatGeneral formatKind = iota
	formatDate               // a day, with or without the time
	formatPadded             // digits set into a pattern, such as 000-00-0000
)

// A numberFormat is what a cell's style says about numbers.
type numberFormat struct {
	kind    formatKind
	pattern []paddedSection // of formatPadded
}

// A paddedSection is one alternative of a pattern of digits and literals.
type paddedSection struct {
	atMost  float64 // the section is for numbers up to it; +Inf for all
	symbols string  // '0' a digit, '#' a digit or nothing, '\x01' in front of a literal byte
	digits  int     // how many of the symbols are digits
}

const literalSymbol = '\x01'

// builtinFormat classifies the number formats that have a number but no code (ECMA-376 part 1, 18.8.30; the ranges from 27
// and 50 on are dates in East Asian versions).
func builtinFormat(id int) numberFormat {
	if id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58 {
		return numberFormat{kind: formatDate}
	}
	return numberFormat{}
}

// parseFormat classifies a format code, such as `dd/mm/yyyy`, `000-00-0000` or `[<=9999999]###-####;(###) ###-####`.
func parseFormat(code string) numberFormat {
	var sections []paddedSection
	plain := true
	for i, part := range splitFormat(code) {
		section, kind := parseSection(part)
		if kind == formatDate {
			return numberFormat{kind: formatDate}
		}
		if kind != formatPadded {
			plain = plain && i > 0
			break
		}
		sections = append(sections, section)
	}
	if !plain || len(sections) == 0 {
		return numberFormat{}
	}
	return numberFormat{kind: formatPadded, pattern: sections}
}

// splitFormat cuts a format code at the semicolons that stand in no literal; a format has at most four sections.
func splitFormat(code string) []string {
	const maxSections = 4
	var parts []string
	start, quoted := 0, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && !quoted:
			i++
		case c == ';' && !quoted && len(parts) < maxSections-1:
			parts = append(parts, code[start:i])
			start = i + 1
		}
	}
	return append(parts, code[start:])
}

// parseSection reads one section of a format code.
func parseSection(code string) (paddedSection, formatKind) {
	section := paddedSection{atMost: math.Inf(1)}
	var symbols strings.Builder
	zeros, literals, other := 0, 0, false
	literal := func(c byte) {
		symbols.WriteByte(literalSymbol)
		symbols.WriteByte(c)
		literals++
	}
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"':
			for i++; i < len(code) && code[i] != '"'; i++ {
				literal(code[i])
			}
		case '\\', '!':
			if i++; i < len(code) {
				literal(code[i])
			}
		case '_', '*': // a gap as wide as, or filled with, the next character
			i++
		case '[':
			stop := strings.IndexByte(code[i:], ']')
			if stop < 0 {
				return section, formatGeneral
			}
			if section.bracket(code[i+1 : i+stop]) {
				return section, formatDate
			}
			i += stop
		case '0', '#', '?':
			if c == '0' {
				zeros++
			} else {
				c = '#'
			}
			section.digits++
			symbols.WriteByte(c)
		case ' ', '-', '(', ')', '+', ':':
			literal(c)
		case 'y', 'Y', 'm', 'M', 'd', 'D', 'h', 'H', 's', 'S':
			return section, formatDate
		case 'G', 'g', 'E', 'e', '@':
			if c == 'G' && strings.HasPrefix(code[i:], "General") {
				return section, formatGeneral
			}
			if c == 'e' && i+1 < len(code) && code[i+1] == 'e' {
				return section, formatDate
			}
			other = true
		default:
			other = true
		}
	}
	section.symbols = symbols.String()
	if other || section.digits < 2 || zeros < 2 && literals == 0 {
		return section, formatGeneral
	}
	return section, formatPadded
}

// bracket reads what stands in square brackets: a limit, or else a color or language. It reports whether it is elapsed time.
func (s *paddedSection) bracket(inside string) bool {
	if limit, ok := strings.CutPrefix(inside, "<="); ok {
		if n, err := strconv.ParseFloat(limit, 64); err == nil {
			s.atMost = n
		}
	}
	return elapsedTime(inside)
}

// elapsedTime reports whether the inside of square brackets stands for elapsed hours, minutes or seconds.
func elapsedTime(inside string) bool {
	inside = strings.ToLower(inside)
	return inside != "" && (strings.Trim(inside, "h") == "" || strings.Trim(inside, "m") == "" || strings.Trim(inside, "s") == "")
}

// numberStyle says how to render the numbers of one workbook's cells.
type numberStyle struct {
	formats  []numberFormat // by style
	date1904 bool           // days count from 1904-01-01
}

// format returns the format of a style; an unknown style is general.
func (n *numberStyle) format(style int) *numberFormat {
	if uint(style) < uint(len(n.formats)) {
		return &n.formats[style]
	}
	return &numberFormat{}
}

// appendRaw renders a number that is written in decimal, as XML parts hold it.
func (n *numberStyle) appendRaw(dst, raw []byte, style int) []byte {
	format := n.format(style)
	if format.kind == formatGeneral && (plainDecimal(raw) || plainInteger(raw)) {
		return append(dst, raw...)
	}
	if day := smallNumber(raw); day >= 0 && format.kind == formatDate {
		return n.appendValue(dst, float64(day), style)
	}
	value, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
		return append(dst, raw...)
	}
	return n.appendValue(dst, value, style)
}

// appendValue renders a number.
func (n *numberStyle) appendValue(dst []byte, value float64, style int) []byte {
	switch format := n.format(style); format.kind {
	case formatDate:
		if out, ok := appendSerial(dst, value, n.date1904); ok {
			return out
		}
	case formatPadded:
		if value >= 0 && value == math.Trunc(value) && value < 1e15 {
			return appendPadded(dst, value, format.pattern)
		}
	}
	return appendGeneral(dst, value)
}

// plainInteger reports whether raw is digits only, with or without a sign.
func plainInteger(raw []byte) bool {
	if len(raw) > 1 && raw[0] == '-' {
		raw = raw[1:]
	}
	for _, c := range raw {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(raw) > 0
}

// maxPlainDigits is how many significant digits spreadsheets show.
const maxPlainDigits = 15

// plainDecimal reports whether raw is a short decimal fraction without an exponent, which needs no rounding.
func plainDecimal(raw []byte) bool {
	if len(raw) > maxPlainDigits {
		return false
	}
	for _, c := range raw {
		if c-'0' > 9 && c != '.' && c != '-' {
			return false
		}
	}
	return true
}

// The range in which a number is written without an exponent: all digits of every number that could be an identifier.
const (
	largestPlain  = 1e21
	smallestPlain = 1e-9
)

// appendGeneral writes a number with all its digits, rounded to 15 significant ones where it has a fraction.
func appendGeneral(dst []byte, value float64) []byte {
	magnitude := math.Abs(value)
	switch {
	case value == 0:
		return append(dst, '0')
	case magnitude >= largestPlain || magnitude < smallestPlain:
		return strconv.AppendFloat(dst, value, 'G', -1, 64)
	case value != math.Trunc(value):
		var digits [32]byte
		if rounded, err := strconv.ParseFloat(string(strconv.AppendFloat(digits[:0], value, 'e', maxPlainDigits-1, 64)), 64); err == nil {
			value = rounded
		}
	}
	return strconv.AppendFloat(dst, value, 'f', -1, 64)
}

// appendPadded sets the digits of a whole number into the first section that is for it.
func appendPadded(dst []byte, value float64, sections []paddedSection) []byte {
	section := &sections[0]
	for i := range sections {
		if value <= sections[i].atMost {
			section = &sections[i]
			break
		}
	}
	var buffer [24]byte
	digits := strconv.AppendFloat(buffer[:0], value, 'f', -1, 64)
	if value == 0 {
		digits = digits[:0]
	}
	// Digits fill the places from the right; what is left over stands before the first place.
	places, started := section.digits, false
	symbols := section.symbols
	for i := 0; i < len(symbols); i++ {
		c := symbols[i]
		if c == literalSymbol {
			i++
			dst = append(dst, symbols[i])
			continue
		}
		for len(digits) > places {
			dst, digits, started = append(dst, digits[0]), digits[1:], true
		}
		if len(digits) == places && places > 0 {
			dst, digits, started = append(dst, digits[0]), digits[1:], true
		} else if c == '0' || started {
			dst, started = append(dst, '0'), true
		}
		places--
	}
	return dst
}

const (
	maxSerial      = 2958466 // the day after 9999-12-31, counted from 1899-12-30
	serialUnix     = 25569   // 1970-01-01, counted from 1899-12-30
	days1904       = 1462    // 1904-01-01, counted from 1899-12-30
	phantomDay     = 60      // 1900-02-29, which never was, but is counted
	secondsPerDay  = 86400
	secondsPerHour = 3600
)

// appendSerial writes a spreadsheet's day number as an ISO date, with the time where there is one. It reports false for
// numbers that are no day.
func appendSerial(dst []byte, serial float64, date1904 bool) ([]byte, bool) {
	if date1904 {
		serial += days1904
	}
	if !(serial >= 0 && serial < maxSerial) {
		return dst, false
	}
	day, seconds := int(serial), 0
	if fraction := serial - float64(day); fraction > 0 {
		seconds = int(math.Round(fraction * secondsPerDay))
	}
	if seconds == secondsPerDay {
		day, seconds = day+1, 0
	}
	if day > 0 || seconds == 0 {
		shown := day
		if day < phantomDay && !date1904 {
			shown++
		}
		dst = appendDay(dst, shown-serialUnix)
		if seconds == 0 {
			return dst, true
		}
		dst = append(dst, ' ')
	}
	dst = appendTwo(dst, seconds/secondsPerHour)
	dst = appendTwo(append(dst, ':'), seconds/60%60)
	return appendTwo(append(dst, ':'), seconds%60), true
}

// appendDay writes the date that lies so many days after 1970-01-01 in the Gregorian calendar. Years are counted from March,
// so that the leap day is the last one.
func appendDay(dst []byte, day int) []byte {
	const (
		toMarchZero = 719468 // days from 0000-03-01 to 1970-01-01
		perEra      = 146097 // days of 400 years
	)
	day += toMarchZero
	era := day / perEra
	ofEra := day % perEra
	yearOfEra := (ofEra - ofEra/1460 + ofEra/36524 - ofEra/146096) / 365
	ofYear := ofEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	month := (5*ofYear + 2) / 153
	dayOfMonth := ofYear - (153*month+2)/5 + 1
	year := yearOfEra + era*400
	if month < 10 {
		month += 3
	} else {
		month -= 9
		year++
	}
	dst = appendTwo(dst, year/100)
	dst = appendTwo(dst, year%100)
	dst = appendTwo(append(dst, '-'), month)
	return appendTwo(append(dst, '-'), dayOfMonth)
}

// appendTwo writes a number below 100 with two digits.
func appendTwo(dst []byte, n int) []byte { return append(dst, byte('0'+n/10), byte('0'+n%10)) }
