package detect

import "stanch/rules"

// payment lists the identifiers of money.
func payment() []Detector {
	return []Detector{
		{
			ID: "payment_card", Title: "Payment card number", Category: Financial, Strength: rules.Strong,
			Patterns: []string{`\d{13,19}`},
			Typical:  []string{`\d{4}[ \-]\d{4}[ \-]\d{4}[ \-]\d{1,4}(?:[ \-]\d{3})?`, `\d{4}[ \-]\d{6}[ \-]\d{4,5}`},
			Examine:  examineCard,
			Context: []string{"card", "credit card", "debit card", "card number", "payment card", "cc", "ccn", "pan", "visa", "mastercard", "amex", "american express",
				"maestro", "discover", "diners", "jcb", "unionpay", "kreditkarte", "carte bancaire", "carte de credit", "tarjeta", "carta di credito", "cartao",
				"creditcard", "karta", "信用卡", "クレジットカード", "신용카드"},
			Headers:         []string{"cc number", "ccnumber", "card no", "primary account number", "cardnumber", "credit card no", "kreditkartennummer"},
			Source:          "ISO/IEC 7812-1 (numbering, check digit) and the IIN ranges that the card schemes publish",
			Examples:        []string{"4012888888881881", "5555 5555 5555 4444", "3782-822463-10005", "6011000990139424"},
			CounterExamples: []string{"4012888888881882", "1234567890123456", "0000000000000000", "4012-8888-8888-1882"},
		},
		{
			ID: "iban", Title: "International bank account number (IBAN)", Category: Financial, Strength: rules.Strong,
			Patterns:        []string{`[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]){11,32}`, `[a-z]{2}\d{2}(?:[ ]?[a-z0-9]){11,32}`},
			Examine:         examineIBAN,
			Context:         []string{"iban", "bank account", "account number", "kontonummer", "compte bancaire", "cuenta bancaria", "conto corrente", "rekeningnummer", "bankverbindung"},
			Headers:         []string{"international bank account number", "account iban", "bank account iban"},
			Source:          "ISO 13616-1; the lengths are those of the IBAN registry that SWIFT publishes",
			Examples:        []string{"GB29 NWBK 6016 1331 9268 19", "DE89370400440532013000", "FR14 2004 1010 0505 0001 3M02 606"},
			CounterExamples: []string{"GB29 NWBK 6016 1331 9268 18", "XX29 NWBK 6016 1331 9268 19", "DE8937040044053201300"},
		},
	}
}

// cardSchemes are ranges of leading digits with the lengths of the numbers that begin so. Only the first match counts.
var cardSchemes = []struct {
	low, high   int // the first six digits
	short, long int // how many digits the number has
	common      bool
}{
	{340000, 349999, 15, 15, true},  // American Express
	{370000, 379999, 15, 15, true},  // American Express
	{300000, 305999, 14, 19, false}, // Diners Club
	{309500, 309599, 14, 19, false}, // Diners Club
	{360000, 369999, 14, 19, false}, // Diners Club
	{380000, 399999, 14, 19, false}, // Diners Club
	{352800, 358999, 16, 19, true},  // JCB
	{400000, 499999, 13, 19, true},  // Visa
	{510000, 559999, 16, 16, true},  // Mastercard
	{222100, 272099, 16, 16, true},  // Mastercard
	{500000, 509999, 12, 19, false}, // Maestro and domestic debit schemes
	{560000, 589999, 12, 19, false}, // Maestro
	{601100, 601199, 16, 19, true},  // Discover
	{644000, 659999, 16, 19, true},  // Discover
	{620000, 629999, 16, 19, true},  // UnionPay
	{810000, 817199, 16, 19, false}, // UnionPay
	{600000, 699999, 12, 19, false}, // Maestro, RuPay, Elo and others
	{220000, 220499, 16, 19, false}, // Mir
	{979200, 979289, 16, 16, false}, // Troy
}

// commonCardLength is the length that makes plain digits with a common prefix and a check digit look like a card and nothing else.
const commonCardLength = 16

// examineCard checks the prefix, the length and the check digit of a payment card number.
func examineCard(text []byte, start, end int) Reading {
	if gluedBefore(text[:start]) || gluedAfter(text[end:]) {
		return Reading{}
	}
	var buf compactBuffer
	d := digits(&buf, text[start:end])
	if len(d) < 12 || len(d) > 19 || oneDigitOnly(d[4:]) && d[4] != '0' {
		return Reading{}
	}
	prefix := number(d[:6])
	for _, s := range cardSchemes {
		if prefix < s.low || prefix > s.high {
			continue
		}
		if len(d) < s.short || len(d) > s.long || !luhn(d) {
			return Reading{}
		}
		grade := Checked
		if s.common && (len(d) == commonCardLength || s.long == len(d) && s.short == len(d)) || end-start > len(d) {
			grade = Distinctive
		}
		return Reading{start, end, grade}
	}
	return Reading{}
}

// ibanLengths are the countries of the IBAN registry with the length of their numbers; SWIFT, release 99 of the registry.
const ibanLengths = "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23" +
	"GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23" +
	"PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30"

// examineIBAN finds where an IBAN ends by its country's length, and checks its remainder by 97.
func examineIBAN(text []byte, start, end int) Reading {
	var buf compactBuffer
	want := 0
	for i := 0; i+4 <= len(ibanLengths); i += 4 {
		if ibanLengths[i]&^0x20 == text[start]&^0x20 && ibanLengths[i+1]&^0x20 == text[start+1]&^0x20 {
			want = number([]byte(ibanLengths[i+2 : i+4]))
			break
		}
	}
	if want == 0 {
		return Reading{}
	}
	n, at := 0, start
	for ; at < end && n < want; at++ {
		if c := text[at]; isWordByte(c) {
			if c >= 'a' {
				c -= 'a' - 'A'
			}
			buf[n] = c
			n++
		}
	}
	if n < want || at < len(text) && isWordByte(text[at]) || mod97(mod97(0, buf[4:n]), buf[:4]) != 1 {
		return Reading{}
	}
	return Reading{start, at, Distinctive}
}
