package detect

import "stanch/rules"

// eurasia returns the detectors of Albania and of the states from Ukraine to Central Asia.
func eurasia() []Detector {
	return []Detector{
		{
			ID: "ua.rntrc", Title: "Ukrainian taxpayer number (RNTRC)", Country: "ua", Category: Financial, Strength: rules.Strong,
			Patterns: []string{`\d{10}`},
			Valid:    validUkrainianTaxpayer,
			Context: []string{"рнокпп", "ріпн", "іпн", "реєстраційний номер облікової картки платника податків", "ідентифікаційний номер",
				"ідентифікаційний код", "податковий номер", "инн", "rntrc", "rnokpp", "tax number", "taxpayer number"},
			Source:          "Державна податкова служба України, Положення про реєстрацію фізичних осіб у Державному реєстрі (days since 31 December 1899)",
			Examples:        []string{"3042114824"},
			CounterExamples: []string{"3042114827", "9942114828"},
		},
		{
			ID: "ru.inn", Title: "Russian taxpayer number of a person (INN)", Country: "ru", Category: Financial, Strength: rules.Strong,
			Patterns:        []string{`\d{12}`},
			Valid:           validRussianINN,
			Context:         []string{"инн", "inn", "идентификационный номер налогоплательщика", "номер налогоплательщика", "taxpayer number", "tax number"},
			Source:          "Приказ ФНС России от 29.06.2012 № ММВ-7-6/435@ (структура ИНН)",
			Examples:        []string{"774820173643"},
			CounterExamples: []string{"774820173677", "000000000000"},
		},
		{
			ID: "ru.snils", Title: "Russian pension insurance number (SNILS)", Country: "ru", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{3}-\d{3}-\d{3}-?\d{2}`, `\d{3} \d{3} \d{3} \d{2}`, `\d{11}`},
			Typical:  []string{`\d{3}-\d{3}-\d{3} \d{2}`},
			Valid:    validRussianSNILS,
			Context: []string{"снилс", "snils", "страховой номер", "страховой номер индивидуального лицевого счета",
				"страховой номер индивидуального лицевого счёта", "пенсионное страхование", "pension insurance number"},
			Source:          "Социальный фонд России, Федеральный закон 27-ФЗ, СНИЛС (контрольное число)",
			Examples:        []string{"148-201-736 45", "14820173645"},
			CounterExamples: []string{"148-201-736 77"},
		},
		{
			ID: "ru.passport", Title: "Russian internal passport number", Country: "ru", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Loose: []string{`\d{2} ?\d{2} ?\d{6}`},
			Valid: validRussianPassport,
			Context: []string{"паспорт", "паспорта", "серия и номер паспорта", "серия номер", "серия паспорта", "номер паспорта", "паспортные данные",
				"passport", "passport number"},
			Source:          "Постановление Правительства РФ № 828 of 8 July 1997; ОКАТО region and year of printing in the series",
			Examples:        []string{"45 08 482017"},
			CounterExamples: []string{"45 60 482017"},
		},
		{
			ID: "by.id", Title: "Belarusian identification number", Country: "by", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns:    []string{`\d{7}[ABCHKEMabchkem]\d{3}(?:PB|BA|BI|pb|ba|bi)\d`},
			Valid:       validBelarusianID,
			Distinctive: true,
			Context: []string{"идентификационный номер", "личный номер", "ідэнтыфікацыйны нумар", "асабісты нумар", "identification number",
				"personal number"},
			Source:          "Министерство внутренних дел Республики Беларусь, Закон о регистре населения (идентификационный номер)",
			Examples:        []string{"4170483A018PB5"},
			CounterExamples: []string{"4171383A018PB5"},
		},
		{
			ID: "md.idnp", Title: "Moldovan personal number (IDNP)", Country: "md", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{13}`},
			Valid:    validMoldovanIDNP,
			Context: []string{"idnp", "cod personal", "codul personal", "cod numeric personal", "numărul de identificare", "numarul de identificare",
				"personal code"},
			Source:          "Agenția Servicii Publice, numărul de identificare de stat al persoanei fizice (IDNP)",
			Examples:        []string{"2004820173652"},
			CounterExamples: []string{"2004820173657"},
		},
		{
			ID: "kz.iin", Title: "Kazakh individual identification number (IIN)", Country: "kz", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{12}`},
			Valid:    validKazakhIIN,
			Context: []string{"иин", "жсн", "iin", "индивидуальный идентификационный номер", "жеке сәйкестендіру нөмірі",
				"individual identification number"},
			Source:          "Закон Республики Казахстан № 223-III О национальных реестрах идентификационных номеров",
			Examples:        []string{"830417400185"},
			CounterExamples: []string{"830417400187", "831417400182"},
		},
		{
			ID: "uz.pinfl", Title: "Uzbek personal identification number (PINFL)", Country: "uz", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`\d{14}`},
			Valid:    validUzbekPINFL,
			Context: []string{"пинфл", "жшшир", "jshshir", "pinfl", "персональный идентификационный номер", "shaxsiy identifikatsiya raqami",
				"personal identification number"},
			Source:          "Кабинет Министров Республики Узбекистан, JShShIR (century and sex, birth date, district, serial, check digit)",
			Examples:        []string{"31704830482017"},
			CounterExamples: []string{"31713830482017"},
		},
		{
			ID: "kg.pin", Title: "Kyrgyz personal identification number", Country: "kg", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns:        []string{`\d{14}`},
			Valid:           validKyrgyzPIN,
			Context:         []string{"пин", "инн", "персональный идентификационный номер", "жеке номер", "personal identification number", "pin number"},
			Source:          "Государственная регистрационная служба Кыргызской Республики (sex, birth date, serial)",
			Examples:        []string{"11704198304820"},
			CounterExamples: []string{"11713198304820"},
		},
		{
			ID: "al.nid", Title: "Albanian identity number", Country: "al", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`[A-Ta-t]\d{8}[A-Wa-w]`},
			Valid:    validAlbanianIdentity,
			Context: []string{"nid", "numri personal", "numri i identitetit", "numër identifikimi", "karta e identitetit", "identity number",
				"personal number"},
			Source:          "Drejtoria e Përgjithshme e Gjendjes Civile (Albania): decade and year, month with 50 added for women, day, serial, letter",
			Examples:        []string{"I35417048K"},
			CounterExamples: []string{"I36317048K"},
		},
	}
}

// validUkrainianTaxpayer checks ten digits: the birth date in days since 31 December 1899, serial and check digit.
func validUkrainianTaxpayer(value []byte) bool {
	const lastDay = 65744 // 31 December 2079
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 10 {
		return false
	}
	day := number(d[:5])
	sum := weightedSum(d, "057946A57") - symbol(d[0])
	return day > 0 && day <= lastDay && (sum%11+11)%11%10 == symbol(d[9])
}

// validRussianINN checks the two check digits of a person's twelve.
func validRussianINN(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 12 && number(d[:10]) > 0 && weightedSum(d, "724A359468")%11%10 == symbol(d[10]) &&
		weightedSum(d, "3724A359468")%11%10 == symbol(d[11])
}

// validRussianSNILS checks nine digits, weighted from 9 down to 1, against the control by 101.
func validRussianSNILS(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 11 && number(d[:9]) > 0 && weightedSum(d, "987654321")%101%100 == number(d[9:])
}

// validRussianPassport wants a region above zero and a year of printing since 1997.
func validRussianPassport(value []byte) bool {
	const firstYear, lastYear = 97, 49
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 10 || number(d[:2]) == 0 {
		return false
	}
	year := number(d[2:4])
	return year >= firstYear || year <= lastYear
}

// validBelarusianID checks the sex and century and the birth date that head the fourteen characters.
func validBelarusianID(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 14 || !allDigits(d[:7]) {
		return false
	}
	century := 1800 + 100*int((d[0]-'1')/2)
	return d[0] > '0' && validBirth(century+number(d[5:7]), number(d[3:5]), number(d[1:3]))
}

// validMoldovanIDNP checks thirteen digits with the weights 7, 3 and 1.
func validMoldovanIDNP(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 13 && (d[0] == '0' || d[0] == '2') && number(d[1:]) > 0 && icaoCheck(d[:12]) == symbol(d[12])
}

// validKazakhIIN checks YYMMDD, sex and century, serial and a check digit in up to two rounds of modulus 11.
func validKazakhIIN(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 12 || d[6] < '1' || d[6] > '6' {
		return false
	}
	check := weightedSum(d, "123456789AB") % 11
	if check == 10 {
		check = weightedSum(d, "3456789AB12") % 11
	}
	century := 1800 + 100*int((d[6]-'1')/2)
	return check == symbol(d[11]) && validBirth(century+number(d[:2]), number(d[2:4]), number(d[4:6]))
}

// validUzbekPINFL checks sex and century, and DDMMYY.
func validUzbekPINFL(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 14 || d[0] < '1' || d[0] > '6' {
		return false
	}
	century := 1800 + 100*int((d[0]-'1')/2)
	return validBirth(century+number(d[5:7]), number(d[3:5]), number(d[1:3]))
}

// validKyrgyzPIN checks sex and DDMMYYYY.
func validKyrgyzPIN(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 14 && (d[0] == '1' || d[0] == '2') && validBirth(number(d[5:9]), number(d[3:5]), number(d[1:3]))
}

// validAlbanianIdentity checks the birth date: a letter for the decade from 1800 on and a digit for the year, women have 50 added to
// the month.
func validAlbanianIdentity(value []byte) bool {
	const womenOffset = 50
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 10 || !allLetters(d[:1]) || !allDigits(d[1:9]) || !allLetters(d[9:]) {
		return false
	}
	month := number(d[2:4])
	if month > womenOffset {
		month -= womenOffset
	}
	return validBirth(1800+10*int(d[0]-'A')+symbol(d[1]), month, number(d[4:6]))
}
