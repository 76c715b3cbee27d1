package detect

import "stanch/rules"

// person lists what names a person without being issued by anyone.
func person() []Detector {
	named := knownNames()
	return []Detector{
		{
			ID: "person_name", Title: "Name of a person", Category: BasicIdentifier, Strength: rules.Weak,
			Context: []string{"given name", "first name", "forename", "surname", "last name", "family name", "full name", "maiden name", "name is", "nachname", "vorname", "nom de famille",
				"prenom", "apellido", "apellidos", "cognome"},
			Columns: []Column{
				{Headers: givenHeaders, Accept: acceptName},
				{Headers: familyHeaders, Accept: acceptName},
				{Headers: fullHeaders, Accept: acceptName, Whole: true},
				{Headers: []string{"name", "names", "nom", "nombre", "nome", "naam", "navn", "namn", "nimi", "nev", "imie i nazwisko", "имя", "ονομα", "ad", "isim", "nama", "名前", "姓名", "이름"},
					Accept: func(value []byte) Grade { return acceptKnownName(named, value) }, Whole: true},
			},
			Source:   "Frequent given names and surnames of the ONS, the US Census Bureau and SSA, INSEE, INE, ISTAT, Destatis, CBS, SSB, SCB, DVV and GUS",
			Examples: []string{"Alice Jones", "Marie Dupont"}, CounterExamples: []string{"index.html", "1234", "a/b"},
		},
		{
			ID: "postal_address", Title: "Postal address", Category: Location, Strength: rules.Weak,
			Context: []string{"street address", "home address", "postal address", "mailing address", "billing address", "delivery address", "shipping address", "residential address"},
			Columns: []Column{
				{Headers: streetHeaders, Accept: acceptStreet},
				{Headers: []string{"address", "adresse", "adress", "direccion", "indirizzo", "endereco", "adres", "osoite", "adresa", "cim", "адрес", "διευθυνση", "地址", "住所", "주소"},
					Accept: acceptAddress},
				{Headers: cityHeaders, Accept: acceptCity, Loose: true},
				{Headers: zipHeaders, Accept: acceptZip, Loose: true},
			},
			Source:   "UPU S42 (elements of international addresses) and the address formats of the national posts",
			Examples: []string{"183 Epimenidou Street", "10 Downing Street"}, CounterExamples: []string{"0.0.0.0/0", "a@b.org"},
		},
		{
			ID: "date_of_birth", Title: "Date of birth", Category: BasicIdentifier, Strength: rules.Weak,
			Loose: []string{ // a date alone says nothing about anybody
				`(?:19|20)\d{6}`, `\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})`, `\d{4}-\d{2}-\d{2}(?:T00:00(?::00(?:\.0{1,9})?)?Z?| 00:00(?::00)?)?`, `\d{4}/\d{1,2}/\d{1,2}`,
				`\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})`, `\d{1,2}-\d{1,2}-\d{4}`, `\d{1,2}-(?i:` + months + `)-(?:\d{4}|\d{2})`,
				`\d{1,2}(?:st|nd|rd|th|\.)? (?:de )?(?:(?i:` + months + `)|` + accentedMonths + `)\.?,? (?:de )?\d{4}`, `(?i:` + months + `)\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}`,
			},
			Examine: examineBirth,
			Context: []string{"date of birth", "birth date", "birthdate", "dob", "born", "born on", "birthday", "d o b", "geburtsdatum", "geboren", "geboren am", "geb", "geburtstag",
				"date de naissance", "ne le", "nee le", "naissance", "fecha de nacimiento", "nacimiento", "nacido", "nacida", "data di nascita", "nato il", "nata il", "data de nascimento",
				"nascimento", "nascido", "nascida", "geboortedatum", "fodd", "fodselsdato", "fodselsdag", "fodt", "fodelsedatum", "syntymaaika", "syntynyt", "data urodzenia", "urodzony", "urodzona", "datum narozeni",
				"datum rodenja", "szuletesi datum", "data nasterii", "dogum tarihi", "дата рождения", "родился", "родилась", "дата народження", "дата на раждане", "ημερομηνια γεννησης",
				"出生日期", "生年月日", "生日", "생년월일", "วันเกิด"},
			Headers:         []string{"birth", "birth day", "dateofbirth", "birth dt", "date birth", "naissance date"},
			Source:          "ISO 8601-1 (calendar dates) and the customary written forms of CLDR",
			Examples:        []string{"3/29/1982", "1982-03-29", "29.03.1982", "29 March 1982", "March 29, 1982", "29-Mar-1982", "5 de junio de 1990", "14 kwietnia 1971", "1 février 1968"},
			CounterExamples: []string{"31/31/1982", "1982-13-29", "29.03.2982", "2012-01-02"},
		},
	}
}

// months are the names of months and their short forms in languages of Europe, as dates have them (CLDR, format wide and abbreviated).
const months = `jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december|` +
	`januar|februar|mai|juni|juli|oktober|dezember|janvier|mars|avril|juin|juillet|septembre|octobre|novembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|` +
	`septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|maart|mei|augustus|` +
	`januari|februari|augusti|maj|marts|janeiro|fevereiro|maio|junho|julho|setembro|outubro|novembro|dezembro|` +
	`stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|listopada|grudnia`

// accentedMonths are those with letters beyond ASCII, as they stand in a sentence.
const accentedMonths = `février|août|décembre|März|março|września|października`

// examineBirth accepts the days on which somebody may have been born.
func examineBirth(text []byte, start, end int) Reading {
	if validBirthText(text[start:end]) {
		return Reading{start, end, Checked}
	}
	return Reading{}
}

// validBirthText reports whether a text is a day on which somebody may have been born.
func validBirthText(value []byte) bool {
	var parts, lengths [3]int
	p, letters := -1, false
	part, length := 0, 0 // of the group of digits that is read; 0 outside of one
	for _, c := range value {
		if !isDigit(c) {
			if asciiLetter[c] != 0 && p < 2 {
				letters = letters || p < 0 || length == 0 && c != 'T'
			}
			part, length = 0, 0
			continue
		}
		if length == 0 {
			if p++; p > 2 {
				break
			}
		}
		part, length = part*10+int(c-'0'), length+1
		parts[p], lengths[p] = part, length
	}
	switch {
	case p == 0 && lengths[0] == 8:
		return validBirth(parts[0]/10000, parts[0]/100%100, parts[0]%100)
	case letters || p == 1:
		return parts[0] >= 1 && parts[0] <= 31 && (lengths[1] == 2 || parts[1] >= firstBirthYear && parts[1] <= lastBirthYear)
	case lengths[0] == 4:
		return validBirth(parts[0], parts[1], parts[2])
	case lengths[2] == 2:
		return validShortBirth(parts[2], parts[1], parts[0]) || validShortBirth(parts[2], parts[0], parts[1])
	}
	return validBirth(parts[2], parts[1], parts[0]) || validBirth(parts[2], parts[0], parts[1])
}
