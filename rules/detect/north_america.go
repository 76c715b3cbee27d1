package detect

import (
	"strings"

	"stanch/rules"
)

// northAmerica returns the detectors of Canada, Mexico, Central America and the Caribbean.
func northAmerica() []Detector {
	return []Detector{
		{
			ID: "ca.sin", Title: "Canadian social insurance number", Country: "ca", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{3}[- .]\d{3}[- .]\d{3}`, `\d{9}`},
			Valid:    validCanadianSIN,
			Context: []string{"sin", "sin number", "sin no", "social insurance number", "social insurance no", "social insurance",
				"numéro d'assurance sociale", "numero d'assurance sociale", "assurance sociale"},
			Headers:         []string{"nas", "ssn sin", "sin ssn"},
			Source:          "Employment and Social Development Canada, Social Insurance Number Code of Practice (Luhn; first digit 1 to 7 or 9)",
			Examples:        []string{"482 017 365", "482-017-365", "738201748"},
			CounterExamples: []string{"482 017 367", "082 017 365"},
		},
		{
			ID: "ca.ohip", Title: "Ontario health card number", Country: "ca", Category: Health, Strength: rules.Strong,
			Patterns: []string{`\d{4}[- ]\d{3}[- ]\d{3}(?:[- ]?[A-Z]{2})?`, `\d{10}(?:[- ]?[A-Z]{2})?`},
			Valid:    validOntarioHealthCard,
			Context: []string{"ohip", "ohip number", "ohip no", "health card", "health card number", "health card no", "health number",
				"ontario health"},
			Headers:         []string{"hcn"},
			Source:          "Ontario Ministry of Health, Health Card Validation Reference Manual (Luhn and version code)",
			Examples:        []string{"4820-173-658-KT", "4820173658"},
			CounterExamples: []string{"4820-173-657-KT"},
		},
		{
			ID: "ca.bc_phn", Title: "British Columbia personal health number", Country: "ca", Category: Health, Strength: rules.Strong,
			Patterns:        []string{`9\d{3}[- ]?\d{3}[- ]?\d{3}`},
			Valid:           validBritishColumbiaPHN,
			Context:         []string{"phn", "personal health number", "bc services card", "care card", "carecard", "health number", "health card"},
			Source:          "British Columbia Ministry of Health, HIBC PHN validation (begins with 9, modulus 11)",
			Examples:        []string{"9482 017 368"},
			CounterExamples: []string{"9482 017 367"},
		},
		{
			ID: "ca.ramq", Title: "Quebec health insurance number", Country: "ca", Category: Health, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`[A-Za-z]{4}[- ]?\d{4}[- ]?\d{4}`},
			Valid:    validQuebecHealthInsurance,
			Context: []string{"ramq", "nam", "numéro d'assurance maladie", "numero d'assurance maladie", "assurance maladie", "carte soleil",
				"health insurance number", "health card number"},
			Source:          "Régie de l'assurance maladie du Québec, Numéro d'assurance maladie (letters of the name, birth date with 50 added for women)",
			Examples:        []string{"GOVL 8354 1712"},
			CounterExamples: []string{"GOVL 8363 1712"},
		},
		{
			ID: "ca.passport", Title: "Canadian passport number", Country: "ca", Category: OfficialDocument, Strength: rules.Strong,
			Loose:           []string{`[A-Za-z]{2}\d{6}`, `[A-Za-z]\d{6}[A-Za-z]{2}`},
			Context:         []string{"passport", "passport number", "passport no", "passeport", "numéro de passeport", "canadian passport"},
			Source:          "Immigration, Refugees and Citizenship Canada; PRADO, document CAN-AO",
			Examples:        []string{"KT482017"},
			CounterExamples: []string{"KT48201"},
		},
		{
			ID: "mx.curp", Title: "Mexican population registry code (CURP)", Country: "mx", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:    []string{`[A-Za-z]{4}\d{6}[HMXhmx][A-Za-z]{2}[A-Za-z]{3}[0-9A-Za-z]\d`},
			Loose:       []string{`[A-Za-z]{4}[ -]\d{6}[ -][A-Za-z]{6}[ -]?[0-9A-Za-z]\d`},
			Valid:       validMexicanCURP,
			Distinctive: true,
			Context: []string{"curp", "c.u.r.p", "clave única de registro de población", "clave unica de registro de poblacion",
				"registro de población", "population registry"},
			Source:          "SEGOB/RENAPO, Instructivo normativo para la asignación de la CURP (DOF 18 October 2021)",
			Examples:        []string{"GOVL830417MDFMRS06", "rexm000229hjclpra7"},
			CounterExamples: []string{"GOVL830417MDFMRS07", "GOVL830417MQQMRS05"},
		},
		{
			ID: "mx.rfc", Title: "Mexican taxpayer code of a person (RFC)", Country: "mx", Category: Financial, Strength: rules.Strong, Ranges: true,
			Patterns:        []string{`[A-Za-z]{4}[- ]?\d{6}[- ]?[0-9A-Za-z]{2}[0-9Aa]`},
			Valid:           validMexicanRFC,
			Context:         []string{"rfc", "r.f.c", "registro federal de contribuyentes", "registro federal", "taxpayer code", "tax id"},
			Source:          "Servicio de Administración Tributaria (SAT), Código Fiscal de la Federación, article 27 (RFC: initials, birth date, homoclave)",
			Examples:        []string{"GOVL8304178K2", "GOVL-830417-8K2"},
			CounterExamples: []string{"GOVL8313178K2"},
		},
		{
			ID: "mx.elector_key", Title: "Mexican elector key", Country: "mx", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Typical:  []string{`[A-Z]{6}\d{8}[HM]\d{3}`},
			Patterns: []string{`[A-Za-z]{6}\d{8}[HMhm]\d{3}`},
			Valid:    validMexicanElectorKey,
			Context: []string{"clave de elector", "clave elector", "ine", "ife", "credencial de elector", "credencial para votar", "elector key",
				"voter id"},
			Source:          "Instituto Nacional Electoral, Clave de elector (consonants of the name, birth date, state, sex, homoclave)",
			Examples:        []string{"GVLPMR83041714M300"},
			CounterExamples: []string{"GVLPMR83131714M300", "GVLPMR83041799M300"},
		},
		{
			ID: "mx.nss", Title: "Mexican social security number (NSS)", Country: "mx", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{2}[- ]?\d{2}[- ]?\d{2}[- ]?\d{4}[- ]?\d`},
			Valid:    validMexicanNSS,
			Context: []string{"nss", "número de seguridad social", "numero de seguridad social", "número de seguro social", "imss", "seguro social",
				"social security number"},
			Source:          "Instituto Mexicano del Seguro Social, Número de Seguridad Social (Luhn)",
			Examples:        []string{"48201736518"},
			CounterExamples: []string{"48201736517"},
		},
		{
			ID: "gt.cui", Title: "Guatemalan unique identification code (CUI)", Country: "gt", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`\d{4}[ -]?\d{5}[ -]?\d{4}`},
			Valid:    validGuatemalanCUI,
			Context: []string{"cui", "dpi", "código único de identificación", "codigo unico de identificacion",
				"documento personal de identificación", "renap"},
			Source:          "RENAP, Código Único de Identificación (check digit by modulus 11; department 01 to 22)",
			Examples:        []string{"4820 173680101", "4820 17368 0101"},
			CounterExamples: []string{"4820 17367 0101", "4820 17365 9901"},
		},
		{
			ID: "sv.dui", Title: "Salvadoran identity document (DUI)", Country: "sv", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`\d{8}-?\d`},
			Valid:           validSalvadoranDUI,
			Context:         []string{"dui", "documento único de identidad", "documento unico de identidad", "número de dui", "identity document"},
			Source:          "Registro Nacional de las Personas Naturales (RNPN), Documento Único de Identidad",
			Examples:        []string{"04820173-9"},
			CounterExamples: []string{"04820173-7", "00000000-0"},
		},
		{
			ID: "sv.nit", Title: "Salvadoran tax number (NIT)", Country: "sv", Category: Financial, Strength: rules.Strong,
			Typical:  []string{`\d{4}-\d{6}-\d{3}-\d`},
			Patterns: []string{`\d{4} ?\d{6} ?\d{3} ?\d`},
			Valid:    validSalvadoranNIT,
			Context: []string{"nit", "número de identificación tributaria", "numero de identificacion tributaria", "nº nit", "número de nit",
				"tax number"},
			Source:          "Ministerio de Hacienda de El Salvador, Número de Identificación Tributaria (municipality, birth date, serial, check digit)",
			Examples:        []string{"0614-170483-104-2", "06141704830013"},
			CounterExamples: []string{"0614-170483-104-7", "0614-171383-104-8"},
		},
		{
			ID: "cr.cpf", Title: "Costa Rican identity card of a person", Country: "cr", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Loose: []string{`0?[1-9]-\d{3,4}-\d{3,4}`, `0?[1-9]\d{8}`, `0?[1-9] \d{3,4} \d{3,4}`},
			Valid: validCostaRicanCedula,
			Context: []string{"cédula", "cedula", "cédula de identidad", "cédula de persona física", "cedula de persona fisica", "persona física",
				"persona fisica", "cpf", "identificación", "identity card"},
			Source:          "Tribunal Supremo de Elecciones, Cédula de identidad (province 1 to 7, 8 naturalized, 9 special; volume; entry)",
			Examples:        []string{"1-1482-0173", "01-1482-0173", "701480173"},
			CounterExamples: []string{"20-1234-1234"},
		},
		{
			ID: "cu.ni", Title: "Cuban identity number", Country: "cu", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`\d{11}`},
			Loose:    []string{`\d{6}[ -]?\d{5}`},
			Valid:    validCubanIdentity,
			Context: []string{"número de identidad", "numero de identidad", "carné de identidad", "carne de identidad", "carnet de identidad",
				"número de identidad permanente", "identity number"},
			Headers:         []string{"ci"},
			Source:          "Ministerio del Interior, Dirección de Identificación, Inmigración y Extranjería (número de identidad permanente)",
			Examples:        []string{"83041748201"},
			CounterExamples: []string{"83131748201"},
		},
		{
			ID: "do.cedula", Title: "Dominican identity card", Country: "do", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`\d{3}[- ]?\d{7}[- ]?\d`},
			Valid:    validDominicanCedula,
			Context: []string{"cédula", "cedula", "cédula de identidad", "cedula de identidad", "cédula de identidad y electoral", "cédula no",
				"cedula no", "identity card"},
			Source:          "Junta Central Electoral, Cédula de Identidad y Electoral (municipality, serial, Luhn)",
			Examples:        []string{"048-2017365-8", "04820173658"},
			CounterExamples: []string{"048-2017365-7", "000-0000000-0"},
		},
		{
			ID: "hn.dni", Title: "Honduran national identification document", Country: "hn", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`\d{4}[- ]?\d{4}[- ]?\d{5}`},
			Valid:    validHonduranIdentity,
			Context: []string{"dni", "documento nacional de identificación", "identidad", "número de identidad", "tarjeta de identidad",
				"identity card"},
			Source:          "Registro Nacional de las Personas (RNP), Número de identidad (municipality, year, serial)",
			Examples:        []string{"0801-1983-04820"},
			CounterExamples: []string{"1901-1983-04820"},
		},
	}
}

// validCanadianSIN checks nine digits by Luhn: the first tells the region, 9 is temporary, 0 and 8 are not used.
func validCanadianSIN(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 9 && d[0] != '0' && d[0] != '8' && luhn(d)
}

// mexicanStates are the birth places of a CURP: the states, and NE for those born abroad.
const mexicanStates = "AS BC BS CC CH CL CM CS DF DG GR GT HG JC MC MN MS NE NL NT OC PL QR QT SL SP SR TC TL TS VZ YN ZS"

// unseemlyCURP are the words that a CURP may not begin with: the second letter is replaced by X (Instructivo normativo, annex 2).
const unseemlyCURP = "BACA BAKA BUEI BUEY CACA CACO CAGA CAGO CAKA CAKO COGE COGI COJA COJE COJI COJO COLA CULO FALO FETO GETA GUEI GUEY JETA JOTO " +
	"KACA KACO KAGA KAGO KAKA KAKO KOGE KOGI KOJA KOJE KOJI KOJO KOLA KULO LILO LOCA LOCO LOKA LOKO MAME MAMO MEAR MEAS MEON MIAR MION MOCO MOKO MULA " +
	"MULO NACA NACO PEDA PEDO PENE PIPI PITO POPO PUTA PUTO QULO RATA ROBA ROBE ROBO RUIN SENO TETA VACA VAGA VAGO VAKA VUEI VUEY WUEI WUEY"

// validMexicanCURP checks birth date, sex, state and check digit. The character before the check digit is a digit for those born until
// 1999 and a letter for others. The letter Ñ, which has a value of its own, is written as X.
func validMexicanCURP(value []byte) bool {
	const weights = "IHGFEDCBA98765432"
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 18 || !allLetters(d[:4]) || !allDigits(d[4:10]) || !allLetters(d[10:16]) || !allDigits(d[17:]) {
		return false
	}
	if strings.IndexByte("HMX", d[10]) < 0 || !listed(mexicanStates, d[11:13]) || listed(unseemlyCURP, d[:4]) {
		return false
	}
	sum := weightedSum(d, weights)
	for i, c := range d[:17] {
		if c > 'N' {
			sum += symbol(weights[i]) // Ñ stands between N and O
		}
	}
	century := 1900
	if d[16] >= 'A' {
		century = 2000
	}
	return (10-sum%10)%10 == symbol(d[17]) && validDate(century+number(d[4:6]), number(d[6:8]), number(d[8:10]))
}

// validMexicanRFC checks the birth date. The check digit is not asked for: many codes in use were given without it.
func validMexicanRFC(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	return len(d) == 13 && allLetters(d[:4]) && allDigits(d[4:10]) && validShortBirth(number(d[4:6]), number(d[6:8]), number(d[8:10]))
}

// validMexicanNSS checks eleven digits by Luhn.
func validMexicanNSS(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 11 && number(d[:2]) > 0 && luhn(d)
}

// validGuatemalanCUI checks eight digits, weighted from 2 up, their check digit, department and municipality.
func validGuatemalanCUI(value []byte) bool {
	const departments, municipalities = 22, 40
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 13 || weightedSum(d, "23456789")%11 != symbol(d[8]) {
		return false
	}
	department, municipality := number(d[9:11]), number(d[11:])
	return department >= 1 && department <= departments && municipality >= 1 && municipality <= municipalities
}

// validSalvadoranDUI checks eight digits, weighted from 9 down to 2, by modulus 10.
func validSalvadoranDUI(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 9 && number(d) > 0 && (10-weightedSum(d, "98765432")%10)%10 == symbol(d[8])
}

// validCostaRicanCedula wants a province and an entry in a volume: there is no check digit.
func validCostaRicanCedula(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) == 10 && d[0] == '0' {
		d = d[1:]
	}
	if len(d) < 7 || len(d) > 9 || d[0] == '0' {
		return false
	}
	return number(d[len(d)-3:]) > 0 || number(d[:len(d)-3])%1000 > 0
}

// validCubanIdentity checks YYMMDD and the century mark behind it: 0 to 5 is the 20th, 6 to 8 the 21st, 9 the 19th.
func validCubanIdentity(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 11 {
		return false
	}
	century := 1900
	switch {
	case d[6] == '9':
		century = 1800
	case d[6] >= '6':
		century = 2000
	}
	return validBirth(century+number(d[:2]), number(d[2:4]), number(d[4:6]))
}

// validDominicanCedula checks eleven digits by Luhn. Cards of a municipality's first million, given when the present numbers were
// introduced in the 1990s, carry wrong check digits often enough that theirs is not asked for.
func validDominicanCedula(value []byte) bool {
	const firstCards = 1_000_000
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 11 {
		return false
	}
	serial := number(d[3:10])
	return serial > 0 && (serial < firstCards || luhn(d))
}

// validOntarioHealthCard checks ten digits by Luhn; a version code of two letters may follow.
func validOntarioHealthCard(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) == 12 {
		d = d[:10]
	}
	return len(d) == 10 && allDigits(d) && luhn(d)
}

// validQuebecHealthInsurance checks the birth date behind the letters of the name; women have 50 added to the month.
func validQuebecHealthInsurance(value []byte) bool {
	const womenOffset = 50
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 12 || !allLetters(d[:4]) || !allDigits(d[4:]) {
		return false
	}
	month := number(d[6:8])
	if month > womenOffset {
		month -= womenOffset
	}
	return validShortBirth(number(d[4:6]), month, number(d[8:10]))
}

// validMexicanElectorKey checks birth date and state: 01 to 32, 87 and 88 for those born abroad.
func validMexicanElectorKey(value []byte) bool {
	const states = 32
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 18 || !allLetters(d[:6]) || !allDigits(d[6:14]) {
		return false
	}
	state := number(d[12:14])
	return (state >= 1 && state <= states || state == 87 || state == 88) && validShortBirth(number(d[6:8]), number(d[8:10]), number(d[10:12]))
}

// validBritishColumbiaPHN checks ten digits that begin with 9: the eight behind it by modulus 11.
func validBritishColumbiaPHN(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 10 && d[0] == '9' && 11-weightedSum(d[1:], "2485A973")%11 == symbol(d[9])
}

// validSalvadoranNIT checks the birth date and the check digit, whose weights differ between serials up to 100 and above.
func validSalvadoranNIT(value []byte) bool {
	const lastOldSerial = 100
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 14 || !validShortBirth(number(d[8:10]), number(d[6:8]), number(d[4:6])) {
		return false
	}
	if number(d[10:13]) <= lastOldSerial {
		return weightedSum(d, "EDCBA98765432")%11%10 == symbol(d[13])
	}
	return (11-weightedSum(d, "2765432765432")%11)%11%10 == symbol(d[13])
}

// validHonduranIdentity checks department and year of registration.
func validHonduranIdentity(value []byte) bool {
	const departments = 18
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 13 && number(d[:2]) > 0 && number(d[:2]) <= departments && validBirth(number(d[4:8]), 1, 1)
}
