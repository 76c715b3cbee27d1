package detect

import (
	"strings"

	"stanch/rules"
)

// oceania returns the detectors of Australia and New Zealand.
func oceania() []Detector {
	return []Detector{
		{
			ID: "au.abn", Title: "Australian business number", Country: "au", Category: Financial, Strength: rules.Weak,
			Patterns:        []string{`\d{2} ?\d{3} ?\d{3} ?\d{3}`},
			Valid:           validAustralianABN,
			Context:         []string{"abn", "abn no", "abn number", "a.b.n", "australian business number", "business number"},
			Headers:         []string{"abr"},
			Source:          "Australian Business Register, Format of the ABN (modulus 89)",
			Examples:        []string{"45 482 017 365"},
			CounterExamples: []string{"79 482 017 365"},
		},
		{
			ID: "au.acn", Title: "Australian company number", Country: "au", Category: Financial, Strength: rules.Weak,
			Patterns:        []string{`\d{3} ?\d{3} ?\d{3}`},
			Valid:           validAustralianACN,
			Context:         []string{"acn", "acn no", "acn number", "a.c.n", "arbn", "australian company number", "company number"},
			Headers:         []string{"asic"},
			Source:          "Australian Securities and Investments Commission, Australian Company Number digit check (modulus 10)",
			Examples:        []string{"048 201 734", "148201736"},
			CounterExamples: []string{"048 201 737"},
		},
		{
			ID: "au.tfn", Title: "Australian tax file number", Country: "au", Category: Financial, Strength: rules.Strong,
			Patterns:        []string{`\d{3}[- ]?\d{3}[- ]?\d{3}`, `\d{2}[- ]?\d{3}[- ]?\d{3}`},
			Valid:           validAustralianTFN,
			Context:         []string{"tfn", "tfn no", "tfn number", "t.f.n", "tax file number", "tax file no"},
			Headers:         []string{"ato"},
			Source:          "Australian Taxation Office, Tax File Number algorithm (modulus 11)",
			Examples:        []string{"482 017 351", "738201740"},
			CounterExamples: []string{"482 017 357", "000 000 000"},
		},
		{
			ID: "au.medicare", Title: "Australian Medicare card number", Country: "au", Category: Health, Strength: rules.Strong, Ranges: true,
			Patterns:        []string{`\d{4} ?\d{5} ?\d(?:[ /-]?\d)?`},
			Valid:           validAustralianMedicare,
			Context:         []string{"medicare", "medicare no", "medicare number", "medicare card", "medicare card number", "medicare card no"},
			Source:          "Services Australia, Medicare card number (METeOR 270101): check digit with the weights 1, 3, 7 and 9",
			Examples:        []string{"4820 173691", "4820 173691/2"},
			CounterExamples: []string{"4820 173671"},
		},
		{
			ID: "au.ihi", Title: "Australian individual healthcare identifier", Country: "au", Category: Health, Strength: rules.Strong,
			Patterns:        []string{`8003 ?60\d{2} ?\d{4} ?\d{4}`},
			Valid:           validAustralianIHI,
			Distinctive:     true,
			Context:         []string{"ihi", "ihi number", "individual healthcare identifier", "healthcare identifier", "my health record"},
			Source:          "Healthcare Identifiers Service, Healthcare Identifiers Act 2010 (issuer 800360, Luhn)",
			Examples:        []string{"8003 6048 2017 3655"},
			CounterExamples: []string{"8003 6048 2017 3657"},
		},
		{
			ID: "au.passport", Title: "Australian passport number", Country: "au", Category: OfficialDocument, Strength: rules.Strong,
			Loose:           []string{`[A-Za-z]{1,2}\d{7}`},
			Context:         []string{"passport", "passport no", "passport number", "australian passport"},
			Source:          "Australian Passport Office; PRADO, document AUS-AO (one or two letters and seven digits)",
			Examples:        []string{"N4820173", "PA4820173"},
			CounterExamples: []string{"N48201"},
		},
		{
			ID: "nz.ird", Title: "New Zealand Inland Revenue number", Country: "nz", Category: Financial, Strength: rules.Strong,
			Patterns: []string{`\d{2,3}[- ]\d{3}[- ]\d{3}`, `\d{2,3}\.\d{3}\.\d{3}`, `\d{8,9}`, `\d{7,8}-\d`},
			Valid:    validNewZealandIRD,
			Context: []string{"ird", "ird no", "ird number", "inland revenue", "inland revenue number", "inland revenue department", "gst no",
				"gst number", "tax number"},
			Source:          "Inland Revenue, Non-resident withholding tax file specification (modulus 11 in up to two rounds; 10-000-000 to 200-000-000)",
			Examples:        []string{"48-201-733", "148201730"},
			CounterExamples: []string{"48-201-737", "00-000-000"},
		},
		{
			ID: "nz.nhi", Title: "New Zealand national health index number", Country: "nz", Category: Health, Strength: rules.Strong,
			Patterns:        []string{`[A-HJ-NP-Za-hj-np-z]{3}\d{4}`, `[A-HJ-NP-Za-hj-np-z]{3}\d{2}[A-HJ-NP-Za-hj-np-z]{2}`},
			Valid:           validNewZealandNHI,
			Context:         []string{"nhi", "nhi no", "nhi number", "national health index", "national health index number", "patient id", "hospital number"},
			Source:          "Health New Zealand, HISO 10046 Consumer Health Identity Standard (check digit by modulus 11, check letter by modulus 23)",
			Examples:        []string{"KVT4826"},
			CounterExamples: []string{"KVT4827"},
		},
	}
}

// validAustralianABN subtracts one from the first digit; the weighted sum then leaves no remainder by 89.
func validAustralianABN(value []byte) bool {
	const firstWeight, modulus = 10, 89
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 11 && d[0] != '0' && (weightedSum(d, "A13579BDFHJ")-firstWeight)%modulus == 0
}

// validAustralianACN checks nine digits by modulus 10, weights 8 down to 1.
func validAustralianACN(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 9 && number(d) > 0 && (10-weightedSum(d, "87654321")%10)%10 == symbol(d[8])
}

// validAustralianTFN checks nine digits, or eight of older numbers, by modulus 11.
func validAustralianTFN(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if number(d) == 0 {
		return false
	}
	switch len(d) {
	case 9:
		return weightedSum(d, "14375869A")%11 == 0
	case 8:
		return weightedSum(d, "A7846351")%11 == 0
	}
	return false
}

// validAustralianMedicare checks eight digits, their check digit, the issue and perhaps the person on the card.
func validAustralianMedicare(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 10 && len(d) != 11 {
		return false
	}
	return d[0] >= '2' && d[0] <= '6' && d[9] != '0' && weightedSum(d, "13791379")%10 == symbol(d[8])
}

// validAustralianIHI checks sixteen digits with the issuer's number by Luhn.
func validAustralianIHI(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 16 && string(d[:6]) == "800360" && luhn(d)
}

// validNewZealandIRD checks the range and the check digit, with second weights where the first give ten.
func validNewZealandIRD(value []byte) bool {
	const first, last = 10_000_000, 200_000_000
	const weights, secondWeights = "32765432", "74325276"
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 8 && len(d) != 9 || number(d) < first || number(d) > last {
		return false
	}
	short := 9 - len(d)
	check := (11 - weightedSum(d[:len(d)-1], weights[short:])%11) % 11
	if check == 10 {
		check = (11 - weightedSum(d[:len(d)-1], secondWeights[short:])%11) % 11
	}
	return check == symbol(d[len(d)-1])
}

// validNewZealandNHI checks AAANNNC by modulus 11 and AAANNAC by modulus 23: letters count from 1, without I and O.
func validNewZealandNHI(value []byte) bool {
	const letters, weights = "ABCDEFGHJKLMNPQRSTUVWXYZ", "765432"
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 7 {
		return false
	}
	sum := 0
	for i, c := range d[:6] {
		n := symbol(c)
		if c >= 'A' {
			n = strings.IndexByte(letters, c) + 1
		}
		sum += n * symbol(weights[i])
	}
	if d[6] >= 'A' {
		return letters[22-sum%23] == d[6]
	}
	return sum%11 != 0 && (11-sum%11)%10 == symbol(d[6])
}
