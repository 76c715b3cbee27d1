package detect

import "stanch/rules"

// mediterranean returns the detectors of Greece, Cyprus, Malta and Turkey.
func mediterranean() []Detector {
	return []Detector{
		{
			ID: "gr.amka", Title: "Greek social security number (AMKA)", Country: "gr", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{6}[ -]?\d{5}`},
			Valid:    validGreekAMKA,
			Context: []string{"αμκα", "α.μ.κ.α", "amka", "αριθμός μητρώου κοινωνικής ασφάλισης", "αριθμος μητρωου κοινωνικης ασφαλισης",
				"κοινωνικής ασφάλισης", "social security number"},
			Source:          "ΗΔΙΚΑ, ΑΜΚΑ (law 3655/2008): birth date, serial, Luhn check digit",
			Examples:        []string{"17048301422", "29020400312"},
			CounterExamples: []string{"17048301427", "17138301428"},
		},
		{
			ID: "gr.afm", Title: "Greek tax number (AFM)", Country: "gr", Category: Financial, Strength: rules.Strong,
			Patterns: []string{`(?:EL[- ]?)?\d{3} ?\d{3} ?\d{3}`},
			Valid:    validGreekAFM,
			Context: []string{"αφμ", "α.φ.μ", "afm", "α.φ.μ.", "αριθμός φορολογικού μητρώου", "αριθμος φορολογικου μητρωου", "φορολογικού μητρώου",
				"tax number", "vat number"},
			Source:          "ΑΑΔΕ (Independent Authority for Public Revenue), Αριθμός Φορολογικού Μητρώου; OECD TIN sheet Greece",
			Examples:        []string{"148201730", "EL 048201738"},
			CounterExamples: []string{"148201737", "000000000"},
		},
		{
			ID: "cy.tic", Title: "Cypriot tax number (TIC)", Country: "cy", Category: Financial, Strength: rules.Strong,
			Patterns: []string{`(?:CY[- ]?)?\d{8} ?[A-Za-z]`},
			Valid:    validCypriotTIC,
			Context: []string{"φπα", "αφτ", "α.φ.τ", "tic", "tax identification code", "αριθμός φορολογικής ταυτότητας", "tax number", "tin",
				"vat number"},
			Source:          "Cyprus Tax Department, Tax Identification Code; European Commission, VIES check-digit algorithms",
			Examples:        []string{"04820173W", "CY10482017D"},
			CounterExamples: []string{"04820173X", "12482017A"},
		},
		{
			ID: "mt.id", Title: "Maltese identity card number", Country: "mt", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Loose:           []string{`\d{7}[MGAPLHBZmgaplhbz]`},
			Valid:           validMalteseID,
			Context:         []string{"karta tal-identità", "karta tal-identita", "identity card", "id card", "id number", "id card number", "numru tal-karta"},
			Source:          "Identità (Malta), Identity Card and other Identity Documents Act, chapter 258",
			Examples:        []string{"0482083M"},
			CounterExamples: []string{"0482083X"},
		},
		{
			ID: "tr.tckn", Title: "Turkish identity number", Country: "tr", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{11}`, `\d{3} \d{3} \d{3} \d{2}`},
			Valid:    validTurkishIdentity,
			Context: []string{"t.c. kimlik no", "tc kimlik no", "t.c. kimlik", "tc kimlik", "tckn", "tckimlik", "tc no", "t.c. no", "kimlik no",
				"kimlik numarası", "kimlik numarasi", "türk kimlik", "vatandaşlık numarası", "vatandaslik numarasi", "turkish id", "national id"},
			Source:          "Nüfus ve Vatandaşlık İşleri Genel Müdürlüğü, Türkiye Cumhuriyeti Kimlik Numarası (law 5490)",
			Examples:        []string{"48201736540"},
			CounterExamples: []string{"48201736577", "00000000000"},
		},
		{
			ID: "tr.vkn", Title: "Turkish tax number", Country: "tr", Category: Financial, Strength: rules.Weak,
			Patterns: []string{`\d{10}`},
			Valid:    validTurkishTaxNumber,
			Context: []string{"vkn", "vergi kimlik no", "vergi kimlik numarası", "vergi kimlik numarasi", "vergi no", "vergi numarası",
				"vergi numarasi", "tax number"},
			Source:          "Gelir İdaresi Başkanlığı, Vergi Kimlik Numarası",
			Examples:        []string{"4820173652"},
			CounterExamples: []string{"4820173657"},
		},
		{
			ID: "tr.vehicle_registration", Title: "Turkish vehicle registration", Country: "tr", Category: BasicIdentifier, Strength: rules.Weak, Ranges: true,
			Patterns: []string{`\d{2}[ -]?[A-PR-VY-Za-pr-vy-z](?:[ -]?\d{4,5}|[A-PR-VY-Za-pr-vy-z](?:[ -]?\d{3,4}|[A-PR-VY-Za-pr-vy-z][ -]?\d{2,4}))`},
			Valid:    validTurkishPlate,
			Context: []string{"plaka", "plakası", "plakasi", "plaka no", "araç plakası", "arac plakasi", "license plate", "licence plate",
				"number plate", "plate"},
			Headers:         []string{"araç"},
			Source:          "Karayolları Trafik Yönetmeliği, article 53 (provinces 01 to 81, letters without Q, W and X)",
			Examples:        []string{"35 KL 482", "06BCD482", "34 k 48201"},
			CounterExamples: []string{"82 ABC 123", "12 May 2004", "02T15"},
		},
	}
}

// validGreekAMKA checks DDMMYY, serial and Luhn.
func validGreekAMKA(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 11 && luhn(d) && validShortBirth(number(d[4:6]), number(d[2:4]), number(d[:2]))
}

// validGreekAFM checks nine digits: weights are the powers of two from 256 down to 2.
func validGreekAFM(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) == 11 && d[0] == 'E' && d[1] == 'L' {
		d = d[2:]
	}
	if len(d) != 9 || !allDigits(d) || number(d) == 0 {
		return false
	}
	sum := 0
	for _, c := range d[:8] {
		sum = (sum + symbol(c)) * 2
	}
	return sum%11%10 == symbol(d[8])
}

// validCypriotTIC checks eight digits and a letter by modulus 26: digits at odd places count by a table of their own.
func validCypriotTIC(value []byte) bool {
	const oddPlaces = "\x01\x00\x05\x07\x09\x0d\x0f\x11\x13\x15"
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) == 11 && d[0] == 'C' && d[1] == 'Y' {
		d = d[2:]
	}
	if len(d) != 9 || !allDigits(d[:8]) || d[0] == '1' && d[1] == '2' {
		return false
	}
	sum := 0
	for i, c := range d[:8] {
		if i%2 == 0 {
			sum += int(oddPlaces[c-'0'])
		} else {
			sum += symbol(c)
		}
	}
	return d[8] == byte('A'+sum%26)
}

// validMalteseID wants a number above zero; its last digits are a year, its letter tells the register.
func validMalteseID(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	return len(d) == 8 && allDigits(d[:7]) && number(d[:5]) > 0
}

// validTurkishIdentity checks eleven digits: the tenth weighs the digits at odd and even places, the last is the sum of all before.
func validTurkishIdentity(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 11 || d[0] == '0' {
		return false
	}
	tenth := weightedSum(d, "7070707070") - weightedSum(d, "0101010100")
	return (tenth%10+10)%10 == symbol(d[9]) && weightedSum(d, "1111111111")%10 == symbol(d[10])
}

// validTurkishPlate checks the province, wants as many digits as the letters leave room for, and refuses dates such as "12 May 2004".
func validTurkishPlate(value []byte) bool {
	const provinces, months = 81, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) < 5 {
		return false
	}
	letters := 0
	for letters < len(d)-2 && d[2+letters] >= 'A' {
		letters++
	}
	rest := d[2+letters:]
	if province := number(d[:2]); province == 0 || province > provinces {
		return false
	}
	if letters == 0 || !allDigits(rest) {
		return false
	}
	switch letters {
	case 1:
		return len(rest) >= 4
	case 2:
		return len(rest) >= 3 && len(rest) <= 4
	}
	return len(rest) <= 4 && !(len(rest) == 4 && listed(months, d[2:5]))
}

// validTurkishTaxNumber checks ten digits: each is raised by its distance from the check digit, then doubled as often, by modulus 9.
func validTurkishTaxNumber(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 10 || number(d) == 0 {
		return false
	}
	sum := 0
	for i, c := range d[:9] {
		n := (symbol(c) + 9 - i) % 10
		if n > 0 {
			n = n << (9 - i) % 9
			if n == 0 {
				n = 9
			}
		}
		sum += n
	}
	return (10-sum%10)%10 == symbol(d[9])
}
