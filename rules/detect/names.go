package detect

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// The headers of names, in their own words and joined as databases write them.
var (
	givenHeaders = []string{"given name", "given names", "givenname", "first name", "firstname", "fname", "forename", "forenames", "christian name", "middle name", "middlename",
		"preferred name", "vorname", "vornamen", "prenom", "prenoms", "nombre de pila", "nome proprio", "nombres", "voornaam", "voornamen", "fornavn", "fornamn", "etunimi", "etunimet",
		"imie", "imiona", "keresztnev", "utonev", "krestni jmeno", "jmeno", "prenume", "ime", "eesnimi", "vardas", "vards", "имя отчество", "ονομα μικρο", "adi", "名", "이름 성"}
	familyHeaders = []string{"surname", "last name", "lastname", "lname", "family name", "familyname", "second name", "maiden name", "mothers maiden name", "mothers maiden", "birth name",
		"nachname", "familienname", "geburtsname", "zuname", "nom de famille", "nom de naissance", "apellido", "apellidos", "primer apellido", "segundo apellido", "cognome", "sobrenome",
		"apelido", "achternaam", "familienaam", "etternavn", "efternavn", "efternamn", "sukunimi", "nazwisko", "vezeteknev", "prijmeni", "prezime", "priimek", "perekonnanimi", "pavarde",
		"uzvards", "фамилия", "επωνυμο", "soyadi", "soyad", "姓", "성"}
	fullHeaders = []string{"full name", "fullname", "customer name", "patient name", "client name", "applicant name", "candidate name", "employee name", "student name", "pupil name",
		"person name", "cardholder", "cardholder name", "card holder", "account holder", "name of account holder", "contact name", "contact person", "next of kin", "guest name",
		"passenger name", "tenant name", "member name", "beneficiary name", "name on card", "doctor name", "nom complet", "nom et prenom", "nombre completo", "nombre y apellidos",
		"nome completo", "nome e cognome", "vor und nachname", "volledige naam", "fullt navn", "fullstandigt namn", "koko nimi", "imie nazwisko", "teljes nev", "cele jmeno", "фио",
		"полное имя", "ονοματεπωνυμο", "adi soyadi", "氏名", "성명"}
	streetHeaders = []string{"street", "street address", "streetaddress", "address line", "addressline", "addr", "home address",
		"postal address", "mailing address", "billing address", "shipping address", "delivery address", "residential address", "residence", "street name", "house number", "full address",
		"strasse", "straße", "anschrift", "wohnadresse", "hausnummer", "rue", "adresse postale", "adresse domicile", "domicile", "domicilio", "calle", "direccion postal", "via",
		"indirizzo di residenza", "residenza", "rua", "morada", "logradouro", "straat", "straatnaam", "gateadresse", "gatuadress", "katuosoite", "ulica", "adres zamieszkania", "utca", "lakcim",
		"strada", "ulice", "домашний адрес", "улица", "οδος", "住址"}
	cityHeaders = []string{"city", "town", "locality", "ort", "wohnort", "stadt", "ville", "ciudad", "poblacion", "citta", "comune", "cidade", "plaats", "woonplaats", "poststed",
		"postort", "kaupunki", "miasto", "miejscowosc", "varos", "mesto", "oras", "город", "πολη", "城市", "市"}
	zipHeaders = []string{"zip", "zip code", "zipcode", "postal code", "postalcode", "postcode", "post code", "plz", "postleitzahl", "code postal", "codigo postal", "cap", "cep",
		"postnummer", "postnr", "postinumero", "kod pocztowy", "iranyitoszam", "psc", "cod postal", "индекс", "почтовый индекс", "邮编", "郵便番号", "우편번호"}
)

// The shape of names, in bytes and words.
const (
	shortestName, longestName = 2, 80
	mostNameWords             = 6
	longestFirstPart          = 7 // bytes before a capital within a name: "MariaElena"
)

// acceptName grades a value below a header that speaks of a person's name.
func acceptName(value []byte) Grade {
	if isNameShaped(value) {
		return Checked
	}
	return Rejected
}

// acceptKnownName grades a value below the header "name", which may be the name of anything.
func acceptKnownName(named nameLists, value []byte) Grade {
	if !isNameShaped(value) {
		return Rejected
	}
	words, given, family := 0, 0, 0
	for at := 0; ; words++ {
		w, ok := nextWord(value, at, len(value))
		if !ok {
			break
		}
		at = w.end
		switch {
		case named.given[w.hash] && given <= family:
			given++
		case named.family[w.hash]:
			family++
		case named.given[w.hash]:
			given++
		}
	}
	switch {
	case words > 4 || bytes.IndexByte(value, '(') >= 0:
		return Rejected
	case given > 0 && family > 0, given > 1 && words == given:
		return Plain
	case words > 1:
		return Loose // a name that the lists do not know, or a thing
	}
	return Rejected
}

// isNameShaped reports whether a value is one to six words of letters, with what stands in names between them. Identifiers of
// programs are none: "InstanceId" changes to capitals far from its start, "VpcPeeringId" more than once.
func isNameShaped(value []byte) bool {
	if len(value) < shortestName || len(value) > longestName {
		return false
	}
	words, letters, upper, humps, within, lower := 0, 0, 0, 0, false, false
	for at := 0; at < len(value); {
		r, size := rune(value[at]), 1
		letter, isUpper := asciiLetter[value[at]] != 0, r >= 'A' && r <= 'Z'
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(value[at:])
			letter, isUpper = unicode.IsLetter(r) || unicode.IsMark(r), unicode.IsUpper(r)
		}
		switch {
		case letter:
			if !within {
				words++
				within = true
			}
			letters++
			if isUpper {
				upper++
			}
			if isUpper && lower {
				humps++
				if at > longestFirstPart {
					humps++
				}
			}
			lower = !isUpper
		case r == ' ':
			within, lower = false, false
		case r == '.' && at+1 < len(value) && value[at+1] != ' ' && value[at+1] != ',' && !isInitial(value, at):
			return false
		case r == '-' || r == '\'' || r == '.' || r == ',' || r == 0x2019 || r == 0x2018 || r == '`':
			lower = false
		default:
			return false
		}
		at += size
	}
	if words == 1 && (humps > 1 || humps == 1 && namesField(value)) {
		return false
	}
	if words > mostNameWords || letters < shortestName && letters < len(value) {
		return false
	}
	first, _ := utf8.DecodeRune(value)
	return letters >= 1 && (unicode.IsLetter(first) || first == '\'') && (upper > 0 || words <= 3)
}

// fieldEndings end the names of fields in programs: "GroupId", "UserName".
var fieldEndings = [...]string{"Id", "Ids", "Name", "Names", "Arn", "Key", "Type"}

func namesField(value []byte) bool {
	for _, ending := range fieldEndings {
		if len(value) > len(ending) && string(value[len(value)-len(ending):]) == ending {
			return true
		}
	}
	return false
}

// isInitial reports whether the letter before a dot stands alone: "J.R.".
func isInitial(value []byte, dot int) bool {
	return dot > 0 && asciiLetter[value[dot-1]] != 0 && (dot == 1 || asciiLetter[value[dot-2]] == 0 && value[dot-2] < utf8.RuneSelf)
}

// streetWords are words of street names, as whole words or as the end of one.
var streetWords = []string{"street", "st", "road", "rd", "avenue", "ave", "lane", "ln", "drive", "dr", "close", "court", "ct", "way", "place", "pl", "square", "terrace", "crescent",
	"gardens", "grove", "hill", "park", "row", "walk", "boulevard", "blvd", "parkway", "highway", "hwy", "trail", "circle", "mews", "green", "box", "flat", "apt", "suite", "unit",
	"rue", "allee", "chemin", "impasse", "quai", "place", "cours", "via", "viale", "piazza", "corso", "vicolo", "piazzetta", "calle", "avenida", "avda", "plaza", "paseo", "carretera", "rua",
	"travessa", "praca", "estrada", "strasse", "str", "weg", "platz", "gasse", "damm", "ring", "ufer", "straat", "laan", "plein", "dreef", "gracht", "kade", "gata", "gatan", "vagen",
	"gate", "vei", "veien", "vej", "gade", "alle", "tie", "katu", "kuja", "polku", "ulica", "ul", "aleja", "plac", "utca", "ut", "ter", "ulice", "namesti", "ulita", "strada", "tee",
	"tanav", "iela", "gatve", "sokak", "caddesi", "mahallesi", "odos", "улица", "ул", "проспект", "οδος"}

// acceptStreet grades a value below a header that speaks of a street or of a home address.
func acceptStreet(value []byte) Grade {
	if !isAddressShaped(value) {
		return Rejected
	}
	return Checked
}

// acceptAddress grades a value below the header "address", which may be one of a host or a mailbox.
func acceptAddress(value []byte) Grade {
	if !isAddressShaped(value) || bytes.IndexByte(value, ' ') < 0 || !hasDigit(value) {
		return Rejected
	}
	return Plain
}

// addressBytes holds 1 for ASCII letters, 0 for spaces and digits, and 2 for the other bytes of addresses.
var addressBytes = func() (table [256]uint8) {
	for i := range table {
		switch c := byte(i); {
		case asciiLetter[c] != 0:
			table[i] = 1
		case c != ' ' && !isDigit(c):
			table[i] = 2
		}
	}
	return
}()

// isAddressShaped reports whether a value holds a word and nothing that stands in code, hosts or mailboxes only.
func isAddressShaped(value []byte) bool {
	const shortest = 3
	letters := 0
	for at := 0; at < len(value); {
		if kind := addressBytes[value[at]]; kind <= 1 {
			letters += int(kind)
			at++
			continue
		}
		r, size := utf8.DecodeRune(value[at:])
		switch {
		case unicode.IsLetter(r):
			letters++
		case r == '@' || r == '{' || r == '}' || r == '<' || r == '>' || r == '=' || r == '_' || r == '\\' || r == '|' || r == utf8.RuneError:
			return false
		case r == ':' && at+1 < len(value) && value[at+1] != ' ':
			return false
		}
		at += size
	}
	return letters >= shortest && len(value) <= maxCell
}

// acceptCity grades a value below a header that speaks of a town: towns are seldom secret, so it stays low.
func acceptCity(value []byte) Grade {
	if isNameShaped(value) {
		return Loose
	}
	return Rejected
}

// acceptZip grades a value below a header that speaks of a postal code, of any country: low, as many people share one.
func acceptZip(value []byte) Grade {
	const shortest, longest = 3, 10
	digits := 0
	for _, c := range value {
		if isDigit(c) {
			digits++
		} else if asciiLetter[c] == 0 && c != ' ' && c != '-' {
			return Rejected
		}
	}
	if len(value) < shortest || len(value) > longest || digits == 0 {
		return Rejected
	}
	return Loose
}
