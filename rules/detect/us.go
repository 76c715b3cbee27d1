package detect

import "stanch/rules"

// unitedStates lists the identifiers of the United States.
func unitedStates() []Detector {
	return []Detector{
		{
			ID: "us.ssn", Title: "Social security number", Country: "us", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Typical:         []string{`\d{3}-\d{2}-\d{4}`},
			Patterns:        []string{`\d{3} \d{2} \d{4}`, `\d{9}`, `\d{3}\.\d{2}\.\d{4}`, `\d{3}-\d{6}`, `\d{5}-\d{4}`},
			Loose:           []string{`\d{3} - \d{2} - \d{4}`},
			Valid:           validSSN,
			Context:         []string{"ssn", "social security", "social security number", "social security no", "ss number", "ssid", "ss#", "soc sec", "social"},
			Source:          "Social Security Administration, POMS RM 10201.035 (invalid area, group and serial numbers)",
			Examples:        []string{"078-05-1121", "536 90 4399", "536904399"},
			CounterExamples: []string{"000-12-3456", "666-12-3456", "078-05-0000", "900-12-3456", "1112-23333"},
		},
		{
			ID: "us.itin", Title: "Individual taxpayer identification number", Country: "us", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Typical:         []string{`9\d{2}-\d{2}-\d{4}`},
			Patterns:        []string{`9\d{2} \d{2} \d{4}`, `9\d{8}`, `9\d{2}\.\d{2}\.\d{4}`, `9\d{2}-\d{6}`, `9\d{4}-\d{4}`},
			Loose:           []string{`9\d{2} - \d{2} - \d{4}`},
			Valid:           validITIN,
			Context:         []string{"itin", "individual taxpayer", "taxpayer id", "tax id", "taxpayer identification", "taxpayer identification number", "individual taxpayer identification number"},
			Source:          "IRS, Internal Revenue Manual 3.21.263 (number ranges of ITINs)",
			Examples:        []string{"911-70-1234", "911701234"},
			CounterExamples: []string{"911-89-1234", "123-45-6789", "911-93-1234"},
		},
		{
			ID: "us.passport", Title: "United States passport number", Country: "us", Category: OfficialDocument, Strength: rules.Strong,
			Loose:           []string{`\d{9}`},
			Patterns:        []string{`[A-Z]\d{8}`},
			Context:         []string{"passport", "passport number", "passport no", "passportnumber", "us passport", "travel document"},
			Source:          "Department of State, Foreign Affairs Manual 8 FAM 403 (nine digits; a letter and eight digits since 2021)",
			Examples:        []string{"912803456", "A12345678"},
			CounterExamples: []string{"912803456", "AB1234567", "A123456789"},
		},
		{
			ID: "us.driver_licence", Title: "United States driver's license number", Country: "us", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{9,13}`},
			Loose:    []string{`\d{7,8}`, `\d{14}`, `[A-Z]\d{4,14}`, `[A-Z]{2}\d{2,8}`, `[A-Z]\d{3}-\d{4}-\d{4}`, `[A-Z]\d{3}-\d{3}-\d{2}-\d{3}-\d`, `\d{3}-\d{2}-\d{4}`, `[A-Z][A-Z0-9*]{6}\d[A-Z0-9*]{4}`},
			Context: []string{"driver license", "drivers license", "driver's license", "driver licence", "driver's licence", "driving license", "license number", "dl number", "dl no",
				"driver license number", "driver's license number", "license no"},
			Headers:         []string{"driverslicense", "driverlicense", "driverlicensenumber", "license"},
			Source:          "AAMVA, DL/ID Card Design Standard and the formats that the states publish",
			Examples:        []string{"H12234567", "1234567901234"},
			CounterExamples: []string{"C12T345672", "H12234567"},
		},
		{
			ID: "us.bank_account", Title: "United States bank account number", Country: "us", Category: Financial, Strength: rules.Strong,
			Patterns:        []string{`\d{10,17}`},
			Loose:           []string{`\d{6,9}`},
			Context:         []string{"bank account", "account number", "account no", "checking account", "savings account", "acct", "acct number", "acct no", "debit account", "bank number"},
			Headers:         []string{"accountnumber", "bank account number"},
			Source:          "Nacha Operating Rules, Appendix Three (DFI account number, at most 17 characters)",
			Examples:        []string{"945456787654", "12345678"},
			CounterExamples: []string{"945456787654", "12345"},
		},
		{
			ID: "us.aba_routing", Title: "ABA routing transit number", Country: "us", Category: Financial, Strength: rules.Weak,
			Patterns:        []string{`\d{9}`, `\d{4}-\d{4}-\d`},
			Valid:           validABA,
			Context:         []string{"aba", "routing", "routing number", "routing no", "aba routing", "transit number", "rtn", "bank routing", "aba number"},
			Source:          "American Bankers Association, Key to Routing Numbers (prefixes; weights 3, 7, 1)",
			Examples:        []string{"121000358", "0711-0130-7"},
			CounterExamples: []string{"121000359", "421042111"},
		},
		{
			ID: "us.npi", Title: "National provider identifier", Country: "us", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`[12]\d{9}`, `[12]\d{3}[ \-]\d{3}[ \-]\d{3}`},
			Valid:           validNPI,
			Context:         []string{"npi", "national provider", "national provider identifier", "provider identifier", "npi number", "provider id"},
			Source:          "CMS, National Provider Identifier check digit (Luhn with the prefix 80840)",
			Examples:        []string{"1234567893", "1245-319-599"},
			CounterExamples: []string{"1234567890", "3234567893"},
		},
		{
			ID: "us.mbi", Title: "Medicare beneficiary identifier", Country: "us", Category: Health, Strength: rules.Strong,
			Typical:         []string{mbiStart + `-` + mbiMiddle + `-` + mbiEnd},
			Patterns:        []string{mbiStart + mbiMiddle + mbiEnd, mbiStart + ` ` + mbiMiddle + ` ` + mbiEnd},
			Context:         []string{"mbi", "medicare", "medicare id", "medicare number", "medicare beneficiary", "medicare beneficiary identifier", "hicn"},
			Source:          "CMS, Understanding the Medicare Beneficiary Identifier format",
			Examples:        []string{"1EG4-TE5-MK73", "4EF6GH8JK12"},
			CounterExamples: []string{"1SG4-TE5-MK73", "1EG4-LE5-MK73", "12G4-TE5-MK73", "1EG4TE5MK7"},
		},
		{
			ID: "us.dea_number", Title: "DEA registration number", Country: "us", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`[A-HJ-NP-UXa-hj-np-ux][A-Za-z9]\d{7}`},
			Valid:           validDEA,
			Context:         []string{"dea", "dea number", "dea registration", "medical license", "medical licence", "medical certificate", "prescriber", "dea no"},
			Source:          "Drug Enforcement Administration, Practitioner's Manual (registrant letters, check digit)",
			Examples:        []string{"K92993548", "AB1234563"},
			CounterExamples: []string{"AB1234567", "K92993549"},
		},
	}
}

// The three parts of a Medicare beneficiary identifier: no letters S, L, O, I, B, Z.
const (
	mbiStart  = `[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d`
	mbiMiddle = `[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d`
	mbiEnd    = `[AC-HJKMNP-RT-Y]{2}\d{2}`
)

// advertisedSSN are numbers that were printed in advertisements: two that the Social Security Administration voided, and that of the
// head of an identity protection service (Federal Trade Commission v. LifeLock).
const advertisedSSN = "078051120 219099999 457555462"

// validSSN checks the area, group and serial numbers.
func validSSN(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 9 || oneDigitOnly(d) || listed(advertisedSSN, d) {
		return false
	}
	area := number(d[:3])
	return area != 0 && area != 666 && area < 900 && number(d[3:5]) != 0 && number(d[5:]) != 0
}

// validITIN checks the range of the fourth and fifth digit.
func validITIN(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 9 || d[0] != '9' {
		return false
	}
	group := number(d[3:5])
	return group >= 50 && group <= 65 || group >= 70 && group <= 88 || group >= 90 && group <= 92 || group >= 94
}

// validABA checks the Federal Reserve prefix and the weighted sum.
func validABA(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 9 {
		return false
	}
	prefix := number(d[:2])
	return (prefix >= 1 && prefix <= 12 || prefix >= 21 && prefix <= 32 || prefix >= 61 && prefix <= 72 || prefix == 80) && weightedSum(d, "371371371")%10 == 0
}

// npiPrefixSum is what the prefix 80840 adds to the Luhn sum.
const npiPrefixSum = 24

// validNPI is Luhn with the prefix 80840.
func validNPI(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 10 && (luhnSum(d)+npiPrefixSum)%10 == 0
}

// validDEA adds the odd digits and twice the even ones; the last digit of the sum is the check digit.
func validDEA(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 9 {
		return false
	}
	d = d[2:]
	return allDigits(d) && weightedSum(d, "121212")%10 == int(d[6]-'0')
}
