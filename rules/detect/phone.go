package detect

import (
	"unicode/utf8"

	"stanch/rules"
)

// extension is what may stand behind a phone number.
const extension = `(?:[ ,;/]{0,3}(?:ext|extn|ext\.|x|int\.|#|doorwahl|poste)[ :.]{0,2}\d{1,7})?`

// phoneDetector finds telephone numbers in international, national and North American form.
func phoneDetector() Detector {
	return Detector{
		ID: "phone", Title: "Telephone number", Category: BasicIdentifier, Strength: rules.Strong,
		Typical: []string{
			`\+(?:[ .\-/()]{0,3}\d){7,15}` + extension,
			`00[1-9](?:[ .\-/()]{0,2}\d){7,13}`,
			`(?:1[ .\-])?\(\d{3}\) ?\d{3}[ .\-]?\d{4}` + extension,
			`(?:1[ .\-])?\d{3}[ .\-]\d{3}[ .\-]\d{4}` + extension,
			`\(0\d{1,5}\)[ \-]?\d{2,8}(?:[ \-]\d{2,6}){0,4}` + extension,
			// At least six digits, and not just a month and its year.
			`0(?:\d[ .\-/](?:\d{5,8}|\d{2,4}[ .\-]\d{2,6})|\d\d[ .\-/](?:\d{3,8}|\d\d[ .\-]\d{2,6})|\d{3,5}[ .\-/]\d{2,8})(?:[ .\-]\d{2,6}){0,4}` + extension,
			`0 ?\(\d{2,4}\)[ \-]?\d{2,4}(?:[ \-]\d{2,4}){1,3}`,
		},
		Patterns: []string{`0\d{8,10}`, `[1-9]\d{9}`,
			`\([1-9]\d\) ?9?\d{4}[ \-]\d{4}`, `8[ \-]?\(\d{3,5}\)[ \-]?\d{1,3}[ \-]\d{2}[ \-]\d{2}`}, // Brazil, Russia
		Loose: []string{
			// Two groups have a dot between them in decimal numbers, and four digits and two are a year and a month.
			`\(?(?:\d{2}\)?[ \-/]\d{4,10}|\d{3,4}\)?[ \-/]\d{3,8}|\d{5}\)?[ \-/]\d{2,8}|\d{2,5}\)?(?:[ .\-/]\d{2,8}){2,5})`,
			`\d{7,12}`,
			`\d{1,3}\(0\)\d{6,12}`,
			// One digit stands for the area, the trunk or the kind.
			`\(?\d\)?[ \-](?:\d{5,8}|\d{2,4}(?:[ \-]\d{2,6}){1,4})`,
			`\(\d{1,2}[ \-]\d{1,3}\)[ \-]?\d{1,5}(?:[ \-]\d{2,4}){0,3}`,
			`\d{2} \d{2} \d \d{5}`,
		},
		LooseNeedsLabel: true,
		Examine:         examinePhone,
		Unsigned:        true,
		Context: []string{"phone", "telephone", "tel", "mobile", "cell", "cellphone", "fax", "phone number", "telephone number", "mobile number", "contact number", "cell number",
			"call", "call me", "call us", "dial", "answering at", "reach me", "reach us", "reach you", "messages to", "message on my registered", "sms", "whatsapp",
			"my number", "your number", "his number", "her number", "our number", "their number", "home number", "work number", "office number", "text me", "ring me", "ring us",
			"telefon", "telefonnummer", "mobil", "mobilnummer", "handy", "handynummer", "rufnummer", "telefono", "telefone", "movil", "celular", "cellulare",
			"portable", "gsm", "telefoon", "telefoonnummer", "mobiel", "puhelin", "puhelinnumero", "matkapuhelin", "telefonszam", "komorka", "telefon komorkowy", "telepono",
			"tlf", "telf", "telemovel", "movel", "tlm", "телефон", "тел", "τηλεφωνο", "κινητο", "电话", "手机", "电话号码", "電話", "電話番号", "携帯", "전화", "전화번호", "휴대폰", "โทร"},
		Headers: []string{"telephonenumber", "phonenumber", "mobilephone", "telno", "home tel", "work tel", "landline", "tel home", "tel work", "tel mobile"},
		Columns: []Column{{Headers: []string{"phone", "telephone", "tel", "mobile", "cell", "cellphone", "fax", "phone number", "telephone number", "mobile number", "contact number",
			"telephonenumber", "phonenumber", "mobilephone", "mobile phone", "cell phone", "home phone", "work phone", "landline", "telno", "telefon", "telefonnummer",
			"mobil", "mobilnummer", "handy", "handynummer", "rufnummer", "telefono", "telefone", "movil", "telemovel", "celular", "cellulare", "telefoon", "telefoonnummer", "puhelin",
			"puhelinnumero", "телефон", "τηλεφωνο", "电话", "手机", "電話番号", "전화번호"}, Accept: acceptPhone}},
		Source: "ITU-T Recommendation E.164 (numbers, at most 15 digits) and its list of assigned country codes; NANPA numbering plan (area codes and exchanges " +
			"from 200); Ofcom National Telephone Numbering Plan; Anatel and Minsvyaz numbering plans (national forms); Arcep (five pairs of digits)",
		Examples: []string{"+44 20 7946 0958", "(020) 7946 0958", "020 7946 0958", "(415) 555-0132", "415-555-0132", "+1 415 555 0132", "+49 30 1234567", "07700 900123",
			"+683 4276", "0033 1 42 68 53 00", "06.12.34.56.78", "(11) 98456 5666", "8 (912) 345-67-89"},
		CounterExamples: []string{"03/27/2011", "2012-01-02 08:00", "80.585 79.964", "234567890112", "+33 3 34 23 12", "650+253+1234", "1.2.840.113549.1.1", "10.0.0.1", "2025-08", "34.371372", "-.01563.04102"},
	}
}

// callingCodes are the country codes of E.164 with the fewest and the most digits of national numbers, where they are known to be
// narrower than defaultNational; ITU Operational Bulletin 1114 and the national plans published with it.
var callingCodes = map[int][2]int{
	1: {10, 10}, 7: {10, 10}, 20: {8, 10}, 27: {9, 9}, 30: {10, 10}, 31: {9, 11}, 32: {8, 9}, 33: {9, 9}, 34: {9, 9}, 36: {8, 9}, 39: {6, 11}, 40: {9, 9}, 41: {9, 9},
	43: {4, 13}, 44: {9, 10}, 45: {8, 8}, 46: {7, 10}, 47: {8, 8}, 48: {9, 9}, 49: {5, 13}, 51: {8, 9}, 52: {10, 11}, 53: {6, 8}, 54: {10, 11}, 55: {10, 11}, 56: {9, 9},
	57: {8, 10}, 58: {10, 10}, 60: {7, 10}, 61: {9, 10}, 62: {7, 12}, 63: {8, 10}, 64: {8, 10}, 65: {8, 8}, 66: {8, 9}, 81: {9, 10}, 82: {8, 11}, 84: {9, 10},
	86: {9, 11}, 90: {10, 10}, 91: {10, 10}, 92: {9, 10}, 93: {9, 9}, 94: {9, 9}, 95: {7, 10}, 98: {10, 10}, 290: {4, 5}, 351: {9, 9}, 352: {4, 11}, 353: {7, 10}, 354: {7, 9},
	356: {8, 8}, 357: {8, 8}, 358: {5, 12}, 359: {7, 9}, 370: {8, 8}, 371: {8, 8}, 372: {7, 8}, 380: {9, 9}, 381: {7, 10}, 385: {8, 9}, 386: {8, 8}, 420: {9, 9},
	421: {9, 9}, 683: {4, 7}, 690: {4, 7}, 852: {8, 8}, 886: {8, 9}, 966: {9, 9}, 971: {8, 9}, 972: {8, 9},
}

// nationalLengths are the callingCodes by code; zeros for codes that are not among them.
var nationalLengths = func() (by [1000][2]int) {
	for code, limits := range callingCodes {
		by[code] = limits
	}
	return
}()

// unassignedCodes are the first two digits of country codes that E.164 leaves spare. Of 80x only 800 and 808 are in use.
const unassignedCodes = "|28|83|89|"

// defaultNational is how many digits a national number has where the plan is not known to be narrower.
var defaultNational = [2]int{5, 12}

// The lengths of E.164 and of national numbers that are believed without a country, in digits.
const (
	maxPhoneDigits = 15
	minPhoneDigits = 7
	minLocalDigits = 6

	maxNationalDigits = 12
	maxTrunkDigits    = 13 // with a 0 in front, as in Argentina: 011 15-2345-6789
)

// maxPhone is how many bytes of a match are looked at.
const maxPhone = 48

// examinePhone tells the forms of a telephone number apart.
func examinePhone(text []byte, start, end int) Reading {
	if end-start > maxPhone {
		return Reading{}
	}
	value := text[start:end]
	switch {
	case value[0] == '+' && isSummand(text, start, end):
		return Reading{}
	case value[0] == '+':
		return examineInternational(text, start, end, start+1)
	case start > 0 && text[start-1] == '+' && value[0] != '0':
		return Reading{} // what is behind a plus was judged with it
	}
	var d [maxPhoneDigits + 1]byte
	n, groups := phoneDigits(&d, value)
	if n >= 10 && d[0] == '0' && d[1] == '0' {
		r := examineInternational(text, start, end, start+2)
		r.Grade = min(r.Grade, Checked)
		return r
	}
	if n > maxNationalDigits && (n > maxTrunkDigits || d[0] != '0') || n < minLocalDigits || behindPlus(text[:start]) || behindPoint(text[:start]) || isYears(d[:n], groups) {
		return Reading{}
	}
	signs := signsOf(value)
	if pairs := signs.runs == 5 && n == 10 && d[0] == '0'; signs.runs > 2 && isDate(value) && !pairs || signs.areFigures(value, groups) {
		return Reading{}
	}
	return Reading{start, end, gradeNational(value, d[:n], groups, signs.dashes)}
}

// isSummand reports whether a plus sign adds or is of an exponent: "x6 + 228430872*y", "1.5E+375923302".
func isSummand(text []byte, start, end int) bool {
	before := start - 1
	if before > 0 && text[before]|0x20 == 'e' && (isDigit(text[before-1]) || text[before-1] == '.') {
		return true
	}
	if end-start < 2 || text[start+1] != ' ' || !allDigits(text[start+2:end]) {
		return false
	}
	if before > 0 && text[before] == ' ' {
		before--
	}
	return end < len(text) && text[end] == '*' || before >= 0 && (isDigit(text[before]) || text[before] == ')')
}

// behindPlus reports whether a number goes on from an international prefix, with which it was judged already.
func behindPlus(before []byte) bool {
	const furthest = 16
	for i := len(before) - 1; i >= 0 && i >= len(before)-furthest; i-- {
		switch c := before[i]; {
		case c == '+':
			return true
		case !isDigit(c) && c != ' ' && c != '-' && c != '.' && c != '(' && c != ')':
			return false
		}
	}
	return false
}

// behindPoint reports whether a number goes on from a decimal point, as in the paths of drawings: "-.01563.04102", "41c.01563.04102".
func behindPoint(before []byte) bool {
	n := len(before)
	if n == 0 || before[n-1] != '.' {
		return false
	}
	if n == 1 || before[n-2] < utf8.RuneSelf && asciiLetter[before[n-2]] == 0 {
		return true
	}
	return n > 2 && isDigit(before[n-3])
}

// isYears reports whether two groups of digits are years: "2016-2020".
func isYears(d []byte, groups int) bool {
	isYear := func(y []byte) bool { return y[0] == '1' && y[1] == '9' || y[0] == '2' && y[1] == '0' }
	return groups == 2 && len(d) == 8 && isYear(d[:4]) && isYear(d[4:])
}

// gradeNational grades a number that is written without its country.
func gradeNational(value, d []byte, groups, dashes int) Grade {
	n := len(d)
	nanp := n == 10 && validNANP(d) || n == 11 && d[0] == '1' && validNANP(d[1:])
	switch {
	case nanp && groups >= 3 && (value[0] == '(' || dashes == 2 || d[0] == '1'):
		return Distinctive
	case d[0] == '0' && groups > 1 && (n == 10 || n == 11) && validBritish(d, value):
		return Distinctive
	case d[0] == '0' && value[0] == '(' && n >= 9 && n <= 11:
		return Checked
	case n == 10 && groups == 1 && d[0] >= '6' && !nanp:
		return Loose
	case groups == 1 && n < 9:
		return Loose
	}
	return Plain
}

// validNANP reports whether ten digits have an area code and an exchange of the North American plan.
func validNANP(d []byte) bool {
	return d[0] >= '2' && d[3] >= '2' && !(d[1] == '1' && d[2] == '1') && !(d[4] == '1' && d[5] == '1') && d[1] != '9'
}

// validBritish reports whether digits with a leading 0 are grouped as numbers of the United Kingdom are: 020 7946 0958, 0117 496 0123,
// 01632 960123, 07700 900123.
func validBritish(d, value []byte) bool {
	first := 0
	for _, c := range value {
		if isDigit(c) {
			first++
		} else if first > 0 {
			break
		}
	}
	switch d[1] {
	case '2':
		return len(d) == 11 && first == 3 && d[2] != '1' && d[3] != '0'
	case '1':
		return first == 4 && len(d) == 11 && (d[2] == '1' || d[3] == '1') || first == 5 && d[2] != '0'
	case '7':
		return len(d) == 11 && first == 5 && d[2] != '0'
	case '3', '8':
		return len(d) == 11 && first == 4
	}
	return false
}

// examineInternational reads a number behind its international prefix, and finds where it ends by the country's lengths.
func examineInternational(text []byte, start, end, at int) Reading {
	var d [maxPhoneDigits + 1]byte
	var ends [maxPhoneDigits + 1]int // where the text ends after each digit
	n := 0
	i := at
	for ; i < end && n < len(d) && asciiLetter[text[i]] == 0 && text[i] != '#' && text[i] != ',' && text[i] != ';'; i++ {
		if isDigit(text[i]) {
			d[n] = text[i]
			n++
			ends[n-1] = i + 1
		}
	}
	code, limits := callingCode(d[:n])
	if code == 0 {
		return Reading{}
	}
	longest := min(code+limits[1], maxPhoneDigits)
	if d[code] == '0' && code+1 < n { // +44 (0)20
		longest++
	}
	if n > longest {
		n = longest
		for n > 0 && isDigitAt(text, ends[n-1]) { // not in the middle of a group
			n--
		}
		end = ends[max(n-1, 0)]
	}
	national := n - code
	if countByte(text[start:end], '/') > 1 || isPosition(text[at:end]) {
		return Reading{}
	}
	if national < limits[0] || n < minPhoneDigits || !plausiblePhone(d[:n]) {
		return Reading{}
	}
	if code == 1 && d[0] == '1' && !validNANP(d[1:n]) {
		return Reading{start, end, Plain}
	}
	return Reading{start, end, Distinctive}
}

// isPosition reports whether the digits are a place on earth by ISO 6709, whose longitude has one digit more: "+4612-05957".
func isPosition(value []byte) bool {
	const shortest = 4
	sign := 0
	for sign < len(value) && isDigit(value[sign]) {
		sign++
	}
	return sign >= shortest && len(value) == 2*sign+2 && value[sign] == '-' && allDigits(value[sign+1:])
}

func isDigitAt(text []byte, at int) bool { return at < len(text) && isDigit(text[at]) }

// callingCode returns how many digits the country code has, 0 when it is not assigned, and the lengths of national numbers.
func callingCode(d []byte) (length int, national [2]int) {
	if len(d) < minPhoneDigits {
		return 0, national
	}
	for length = 1; length <= 3; length++ {
		if limits := nationalLengths[number(d[:length])]; limits[1] > 0 {
			return length, limits
		}
	}
	for i := 1; i+2 <= len(unassignedCodes); i += 3 {
		if string(d[:2]) == unassignedCodes[i:i+2] {
			return 0, national
		}
	}
	if d[0] == '0' || d[0] == '8' && d[1] == '0' && d[2] != '0' && d[2] != '8' {
		return 0, national
	}
	return 3, defaultNational
}

// plausiblePhone reports whether the digits are not all alike.
func plausiblePhone(d []byte) bool { return !oneDigitOnly(d[1:]) }

// phoneDigits copies the digits before an extension, and counts how many groups they stand in.
func phoneDigits(d *[maxPhoneDigits + 1]byte, value []byte) (n, groups int) {
	within := false
	for _, c := range value {
		if !isDigit(c) {
			within = false
			if asciiLetter[c] != 0 || c == '#' || c == ',' || c == ';' {
				break
			}
			continue
		}
		if !within {
			within = true
			groups++
		}
		if n == len(d) {
			break
		}
		d[n] = c
		n++
	}
	return n, groups
}

// isDate reports whether a value is three groups that make a date, or begins with one.
func isDate(value []byte) bool {
	var parts [3]int
	var lengths [3]int
	p := 0
	for _, c := range value {
		if isDigit(c) {
			if lengths[p] < 4 {
				parts[p] = parts[p]*10 + int(c-'0')
			}
			lengths[p]++
			continue
		}
		if p == len(parts)-1 {
			break
		}
		if lengths[p] > 0 {
			p++
		}
	}
	if lengths[0] == 4 && lengths[1] <= 2 && lengths[2] <= 2 {
		return parts[0] >= 1900 && parts[0] < 2100 && validDate(parts[0], parts[1], parts[2])
	}
	if lengths[0] > 2 || lengths[1] > 2 || lengths[2] != 4 && lengths[2] != 2 || lengths[2] == 2 && countByte(value, ' ')+countByte(value, '-') > 0 {
		return false
	}
	year := parts[2]
	if lengths[2] == 2 {
		year += 2000
	} else if year < 1900 || year >= 2100 {
		return false
	}
	return validDate(year, parts[1], parts[0]) || validDate(year, parts[0], parts[1])
}

// signs are how many of each sign a value has, and how many runs of digits.
type signs struct{ dots, spaces, slashes, dashes, runs int }

func signsOf(value []byte) (s signs) {
	within := false
	for _, c := range value {
		if isDigit(c) {
			if !within {
				s.runs++
			}
			within = true
			continue
		}
		within = false
		switch c {
		case '.':
			s.dots++
		case ' ':
			s.spaces++
		case '/':
			s.slashes++
		case '-':
			s.dashes++
		}
	}
	return s
}

// areFigures reports whether a value is decimal numbers in a row rather than one number in groups: "80.585 79.964", "12.5 13.25".
func (s *signs) areFigures(value []byte, groups int) bool {
	return s.dots > 0 && s.spaces > 0 && groups > 2 || s.dots == 1 && groups == 2 && value[0] != '0' || s.slashes > 1
}

func countByte(value []byte, c byte) (n int) {
	for _, b := range value {
		if b == c {
			n++
		}
	}
	return n
}

// acceptPhone grades a value below a phone header: 5 to 15 digits and nothing but what stands in phone numbers.
func acceptPhone(value []byte) Grade {
	const fewest = 5
	digits, letters, runs, within := 0, 0, 0, false
	for _, c := range value {
		isDigit := isDigit(c)
		if isDigit && !within {
			runs++
		}
		within = isDigit
		switch {
		case isDigit:
			digits++
		case asciiLetter[c] != 0:
			letters++
		case c != ' ' && c != '-' && c != '.' && c != '/' && c != '(' && c != ')' && c != '+' && c != '#':
			return Rejected
		}
	}
	if digits < fewest || digits > maxPhoneDigits || letters > len("ext") || runs > 2 && isDate(value) {
		return Rejected
	}
	return Plain
}
