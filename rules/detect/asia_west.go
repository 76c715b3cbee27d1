package detect

import "stanch/rules"

// asiaWest returns the detectors of Israel, Iran and the Gulf states.
func asiaWest() []Detector {
	return []Detector{
		{
			ID: "il.id", Title: "Israeli identity number", Country: "il", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{7,8}-\d`, `\d{9}`, `\d[- ]\d{7}[- ]?\d`},
			Loose:    []string{`\d{8}`, `\d{3} \d{3} \d{3}`},
			Valid:    validIsraeliIdentity,
			Context: []string{"מספר זהות", "תעודת זהות", "ת.ז", "ת״ז", "ת\"ז", "מספר תעודת זהות", "mispar zehut", "teudat zehut", "identity number",
				"israeli id", "id number"},
			Headers:         []string{"tz"},
			Source:          "Population and Immigration Authority of Israel, Population Registry Law 1965 (nine digits, Luhn)",
			Examples:        []string{"04820173-5", "348201740"},
			CounterExamples: []string{"04820173-7", "000000000"},
		},
		{
			ID: "ir.national_code", Title: "Iranian national code", Country: "ir", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`\d{3}-?\d{6}-?\d`},
			Valid:           validIranianNationalCode,
			Context:         []string{"کد ملی", "کدملی", "شماره ملی", "code melli", "codemelli", "kode melli", "national code", "iranian id"},
			Source:          "Iranian National Organization for Civil Registration, national identity number (modulus 11)",
			Examples:        []string{"0482017368"},
			CounterExamples: []string{"0482017367", "1111111111"},
		},
		{
			ID: "ae.emirates_id", Title: "Emirates identity number", Country: "ae", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`784\d{12}`},
			Typical:  []string{`784-\d{4}-\d{7}-\d`, `784 \d{4} \d{7} \d`},
			Valid:    validEmiratesIdentity,
			Context: []string{"emirates id", "emirates id no", "emirates id number", "eid number", "uae id", "identity card", "رقم الهوية",
				"بطاقة الهوية", "هوية"},
			Headers:         []string{"eid"},
			Source:          "Federal Authority for Identity, Citizenship, Customs and Port Security (ICP): 784, year of birth, serial, Luhn",
			Examples:        []string{"784-1983-4820173-6", "784200148201732"},
			CounterExamples: []string{"784-1983-4820173-7"},
		},
		{
			ID: "sa.id", Title: "Saudi national or residence number", Country: "sa", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{10}`},
			Valid:    validSaudiIdentity,
			Context: []string{"رقم الهوية", "الهوية الوطنية", "رقم الإقامة", "هوية مقيم", "iqama", "iqama no", "iqama number", "national id",
				"saudi id", "saudi national id", "residence number"},
			Source:          "Ministry of Interior of Saudi Arabia, Absher (1 for citizens, 2 for residents; Luhn)",
			Examples:        []string{"1048201733", "2482017361"},
			CounterExamples: []string{"1048201737"},
		},
		{
			ID: "kw.civil_id", Title: "Kuwaiti civil number", Country: "kw", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{12}`},
			Valid:    validKuwaitiCivilNumber,
			Context: []string{"civil id", "civil id no", "civil id number", "civil number", "kuwait civil id", "الرقم المدني", "البطاقة المدنية",
				"رقم مدني"},
			Source:          "Public Authority for Civil Information (PACI), civil number (century, birth date, serial, modulus 11)",
			Examples:        []string{"283041748202"},
			CounterExamples: []string{"283041748207", "283131748201"},
		},
		{
			ID: "qa.qid", Title: "Qatari identity number", Country: "qa", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns:        []string{`\d{11}`},
			Valid:           validQatariIdentity,
			Context:         []string{"qid", "qid no", "qid number", "qatar id", "qatari id", "الرقم الشخصي", "البطاقة الشخصية", "residency permit"},
			Source:          "Ministry of Interior of Qatar, Qatar ID (century, year of birth, country by ISO 3166, serial)",
			Examples:        []string{"28363448201"},
			CounterExamples: []string{"28300048201"},
		},
	}
}

// validIsraeliIdentity checks nine digits, or eight without a leading zero, by Luhn.
func validIsraeliIdentity(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return (len(d) == 9 || len(d) == 8) && number(d) > 0 && luhn(d)
}

// validIranianNationalCode checks ten digits: weights 10 to 2, and 11 minus the remainder where that is 2 or more.
func validIranianNationalCode(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 10 || oneDigitOnly(d) || number(d[:3]) == 0 {
		return false
	}
	remainder := weightedSum(d, "A98765432") % 11
	if remainder >= 2 {
		remainder = 11 - remainder
	}
	return remainder == symbol(d[9])
}

// validEmiratesIdentity checks 784, the year of birth and Luhn.
func validEmiratesIdentity(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 15 && string(d[:3]) == "784" && validBirth(number(d[3:7]), 1, 1) && luhn(d)
}

// validSaudiIdentity checks ten digits by Luhn.
func validSaudiIdentity(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 10 && (d[0] == '1' || d[0] == '2') && number(d[1:]) > 0 && luhn(d)
}

// validKuwaitiCivilNumber checks century (2 is the 20th, 3 the 21st), birth date and modulus 11.
func validKuwaitiCivilNumber(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 12 || d[0] < '2' || d[0] > '3' {
		return false
	}
	century := 1900 + 100*int(d[0]-'2')
	return 11-weightedSum(d, "216379A5842")%11 == symbol(d[11]) && validBirth(century+number(d[1:3]), number(d[3:5]), number(d[5:7]))
}

// validQatariIdentity checks that the country of the nationality is not zero and no more than the highest number of ISO 3166.
func validQatariIdentity(value []byte) bool {
	const lastCountry = 894
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 11 || d[0] < '2' || d[0] > '3' {
		return false
	}
	country := number(d[3:6])
	return country > 0 && country <= lastCountry && 1900+100*int(d[0]-'2')+number(d[1:3]) <= lastBirthYear
}
