package detect

import (
	"strings"

	"stanch/rules"
)

// asiaSouth returns the detectors of India, Pakistan and Sri Lanka.
func asiaSouth() []Detector {
	return []Detector{
		{
			ID: "in.aadhaar", Title: "Indian Aadhaar number", Country: "in", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{4}[- :]?\d{4}[- :]?\d{4}`},
			Loose:    []string{`\d{4}\.\d{4}\.\d{4}`},
			Valid:    validIndianAadhaar,
			Context: []string{"aadhaar", "aadhar", "adhaar", "adhar", "aadhaar no", "aadhaar number", "aadhaar card", "uidai", "आधार", "आधार संख्या",
				"ஆதார்", "ఆధార్"},
			Headers:         []string{"uid", "aadhar card", "adhar card", "aadhaar uid"},
			Source:          "Unique Identification Authority of India (UIDAI), A UID Numbering Scheme (Verhoeff; never begins with 0 or 1)",
			Examples:        []string{"4820 1736 5529", "738201749624"},
			CounterExamples: []string{"4820 1736 5527", "148201736552"},
		},
		{
			ID: "in.vid", Title: "Indian Aadhaar virtual identity number", Country: "in", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}`},
			Valid:           validIndianVirtualID,
			Context:         []string{"vid", "virtual id", "aadhaar virtual id", "aadhaar vid", "virtual identity number"},
			Source:          "Unique Identification Authority of India (UIDAI), circular 1 of 2018 on Virtual ID (sixteen digits, Verhoeff)",
			Examples:        []string{"4820 1736 5524 9012"},
			CounterExamples: []string{"4820 1736 5524 9017"},
		},
		{
			ID: "in.pan", Title: "Indian permanent account number (PAN)", Country: "in", Category: Financial, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`[A-Za-z]{3}[ABCEFGHJKLPTabcefghjklpt][A-Za-z]\d{4}[A-Za-z]`},
			Loose:    []string{`[A-Za-z]{5}[ -]\d{4}[ -]?[A-Za-z]`},
			Valid:    validIndianPAN,
			Context: []string{"pan", "pan no", "pan number", "pan card", "permanent account number", "income tax", "it pan", "पैन",
				"स्थायी खाता संख्या", "tax number"},
			Source:          "Income Tax Department of India, Rule 114 of the Income-tax Rules (fourth letter: kind of holder)",
			Examples:        []string{"GRVPK4820T"},
			CounterExamples: []string{"GRVXK4820T", "GRVPK0000T"},
		},
		{
			ID: "in.voter", Title: "Indian voter identity number (EPIC)", Country: "in", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`[A-Za-z]{3} ?\d{7}`},
			Loose:    []string{`[A-Za-z]{3}[/-]\d{7}`},
			Valid:    validIndianEPIC,
			Context: []string{"voter", "voter id", "voter id epic", "voter card", "epic", "epic no", "epic number", "elector",
				"electors photo identity card", "election card", "मतदाता", "मतदाता पहचान पत्र"},
			Source:          "Election Commission of India, Electors Photo Identity Card numbering (three letters of the constituency, six digits and Luhn)",
			Examples:        []string{"KVT4820171"},
			CounterExamples: []string{"KVT4820177", "KV48201736"},
		},
		{
			ID: "in.passport", Title: "Indian passport number", Country: "in", Category: OfficialDocument, Strength: rules.Strong,
			Loose:           []string{`[A-PR-WYa-pr-wy][1-9]\d ?\d{4}[1-9]`},
			Context:         []string{"passport", "passport no", "passport number", "passport nos", "indian passport", "पासपोर्ट"},
			Source:          "Passport Seva, Ministry of External Affairs; PRADO, document IND-AO (letter and seven digits)",
			Examples:        []string{"K4820173", "t82 01736"},
			CounterExamples: []string{"B0482017"},
		},
		{
			ID: "in.vehicle", Title: "Indian vehicle registration", Country: "in", Category: BasicIdentifier, Strength: rules.Weak, Ranges: true,
			Patterns: []string{`[A-Za-z]{2}[- ]?\d{1,2}[- ]?[A-Za-z]{0,3}[- ]?\d{4}`, `\d{2} ?[Bb][Hh] ?\d{4} ?[A-Za-z]{1,2}`},
			Valid:    validIndianPlate,
			Context: []string{"vehicle no", "vehicle number", "vehicle registration", "registration number", "registration no", "reg no", "rto",
				"number plate", "license plate"},
			Headers:         []string{"vehicle", "bike", "car"},
			Source:          "Ministry of Road Transport and Highways, Central Motor Vehicles Rules 1989, rules 50 and 51; BH series of 2021",
			Examples:        []string{"KA05MC4820", "DL 3CAB 4820", "22 BH 4820 AB"},
			CounterExamples: []string{"QX05MC4820"},
		},
		{
			ID: "in.driver_licence", Title: "Indian driving licence number", Country: "in", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`[A-Za-z]{2}[- ]?\d{2}[- ]?\d{4}[- ]?\d{7}`},
			Valid:    validIndianDrivingLicence,
			Context: []string{"driving licence", "driving license", "driving licence no", "driving license no", "dl no", "dl number",
				"driver licence", "driver license", "licence no", "license no"},
			Source:          "Ministry of Road Transport and Highways, Sarathi (state, office, year of issue, seven digits)",
			Examples:        []string{"KA0520134820173", "KA-05 20134820173"},
			CounterExamples: []string{"QX0520134820173"},
		},
		{
			ID: "in.gstin", Title: "Indian goods and services tax number (GSTIN)", Country: "in", Category: Financial, Strength: rules.Weak,
			Patterns:        []string{`\d{2}[A-Za-z]{3}[ABCEFGHJKLPTabcefghjklpt][A-Za-z]\d{4}[A-Za-z][1-9A-Za-z][Zz][0-9A-Za-z]`},
			Valid:           validIndianGSTIN,
			Distinctive:     true,
			Context:         []string{"gstin", "gst", "gst no", "gst number", "gst registration", "goods and services tax", "tax identification", "tax number"},
			Source:          "Goods and Services Tax Network, Rule 10 of the CGST Rules (state code, PAN, entity, Z, check character by modulus 36)",
			Examples:        []string{"29GRVPK4820T1ZG"},
			CounterExamples: []string{"29GRVPK4820T1ZX", "39GRVPK4820T1Z5"},
		},
		{
			ID: "pk.cnic", Title: "Pakistani national identity card (CNIC)", Country: "pk", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`\d{5}-?\d{7}-?\d`},
			Loose:    []string{`\d{5} \d{7} \d`},
			Valid:    validPakistaniCNIC,
			Context: []string{"cnic", "nicop", "snic", "computerized national identity card", "national identity card", "identity card number",
				"nadra", "شناختی کارڈ", "شناختی کارڈ نمبر"},
			Headers:         []string{"nic"},
			Source:          "National Database and Registration Authority (NADRA), CNIC number (province 1 to 7, division, district; last digit is the sex)",
			Examples:        []string{"38201-7364820-1", "3820173648201"},
			CounterExamples: []string{"98201-7364820-1"},
		},
		{
			ID: "lk.nic", Title: "Sri Lankan national identity card", Country: "lk", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`\d{9}[VXvx]`, `\d{12}`},
			Valid:    validSriLankanNIC,
			Context: []string{"nic no", "nic number", "national identity card", "identity card", "ජාතික හැඳුනුම්පත", "தேசிய அடையாள அட்டை",
				"sri lankan id"},
			Headers:         []string{"nic"},
			Source:          "Department for Registration of Persons (Sri Lanka): year and day of birth, women 500 more, serial, V or X",
			Examples:        []string{"836074820V", "198310704820"},
			CounterExamples: []string{"834004820V"},
		},
	}
}

// validIndianAadhaar checks twelve digits by Verhoeff; a number that reads the same from behind is not given.
func validIndianAadhaar(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 12 || d[0] < '2' || !verhoeff(d) {
		return false
	}
	for i := range len(d) / 2 {
		if d[i] != d[len(d)-1-i] {
			return true
		}
	}
	return false
}

// indianHolders are the fourth letters of a PAN: company, person, family, firm, trust and so on.
const indianHolders = "ABCEFGHJKLPT"

// validIndianPAN checks the kind of holder and that the serial number is not zero.
func validIndianPAN(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	return len(d) == 10 && validIndianAccount(d)
}

// validIndianAccount checks a PAN alone or within a GSTIN.
func validIndianAccount(d []byte) bool {
	return allLetters(d[:5]) && allDigits(d[5:9]) && allLetters(d[9:]) && strings.IndexByte(indianHolders, d[3]) >= 0 && number(d[5:9]) > 0
}

// validIndianEPIC checks three letters and seven digits by Luhn.
func validIndianEPIC(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	return len(d) == 10 && allLetters(d[:3]) && allDigits(d[3:]) && number(d[3:]) > 0 && luhn(d[3:])
}

// indianStates are the states and territories on number plates, with former codes.
const indianStates = "AN AP AR AS BR CG CH DD DL DN GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD OR PB PY RJ SK TG TN TR TS UA UK UP WB"

// validIndianPlate checks the state and that the number is not zero; the BH series begins with a year.
func validIndianPlate(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) < 7 {
		return false
	}
	if d[0] <= '9' {
		return string(d[2:4]) == "BH" && allDigits(d[4:8]) && number(d[4:8]) > 0
	}
	if d[2] > '9' || !listed(indianStates, d[:2]) {
		return false
	}
	last := d[len(d)-4:]
	return allDigits(last) && number(last) > 0
}

// validIndianGSTIN checks the state (97 and 99 are other territories), the PAN within and the check character.
func validIndianGSTIN(value []byte) bool {
	const alphabet, lastState = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 38
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 15 || !allDigits(d[:2]) || !validIndianAccount(d[2:12]) || d[12] == '0' || d[13] != 'Z' {
		return false
	}
	if state := number(d[:2]); state == 0 || state > lastState && state != 97 && state != 99 {
		return false
	}
	sum := 0
	for i, c := range d[:14] {
		n := symbol(c) * (1 + i%2)
		sum += n/len(alphabet) + n%len(alphabet)
	}
	return alphabet[(len(alphabet)-sum%len(alphabet))%len(alphabet)] == d[14]
}

// validPakistaniCNIC checks the province and that no part is zero.
func validPakistaniCNIC(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 13 && d[0] >= '1' && d[0] <= '7' && number(d[5:12]) > 0 && d[12] != '0'
}

// validSriLankanNIC checks the day of the year of birth, raised by 500 for women, in nine digits and a letter or in twelve digits.
func validSriLankanNIC(value []byte) bool {
	const womenOffset, daysOfYear = 500, 366
	var buf compactBuffer
	d := compact(&buf, value)
	day := 0
	switch {
	case len(d) == 10 && allDigits(d[:9]):
		day = number(d[2:5])
	case len(d) == 12 && allDigits(d):
		if year := number(d[:4]); year < firstBirthYear || year > lastBirthYear {
			return false
		}
		day = number(d[4:7])
	default:
		return false
	}
	return day >= 1 && day <= daysOfYear || day > womenOffset && day <= womenOffset+daysOfYear
}

// validIndianDrivingLicence checks the state and that the serial number is not zero.
func validIndianDrivingLicence(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	return len(d) == 15 && listed(indianStates, d[:2]) && allDigits(d[2:]) && number(d[8:]) > 0
}

// validIndianVirtualID checks sixteen digits by Verhoeff.
func validIndianVirtualID(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 16 && d[0] >= '2' && !oneDigitOnly(d) && verhoeff(d)
}
