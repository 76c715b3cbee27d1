package detect

import "stanch/rules"

// europeEast returns the detectors of Poland, Czechia, Slovakia, Hungary, Romania and Bulgaria.
func europeEast() []Detector {
	return []Detector{
		{
			ID: "pl.pesel", Title: "Polish PESEL number", Country: "pl", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`\d{11}`},
			Loose:           []string{`\d{6}[ -]?\d{5}`},
			Valid:           validPolishPESEL,
			Context:         []string{"pesel", "nr pesel", "numer pesel", "nr ewidencyjny", "numer ewidencyjny", "polish id", "national id"},
			Source:          "Ministerstwo Cyfryzacji, Ustawa o ewidencji ludności, article 15 (numer PESEL)",
			Examples:        []string{"83041711481", "04231529075"},
			CounterExamples: []string{"83041711487", "83133111482"},
		},
		{
			ID: "pl.nip", Title: "Polish tax number (NIP)", Country: "pl", Category: Financial, Strength: rules.Strong,
			Patterns:        []string{`(?:PL ?)?\d{3}[- ]?\d{3}[- ]?\d{2}[- ]?\d{2}`, `\d{3}[- ]\d{2}[- ]\d{2}[- ]\d{3}`},
			Valid:           validPolishNIP,
			Context:         []string{"nip", "nr nip", "numer nip", "numer identyfikacji podatkowej", "podatnik", "vat", "tax number"},
			Source:          "Ministerstwo Finansów, Ustawa o zasadach ewidencji i identyfikacji podatników (NIP)",
			Examples:        []string{"482-017-36-58", "PL4820173658"},
			CounterExamples: []string{"482-017-36-57"},
		},
		{
			ID: "pl.id_card", Title: "Polish identity card number", Country: "pl", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`[A-Za-z]{3} ?\d{6}`},
			Valid:    validPolishIDCard,
			Context: []string{"dowód osobisty", "dowod osobisty", "dowodu osobistego", "nr dowodu", "numer dowodu", "seria i numer dowodu",
				"seria i nr dowodu", "identity card", "id card"},
			Source:          "Ministerstwo Spraw Wewnętrznych i Administracji, Rozporządzenie w sprawie dowodów osobistych; ICAO 9303 weights",
			Examples:        []string{"CKR 182017", "dbt201736"},
			CounterExamples: []string{"CKR 782017"},
		},
		{
			ID: "pl.passport", Title: "Polish passport number", Country: "pl", Category: OfficialDocument, Strength: rules.Strong,
			Loose:           []string{`[A-Za-z]{2} ?\d{7}`},
			Context:         []string{"paszport", "nr paszportu", "numer paszportu", "seria i numer paszportu", "passport", "passport number", "passport no"},
			Source:          "Ministerstwo Spraw Wewnętrznych i Administracji; PRADO, document POL-AO",
			Examples:        []string{"KT 4820173"},
			CounterExamples: []string{"KT 482017"},
		},
		{
			ID: "cz.rc", Title: "Czech birth number", Country: "cz", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{birthNumberPattern},
			Typical:  []string{`\d{6}/\d{4}`},
			Loose:    []string{`\d{6} / \d{3,4}`},
			Valid:    validBirthNumber,
			Context: []string{"rodné číslo", "rodne cislo", "rodné č", "rodného čísla", "rč", "r.č", "r. č", "czech id", "birth number",
				"national id", "personal identification number"},
			Headers:         []string{"rc"},
			Source:          "Zákon č. 133/2000 Sb., o evidenci obyvatel, § 13 (rodné číslo)",
			Examples:        []string{"835417/2134", "0401172134", "485417/213"},
			CounterExamples: []string{"835417/2137", "831417/2131"},
		},
		{
			ID: "sk.rc", Title: "Slovak birth number", Country: "sk", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{birthNumberPattern},
			Typical:  []string{`\d{6}/\d{4}`},
			Loose:    []string{`\d{6} / \d{3,4}`},
			Valid:    validBirthNumber,
			Context: []string{"rodné číslo", "rodne cislo", "rodné č", "rodného čísla", "rč", "r.č", "r. č", "slovak id", "birth number",
				"national id", "personal identification number"},
			Headers:         []string{"rc"},
			Source:          "Zákon č. 301/1995 Z. z. o rodnom čísle",
			Examples:        []string{"785923/4185", "505923/418"},
			CounterExamples: []string{"785923/4187", "781423/4185"},
		},
		{
			ID: "hu.taj", Title: "Hungarian social security number (TAJ)", Country: "hu", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{3}[- ]?\d{3}[- ]?\d{3}`},
			Valid:    validHungarianTAJ,
			Context: []string{"taj", "taj szám", "taj-szám", "tajszám", "taj szam", "társadalombiztosítási azonosító jel", "társadalombiztosítási",
				"tb szám", "social security number"},
			Source:          "1996. évi XX. törvény, annex II (Társadalombiztosítási Azonosító Jel)",
			Examples:        []string{"148 201 738", "148201738"},
			CounterExamples: []string{"148 201 737", "000000000"},
		},
		{
			ID: "hu.tax_id", Title: "Hungarian tax identification number", Country: "hu", Category: Financial, Strength: rules.Strong,
			Patterns:        []string{`8\d{9}`},
			Valid:           validHungarianTaxID,
			Context:         []string{"adóazonosító", "adóazonosító jel", "adoazonosito jel", "adoazonosito", "adójel", "tax id", "tax number", "tin"},
			Source:          "1996. évi XX. törvény, annex III (adóazonosító jel)",
			Examples:        []string{"8417302611"},
			CounterExamples: []string{"8417302617"},
		},
		{
			ID: "hu.id_card", Title: "Hungarian identity card number", Country: "hu", Category: OfficialDocument, Strength: rules.Strong,
			Loose: []string{`\d{6} ?[A-Za-z]{2}`},
			Context: []string{"személyi igazolvány", "személyi igazolvány szám", "személyigazolvány", "személyi szám", "okmányazonosító",
				"identity card"},
			Source:          "Belügyminisztérium, 414/2015. Korm. rendelet (six digits, two letters)",
			Examples:        []string{"482017KT"},
			CounterExamples: []string{"48201KT"},
		},
		{
			ID: "ro.cnp", Title: "Romanian personal numeric code (CNP)", Country: "ro", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d ?\d{6} ?\d{6}`},
			Loose:    []string{`\d-\d{6}-\d{6}`, `\d \d{2} \d{2} \d{2} \d{2} \d{3} \d`},
			Valid:    validRomanianCNP,
			Context: []string{"cnp", "c.n.p", "cod numeric personal", "codul numeric personal", "codului numeric personal", "personal numeric code",
				"romanian id", "national id"},
			Source:          "Legea 105/1996 and OUG 97/2005, annex 1 (codul numeric personal)",
			Examples:        []string{"2830417401180", "5040229352041"},
			CounterExamples: []string{"2830417401187", "2830417991182"},
		},
		{
			ID: "ro.id_card", Title: "Romanian identity card number", Country: "ro", Category: OfficialDocument, Strength: rules.Strong,
			Loose:           []string{`[A-Za-z]{2} ?\d{6}`},
			Context:         []string{"seria", "serie", "seria si numarul", "seria și numărul", "carte de identitate", "buletin", "serie ci", "identity card"},
			Source:          "Direcția Generală pentru Evidența Persoanelor, OUG 97/2005 (series of two letters, six digits)",
			Examples:        []string{"KT 482017"},
			CounterExamples: []string{"KT 48201"},
		},
		{
			ID: "bg.egn", Title: "Bulgarian unified civil number (EGN)", Country: "bg", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{10}`},
			Loose:    []string{`\d{6}[ -]\d{3} ?\d`},
			Valid:    validBulgarianEGN,
			Context: []string{"егн", "egn", "е.г.н", "единен граждански номер", "единния граждански номер", "edinen grazhdanski nomer",
				"unified civil number", "uniform civil number", "national id"},
			Source:          "ГД ГРАО, Наредба за функционирането на ЕСГРАОН (единен граждански номер)",
			Examples:        []string{"8304174829", "0442292013"},
			CounterExamples: []string{"8304174827", "8313174821"},
		},
		{
			ID: "bg.lnch", Title: "Bulgarian personal number of a foreigner (LNCh)", Country: "bg", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`\d{10}`},
			Valid:           validBulgarianLNCh,
			Context:         []string{"лнч", "lnch", "lnc", "личен номер на чужденец", "personal number of a foreigner"},
			Source:          "Закон за чужденците в Република България; ГД ГРАО (личен номер на чужденец)",
			Examples:        []string{"4820173658"},
			CounterExamples: []string{"4820173657"},
		},
	}
}

// validPolishPESEL checks YYMMDDSSSSC: the month is raised by 80, 0, 20, 40 or 60 for the centuries from the 19th on.
func validPolishPESEL(value []byte) bool {
	const monthStep = 20
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 11 || weightedSum(d, "13791379131")%10 != 0 {
		return false
	}
	month := number(d[2:4])
	century := 1900 + 100*(month/monthStep)
	if month > 4*monthStep {
		century = 1800
	}
	return validBirth(century+number(d[:2]), month%monthStep, number(d[4:6]))
}

// validPolishNIP checks ten digits by modulus 11.
func validPolishNIP(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) == 12 && d[0] == 'P' && d[1] == 'L' {
		d = d[2:]
	}
	return len(d) == 10 && allDigits(d) && !oneDigitOnly(d) && weightedSum(d, "657234567")%11 == symbol(d[9])
}

// validPolishIDCard checks three letters and six digits, of which the first is the check digit.
func validPolishIDCard(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	return len(d) == 9 && allLetters(d[:3]) && allDigits(d[3:]) && weightedSum(d, "731073173")%10 == symbol(d[3])
}

// birthNumberPattern is YYMMDD/SSSC, or without C for those born before 1954.
const birthNumberPattern = `\d{2}[0-8]\d[0-3]\d[/ -]?\d{3}\d?`

// validBirthNumber checks the number that Czechia and Slovakia share: women have 50 added to the month, and where serials ran out
// since 2004 another 20 is added. Ten digits leave no remainder by 11; a remainder of 10 was written as 0 until 1985, and here and
// there for some years more.
func validBirthNumber(value []byte) bool {
	const lastShortYear, firstOf19thCentury, firstStrictYear = 53, 80, 2000
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 9 && len(d) != 10 {
		return false
	}
	year, month, day := number(d[:2]), number(d[2:4]), number(d[4:6])
	if month > 50 {
		month -= 50
	}
	if len(d) == 9 {
		switch {
		case year <= lastShortYear:
			year += 1900
		case year >= firstOf19thCentury:
			year += 1800
		default:
			return false
		}
		return number(d[6:]) > 0 && validBirth(year, month, day)
	}
	year += 1900
	if year <= 1900+lastShortYear {
		year += 100
	}
	if month > 20 && year >= 2004 {
		month -= 20
	}
	check := number(d[:9]) % 11
	if check == 10 && year < firstStrictYear {
		check = 0
	}
	return check == symbol(d[9]) && validBirth(year, month, day)
}

// validHungarianTAJ checks nine digits with the weights 3 and 7.
func validHungarianTAJ(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 9 && number(d) > 0 && weightedSum(d, "37373737")%10 == symbol(d[8])
}

// validHungarianTaxID checks ten digits that begin with 8: each weighs its place, by modulus 11. The next five are the birth date
// in days since 1867.
func validHungarianTaxID(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 10 && d[0] == '8' && weightedSum(d, "123456789")%11 == symbol(d[9])
}

// romanianCounty reports whether a CNP may hold a county: 41 to 46 are Bucharest's sectors, 47 and 48 former ones, 51 and 52 came
// later, 70 is given since 2017 and 80 to 83 abroad.
func romanianCounty(code int) bool {
	return code >= 1 && code <= 48 || code == 51 || code == 52 || code == 70 || code >= 80 && code <= 83
}

// validRomanianCNP checks SYYMMDDJJNNNC: S is sex and century (7 to 9 for foreigners), C by modulus 11 with 10 written as 1.
func validRomanianCNP(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 13 || d[0] == '0' || !romanianCounty(number(d[7:9])) {
		return false
	}
	check := weightedSum(d, "279146358279") % 11
	if check == 10 {
		check = 1
	}
	if check != symbol(d[12]) {
		return false
	}
	year, month, day := number(d[1:3]), number(d[3:5]), number(d[5:7])
	switch d[0] {
	case '1', '2':
		return validBirth(1900+year, month, day)
	case '3', '4':
		return validBirth(1800+year, month, day)
	case '5', '6':
		return validBirth(2000+year, month, day)
	}
	return validShortBirth(year, month, day)
}

// validBulgarianEGN checks YYMMDDSSSC: the month is raised by 20 before 1900 and by 40 from 2000 on.
func validBulgarianEGN(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 10 || weightedSum(d, "2485A9736")%11%10 != symbol(d[9]) {
		return false
	}
	year, month := 1900+number(d[:2]), number(d[2:4])
	switch {
	case month > 40:
		year, month = year+100, month-40
	case month > 20:
		year, month = year-100, month-20
	}
	return validBirth(year, month, number(d[4:6]))
}

// validBulgarianLNCh checks ten digits by modulus 10.
func validBulgarianLNCh(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 10 && number(d) > 0 && weightedSum(d, "LJHDB9731")%10 == symbol(d[9])
}
