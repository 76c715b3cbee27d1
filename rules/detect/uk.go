package detect

import (
	"strings"

	"stanch/rules"
)

// unitedKingdom lists the identifiers of the United Kingdom.
func unitedKingdom() []Detector {
	return []Detector{
		{
			ID: "uk.nhs_number", Title: "NHS number", Country: "gb", Category: Health, Strength: rules.Strong,
			Patterns: []string{`\d{10}`, `\d{3}-\d{3}-\d{4}`, `\d{3}\.\d{3}\.\d{4}`, `\d{4} \d{3} \d{3}`},
			Typical:  []string{`\d{3} \d{3} \d{4}`},
			Loose:    []string{`\d{3} \d{3}-\d{4}`, `\d{3}-\d{3} \d{4}`}, // odd spaces and dashes are folded to these
			Valid:    validNHS,
			Context: []string{"nhs", "nhs number", "nhs no", "nhs id", "national health service", "national health service number", "chi number", "chi", "health service number",
				"h and c number", "health and care number", "nhsno", "nhsnumber", "patient nhs"},
			Headers:         []string{"health number"},
			Source:          "NHS Data Dictionary, attribute NHS NUMBER (modulus 11)",
			Examples:        []string{"943 476 5919", "9434765919", "943-476-5919"},
			CounterExamples: []string{"943 476 5918", "1234567890", "401-023-2138"},
		},
		{
			ID: "uk.nino", Title: "National Insurance number", Country: "gb", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z]\d{6}[A-Da-d]`, `[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z] \d{6} ?[A-Da-d]`},
			Typical: []string{`[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z][ \-]?\d{2}[ \-]\d{2}[ \-]\d{2}[ \-]?[A-Da-d]`,
				`[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6} ?[A-D]`},
			Loose: []string{`[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z] ?\d{2} ?\d{2} ?\d{2}`},
			Valid: validNINO,
			Context: []string{"nino", "ni number", "ni no", "national insurance", "national insurance number", "national insurance no", "insurance number", "nin", "hmrc",
				"yswiriant gwladol"},
			Source:          "HMRC, National Insurance Manual NIM39110 (format, prefixes that are not used)",
			Examples:        []string{"AB123456C", "AB 12 34 56 C", "PR 123612C"},
			CounterExamples: []string{"BG123612A", "AB 12 34 56 1", "QQ123456C", "ab1234561"},
		},
		{
			ID: "uk.postcode", Title: "Postcode", Country: "gb", Category: Location, Strength: rules.Weak,
			Typical:         []string{`[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2}`, `[Gg][Ii][Rr] ?0[Aa][Aa]`},
			Examine:         examinePostcode,
			Context:         []string{"postcode", "post code", "postal code", "zip", "zip code", "address", "cod post", "outcode"},
			Headers:         []string{"postcodes", "home postcode", "pcode", "zipcode", "postalcode", "zip postal code", "zip postcode"},
			Source:          "Royal Mail, Programmers' Guide to PAF (formats and letters by position) and the list of postcode areas",
			Examples:        []string{"SW1A 1AA", "M1 1AE", "EC1A 1BB", "DN55 1PT", "CR2 6XH", "GIR 0AA"},
			CounterExamples: []string{"QA1 1AA", "VA1 1AA", "M1 1CA", "M1 1AI", "E1 0xz9"},
		},
		{
			ID: "uk.passport", Title: "United Kingdom passport number", Country: "gb", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`[A-Z]{2}\d{7}`},
			Loose:           []string{`\d{9}`},
			Context:         []string{"passport", "passport number", "passport no", "british passport", "uk passport", "passportnumber", "pasbort"},
			Source:          "HM Passport Office, Basic Passport Checks (nine digits; two letters and seven digits since 2015)",
			Examples:        []string{"CD7654321", "123456789"},
			CounterExamples: []string{"A12345678", "AB12345678", "123456789", "1234567AB"},
		},
		{
			ID: "uk.driving_licence", Title: "Driving licence number of Great Britain", Country: "gb", Category: OfficialDocument, Strength: rules.Strong, Distinctive: true,
			Patterns:        []string{`[A-Za-z][A-Za-z9]{4}\d{6}[A-Za-z][A-Za-z9][A-Za-z0-9][A-Za-z]{2}`, `[A-Z][A-Z9]{4} \d{6} [A-Z][A-Z9][A-Z0-9][A-Z]{2}`},
			Loose:           []string{`[A-Za-z][A-Za-z9]{4} \d{6} [A-Za-z][A-Za-z9][A-Za-z0-9][A-Za-z]{2}`},
			Valid:           validDrivingLicence,
			Context:         []string{"driving licence", "driver licence", "driving license", "driving licence number", "licence number", "licence", "dvla", "driver number"},
			Source:          "DVLA, INF45/1 guidance on reading a driver number",
			Examples:        []string{"MORGA657054SM9IJ", "JONES710153J99EF"},
			CounterExamples: []string{"MORGA613054SM9IJ", "MORGA601004SM9IJ", "99999657054SM9IJ", "MORGA65705SM9IJ"},
		},
		{
			ID: "uk.vehicle_registration", Title: "Vehicle registration of Great Britain", Country: "gb", Category: BasicIdentifier, Strength: rules.Weak,
			Patterns: []string{`[A-HJ-PR-Ya-hj-pr-y]{2}\d{2}[ \-]?[A-HJ-PR-Za-hj-pr-z]{3}`, `[A-HJ-NPR-TVWXYa-hj-npr-tvwxy]\d{1,3}[ \-]?[A-HJ-PR-Ya-hj-pr-y]{3}`,
				`[A-HJ-PR-Ya-hj-pr-y]{3}[ \-]?\d{1,3}[A-HJ-NPR-TVWXYa-hj-npr-tvwxy]`},
			Valid:           validPlate,
			Context:         []string{"registration", "vehicle registration", "number plate", "licence plate", "license plate", "plate", "vrm", "vrn", "car reg", "vehicle", "car registration"},
			Source:          "DVLA, INF104 vehicle registration numbers and number plates",
			Examples:        []string{"AB51 ABC", "LN14-HGT", "K1 ABC", "DEF456G"},
			CounterExamples: []string{"IB51 ABC", "AB49 ABC", "AB51 AIB", "I123 BCD", "ABC 123I"},
		},
		{
			ID: "uk.utr", Title: "Unique taxpayer reference", Country: "gb", Category: Financial, Strength: rules.Strong,
			Patterns: []string{`\d{10}[Kk]?`, `\d{5} \d{5}[Kk]?`},
			Loose:    []string{`\d{7} \d{3}`, `\d{3} \d{3} \d{4}`},
			Valid:    validUTR,
			Context: []string{"utr", "unique taxpayer reference", "unique tax reference", "taxpayer reference", "tax reference", "self assessment", "utr number",
				"unique taxpayer reference number"},
			Source:          "HMRC, Find your UTR number; modulus 11 check character of the reference (HMRC technical specification)",
			Examples:        []string{"2234567890", "58166 19590"},
			CounterExamples: []string{"2234567891", "1234567890"},
		},
		{
			ID: "uk.vat", Title: "VAT registration number", Country: "gb", Category: Financial, Strength: rules.Weak,
			Patterns:        []string{`\d{9}`, `\d{3} \d{4} \d{2}(?: \d{3})?`},
			Typical:         []string{`(?:GB|XI) ?\d{3} ?\d{4} ?\d{2}(?: ?\d{3})?`, `(?:GB|XI) ?\d{3} \d{3} \d{3}`, `(?:GB ?)?(?:GD|HA)8888\d{5}`},
			Loose:           []string{`\d{12}`, `(?:GB ?)?(?:GD|HA)\d{3}`, `[Gg][Bb][ -]?\d{3}[ -]?\d{4}[ -]?\d{2}(?:[ -]?\d{3})?`},
			Valid:           validBritishVAT,
			Context:         []string{"vat", "vat number", "vat no", "vat reg", "vat registration", "vat registration number", "vat id", "gb vat", "treth ar werth"},
			Source:          "HMRC, VAT registration numbers (modulus 97 and its variant 9755); European Commission, VIES number structures",
			Examples:        []string{"GB 980 7806 84", "980780684", "GB242338087388"},
			CounterExamples: []string{"GB 980 7806 85", "9807806842", "GD600"},
		},
		{
			ID: "uk.sort_code_account", Title: "Bank sort code and account number", Country: "gb", Category: Financial, Strength: rules.Strong,
			Patterns: []string{`\d{2}-\d{2}-\d{2}[ ,/\-]{1,3}\d{8}`, `\d{6} \d{8}`},
			Loose:    []string{`\d{2}-\d{2}-\d{2}`, `\d{6}`, `\d{8}`},
			Context: []string{"sort code", "sortcode", "account number", "account no", "bank account", "sort code and account number", "bank details", "acc no", "a c no",
				"rhif cyfrif"},
			Source:          "Pay.UK, Vocalink modulus checking specification (sort codes of six and accounts of eight digits)",
			Examples:        []string{"20-00-00 55779911", "12-34-56"},
			CounterExamples: []string{"12-34-56", "20200101", "12-34-5678901"},
		},
		{
			ID: "uk.gmc_number", Title: "GMC reference number", Country: "gb", Category: OfficialDocument, Strength: rules.Strong,
			Loose:           []string{`\d{7}`, `\d{8}`},
			Valid:           validGMC,
			Context:         []string{"gmc", "gmc number", "gmc no", "gmc reference", "gmc reference number", "general medical council", "gmc ref", "gdc number", "nmc pin"},
			Source:          "General Medical Council, the medical register (reference numbers of seven digits)",
			Examples:        []string{"7012345", "6012345"},
			CounterExamples: []string{"7012345", "0000000", "701234"},
		},
		{
			ID: "uk.company_number", Title: "Company registration number", Country: "gb", Category: BasicIdentifier, Strength: rules.Weak,
			Loose: []string{`\d{8}`, `(?:AC|BR|CE|CS|FC|FE|GE|GN|GS|IC|IP|LP|NA|NC|NF|NI|NL|NO|NP|NR|NV|NZ|OC|OE|PC|R0|RC|RS|SA|SC|SE|SF|SG|SI|SL|SO|SP|SR|SZ|ZC)\d{6}`},
			Context: []string{"company number", "company no", "company registration number", "company registration", "companies house", "registered number", "crn",
				"registered in england", "rhif cwmni"},
			Source:          "Companies House, Uniform Resource Identifiers customer guide (prefixes)",
			Examples:        []string{"01234567", "SC123456"},
			CounterExamples: []string{"01234567", "XX123456"},
		},
	}
}

// validNHS is modulus 11 over ten digits with the weights 10 to 2; a check digit of 10 is not issued. So the sum of all ten, the last one
// with the weight 1, is a multiple of 11.
func validNHS(value []byte) bool {
	const length = 10
	sum, weight := 0, length
	for _, c := range value {
		if digit := int(c) - '0'; isDigit(c) {
			sum += digit * weight
			weight--
		} else if compacted[c] != 0 {
			return false
		}
	}
	return weight == 0 && sum%11 == 0
}

// unusedNINO are the prefixes that are never allocated.
const unusedNINO = "BG GB KN NK NT TN ZZ"

// validNINO checks the prefix; the letters by position are in the patterns.
func validNINO(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 9 && len(d) != 8 {
		return false
	}
	return d[0] < 'A' || d[1] < 'A' || unusedNINOs[d[0]-'A']>>(d[1]-'A')&1 == 0
}

// unusedNINOs are unusedNINO by first letter, a bit for each second one.
var unusedNINOs = func() (by [alphabet]uint32) {
	for prefix := range strings.FieldsSeq(unusedNINO) {
		by[prefix[0]-'A'] |= 1 << (prefix[1] - 'A')
	}
	return
}()

// postcodeAreas are the areas of Royal Mail and of the Crown Dependencies.
const postcodeAreas = " AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS " +
	"HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST " +
	"SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE "

// knownAreas is postcodeAreas by first letter: bit 0 for the area of one letter, bit 1 to 26 for the second letter.
var knownAreas = func() (known ['Z' + 1]uint32) {
	for i := 0; i+2 < len(postcodeAreas); i++ {
		if postcodeAreas[i] != ' ' {
			continue
		}
		if first, second := postcodeAreas[i+1], postcodeAreas[i+2]; second == ' ' {
			known[first] |= 1
		} else {
			known[first] |= 2 << (second - 'A')
		}
	}
	return known
}()

// examinePostcode checks the area; GIR 0AA, once of the Girobank, has none. Only the form with a space and capitals is unlikely to be
// anything else.
func examinePostcode(text []byte, start, end int) Reading {
	letters, bit := 1, uint32(1)
	if asciiLetter[text[start+1]] != 0 {
		letters, bit = 2, 2<<(text[start+1]&^0x20-'A')
	}
	if girobank := letters == 2 && asciiLetter[text[start+2]] != 0; !girobank && knownAreas[text[start]&^0x20]&bit == 0 {
		return Reading{}
	}
	// A third character that is a letter occurs in few districts of London and with few letters.
	if third := text[start+letters+1]; asciiLetter[third] != 0 && letters == 1 && !hasByte("ABCDEFGHJKPSTUW", third&^0x20) {
		return Reading{}
	} else if asciiLetter[third] != 0 && letters == 2 && !hasByte("ABEHMNPRVWXY", third&^0x20) {
		return Reading{}
	}
	spaced := text[end-4] == ' '
	capital := text[start] <= 'Z' && text[end-1] <= 'Z' && text[end-2] <= 'Z'
	switch {
	case spaced && capital:
		return Reading{start, end, Distinctive}
	case spaced || capital && end-start >= 6:
		return Reading{start, end, Plain}
	}
	return Reading{start, end, Loose}
}

func hasByte(set string, c byte) bool {
	for i := range len(set) {
		if set[i] == c {
			return true
		}
	}
	return false
}

// validDrivingLicence checks the date of birth within the driver number: decade, month (50 more for women), day, year.
func validDrivingLicence(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 16 {
		return false
	}
	padded := false
	for _, c := range d[:5] {
		if padded && c != '9' {
			return false
		}
		padded = c == '9'
	}
	year, month, day := number(d[5:6])*10+number(d[10:11]), number(d[6:8]), number(d[8:10])
	if month > 50 {
		month -= 50
	}
	return validShortBirth(year, month, day)
}

// validPlate checks the age identifier of plates since 2001: the year, or the year and 50. Capitals and small letters together are
// not of a plate but of a token.
func validPlate(value []byte) bool {
	if hasCase(value, 'A', 'Z') && hasCase(value, 'a', 'z') {
		return false
	}
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) == 7 && isDigit(d[2]) && isDigit(d[3]) && !isDigit(d[1]) && !isDigit(d[4]) {
		const first, last = 1, 39
		age := number(d[2:4])
		return age > first && age <= last || age > first+49 && age <= last+50
	}
	return len(d) >= 5 && len(d) <= 7
}

// hasCase reports whether one of the letters from first to last stands in a value.
func hasCase(value []byte, first, last byte) bool {
	for _, c := range value {
		if c >= first && c <= last {
			return true
		}
	}
	return false
}

// validUTR is modulus 11 with the check character in front.
func validUTR(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) == 11 && d[10] == 'K' {
		d = d[:10]
	}
	const checks = "21987654321"
	return len(d) == 10 && allDigits(d) && checks[weightedSum(d[1:], "6789A5432")%11] == d[0]
}

// validBritishVAT checks standard numbers (with or without a branch), and those of government departments and health authorities.
func validBritishVAT(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) > 9 && !isDigit(d[0]) && (string(d[:2]) == "GB" || string(d[:2]) == "XI") {
		d = d[2:]
	}
	if len(d) >= 5 && (string(d[:2]) == "GD" || string(d[:2]) == "HA") {
		rest := d[2:]
		if len(rest) == 9 {
			if rest = rest[4:]; number(rest[:3])%97 != number(rest[3:]) {
				return false
			}
		}
		return allDigits(rest) && (d[0] == 'H') == (number(rest[:3]) >= 500)
	}
	if len(d) != 9 && len(d) != 12 || !allDigits(d) || number(d[:9]) == 0 {
		return false
	}
	rest := weightedSum(d[:9], "8765432A1") % 97
	return rest == 0 || number(d[:3]) >= 100 && (rest == 42 || rest == 55)
}

// validGMC reports whether a number may stand in the medical register: seven digits, not all alike.
func validGMC(value []byte) bool { return len(value) == 7 && !oneDigitOnly(value) }
