package detect

import (
	"strings"

	"stanch/rules"
)

// europeSouth returns the detectors of Spain, Italy and Portugal.
func europeSouth() []Detector {
	return []Detector{
		{
			ID: "es.nif", Title: "Spanish tax and identity number (NIF, DNI)", Country: "es", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`(?:\d{8}|\d{2}\.\d{3}\.\d{3})[- ]?[A-HJ-NP-TV-Za-hj-np-tv-z]`, `\d{7}-?[A-HJ-NP-TV-Za-hj-np-tv-z]`, `[KLMXYZklmxyz][- ]?\d{7}[- ]?[A-Za-z]`,
				`[A-HJNP-SU-Wa-hjnp-su-w][- ]?\d{7}[- ]?[0-9A-Ja-j]`},
			Typical: []string{`\d{2}\.\d{3}\.\d{3}-[A-HJ-NP-TV-Za-hj-np-tv-z]`},
			Loose:   []string{`\d{2}[ -]\d{3}[ -]\d{3}[ -]?[A-HJ-NP-TV-Za-hj-np-tv-z]`, `[Ee][Ss][ -]?[0-9A-HJ-NP-SU-Za-hj-np-su-z]\d{7}[0-9A-Za-z]`},
			Valid:   validSpanishNIF,
			Context: []string{"nif", "dni", "d.n.i", "n.i.f", "cif", "documento nacional de identidad", "número de identificación fiscal",
				"numero de identificacion fiscal", "número de identidad", "dni/nif", "dni nif", "spanish id", "national id"},
			Headers:         []string{"dni nie", "nif nie", "nif cif", "cif nif", "dni nif nie", "nie nif", "nie dni"},
			Source:          "Ministerio del Interior, cálculo del dígito de control del NIF; Real Decreto 1065/2007; Orden EHA/451/2008 (entities)",
			Examples:        []string{"48201739H", "48.201.739-H", "L4820173V", "Y4820173P", "B48201735"},
			CounterExamples: []string{"48201739X", "B48201737", "I48201731"},
		},
		{
			ID: "es.nie", Title: "Spanish foreigner identity number (NIE)", Country: "es", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:    []string{`[XYZxyz][- ]?\d{7}[- ]?[A-HJ-NP-TV-Za-hj-np-tv-z]`},
			Loose:       []string{`[XYZxyz][ .-]?\d\.?\d{3}\.?\d{3}[ .-]?[A-HJ-NP-TV-Za-hj-np-tv-z]`},
			Valid:       validSpanishNIE,
			Distinctive: true,
			Context: []string{"nie", "n.i.e", "número de identidad de extranjero", "numero de identidad de extranjero",
				"número de identificación de extranjero", "numero de identificacion de extranjero", "extranjero", "foreigner identity number"},
			Headers:         []string{"dni nie", "nif nie", "dni nif nie", "nie nif", "nie dni"},
			Source:          "Ministerio del Interior, Real Decreto 557/2011 article 206; Orden INT/2058/2008",
			Examples:        []string{"X4820173V", "Y-4820173-P", "z4820173E"},
			CounterExamples: []string{"X4820173X"},
		},
		{
			ID: "es.passport", Title: "Spanish passport number", Country: "es", Category: OfficialDocument, Strength: rules.Strong,
			Loose: []string{`[A-Za-z]{2}[A-Za-z]?\d{6}`},
			Context: []string{"pasaporte", "número de pasaporte", "numero de pasaporte", "nº de pasaporte", "nº pasaporte", "n° pasaporte",
				"passport", "passport number", "passport no"},
			Source:          "Real Decreto 896/2003 on the ordinary passport; PRADO, document ESP-AO",
			Examples:        []string{"PAB482017", "xdd482017"},
			CounterExamples: []string{"PAB12345"},
		},
		{
			ID: "es.social_security", Title: "Spanish social security number", Country: "es", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{2}[ /-]?\d{8}[ /-]?\d{2}`},
			Valid:    validSpanishSocialSecurity,
			Context: []string{"seguridad social", "número de la seguridad social", "numero de la seguridad social", "número de seguridad social",
				"nuss", "naf", "nss", "número de afiliación", "numero de afiliacion", "social security number"},
			Source:          "Tesorería General de la Seguridad Social, Número de la Seguridad Social (remainder by 97; province 01 to 53 and 66)",
			Examples:        []string{"28/48201739/51", "080482017375"},
			CounterExamples: []string{"28/48201739/77", "994820173912"},
		},
		{
			// Omocodia replaces digits from the last to the first: only the eighth person with one code has no digit left. Asking
			// for the first digit spares the engine a look at every word of every text.
			ID: "it.fiscal_code", Title: "Italian fiscal code", Country: "it", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:    []string{`[A-Za-z]{3} ?[A-Za-z]{3} ?\d[0-9LMNP-Vlmnp-v][A-EHLMPR-Ta-ehlmpr-t][0-9LMNP-Vlmnp-v]{2} ?[A-MZa-mz][0-9LMNP-Vlmnp-v]{3}[A-Za-z]`},
			Loose:       []string{`\d{11}`},
			Valid:       validItalianFiscalCode,
			Distinctive: true,
			Context: []string{"codice fiscale", "cod. fiscale", "cod fiscale", "codfisc", "cod. fisc", "cod.fisc", "tessera sanitaria", "fiscal code",
				"tax code", "italian id"},
			Headers:         []string{"c.f", "cf", "codice fiscale partita iva", "cf piva"},
			Source:          "Ministero delle Finanze, D.M. 23 December 1976 (Sistemi di codificazione); Agenzia delle Entrate, omocodia",
			Examples:        []string{"VRDGLI83D57F205W", "VRD GLI 83D57 F205W", "VRDGLI83D57F2LRC"},
			CounterExamples: []string{"VRDGLI83D57F205X", "VRDGLI83D72F205A"},
		},
		{
			ID: "it.vat", Title: "Italian VAT number or fiscal code of eleven digits", Country: "it", Category: Financial, Strength: rules.Weak,
			Patterns: []string{`(?:IT ?)?\d{11}`},
			Valid:    validItalianVAT,
			Context: []string{"partita iva", "p. iva", "p.iva", "p iva", "piva", "partita i.v.a", "vat number", "vat no", "vat id", "vat",
				"numero iva", "codice fiscale"},
			Headers:         []string{"codice fiscale partita iva", "cf piva"},
			Source:          "Agenzia delle Entrate, D.P.R. 633/1972 article 35 (seven digits, office, Luhn check digit)",
			Examples:        []string{"04820170589", "IT04820170589"},
			CounterExamples: []string{"04820170587", "00000000000"},
		},
		{
			ID: "it.passport", Title: "Italian passport number", Country: "it", Category: OfficialDocument, Strength: rules.Strong,
			Loose:           []string{`[A-Za-z]{2}\d{7}`},
			Context:         []string{"passaporto", "numero di passaporto", "n. passaporto", "numero passaporto", "passport", "passport number", "passport no"},
			Source:          "Ministero degli Affari Esteri, D.M. 303/13 of 23 June 2009; PRADO, document ITA-AO",
			Examples:        []string{"YB4820173"},
			CounterExamples: []string{"YB48201"},
		},
		{
			ID: "it.identity_card", Title: "Italian identity card number", Country: "it", Category: OfficialDocument, Strength: rules.Strong,
			Loose: []string{`[A-Za-z]{2}\d{5}[A-Za-z]{2}`, `\d{7}[A-Za-z]{2}`, `[A-Za-z]{2} ?\d{7}`},
			Context: []string{"carta d'identità", "carta d'identita", "carta di identità", "carta di identita", "carta identità", "carta identita",
				"cie", "carta d'identità elettronica", "identity card", "id card", "documento d'identità"},
			Headers:         []string{"c.i", "documento"},
			Source:          "Ministero dell'Interno, D.M. 23 December 2015 (CIE 3.0); Carta d'identità su modello cartaceo; CIE 2.0",
			Examples:        []string{"CA48201GH", "4820173AB", "AX 4820173"},
			CounterExamples: []string{"CA482GH"},
		},
		{
			ID: "it.driver_licence", Title: "Italian driving licence number", Country: "it", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`[Uu]1[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{7}[A-Za-z]`},
			Loose:    []string{`[A-Za-z]{2}\d{7}[A-Za-z]`, `[Uu]1[0-9A-Za-z]{7}[A-Za-z]`},
			Context: []string{"patente", "patente di guida", "numero patente", "n. patente", "patente n", "licenza di guida", "driving licence",
				"driving license", "driver licence", "driver license", "license", "licence"},
			Source:          "Ministero delle Infrastrutture e dei Trasporti, Codice della strada article 116 (patente di guida, field 5)",
			Examples:        []string{"U1K48R20TB", "MI4820173K"},
			CounterExamples: []string{"U1K48R20T"},
		},
		{
			ID: "pt.nif", Title: "Portuguese tax number (NIF)", Country: "pt", Category: Financial, Strength: rules.Strong,
			Patterns: []string{`(?:[Pp][Tt][ -]?)?\d{9}`, `(?:PT ?)?\d{3}[ .]\d{3}[ .]\d{3}`},
			Loose:    []string{`\d{3}-\d{3}-\d{3}`},
			Valid:    validPortugueseNIF,
			Context: []string{"nif", "contribuinte", "nº contribuinte", "n° contribuinte", "número de contribuinte", "numero de contribuinte",
				"nif contribuinte", "número de identificação fiscal", "numero de identificacao fiscal", "nipc", "tax number", "vat"},
			Source:          "Autoridade Tributária e Aduaneira, Decreto-Lei 14/2013 (Número de Identificação Fiscal)",
			Examples:        []string{"248201735", "PT 248 201 735", "504820176"},
			CounterExamples: []string{"248201737", "448201730"},
		},
		{
			ID: "pt.cc", Title: "Portuguese citizen card number", Country: "pt", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{8}[ -]?\d[ -]?[A-Za-z][0-9A-Za-z]\d`},
			Typical:  []string{`\d{8} \d [A-Za-z][0-9A-Za-z]\d`},
			Valid:    validPortugueseCitizenCard,
			Context: []string{"cartão de cidadão", "cartao de cidadao", "cartão cidadão", "cartao cidadao", "nº cc", "n° cc",
				"número do cartão de cidadão", "documento de identificação", "bilhete de identidade", "citizen card"},
			Headers:         []string{"cc"},
			Source:          "Instituto dos Registos e do Notariado, Validação de Número de Documento do Cartão de Cidadão",
			Examples:        []string{"14820173 5 ZX3", "148201735ZX3"},
			CounterExamples: []string{"14820173 5 ZX7"},
		},
		{
			ID: "pt.niss", Title: "Portuguese social security number", Country: "pt", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{3} ?\d{3} ?\d{3} ?\d{2}`},
			Valid:    validPortugueseSocialSecurity,
			Context: []string{"niss", "segurança social", "seguranca social", "número de segurança social", "nº segurança social",
				"social security number"},
			Source:          "Instituto da Segurança Social, Número de Identificação de Segurança Social (NISS)",
			Examples:        []string{"11482017390"},
			CounterExamples: []string{"11482017397"},
		},
	}
}

// spanishLetters are the control letters of DNI and NIE by the remainder by 23.
const spanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE"

// validSpanishNIF checks a DNI, which may have lost a leading zero, a NIE, the forms K, L and M, and the numbers of entities; "ES" may stand before any of them.
func validSpanishNIF(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) == 11 && d[0] == 'E' && d[1] == 'S' {
		d = d[2:]
	}
	if len(d) == 8 {
		return allDigits(d[:7]) && number(d[:7]) > 0 && spanishLetters[number(d[:7])%23] == d[7]
	}
	if len(d) != 9 || !allDigits(d[1:8]) {
		return false
	}
	switch first := d[0]; {
	case first >= '0' && first <= '9':
		return number(d[:8]) > 0 && spanishLetters[number(d[:8])%23] == d[8]
	case first >= 'K' && first <= 'M':
		return spanishLetters[number(d[1:8])%23] == d[8]
	case first >= 'X':
		return validSpanishNIE(d)
	}
	return validSpanishEntity(d)
}

// validSpanishNIE checks a foreigner's number: X, Y and Z count as 0, 1 and 2 before the seven digits.
func validSpanishNIE(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 9 || d[0] < 'X' || d[0] > 'Z' || !allDigits(d[1:8]) {
		return false
	}
	return spanishLetters[(int(d[0]-'X')*10_000_000+number(d[1:8]))%23] == d[8]
}

// validSpanishEntity checks the number of a legal person: Luhn over seven digits, written as a digit, a letter or either, by its kind.
func validSpanishEntity(d []byte) bool {
	const letters = "JABCDEFGHI"
	sum := 0
	for i, c := range d[1:8] {
		sum += digitSum(symbol(c) * (2 - i%2))
	}
	check := (10 - sum%10) % 10
	digit, letter := d[8] == byte('0'+check), d[8] == letters[check]
	switch d[0] {
	case 'A', 'B', 'E', 'H':
		return digit
	case 'N', 'P', 'Q', 'R', 'S', 'W':
		return letter
	case 'C', 'D', 'F', 'G', 'J', 'U', 'V':
		return digit || letter
	}
	return false
}

// validSpanishSocialSecurity checks province, number and control, the remainder by 97; a number below ten million loses its
// leading zero before the remainder is taken.
func validSpanishSocialSecurity(value []byte) bool {
	const shortNumber = 10_000_000
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 12 {
		return false
	}
	province, n := number(d[:2]), number(d[2:10])
	if province == 0 || province > 53 && province != 66 || n == 0 {
		return false
	}
	whole := province*shortNumber*10 + n
	if n < shortNumber {
		whole = province*shortNumber + n
	}
	return whole%97 == number(d[10:])
}

// The value of a character at an odd place of the Italian fiscal code, digits and letters alike by their order.
const italianOddLetters = "\x01\x00\x05\x07\x09\x0d\x0f\x11\x13\x15\x02\x04\x12\x14\x0b\x03\x06\x08\x0c\x0e\x10\x0a\x16\x19\x18\x17"

// validItalianFiscalCode checks the sixteen characters of a person, in which any digit may have been replaced by a letter to tell
// namesakes apart, or the eleven digits that stand for organizations and, for a while, for persons.
func validItalianFiscalCode(value []byte) bool {
	const monthLetters, omocodia = "ABCDEHLMPRST", "LMNPQRSTUV"
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) == 11 {
		return validItalianVAT(d)
	}
	if len(d) != 16 || !allLetters(d[:6]) || !allLetters(d[15:]) {
		return false
	}
	sum := 0
	for i, c := range d[:15] {
		order := symbol(c)
		if order > 9 {
			order -= 10
		}
		if i%2 == 0 {
			order = int(italianOddLetters[order])
		}
		sum += order
	}
	if d[15] != byte('A'+sum%26) {
		return false
	}
	for _, i := range [...]int{6, 7, 9, 10, 12, 13, 14} {
		if at := strings.IndexByte(omocodia, d[i]); at >= 0 {
			d[i] = byte('0' + at)
		} else if d[i] > '9' {
			return false
		}
	}
	day := number(d[9:11])
	if day > 40 {
		day -= 40
	}
	return validShortBirth(number(d[6:8]), strings.IndexByte(monthLetters, d[8])+1, day)
}

// validItalianVAT checks a serial number, the office (a province, or 120, 121, 888 or 999) and Luhn.
func validItalianVAT(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) == 13 && d[0] == 'I' && d[1] == 'T' {
		d = d[2:]
	}
	if len(d) != 11 || !allDigits(d) || number(d[:7]) == 0 || !luhn(d) {
		return false
	}
	switch office := number(d[7:10]); office {
	case 120, 121, 888, 999:
		return true
	default:
		return office >= 1 && office <= 100
	}
}

// validPortugueseNIF checks the kind of taxpayer and the check digit by modulus 11.
func validPortugueseNIF(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) == 11 && d[0] == 'P' && d[1] == 'T' {
		d = d[2:]
	}
	if len(d) != 9 || !allDigits(d) {
		return false
	}
	switch d[0] {
	case '1', '2', '3', '5', '6', '8', '9':
	case '4':
		if d[1] != '5' {
			return false
		}
	case '7':
		if d[1] == '3' || d[1] == '6' {
			return false
		}
	default:
		return false
	}
	return (11-weightedSum(d[:8], "98765432")%11)%11%10 == symbol(d[8])
}

// validPortugueseCitizenCard checks number, its own check digit, version and check digit: Luhn over the values of letters and digits.
func validPortugueseCitizenCard(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 12 || !allDigits(d[:9]) || !allDigits(d[11:]) {
		return false
	}
	sum := 0
	for i, c := range d {
		n := symbol(c)
		if i%2 == 0 {
			n *= 2
			if n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// validPortugueseSocialSecurity checks eleven digits; the weights are the primes from 29 down to 2.
func validPortugueseSocialSecurity(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 11 && (d[0] == '1' || d[0] == '2') && 9-weightedSum(d[:10], "TNJHDB7532")%10 == symbol(d[10])
}
