package detect

import (
	"strings"

	"stanch/rules"
)

// payment lists the identifiers of money.
func payment() []Detector {
	return []Detector{
		{
			ID: "payment_card", Title: "Payment card number", Category: Financial, Strength: rules.Strong,
			Loose:   []string{`\d{12}`},
			Typical: []string{`\d{13,19}`, `\d{4}[ \-]\d{4}[ \-]\d{4}[ \-]\d{1,4}(?:[ \-]\d{3})?`, `\d{4}[ \-]\d{6}[ \-]\d{4,5}`},
			Examine: examineCard,
			Context: []string{"card", "credit card", "debit card", "card number", "payment card", "cc", "ccn", "pan", "visa", "mastercard", "amex", "american express",
				"maestro", "discover", "diners", "jcb", "unionpay", "kreditkarte", "carte bancaire", "carte de credit", "tarjeta", "carta di credito", "cartao",
				"creditcard", "karta", "信用卡", "クレジットカード", "신용카드"},
			Headers:         []string{"cc number", "ccnumber", "card no", "primary account number", "cardnumber", "credit card no", "kreditkartennummer"},
			Source:          "ISO/IEC 7812-1 (numbering, check digit) and the IIN ranges that the card schemes publish",
			Examples:        []string{"4012888888881881", "5555 5555 5555 4444", "3782-822463-10005", "6011000990139424", "4111111111111111", "122000000000003"},
			CounterExamples: []string{"4012888888881882", "122000000000004", "1234567890123456", "0000000000000000", "4012-8888-8888-1882"},
		},
		{
			ID: "iban", Title: "International bank account number (IBAN)", Category: Financial, Strength: rules.Strong, Distinctive: true,
			Patterns:        []string{`[A-Za-z]{2} ?\d{2}(?:[ \-.]?[A-Za-z0-9]){11,32}`},
			Examine:         examineIBAN,
			Context:         []string{"iban", "bank account", "account number", "kontonummer", "compte bancaire", "cuenta bancaria", "conto corrente", "rekeningnummer", "bankverbindung"},
			Headers:         []string{"international bank account number", "account iban", "bank account iban"},
			Source:          "ISO 13616-1; the lengths are those of the IBAN registry that SWIFT publishes",
			Examples:        []string{"GB29 NWBK 6016 1331 9268 19", "DE89370400440532013000", "FR14 2004 1010 0505 0001 3M02 606"},
			CounterExamples: []string{"GB29 NWBK 6016 1331 9268 18", "XX29 NWBK 6016 1331 9268 19", "DE8937040044053201300"},
		},
		{
			ID: "swift_bic", Title: "Business identifier code (SWIFT, BIC)", Category: Financial, Strength: rules.Weak, Embedded: true,
			Typical: []string{`(?i:swift|bic)(?:[ _\-/](?i:bic|swift|code|no|number|is)){0,3}["']?[ :=#]{1,3}["']?[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?`},
			Examine: examineBIC,
			Context: []string{"swift", "bic", "swift code", "bic code", "swift bic", "bank identifier code", "business identifier code"},
			Columns: []Column{{Headers: []string{"swift", "bic", "swift code", "bic code", "swift bic", "bic swift", "bank identifier code", "business identifier code"},
				Accept: acceptBIC}},
			Source:          "ISO 9362 (structure) with the countries of ISO 3166-1",
			Examples:        []string{"DEUTDEFF", "NWBKGB2LXXX"},
			CounterExamples: []string{"DEUTXXFF", "COMPUTER", "NWBKGB2LXX"},
		},
		{
			ID: "crypto_wallet", Title: "Cryptocurrency wallet address", Category: Financial, Strength: rules.Strong,
			Typical:         []string{`[13][1-9A-HJ-NP-Za-km-z]{25,34}`, `(?:bc|tb|ltc)1[02-9ac-hj-np-z]{11,71}`, `(?:BC|TB|LTC)1[02-9AC-HJ-NP-Z]{11,71}`},
			Patterns:        []string{`0x[0-9a-fA-F]{40}`},
			Examine:         examineWallet,
			Context:         []string{"wallet", "bitcoin", "btc", "ethereum", "eth", "crypto", "cryptocurrency", "wallet address", "litecoin", "ltc", "deposit address", "usdt"},
			Source:          "Bitcoin BIP 13 and 16 (Base58Check), BIP 173 and 350 (Bech32, Bech32m); Ethereum addresses without checksum need context",
			Examples:        []string{"bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "0x52908400098527886E0F7030069857D2E4169EE7"},
			CounterExamples: []string{"16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ2", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdx", "0x52908400098527886E0F7030069857D2E4169EE7"},
		},
	}
}

// cardSchemes are ranges of leading digits with the lengths of the numbers that begin so. Only the first match counts.
var cardSchemes = []struct {
	low, high   int // the first six digits
	short, long int // how many digits the number has
	common      bool
}{
	{180000, 180099, 15, 15, false}, // JCB, before 2003
	{100000, 199999, 15, 15, false}, // UATP
	{213100, 213199, 15, 15, false}, // JCB, before 2003
	{340000, 349999, 15, 15, true},  // American Express
	{370000, 379999, 15, 15, true},  // American Express
	{300000, 305999, 14, 19, false}, // Diners Club
	{309500, 309599, 14, 19, false}, // Diners Club
	{360000, 369999, 14, 19, false}, // Diners Club
	{380000, 399999, 14, 19, false}, // Diners Club
	{352800, 358999, 16, 19, true},  // JCB
	{350000, 359999, 16, 16, false}, // ISO/IEC 7812 gives 3 to banks and travel; no scheme publishes the rest of 35
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
	var buf compactBuffer
	d := digits(&buf, text[start:end])
	if len(d) < 12 || len(d) > 19 || oneDigitOnly(d) {
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
		if end-start == len(d) && start > 1 && (text[start-1] == '-' || text[start-1] == '/') && asciiLetter[text[start-2]] != 0 {
			grade = Checked // a part of a name or path: "testcase-5845846876356608"
		}
		return Reading{start, end, grade}
	}
	return Reading{}
}

// ibanForms are the countries of the IBAN registry with the form of their account numbers: how many characters, and whether they are
// digits (n), capitals (a) or both (c). SWIFT, IBAN registry release 99.
const ibanForms = " AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BI23n BR23n1a1c BY4c4n16c CH5n12c CR18n CY8n16c CZ20n DE18n DJ23n DK14n DO4c20n EE16n EG25n ES20n " +
	"FI14n FK2a12n FO14n FR10n11c2n GB4a14n GE2a16n GI4a15c GL14n GR7n16c GT4c20c HN4a20n HR17n HU24n IE4a14n IL19n IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c KZ3n13c LB4n20c LC4a24c " +
	"LI5n12c LT16n LU3n13c LV4a13c LY21n MC10n11c2n MD2c18c ME18n MK3n10c2n MN16n MR23n MT4a5n18c MU4a19n3a NI4a20n NL4a10n NO11n OM3n16c PK4a16c PL24n PS4a21c PT21n QA4a21c RO4a16c " +
	"RS18n RU14n15c SA2n18c SC4a20n3a SD14n SE20n SI15n SK20n SM1a10n12c SO19n ST21n SV4a20n TL19n TN20n TR5n1n16c UA6n19c VA18n VG4a16n XK16n YE4a4n18c "

// examineIBAN finds where an IBAN ends by its country's form, and checks that form and the remainder by 97.
func examineIBAN(text []byte, start, end int) Reading {
	var buf compactBuffer
	n, at := 0, start
	form := ""
	want := 4
	for ; at < end && n < want; at++ {
		c := text[at]
		if !isWordByte(c) {
			continue
		}
		if c >= 'a' {
			c -= 'a' - 'A'
		}
		buf[n] = c
		if n++; n == 4 {
			if form = ibanForm(buf[0], buf[1]); form == "" {
				return Reading{}
			}
			want += ibanLength(form)
		}
	}
	if n < want || n == 4 || at < len(text) && isWordByte(text[at]) || !hasIBANForm(form, buf[4:n]) || mod97(mod97(0, buf[4:n]), buf[:4]) != 1 {
		return Reading{}
	}
	return Reading{start, at, Distinctive}
}

// ibanForm returns the form of a country's account numbers, "" for a country without IBANs.
func ibanForm(first, second byte) string {
	if first < 'A' || first > 'Z' || second < 'A' || second > 'Z' {
		return ""
	}
	return ibanFormOf[first-'A'][second-'A']
}

// ibanFormOf holds ibanForms by the letters of the country.
var ibanFormOf = func() (of [alphabet][alphabet]string) {
	for _, form := range strings.Fields(ibanForms) {
		of[form[0]-'A'][form[1]-'A'] = form[2:]
	}
	return
}()

// nextPart reads a count and a kind from the front of a form.
func nextPart(form string) (count int, kind byte, rest string) {
	i := 0
	for ; isDigit(form[i]); i++ {
		count = count*10 + int(form[i]-'0')
	}
	return count, form[i], form[i+1:]
}

func ibanLength(form string) (length int) {
	for form != "" {
		count, _, rest := nextPart(form)
		length += count
		form = rest
	}
	return length
}

func hasIBANForm(form string, account []byte) bool {
	for form != "" {
		count, kind, rest := nextPart(form)
		part := account[:count]
		if kind == 'n' && !allDigits(part) || kind == 'a' && !allLetters(part) {
			return false
		}
		account, form = account[count:], rest
	}
	return true
}
