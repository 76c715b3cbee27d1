package detect

import (
	"strings"

	"stanch/rules"
)

// europeWest returns the detectors of France, the Benelux, Ireland, Austria and Switzerland.
func europeWest() []Detector {
	return []Detector{
		{
			ID: "fr.nir", Title: "French social security number (NIR)", Country: "fr", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{5}(?:\d{2}|2[ABab])\d{8}`, `\d{5}(?:\d{2}|2[ABab])\d{6} \d{2}`},
			Typical:  []string{`\d \d{2} \d{2} (?:\d{2}|2[ABab]) \d{3} \d{3}[ -]\d{2}`, `\d-\d{2}-\d{2}-(?:\d{2}|2[ABab])-\d{3}-\d{3}[ -]\d{2}`},
			Loose:    []string{`\d[ .]\d{2}[ .]\d{2}[ .](?:\d{2}|2[ABab])[ .]\d{3}[ .]\d{3}(?:\.| [/-] )\d{2}`, `\d{5}(?:\d{2}|2[ABab])\d{6}[/-]\d{2}`},
			Valid:    validFrenchNIR,
			Context: []string{"numéro de sécurité sociale", "numero de securite sociale", "n° de sécurité sociale", "n° sécurité sociale",
				"sécurité sociale", "securite sociale", "nir", "numéro insee", "insee", "n° insee", "num secu", "numéro sécu", "nss", "carte vitale",
				"social security number"},
			Headers:         []string{"n secu", "nsecu", "numsecu"},
			Source:          "INSEE, Numéro d'inscription au répertoire; décret 82-103 of 22 January 1982",
			Examples:        []string{"1 84 07 76 451 089 63", "291037511600369", "2 79 11 2A 004 128 03"},
			CounterExamples: []string{"1 84 07 76 451 089 77", "1 84 13 76 451 089 20"},
		},
		{
			ID: "fr.nif", Title: "French tax number (SPI)", Country: "fr", Category: Financial, Strength: rules.Strong,
			Patterns: []string{`\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{3}`},
			Valid:    validFrenchTaxNumber,
			Context: []string{"numéro fiscal", "numero fiscal", "n° fiscal", "num fiscal", "nif", "spi", "numéro spi", "numéro fiscal de référence",
				"référence fiscale", "identifiant fiscal", "tax number", "tin"},
			Source:          "Direction générale des Finances publiques, Le numéro fiscal (SPI); OECD TIN sheet France",
			Examples:        []string{"30 19 284 756 376", "1284735620371"},
			CounterExamples: []string{"30 19 284 756 777", "4019284756123"},
		},
		{
			ID: "fr.passport", Title: "French passport number", Country: "fr", Category: OfficialDocument, Strength: rules.Strong,
			Loose: []string{`\d{2}[A-Za-z]{2}\d{5}`},
			Context: []string{"passeport", "numéro de passeport", "n° de passeport", "n° passeport", "numero de passeport", "passport",
				"passport number", "passport no"},
			Source:          "Ministère de l'Intérieur, décret 2005-1726 on passports; PRADO, document FRA-AO",
			Examples:        []string{"17FV29384"},
			CounterExamples: []string{"17F293841"},
		},
		{
			ID: "fr.id_card", Title: "French national identity card number", Country: "fr", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Loose: []string{`\d{4}[0-9A-Za-z]{3}\d{5}`},
			Valid: validFrenchIDCard,
			Context: []string{"carte nationale d'identité", "carte nationale d identité", "carte d'identité", "carte d'identite", "carte cni",
				"n° cni", "numéro de cni", "identity card", "id card"},
			Headers:         []string{"cni"},
			Source:          "Ministère de l'Intérieur, décret 55-1397 on the identity card (year, month, department, serial); PRADO, document FRA-BO-02",
			Examples:        []string{"081275304418"},
			CounterExamples: []string{"081375304418"},
		},
		{
			ID: "nl.bsn", Title: "Dutch citizen service number (BSN)", Country: "nl", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{9}`, `\d{4}\.\d{2}\.\d{3}`, `\d{3}[ .-]\d{3}[ .-]\d{3}`},
			Loose:    []string{`\d{8}`, `\d{4}[ -]\d{2}[ -]\d{3}`},
			Valid:    validDutchBSN,
			Context: []string{"bsn", "burgerservicenummer", "burger service nummer", "sofinummer", "sofi-nummer", "sofi nummer", "bsn-nummer",
				"bsn nummer", "bsnnummer", "citizen service number"},
			Source:          "Rijksdienst voor Identiteitsgegevens, Logisch Ontwerp BSN (elfproef); Wet algemene bepalingen burgerservicenummer",
			Examples:        []string{"418293077", "4182.93.077"},
			CounterExamples: []string{"418293073", "000000000"},
		},
		{
			ID: "nl.document", Title: "Dutch passport or identity card number", Country: "nl", Category: OfficialDocument, Strength: rules.Strong,
			Loose: []string{`[A-NP-Za-np-z]{2}[0-9A-NP-Za-np-z]{6}\d`},
			Context: []string{"paspoort", "paspoortnummer", "documentnummer", "identiteitskaart", "nummer paspoort", "passport", "passport number",
				"identity card"},
			Source:          "Rijksdienst voor Identiteitsgegevens, Paspoortuitvoeringsregeling (nine characters without the letter O, the last a digit)",
			Examples:        []string{"NW4K82B17"},
			CounterExamples: []string{"NO4K82B17"},
		},
		{
			ID: "be.nn", Title: "Belgian national number", Country: "be", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{belgianNumberPattern},
			Typical:  []string{`\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}`},
			Loose:    []string{belgianNumberDashed},
			Valid:    validBelgianNationalNumber,
			Context: []string{"numéro national", "numero national", "n° national", "registre national", "numéro de registre national", "nrn", "niss",
				"insz", "inss", "rijksregisternummer", "rijksregister", "nationaal nummer", "nationalregisternummer", "national number",
				"national register number"},
			Headers:         []string{"nn", "rrn"},
			Source:          "Service public fédéral Intérieur (IBZ), arrêté royal of 3 April 1984 on the national number",
			Examples:        []string{"83.04.17-112.82", "04061523028"},
			CounterExamples: []string{"83.04.17-112.77", "83.14.17-112.45"},
		},
		{
			ID: "be.bis", Title: "Belgian BIS number", Country: "be", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{belgianNumberPattern},
			Typical:  []string{`\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}`},
			Loose:    []string{belgianNumberDashed},
			Valid:    validBelgianBisNumber,
			Context: []string{"numéro bis", "numero bis", "n° bis", "bis nummer", "bis-nummer", "bisnummer", "bis number", "niss", "insz", "inss",
				"registre bis", "bisregister"},
			Headers:         []string{"bis"},
			Source:          "Banque Carrefour de la Sécurité Sociale, Numéro d'identification du registre bis (month raised by 20 or 40)",
			Examples:        []string{"83.44.17-112.71", "83241711228"},
			CounterExamples: []string{"83.44.17-112.77", "83.04.17-112.45"},
		},
		{
			ID: "be.id_card", Title: "Belgian identity card number", Country: "be", Category: OfficialDocument, Strength: rules.Strong,
			Typical:  []string{`\d{3}-\d{7}-\d{2}`},
			Patterns: []string{`\d{12}`},
			Valid:    validBelgianCard,
			Context: []string{"numéro de carte", "carte d'identité", "carte d'identite", "identiteitskaart", "identiteitskaartnummer", "kaartnummer",
				"eid kaart", "personalausweis", "identity card", "id card"},
			Source:          "Service public fédéral Intérieur (IBZ), Instructions générales relatives à la carte d'identité (remainder by 97)",
			Examples:        []string{"592-4820173-33"},
			CounterExamples: []string{"592-4820173-77"},
		},
		{
			ID: "ie.pps", Title: "Irish personal public service number", Country: "ie", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{7} ?[A-Wa-w][A-IWTXa-iwtx]?`},
			Loose:    []string{`\d{7}-[A-Wa-w][A-IWTXa-iwtx]?`},
			Valid:    validIrishPPS,
			Context: []string{"pps", "ppsn", "pps number", "pps no", "ppsn no", "personal public service number", "rsi number", "rsi no",
				"uimhir pspp", "pspp", "revenue and social insurance"},
			Source:          "Department of Social Protection, Personal Public Service Number check digit; Revenue, second letter from 2013",
			Examples:        []string{"4820173P", "4820173BA", "4820173PW"},
			CounterExamples: []string{"4820173X", "48201737H"},
		},
		{
			ID: "at.tin", Title: "Austrian tax number", Country: "at", Category: Financial, Strength: rules.Strong,
			Patterns: []string{`\d{2} ?-? ?\d{3} ?/? ?\d{4}`},
			Loose:    []string{`\d{2}[/-]\d{3}[/-]\d{4}`},
			Valid:    validAustrianTaxNumber,
			Context: []string{"steuernummer", "steuer-nr", "steuer nr", "steuernr", "st.-nr", "st-nr", "stnr", "st. nr", "abgabenkontonummer",
				"abgabenkonto", "finanzamt", "tax number", "tin"},
			Source:          "Bundesministerium für Finanzen, Prüfziffernverfahren der Steuernummer; Verzeichnis der Finanzamtsnummern",
			Examples:        []string{"46-318/2741", "91 204/8816"},
			CounterExamples: []string{"46-318/2747", "62-318/2740"},
		},
		{
			ID: "at.vnr", Title: "Austrian insurance number", Country: "at", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{4}[ /-]?\d{6}`},
			Loose:    []string{`\d{4}[ /-]\d{2}[ .-]\d{2}[ .-]\d{2}`},
			Valid:    validAustrianInsuranceNumber,
			Context: []string{"sozialversicherungsnummer", "versicherungsnummer", "sv-nummer", "sv nummer", "svnr", "sv-nr", "sv nr", "vsnr", "vnr",
				"e-card", "social security number", "social insurance number"},
			Source:          "Dachverband der Sozialversicherungsträger, § 30c ASVG (Versicherungsnummer)",
			Examples:        []string{"3822 170483", "5141290200"},
			CounterExamples: []string{"3827 170483", "3820 320483"},
		},
		{
			ID: "ch.ahv", Title: "Swiss social insurance number (AHV/AVS)", Country: "ch", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`756\d{10}`},
			Typical:  []string{`756\.\d{4}\.\d{4}\.\d{2}`, `756 \d{4} \d{4} \d{2}`},
			Loose:    []string{`756-\d{4}-\d{4}-\d{2}`},
			Valid:    validSwissAHV,
			Context: []string{"ahv", "ahv-nummer", "ahv nummer", "ahvn13", "ahv-nr", "ahv nr", "avs", "numéro avs", "n° avs", "numero avs", "avs13",
				"numéro d'assuré", "oasi number", "sozialversicherungsnummer", "versichertennummer", "social security number"},
			Source:          "Zentrale Ausgleichsstelle (ZAS/CdC), AHV-Nummer (13 digits, prefix 756, EAN-13 check digit)",
			Examples:        []string{"756.4829.3017.53", "7563018294791"},
			CounterExamples: []string{"756.4829.3017.57"},
		},
		{
			ID: "lu.matricule", Title: "Luxembourg national identification number", Country: "lu", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:    []string{`\d{4} ?\d{2} ?\d{2} ?\d{3} ?\d{2}`},
			Valid:       validLuxembourgMatricule,
			Distinctive: true,
			Context: []string{"matricule", "numéro de matricule", "numéro d'identification", "numéro d'identification national", "matricule national",
				"sozialversicherungsnummer", "identification number", "social security number"},
			Source:          "Centre commun de la sécurité sociale, loi du 19 juin 2013 relative à l'identification des personnes physiques",
			Examples:        []string{"1983041711039", "2001022839063"},
			CounterExamples: []string{"1983041711777", "1983134171145"},
		},
	}
}

// belgianNumberPattern is YY.MM.DD-SSS.CC in its usual spellings.
const belgianNumberPattern = `\d{2}[. ]?\d{2}[. ]?\d{2}[- .]?\d{3}[- .]?\d{2}`

// belgianNumberDashed is the same with the date written as a date.
const belgianNumberDashed = `\d{2}[/-]\d{2}[/-]\d{2}[ -]\d{3}[ .-]\d{2}`

// validFrenchNIR checks thirteen characters and their key, 97 minus the remainder by 97; Corsica's 2A and 2B count as 19 and 18.
func validFrenchNIR(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 15 {
		return false
	}
	if d[5] == '2' && (d[6] == 'A' || d[6] == 'B') {
		d[5], d[6] = '1', '9'-(d[6]-'A')
	}
	if strings.IndexByte("123478", d[0]) < 0 || !allDigits(d) || number(d[5:7]) == 0 || number(d[10:13]) == 0 {
		return false
	}
	month := number(d[3:5])
	if month == 0 || month > 12 && month < 20 {
		return false
	}
	return 97-number(d[:13])%97 == number(d[13:])
}

// validFrenchTaxNumber checks thirteen digits: the last three are the remainder of the first ten by 511.
func validFrenchTaxNumber(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 13 && d[0] <= '3' && number(d[:10]) > 0 && number(d[:10])%511 == number(d[10:])
}

// validFrenchIDCard checks the year, month and department that head the twelve characters of cards issued from 1994 to 2021.
func validFrenchIDCard(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 12 || !allDigits(d[:4]) {
		return false
	}
	year, month := number(d[:2]), number(d[2:4])
	return (year >= 94 || year <= 21) && month >= 1 && month <= 12
}

// validDutchBSN is the elfproef: eight or nine digits, weights 9 to 2 and -1.
func validDutchBSN(value []byte) bool {
	const digitCount = 9
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != digitCount && len(d) != digitCount-1 || number(d) == 0 || oneDigitOnly(d) {
		return false
	}
	last := len(d) - 1
	return (weightedSum(d[:last], "98765432"[digitCount-len(d):])-symbol(d[last]))%11 == 0
}

// validBelgianNationalNumber checks a national number: an unknown month or day of birth is 00.
func validBelgianNationalNumber(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 11 || number(d[2:4]) > 12 {
		return false
	}
	return validBelgianNumber(d, number(d[2:4]))
}

// validBelgianBisNumber checks a number of the bis register: its month is raised by 20 (sex unknown) or 40.
func validBelgianBisNumber(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 11 {
		return false
	}
	month := number(d[2:4])
	switch {
	case month >= 40 && month <= 52:
		return validBelgianNumber(d, month-40)
	case month >= 20 && month <= 32:
		return validBelgianNumber(d, month-20)
	}
	return false
}

// validBelgianNumber checks the remainder by 97, with a 2 before the number for those born from 2000 on, the serial and the date.
func validBelgianNumber(d []byte, month int) bool {
	const bornFrom2000 = 2_000_000_000
	n, check, serial := number(d[:9]), number(d[9:]), number(d[6:9])
	century := 0
	switch check {
	case 97 - n%97:
		century = 1900
	case 97 - (bornFrom2000+n)%97:
		century = 2000
	default:
		return false
	}
	year, day := century+number(d[:2]), number(d[4:6])
	if serial == 0 || serial == 999 || year > lastBirthYear {
		return false
	}
	if month == 0 || day == 0 {
		return day <= 31
	}
	return validDate(year, month, day)
}

// validIrishPPS checks seven digits and a letter by modulus 23; a second letter counts with the weight 9, but W, T and X count nothing.
func validIrishPPS(value []byte) bool {
	const letters = "WABCDEFGHIJKLMNOPQRSTUV"
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) < 8 || len(d) > 9 || !allDigits(d[:7]) || !allLetters(d[7:]) {
		return false
	}
	sum := weightedSum(d[:7], "8765432")
	if len(d) == 9 && d[8] <= 'I' {
		sum += 9 * (int(d[8]-'A') + 1)
	}
	return letters[sum%len(letters)] == d[7]
}

// austrianTaxOffices are the numbers of the tax offices that gave tax numbers, two digits each.
const austrianTaxOffices = "03 04 06 07 08 09 10 12 15 16 18 22 23 29 33 38 41 46 51 52 53 54 57 59 61 65 67 68 69 71 72 81 82 83 84 90 91 93 97 98"

// validAustrianTaxNumber checks the tax office and Luhn over nine digits.
func validAustrianTaxNumber(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 9 && luhn(d) && listed(austrianTaxOffices, d[:2])
}

// validAustrianInsuranceNumber checks serial, check digit and birth date; where a day's serials have run out the month is above 12.
func validAustrianInsuranceNumber(value []byte) bool {
	const overflowMonths = 3
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 10 || d[0] == '0' || weightedSum(d, "3790584216")%11 != symbol(d[3]) {
		return false
	}
	month := number(d[6:8])
	if month > 12 && month <= 12+overflowMonths {
		month = 12
	}
	return validShortBirth(number(d[8:]), month, number(d[4:6]))
}

// validSwissAHV checks the prefix 756 and the EAN-13 check digit.
func validSwissAHV(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 13 && string(d[:3]) == "756" && weightedSum(d, "1313131313131")%10 == 0
}

// validLuxembourgMatricule checks YYYYMMDDXXXLV: L by Luhn and V by Verhoeff, both over the first eleven digits.
func validLuxembourgMatricule(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 13 || !validBirth(number(d[:4]), number(d[4:6]), number(d[6:8])) || !luhn(d[:12]) {
		return false
	}
	d[11] = d[12]
	return verhoeff(d[:12])
}

// validBelgianCard checks ten digits against their remainder by 97, which is written as 97 when it is zero.
func validBelgianCard(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 12 && number(d[:10]) > 0 && (number(d[:10])+96)%97+1 == number(d[10:])
}
