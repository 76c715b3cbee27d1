package detect

import "stanch/rules"

// europeNorth returns the detectors of the Nordic and Baltic states.
func europeNorth() []Detector {
	return []Detector{
		{
			ID: "fi.hetu", Title: "Finnish personal identity code", Country: "fi", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:    []string{`\d{6}[-+A-FU-Ya-fu-y]\d{3}[0-9A-FHJ-NPR-Ya-fhj-npr-y]`},
			Valid:       validFinnishHetu,
			Distinctive: true,
			Context: []string{"henkilötunnus", "henkilotunnus", "hetu", "sotu", "henkilötunnuksen", "personbeteckning", "personal identity code",
				"finnish id", "national id", "identity code"},
			Source:          "Digi- ja väestötietovirasto (DVV), The personal identity code; Government Decree 128/2010, amended 2023",
			Examples:        []string{"110487-215P", "240113A0475", "030299X318B"},
			CounterExamples: []string{"110487-215X", "310487-215X"},
		},
		{
			ID: "se.personnummer", Title: "Swedish personal or coordination number", Country: "se", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`(?:\d{2})?\d{6}[-+ ]?\d{4}`},
			Loose:    []string{`(?:\d{2})?\d{2}-\d{2}-\d{2}-\d{4}`},
			Valid:    validSwedishPersonnummer,
			Context: []string{"personnummer", "personnr", "pnr", "person nr", "samordningsnummer", "personal identity number",
				"personal identity code", "swedish id", "födelsenummer", "social security number"},
			Source:          "Skatteverket, SKV 704 Personnummer and SKV 707 Samordningsnummer",
			Examples:        []string{"860412-5719", "19860412-5719", "8604725716", "200103072385"},
			CounterExamples: []string{"860412-5717", "861312-5717"},
		},
		{
			ID: "dk.cpr", Title: "Danish civil registration number (CPR)", Country: "dk", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`\d{6}[- ]?\d{4}`},
			Loose:    []string{`\d{6} - \d{4}`, `\d{2}[ -]\d{2}[ -]\d{2}[ -]\d{4}`},
			Valid:    validDanishCPR,
			Context: []string{"cpr", "cpr nummer", "cpr-nummer", "cpr nr", "cpr-nr", "cprnr", "cprnummer", "personnummer",
				"civil registration number", "danish id", "personal identification number"},
			Source:          "CPR-kontoret, Personnummeret i CPR-systemet (numbers without the modulus 11 check are issued since 2007)",
			Examples:        []string{"170479-3481", "2906044123"},
			CounterExamples: []string{"310479-3481", "171379-3481"},
		},
		{
			ID: "no.fodselsnummer", Title: "Norwegian national identity or D number", Country: "no", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{2}[ .]?\d{2}[ .]?\d{2}[- ]?\d{3} ?\d{2}`},
			Typical:  []string{`\d{6} \d{5}`},
			Loose:    []string{`\d{6}\.\d{5}`, `\d{2}-\d{2}-\d{2}[ -]\d{3} ?\d{2}`},
			Valid:    validNorwegianFodselsnummer,
			Context: []string{"fødselsnummer", "fodselsnummer", "fødselsnr", "fnr", "personnummer", "d nummer", "d-nummer", "dnummer",
				"national identity number", "norwegian id", "birth number", "h-nummer"},
			Source:          "Skatteetaten, Fødselsnummer; Forskrift til folkeregisterloven (FOR-2017-07-14-1201) § 2-2-1 to § 2-2-3",
			Examples:        []string{"170483 41241", "57048341073", "17448341062"},
			CounterExamples: []string{"17048341277", "310483 41241"},
		},
		{
			ID: "is.kennitala", Title: "Icelandic identity number", Country: "is", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`\d{6}[- ]?\d{4}`},
			Valid:           validIcelandicKennitala,
			Context:         []string{"kennitala", "kennitalan", "kennitölu", "icelandic id", "identity number", "national id"},
			Headers:         []string{"kt"},
			Source:          "Þjóðskrá (Registers Iceland), Um kennitölur; Act 140/2019 on the national register",
			Examples:        []string{"170483-2439", "0305012330"},
			CounterExamples: []string{"170483-2479"},
		},
		{
			ID: "ee.ik", Title: "Estonian personal identification code", Country: "ee", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`\d{11}`},
			Valid:           validBalticCode,
			Context:         []string{"isikukood", "isikukoodi", "isikukoodid", "personal identification code", "personal code", "estonian id", "national id"},
			Headers:         []string{"ik"},
			Source:          "Standard EVS 585:2007 Isikukood; Rahvastikuregistri seadus",
			Examples:        []string{"38704120232", "60402290015"},
			CounterExamples: []string{"38704120237", "38713120235"},
		},
		{
			ID: "lt.asmens", Title: "Lithuanian personal code", Country: "lt", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`\d{11}`},
			Valid:           validBalticCode,
			Context:         []string{"asmens kodas", "asmens kodo", "asmens kodą", "personal code", "lithuanian id", "national id"},
			Headers:         []string{"asmens kodas", "asmenskodas"},
			Source:          "Lietuvos Respublikos gyventojų registro įstatymas, article 8 (asmens kodas)",
			Examples:        []string{"47908250469"},
			CounterExamples: []string{"47908250467", "47902310465"},
		},
		{
			ID: "lv.pk", Title: "Latvian personal code", Country: "lv", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`(?:[0-2]\d|3[01])\d{4}[- ]?\d{5}`},
			Loose:           []string{`3[2-9]\d{4}[- ]?\d{5}`}, // neither date nor check digit
			Typical:         []string{`(?:[0-2]\d|3[01])[01]\d{3}-[0-2]\d{4}`},
			Valid:           validLatvianPersonalCode,
			Context:         []string{"personas kods", "personas kodu", "personal code", "latvian id", "national id"},
			Headers:         []string{"personas kods", "personaskods"},
			Source:          "Fizisko personu reģistra likums; Pilsonības un migrācijas lietu pārvalde, Personas koda piešķiršana",
			Examples:        []string{"170483-11424", "324517-60931"},
			CounterExamples: []string{"170483-11427", "311383-11421"},
		},
	}
}

// validFinnishHetu checks DDMMYYCZZZQ: the mark C gives the century, Q is the remainder by 31. ZZZ from 900 up is given for a while,
// in hospitals and for tests, and is nobody's own.
func validFinnishHetu(value []byte) bool {
	const alphabet, firstPerson, lastPerson = "0123456789ABCDEFHJKLMNPRSTUVWXY", 2, 899
	if len(value) != 11 || !allDigits(value[:6]) || !allDigits(value[7:10]) {
		return false
	}
	century := 1900
	switch mark := value[6] &^ 0x20; {
	case value[6] == '+':
		century = 1800
	case value[6] == '-', mark >= 'U' && mark <= 'Y':
	case mark >= 'A' && mark <= 'F':
		century = 2000
	default:
		return false
	}
	individual := number(value[7:10])
	if individual < firstPerson || individual > lastPerson || !validBirth(century+number(value[4:6]), number(value[2:4]), number(value[:2])) {
		return false
	}
	last := value[10]
	if last >= 'a' {
		last &^= 0x20
	}
	return alphabet[(number(value[:6])*1000+individual)%len(alphabet)] == last
}

// validSwedishPersonnummer checks [CC]YYMMDD-NNNC: Luhn over the last ten digits; a coordination number has 60 added to its day.
func validSwedishPersonnummer(value []byte) bool {
	var digitsOnly [12]byte
	n := 0
	for _, c := range value {
		switch {
		case c >= '0' && c <= '9':
			if n == len(digitsOnly) {
				return false
			}
			digitsOnly[n] = c
			n++
		case c != '-' && c != '+' && c != ' ':
			return false
		}
	}
	d := digitsOnly[:n]
	century := 0
	if n == 12 {
		century, d = number(d[:2])*100, d[2:]
	}
	if len(d) != 10 || !luhn(d) || number(d[6:9]) == 0 {
		return false
	}
	year, month, day := number(d[:2]), number(d[2:4]), number(d[4:6])
	if day > 60 {
		day -= 60
	}
	if century > 0 {
		return validBirth(century+year, month, day)
	}
	return validShortBirth(year, month, day)
}

// validDanishCPR checks DDMMYY-SSSS: the seventh digit gives the century. The modulus 11 check is not asked for: numbers without
// it are issued since 2007.
func validDanishCPR(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 10 {
		return false
	}
	year := 1900 + number(d[4:6])
	switch mark := d[6]; {
	case mark <= '3':
	case mark == '4' || mark == '9':
		if year <= 1936 {
			year += 100
		}
	case year <= 1957:
		year += 100
	default:
		year -= 100
	}
	return validBirth(year, number(d[2:4]), number(d[:2]))
}

// validNorwegianFodselsnummer checks DDMMYYIIIKK: two check digits by modulus 11, a range of III for each century; D numbers add
// 40 to the day, H numbers 40 to the month, synthetic ones 80 to the month.
func validNorwegianFodselsnummer(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 11 || weightedSum(d, "3761894521")%11 != 0 || weightedSum(d, "54327654321")%11 != 0 {
		return false
	}
	day, month, year, individual := number(d[:2]), number(d[2:4]), number(d[4:6]), number(d[6:9])
	if day > 40 {
		day -= 40
	}
	if month > 80 {
		month -= 80
	} else if month > 40 {
		month -= 40
	}
	switch {
	case individual < 500:
		year += 1900
	case year < 40:
		year += 2000
	case individual >= 900:
		year += 1900
	case individual < 750 && year >= 54:
		year += 1800
	default:
		return false
	}
	return validBirth(year, month, day)
}

// validIcelandicKennitala checks DDMMYYRRKC: K by modulus 11, C is the century (8, 9 or 0); organizations add 40 to the day.
func validIcelandicKennitala(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 10 || weightedSum(d, "327654321")%11 != 0 {
		return false
	}
	day, year := number(d[:2]), number(d[4:6])
	if day > 40 {
		day -= 40
	}
	switch d[9] {
	case '8':
		year += 1800
	case '9':
		year += 1900
	case '0':
		year += 2000
	default:
		return false
	}
	return validBirth(year, number(d[2:4]), day)
}

// validBalticCode checks GYYMMDDSSSC of Estonia and Lithuania: G is sex and century; C by modulus 11 in up to two rounds.
func validBalticCode(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 11 || d[0] < '1' || d[0] > '6' {
		return false
	}
	check := weightedSum(d, "1234567891") % 11
	if check == 10 {
		check = weightedSum(d, "3456789123") % 11 % 10
	}
	century := 1800 + 100*int((d[0]-'1')/2)
	return check == int(d[10]-'0') && validBirth(century+number(d[1:3]), number(d[3:5]), number(d[5:7]))
}

// validLatvianPersonalCode checks DDMMYY-CNNNQ with its check digit; codes given since July 2017 begin with 32 to 39 and hold no date.
func validLatvianPersonalCode(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 11 {
		return false
	}
	if d[0] == '3' && d[1] >= '2' {
		return true
	}
	if (1+weightedSum(d, "A584216379"))%11%10 != int(d[10]-'0') || d[6] > '2' {
		return false
	}
	century := 1800 + 100*int(d[6]-'0')
	return validBirth(century+number(d[4:6]), number(d[2:4]), number(d[:2]))
}
