package detect

import "stanch/rules"

// africa returns the detectors of Africa and the islands around it.
func africa() []Detector {
	return []Detector{
		{
			ID: "za.id", Title: "South African identity number", Country: "za", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{6}[ -]?\d{4}[ -]?\d{2}[ -]?\d`},
			Loose:    []string{`\d{6} \d{4} \d \d \d`},
			Valid:    validSouthAfricanIdentity,
			Context: []string{"south african id", "south african id number", "sa id", "sa id number", "rsa id", "id number", "id no",
				"identity number", "identity no", "id nommer", "identiteitsnommer", "refugee id", "refugee id number"},
			Source:          "Department of Home Affairs, Identification Act 68 of 1997 (birth date, sex, citizenship 0 to 2, Luhn)",
			Examples:        []string{"8304174820 08 2", "8304174820181"},
			CounterExamples: []string{"8304174820 08 7", "8313174820087"},
		},
		{
			ID: "ng.nin", Title: "Nigerian national identification number", Country: "ng", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{11}`},
			Valid:    validNigerianNIN,
			Context: []string{"nin", "nin number", "nin no", "national identification number", "national identity number", "nimc", "nigerian id",
				"vnin"},
			Source:          "National Identity Management Commission (NIMC), National Identification Number (Verhoeff)",
			Examples:        []string{"48201736555"},
			CounterExamples: []string{"48201736557", "00000000000"},
		},
		{
			ID: "ng.bvn", Title: "Nigerian bank verification number", Country: "ng", Category: Financial, Strength: rules.Strong,
			Loose:           []string{`22\d{9}`},
			Context:         []string{"bvn", "bvn no", "bvn number", "bank verification number"},
			Source:          "Central Bank of Nigeria, Regulatory Framework for BVN Operations (eleven digits that begin with 22)",
			Examples:        []string{"22482017365"},
			CounterExamples: []string{"21482017365"},
		},
		{
			ID: "ng.vehicle_registration", Title: "Nigerian vehicle registration", Country: "ng", Category: BasicIdentifier, Strength: rules.Weak,
			Patterns: []string{`[A-Za-z]{3}[- ]?\d{3}[A-Za-z]{2}`},
			Context: []string{"plate number", "plate no", "number plate", "vehicle registration", "registration number", "license plate",
				"licence plate", "vehicle number"},
			Headers:         []string{"vehicle"},
			Source:          "Federal Road Safety Corps (FRSC), National Road Traffic Regulations 2012 (area code, three digits, two letters)",
			Examples:        []string{"KJA-482BC", "ABJ 017XY"},
			CounterExamples: []string{"AB-4820CD"},
		},
		{
			ID: "mu.nid", Title: "Mauritian national identity number", Country: "mu", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:    []string{`[A-Za-z]\d{12}[0-9A-Ga-g]`},
			Valid:       validMauritianNID,
			Distinctive: true,
			Context: []string{"nid", "nic number", "national id", "national id number", "national identity card", "national identity number",
				"identity card number", "carte d'identité"},
			Headers:         []string{"nic"},
			Source:          "Civil Status Division of Mauritius, National Identity Card Act (initial, birth date, serial, check character by modulus 17)",
			Examples:        []string{"K170483482017D"},
			CounterExamples: []string{"K170483482017X", "K171383482017A"},
		},
		{
			ID: "eg.national_id", Title: "Egyptian national number", Country: "eg", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`\d{14}`},
			Valid:    validEgyptianNationalNumber,
			Context: []string{"الرقم القومي", "رقم قومي", "الرقم القومى", "بطاقة الرقم القومي", "national id", "national id number", "egyptian id",
				"national number", "raqm qawmi"},
			Source:          "Civil Status Organization of Egypt, Law 143 of 1994 (century, birth date, governorate, serial, check digit)",
			Examples:        []string{"28304170148201", "30102280148206"},
			CounterExamples: []string{"28313170148201", "28304170548201"},
		},
		{
			ID: "gh.card", Title: "Ghana card number", Country: "gh", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`[Gg][Hh][Aa]-?\d{9}-?\d`},
			Distinctive:     true,
			Context:         []string{"ghana card", "ghanacard", "ghana card number", "personal identification number", "national id"},
			Headers:         []string{"nia"},
			Source:          "National Identification Authority of Ghana, Personal Identification Number (PIN) of the Ghana Card",
			Examples:        []string{"GHA-482017365-4"},
			CounterExamples: []string{"GHA-4820173-4"},
		},
		{
			ID: "ke.kra_pin", Title: "Kenyan taxpayer number (KRA PIN)", Country: "ke", Category: Financial, Strength: rules.Strong,
			Patterns:        []string{`[APap]\d{9}[A-Za-z]`},
			Context:         []string{"kra pin", "kra", "pin number", "pin no", "tax pin", "pin certificate", "taxpayer number"},
			Source:          "Kenya Revenue Authority, Personal Identification Number (A for persons, P for others)",
			Examples:        []string{"A004820173K"},
			CounterExamples: []string{"B004820173K"},
		},
		{
			ID: "ma.cin", Title: "Moroccan national identity card", Country: "ma", Category: OfficialDocument, Strength: rules.Strong,
			Loose:           []string{`[A-Za-z]{1,2}\d{5,6}`},
			Context:         []string{"cnie", "n° cin", "numéro cin", "carte nationale", "carte d'identité nationale", "البطاقة الوطنية", "رقم البطاقة الوطنية"},
			Headers:         []string{"cin"},
			Source:          "Direction générale de la sûreté nationale (Morocco), loi 04-20 on the CNIE",
			Examples:        []string{"BK482017", "J48201"},
			CounterExamples: []string{"BKX482017"},
		},
		{
			ID: "tz.nida", Title: "Tanzanian national identification number", Country: "tz", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns:        []string{`\d{20}`},
			Typical:         []string{`\d{8}-\d{5}-\d{5}-\d{2}`},
			Valid:           validTanzanianNIDA,
			Context:         []string{"nida", "nida number", "nin", "namba ya nida", "kitambulisho cha taifa", "national id", "national identification number"},
			Source:          "National Identification Authority of Tanzania (NIDA): birth date, ward, serial and check digits",
			Examples:        []string{"19830417-48201-73654-12"},
			CounterExamples: []string{"19831317-48201-73654-12"},
		},
		{
			ID: "rw.nid", Title: "Rwandan national identity number", Country: "rw", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Typical:         []string{`\d \d{4} \d \d{7} \d \d{2}`},
			Patterns:        []string{`\d{16}`},
			Valid:           validRwandanIdentity,
			Context:         []string{"indangamuntu", "nid", "national id", "national id number", "national identity number", "rwandan id"},
			Source:          "National Identification Agency of Rwanda (NIDA): status, year of birth, sex 7 or 8, serial, issue",
			Examples:        []string{"1 1983 8 0482017 0 36"},
			CounterExamples: []string{"1 1983 6 0482017 0 36"},
		},
		{
			ID: "ug.nin", Title: "Ugandan national identification number", Country: "ug", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`[CAca][MFmf]\d{5}[0-9A-Za-z]{6}[A-Za-z]`},
			Context:         []string{"nin", "nin number", "nin no", "nira", "national id", "national identification number"},
			Source:          "National Identification and Registration Authority of Uganda (NIRA), fourteen characters from CM, CF, AM or AF on",
			Examples:        []string{"CM8304110KT4PH"},
			CounterExamples: []string{"CX8304110KT4PH"},
		},
		{
			ID: "zm.nrc", Title: "Zambian national registration card", Country: "zm", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`\d{6}/\d{2}/[1-3]`},
			Context:         []string{"nrc", "nrc no", "nrc number", "national registration card", "national registration number"},
			Source:          "Department of National Registration, Zambia, NRC number (serial, district, kind 1 to 3)",
			Examples:        []string{"482017/36/1"},
			CounterExamples: []string{"482017/36/4"},
		},
		{
			ID: "zw.id", Title: "Zimbabwean national identity number", Country: "zw", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`\d{2}-?\d{6,7} ?[A-Za-z] ?\d{2}`},
			Context:         []string{"id number", "id no", "national id", "national id number", "national registration number", "zimbabwean id"},
			Source:          "Registrar General of Zimbabwe, National Registration Act chapter 10:17 (district, serial, letter, district of origin)",
			Examples:        []string{"63-482017 K 42"},
			CounterExamples: []string{"63-48201 K 42"},
		},
		{
			ID: "dz.nin", Title: "Algerian national identification number", Country: "dz", Category: OfficialDocument, Strength: rules.Strong,
			Loose:           []string{`\d{18}`},
			Context:         []string{"nin", "رقم التعريف الوطني", "الرقم الوطني", "numéro d'identification national", "numéro national d'identification"},
			Source:          "Ministère de l'Intérieur (Algeria), Numéro d'identification national (eighteen digits)",
			Examples:        []string{"119830482017365041"},
			CounterExamples: []string{"11983048201736504"},
		},
	}
}

// validSouthAfricanIdentity checks birth date, citizenship (0 citizen, 1 resident, 2 refugee) and Luhn.
func validSouthAfricanIdentity(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 13 && d[10] <= '2' && luhn(d) && validShortBirth(number(d[:2]), number(d[2:4]), number(d[4:6]))
}

// validNigerianNIN checks eleven digits by Verhoeff.
func validNigerianNIN(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 11 && !oneDigitOnly(d) && verhoeff(d)
}

// validMauritianNID checks the initial of the surname, DDMMYY, serial and the check character by modulus 17.
func validMauritianNID(value []byte) bool {
	const alphabet, weights = "0123456789ABCDEFG", "EDCBA98765432"
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 14 || !allLetters(d[:1]) || !allDigits(d[1:13]) || !validShortBirth(number(d[5:7]), number(d[3:5]), number(d[1:3])) {
		return false
	}
	return alphabet[(len(alphabet)-weightedSum(d, weights)%len(alphabet))%len(alphabet)] == d[13]
}

// egyptianGovernorates are the places of birth; 88 is abroad.
const egyptianGovernorates = "01 02 03 04 11 12 13 14 15 16 17 18 19 21 22 23 24 25 26 27 28 29 31 32 33 34 35 88"

// validEgyptianNationalNumber checks century (2 is the 20th, 3 the 21st), birth date and governorate; the check digit's rule is not published.
func validEgyptianNationalNumber(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 14 || d[0] < '2' || d[0] > '3' || !listed(egyptianGovernorates, d[7:9]) {
		return false
	}
	century := 1900 + 100*int(d[0]-'2')
	return validBirth(century+number(d[1:3]), number(d[3:5]), number(d[5:7]))
}

// validTanzanianNIDA checks the birth date that heads the twenty digits.
func validTanzanianNIDA(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 20 && validBirth(number(d[:4]), number(d[4:6]), number(d[6:8]))
}

// validRwandanIdentity checks status, year of birth and sex, which is 7 or 8.
func validRwandanIdentity(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 16 && d[0] >= '1' && d[0] <= '3' && validBirth(number(d[1:5]), 1, 1) && (d[5] == '7' || d[5] == '8')
}
