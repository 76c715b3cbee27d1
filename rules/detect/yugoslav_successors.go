package detect

import "stanch/rules"

// yugoslavSuccessors returns the detectors of the states that keep the master citizen number, and Croatia's own.
func yugoslavSuccessors() []Detector {
	const pattern = `[0-3]\d[01]\d[890]\d{8}`
	return []Detector{
		{
			ID: "hr.oib", Title: "Croatian personal identification number (OIB)", Country: "hr", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`(?:[Hh][Rr] ?)?\d{11}`},
			Valid:    validCroatianOIB,
			Context: []string{"oib", "osobni identifikacijski broj", "osobnog identifikacijskog broja", "personal identification number",
				"croatian id", "vat number", "pdv id"},
			Source:          "Zakon o osobnom identifikacijskom broju (NN 60/08); Ministarstvo financija, Porezna uprava (ISO 7064 MOD 11,10)",
			Examples:        []string{"48201736517", "HR48201736517"},
			CounterExamples: []string{"48201736513"},
		},
		{
			ID: "si.emso", Title: "Slovenian unique master citizen number (EMŠO)", Country: "si", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{pattern},
			Loose:    []string{`\d{7} \d{6}`, `\d{2} \d{2} \d{3} \d{2} \d{3} \d`},
			Valid:    validMasterCitizenNumber,
			Context: []string{"emšo", "emso", "e.m.š.o", "enotna matična številka", "enotna maticna stevilka", "enotna matična številka občana",
				"matična številka", "unique master citizen number", "slovenian id"},
			Source:          "Zakon o centralnem registru prebivalstva (EMŠO); register numbers 50 to 59, others for those born elsewhere in Yugoslavia",
			Examples:        []string{"1704983501142", "1704983501070"},
			CounterExamples: []string{"1704983501147", "3104983501148"},
		},
		{
			ID: "rs.jmbg", Title: "Serbian unique master citizen number (JMBG)", Country: "rs", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{pattern},
			Valid:    validMasterCitizenNumber,
			Context: []string{"jmbg", "јмбг", "jedinstveni matični broj", "jedinstveni maticni broj", "јединствени матични број",
				"јединствени матични број грађана", "matični broj", "матични број", "master citizen number"},
			Source:          "Zakon o jedinstvenom matičnom broju građana (Službeni glasnik RS 24/2018)",
			Examples:        []string{"1704983710140"},
			CounterExamples: []string{"1704983710147"},
		},
		{
			ID: "ba.jmb", Title: "Bosnian unique master number (JMB)", Country: "ba", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{pattern},
			Valid:           validMasterCitizenNumber,
			Context:         []string{"jmb", "jmbg", "јмб", "jedinstveni matični broj", "jedinstveni maticni broj", "matični broj", "master citizen number"},
			Source:          "Zakon o jedinstvenom matičnom broju (Službeni glasnik BiH 32/01)",
			Examples:        []string{"1704983170146"},
			CounterExamples: []string{"1704983170147"},
		},
		{
			ID: "me.jmb", Title: "Montenegrin unique master number (JMB)", Country: "me", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{pattern},
			Valid:           validMasterCitizenNumber,
			Context:         []string{"jmb", "jmbg", "jedinstveni matični broj", "jedinstveni maticni broj", "matični broj", "master citizen number"},
			Source:          "Zakon o centralnom registru stanovništva (Službeni list Crne Gore 49/07)",
			Examples:        []string{"1704983210148"},
			CounterExamples: []string{"1704983210147"},
		},
		{
			ID: "mk.embg", Title: "North Macedonian unique citizen number (EMBG)", Country: "mk", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{pattern},
			Valid:    validMasterCitizenNumber,
			Context: []string{"ембг", "embg", "единствен матичен број", "единствен матичен број на граѓанинот", "матичен број",
				"edinstven matichen broj"},
			Source:          "Закон за матичен број на граѓанинот (Службен весник 36/92)",
			Examples:        []string{"1704983450149"},
			CounterExamples: []string{"1704983450147"},
		},
	}
}

// validCroatianOIB checks eleven digits by ISO 7064 MOD 11,10.
func validCroatianOIB(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) == 13 && d[0] == 'H' && d[1] == 'R' {
		d = d[2:]
	}
	return len(d) == 11 && allDigits(d) && !oneDigitOnly(d) && iso7064Mod11Radix10(d)
}

// validMasterCitizenNumber checks DDMMYYYRRBBBK of former Yugoslavia: three digits of the year, register, serial and modulus 11, 0 where that is 10.
// The register is not tied to one state: people kept their number when they moved.
func validMasterCitizenNumber(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 13 {
		return false
	}
	check := 11 - weightedSum(d, "765432765432")%11
	if check > 9 {
		check = 0
	}
	year := 1000 + number(d[4:7])
	if d[4] < '8' {
		year += 1000
	}
	return check == symbol(d[12]) && validBirth(year, number(d[2:4]), number(d[:2]))
}
