package detect

import (
	"strconv"
	"strings"

	"stanch/rules"
)

// germany returns the detectors of Germany.
func germany() []Detector {
	return []Detector{
		{
			ID: "de.tax_id", Title: "German tax identification number", Country: "de", Category: Financial, Strength: rules.Strong,
			Patterns: []string{`\d{2}[ /]?\d{3}[ /]?\d{3}[ /]?\d{3}`, `\d{10} \d`},
			Loose:    []string{`\d{2}[.-]\d{3}[.-]\d{3}[.-]\d{3}`},
			Valid:    validGermanTaxID,
			Context: []string{"steuer-id", "steuer id", "steuerid", "steuer-identifikationsnummer", "steueridentifikationsnummer",
				"steuerliche identifikationsnummer", "identifikationsnummer", "idnr", "id-nr", "steuer-idnr", "steuer idnr", "tax id",
				"tax identification number", "tin"},
			Source:          "Bundeszentralamt für Steuern, § 139b Abgabenordnung; Aufbau der Identifikationsnummer (from 2016 a digit may stand three times)",
			Examples:        []string{"36 574 261 809", "65029937418", "81872495633"},
			CounterExamples: []string{"36 574 261 807", "12345678903"},
		},
		{
			ID: "de.tax_number", Title: "German tax number", Country: "de", Category: Financial, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`\d{2,3}/\d{3,4}/\d{4,5}`, `\d{13}`},
			Loose:    []string{`\d{5}/\d{5}`, `\d{2,3} \d{3} \d{5}`, `\d{10,11}`},
			Valid:    validGermanTaxNumber,
			Context: []string{"steuernummer", "steuer-nr", "steuer nr", "steuernr", "st.-nr", "st-nr", "st nr", "stnr", "st. nr", "tax number",
				"finanzamt", "elster"},
			Source:          "ELSTER, Prüfung der Steuer- und Steueridentifikationsnummer; Länder formats and the unified federal scheme of 13 digits",
			Examples:        []string{"93/815/08152", "133/8150/8159", "2893081508152"},
			CounterExamples: []string{"0081508150001", "1/2/3"},
		},
		{
			ID: "de.id_card", Title: "German identity card number", Country: "de", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: germanDocumentPatterns(),
			Valid:    validGermanDocument,
			Context: []string{"personalausweis", "personalausweisnummer", "ausweisnummer", "ausweis-nr", "ausweis nr", "personalausweis-nr", "perso",
				"npa", "identity card", "id card"},
			Headers:         []string{"eid"},
			Source:          "Bundesministerium des Innern, Personalausweisverordnung annex 1; ICAO Doc 9303 part 5; BSI TR-03127 (character set without vowels)",
			Examples:        []string{"L3C7R91X4", "T22PM41N68", "t22pm41n6"},
			CounterExamples: []string{"123456789", "T22PM41N67"},
		},
		{
			ID: "de.passport", Title: "German passport number", Country: "de", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: germanDocumentPatterns(),
			Valid:    validGermanDocument,
			Context: []string{"reisepass", "reisepassnummer", "passnummer", "pass-nr", "pass nr", "passnr", "passport", "passport number",
				"passport no"},
			Headers:         []string{"pass"},
			Source:          "Bundesministerium des Innern, Passverordnung annex 1; ICAO Doc 9303 part 4",
			Examples:        []string{"C4H7VR9K2", "C01X0006H1"},
			CounterExamples: []string{"901234567", "C01X0006H7"},
		},
		{
			ID: "de.social_security", Title: "German pension insurance number", Country: "de", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:    []string{`\d{2} ?\d{6} ?[A-Za-z] ?\d{2} ?\d`},
			Valid:       validGermanPensionNumber,
			Distinctive: true,
			Context: []string{"rentenversicherungsnummer", "rvnr", "rv-nummer", "rv nummer", "rv-nr", "versicherungsnummer", "vsnr",
				"sozialversicherungsnummer", "sv-nummer", "sv nummer", "sv-nr", "svnr", "sozialversicherungsausweis", "social security number",
				"social insurance number", "pension insurance number"},
			Source:          "Deutsche Rentenversicherung, § 147 SGB VI and VKVV § 2 (structure of the insurance number)",
			Examples:        []string{"12 190367 K 001", "53170485M619"},
			CounterExamples: []string{"12 190367 K 007", "12191367K006"},
		},
		{
			ID: "de.health_insurance", Title: "German health insurance number (KVNR)", Country: "de", Category: Health, Strength: rules.Strong,
			Patterns: []string{`[A-Za-z] ?\d{3} ?\d{3} ?\d{3}`},
			Valid:    validGermanHealthInsurance,
			Context: []string{"krankenversichertennummer", "krankenversicherungsnummer", "versichertennummer", "versicherten-nr", "versicherten nr",
				"kvnr", "kv-nummer", "kv-nr", "egk", "egk-nummer", "gesundheitskarte", "krankenkasse", "health insurance number"},
			Source:          "GKV-Spitzenverband, § 290 SGB V: Richtlinie zum Aufbau der Krankenversichertennummer",
			Examples:        []string{"K482017394", "q531048264"},
			CounterExamples: []string{"K482017397"},
		},
		{
			ID: "de.lanr", Title: "German physician number (LANR)", Country: "de", Category: BasicIdentifier, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`\d{9}`},
			Valid:    validGermanPhysicianNumber,
			Context: []string{"lanr", "arztnummer", "lebenslange arztnummer", "arzt-nr", "arzt nr", "vertragsarztnummer", "physician number",
				"doctor number"},
			Source:          "Kassenärztliche Bundesvereinigung, Richtlinie nach § 75 Abs. 7 SGB V zur Vergabe der Arzt-, Betriebsstätten- und Praxisnetznummern",
			Examples:        []string{"384719203"},
			CounterExamples: []string{"384719703"},
		},
		{
			ID: "de.driver_licence", Title: "German driving licence number", Country: "de", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`[A-Za-z]\d{2}[0-9A-Za-z]{6}\d[0-9A-Za-z]`, `[A-Za-z]{2}\d{8}[0-9A-Za-z]`},
			Context: []string{"führerschein", "fuehrerschein", "führerscheinnummer", "fuehrerscheinnummer", "führerschein-nr", "fahrerlaubnis",
				"fahrerlaubnisnummer", "driving licence", "driving license", "driver licence", "driver license"},
			Headers:         []string{"führerscheinnr", "fuehrerscheinnr"},
			Source:          "Fahrerlaubnis-Verordnung annex 8; Kraftfahrt-Bundesamt, Führerscheinnummer (authority key, serial, check and copy digit)",
			Examples:        []string{"B072RRE2955", "N0704LC7F13"},
			CounterExamples: []string{"B12345678A"},
		},
		{
			ID: "de.vehicle_registration", Title: "German vehicle registration", Country: "de", Category: BasicIdentifier, Strength: rules.Weak,
			Loose: []string{`(?:[A-Z]|Ä|Ö|Ü){1,3}[- ][A-Z]{1,2}[- ]?\d\d{0,3}[EH]?`},
			Context: []string{"kennzeichen", "kfz-kennzeichen", "kfz kennzeichen", "amtliches kennzeichen", "nummernschild", "autokennzeichen",
				"license plate", "licence plate", "registration number", "number plate"},
			Source:          "Fahrzeug-Zulassungsverordnung § 9 and annex 1; Kraftfahrt-Bundesamt, Unterscheidungszeichen",
			Examples:        []string{"B-KX 4711", "HH-QR-812", "M XY 999E"},
			CounterExamples: []string{"BXYZ AB 1234"},
		},
	}
}

// germanDocumentPatterns is a serial number of nine characters with at least one digit, and perhaps its check digit. The alphabet
// has no vowels and no letters that look like digits; the first is the letter of the issuing authority.
func germanDocumentPatterns() []string {
	const letters = "CFGHJKLMNPRTVWXYZcfghjklmnprtvwxyz"
	const length = 9
	serials := make([]string, 0, length-1)
	for i := range length - 1 {
		serials = append(serials, `[`+letters+`]{`+strconv.Itoa(i)+`}\d[0-9`+letters+`]{`+strconv.Itoa(length-2-i)+`}`)
	}
	return []string{`[` + letters + `](?:` + strings.Join(serials, "|") + `)\d?`}
}

// validGermanTaxID checks eleven digits by ISO 7064 MOD 11,10: among the first ten one digit stands twice or three times, every
// other at most once.
func validGermanTaxID(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 11 || d[0] == '0' || !iso7064Mod11Radix10(d) {
		return false
	}
	var times [10]int
	for _, c := range d[:10] {
		times[c-'0']++
	}
	repeated := 0
	for _, n := range times {
		if n > 3 {
			return false
		}
		if n > 1 {
			repeated++
		}
	}
	return repeated == 1
}

// validGermanDocument checks the serial number of a card or passport: nine characters, or ten with the check digit of ICAO 9303.
func validGermanDocument(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) == 10 {
		return icaoCheck(d[:9]) == symbol(d[9])
	}
	return len(d) == 9
}

// validGermanPensionNumber checks area, birth date, letter, serial and check digit: the letter counts as two digits, the products
// are added by their digits. Days from 51 are given where a day's serial numbers have run out.
func validGermanPensionNumber(value []byte) bool {
	const weights = "212571212121"
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 12 || !allDigits(d[:8]) || !allLetters(d[8:9]) || !allDigits(d[9:]) {
		return false
	}
	day := number(d[2:4])
	if day > 50 {
		day -= 50
	}
	if number(d[:2]) < 2 || !validShortBirth(number(d[6:8]), number(d[4:6]), day) {
		return false
	}
	letter := int(d[8]-'A') + 1
	expanded := [12]int{8: letter / 10, 9: letter % 10, 10: symbol(d[9]), 11: symbol(d[10])}
	for i := range 8 {
		expanded[i] = symbol(d[i])
	}
	sum := 0
	for i, n := range expanded {
		sum += digitSum(n * symbol(weights[i]))
	}
	return sum%10 == symbol(d[11])
}

// validGermanHealthInsurance checks a letter, eight digits and a check digit: the letter counts as two digits, weights 1 and 2.
func validGermanHealthInsurance(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 10 || !allLetters(d[:1]) || !allDigits(d[1:]) {
		return false
	}
	letter := int(d[0]-'A') + 1
	sum := letter/10 + digitSum(letter%10*2)
	for i, c := range d[1:9] {
		sum += digitSum(symbol(c) * (1 + i%2))
	}
	return sum%10 == symbol(d[9])
}

// validGermanPhysicianNumber checks six digits, their check digit with the weights 4 and 9, and two of the field of practice.
func validGermanPhysicianNumber(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 9 && number(d[:6]) > 0 && number(d[7:]) > 0 && (10-weightedSum(d, "494949")%10)%10 == symbol(d[6])
}

// validGermanTaxNumber checks the federal office and the fifth digit, 0, of the unified scheme of thirteen digits. The schemes of the
// Länder have check digits by rules of their own.
func validGermanTaxNumber(value []byte) bool {
	const offices = "10 11 21 22 23 24 26 27 28 30 31 32 40 41"
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 13 {
		return len(d) > 0
	}
	return d[4] == '0' && (d[0] == '5' || d[0] == '9' || listed(offices, d[:2]))
}
