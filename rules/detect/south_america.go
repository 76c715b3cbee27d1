package detect

import (
	"strings"

	"stanch/rules"
)

// southAmerica returns the detectors of South America.
func southAmerica() []Detector {
	return []Detector{
		{
			ID: "br.cpf", Title: "Brazilian taxpayer number of a person (CPF)", Country: "br", Category: Financial, Strength: rules.Strong,
			Patterns: []string{`\d{11}`, `\d{9}[-/]\d{2}`, `\d{3}\.\d{3}\.\d{3}[ /]?\d{2}`, `\d{3} \d{3} \d{3}[- ]\d{2}`},
			Typical:  []string{`\d{3}\.\d{3}\.\d{3}-\d{2}`},
			Loose:    []string{`\d{3}-\d{3}-\d{3}-\d{2}`},
			Valid:    validBrazilianCPF,
			Context: []string{"cpf", "c.p.f", "cpf/mf", "cadastro de pessoas físicas", "cadastro de pessoas fisicas", "cadastro de pessoa física",
				"nº do cpf", "número do cpf", "cpf nº", "cic", "taxpayer number"},
			Headers:         []string{"cpf cnpj", "cpf ou cnpj", "cnpj cpf"},
			Source:          "Receita Federal do Brasil, Instrução Normativa RFB 2.172/2024 (Cadastro de Pessoas Físicas)",
			Examples:        []string{"482.017.365-08", "48201736508"},
			CounterExamples: []string{"482.017.365-77", "111.111.111-11"},
		},
		{
			ID: "br.cnpj", Title: "Brazilian company number (CNPJ)", Country: "br", Category: Financial, Strength: rules.Weak,
			Patterns: []string{`\d{14}`, `\d{8}/\d{4}-?\d{2}`},
			Typical: []string{`\d[0-9A-Za-z]\.[0-9A-Za-z]{3}\.[0-9A-Za-z]{3}/[0-9A-Za-z]{4}-\d{2}`, `[A-Z][0-9A-Z]\.[0-9A-Z]{3}\.[0-9A-Z]{3}/[0-9A-Z]{4}-\d{2}`,
				`[A-Za-z][0-9A-Za-z]\.[0-9A-Za-z]{3}\.[0-9A-Za-z]{3}/\d[0-9A-Za-z]{3}-\d{2}`},
			Valid: validBrazilianCNPJ,
			Context: []string{"cnpj", "c.n.p.j", "cgc", "cadastro nacional da pessoa jurídica", "cadastro nacional da pessoa juridica", "nº do cnpj",
				"inscrição no cnpj", "company number"},
			Headers:         []string{"cpf cnpj", "cpf ou cnpj", "cnpj cpf"},
			Source:          "Receita Federal do Brasil, Instrução Normativa RFB 2.229/2024 (CNPJ, with letters from July 2026)",
			Examples:        []string{"48.201.736/0001-54", "48201736000154", "12.ABC.345/01DE-35"},
			CounterExamples: []string{"48.201.736/0001-77", "00000000000000"},
		},
		{
			ID: "br.pis", Title: "Brazilian social integration number (PIS, PASEP, NIS)", Country: "br", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{3}\.\d{5}\.\d{2}-\d`, `\d{11}`},
			Valid:    validBrazilianPIS,
			Context: []string{"pis", "pasep", "pis/pasep", "nis", "nit", "número de identificação social", "numero de identificacao social",
				"número de identificação do trabalhador"},
			Source:          "Caixa Econômica Federal, Cadastro NIS (PIS, PASEP, NIT; modulus 11)",
			Examples:        []string{"482.01736.55-6", "48201736556"},
			CounterExamples: []string{"482.01736.55-7"},
		},
		{
			ID: "br.cns", Title: "Brazilian health card number (CNS)", Country: "br", Category: Health, Strength: rules.Strong,
			Patterns: []string{`\d{3} ?\d{4} ?\d{4} ?\d{4}`},
			Valid:    validBrazilianHealthCard,
			Context: []string{"cns", "cartão nacional de saúde", "cartao nacional de saude", "cartão sus", "cartao sus", "número do sus",
				"cartão de saúde", "sus"},
			Source:          "Ministério da Saúde (DATASUS), Cartão Nacional de Saúde, rotina de validação (modulus 11)",
			Examples:        []string{"748 2017 3655 0125"},
			CounterExamples: []string{"748 2017 3655 0127"},
		},
		{
			ID: "ar.cuit", Title: "Argentine tax number (CUIT, CUIL)", Country: "ar", Category: Financial, Strength: rules.Strong,
			Patterns: []string{`\d{2}[- ./]?\d{8}[- ./]?\d`, `\d{2}[- ]\d{2}\.\d{3}\.\d{3}[- ]\d`},
			Typical:  []string{`\d{2}-\d{8}-\d`},
			Valid:    validArgentineCUIT,
			Context: []string{"cuit", "cuil", "cdi", "c.u.i.t", "c.u.i.l", "cuit/cuil", "clave única de identificación tributaria",
				"clave unica de identificacion tributaria", "código único de identificación laboral", "tax number"},
			Source:          "AFIP/ARCA, Resolución General 10/1997 (CUIT); ANSES, CUIL",
			Examples:        []string{"20-48201736-4", "27482017369", "30-48201735-1"},
			CounterExamples: []string{"20-48201736-7", "19-48201736-5"},
		},
		{
			ID: "ar.dni", Title: "Argentine national identity document (DNI)", Country: "ar", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Loose: []string{`\d{1,2}\.\d{3}\.\d{3}`, `\d{7,8}`, `\d{1,2} \d{3} \d{3}`},
			Valid: validArgentineDNI,
			Context: []string{"dni", "d.n.i", "documento nacional de identidad", "nro de documento", "número de documento", "numero de documento",
				"nro. documento", "nº documento", "identity document"},
			Headers:         []string{"documento"},
			Source:          "Registro Nacional de las Personas (RENAPER), Ley 17.671",
			Examples:        []string{"48.201.736", "27482017", "08.201.736"},
			CounterExamples: []string{"482017365"},
		},
		{
			ID: "cl.rut", Title: "Chilean tax and identity number (RUT, RUN)", Country: "cl", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{1,2}\.\d{3}\.\d{3} ?-? ?[\dKk]`, `\d{7,8}-?[\dKk]`},
			Typical:  []string{`\d{1,2}\.\d{3}\.\d{3}-[\dKk]`},
			Loose:    []string{`\d{1,2} \d{3} \d{3}-[\dKk]`, `[Cc][Ll] ?\d{1,2}\.?\d{3}\.?\d{3}-?[\dKk]`},
			Valid:    validChileanRUT,
			Context: []string{"rut", "r.u.t", "r.u.n", "rol único tributario", "rol unico tributario", "rol único nacional", "rol unico nacional",
				"cédula de identidad", "cedula de identidad", "chilean id"},
			Headers:         []string{"run", "rut run", "run rut"},
			Source:          "Servicio de Impuestos Internos; Servicio de Registro Civil e Identificación, Rol Único Nacional (modulus 11)",
			Examples:        []string{"14.820.173-0", "8201736-4", "18201706-K"},
			CounterExamples: []string{"14.820.173-7", "0.000.000-0"},
		},
		{
			ID: "co.nit", Title: "Colombian tax number (NIT)", Country: "co", Category: Financial, Strength: rules.Strong,
			Patterns: []string{`\d{1,3}(?:\.\d{3}){2,4} ?[-.]? ?\d`, `\d{1,3}(?: \d{3}){2,3} ?- ?\d`, `\d{3},\d{3},\d{3}-\d`, `\d{7,15} ?-? ?\d`},
			Loose:    []string{`\d{3}[.,]\d{3}[.,]\d{3}-\d`},
			Valid:    validColombianNIT,
			Context: []string{"nit", "n.i.t", "número de identificación tributaria", "numero de identificacion tributaria", "rut",
				"registro único tributario", "identificación tributaria", "tax number"},
			Source:          "DIAN, Decreto 1625/2016 and Orden Administrativa 4/1989 (dígito de verificación)",
			Examples:        []string{"800.482.017-4", "9004820177"},
			CounterExamples: []string{"800.482.017-7"},
		},
		{
			ID: "co.cedula", Title: "Colombian citizenship card", Country: "co", Category: OfficialDocument, Strength: rules.Strong,
			Loose: []string{`\d{1,3}(?:\.\d{3}){2}`, `1\.\d{3}\.\d{3}\.\d{3}`, `\d\d{6,7}`, `1\d{9}`},
			Context: []string{"cédula de ciudadanía", "cedula de ciudadania", "cédula de extranjería", "cédula", "cedula", "número de cédula", "nuip",
				"documento de identidad"},
			Headers:         []string{"c.c"},
			Source:          "Registraduría Nacional del Estado Civil, Número Único de Identificación Personal (NUIP)",
			Examples:        []string{"1.048.201.736", "48201736"},
			CounterExamples: []string{"48201"},
		},
		{
			ID: "ec.ci", Title: "Ecuadorian identity card", Country: "ec", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{9}-?\d`},
			Valid:    validEcuadorianCedula,
			Context: []string{"cédula", "cedula", "cédula de identidad", "cedula de identidad", "cédula de ciudadanía", "número de cédula", "nui",
				"identity card"},
			Headers:         []string{"ci", "c.i"},
			Source:          "Dirección General de Registro Civil, Identificación y Cedulación (province, third digit 0 to 6, modulus 10)",
			Examples:        []string{"1704820172", "0920173655"},
			CounterExamples: []string{"1704820177", "9904820173"},
		},
		{
			ID: "pe.cui", Title: "Peruvian identity number (DNI, CUI)", Country: "pe", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{8}[- ]?[0-9A-Ka-k]`},
			Loose:    []string{`\d{8}`},
			Valid:    validPeruvianCUI,
			Context: []string{"dni", "cui", "d.n.i", "documento nacional de identidad", "código único de identificación",
				"codigo unico de identificacion", "número de dni", "nº dni", "identity document"},
			Source:          "RENIEC, Documento Nacional de Identidad, Código Único de Identificación and its check character",
			Examples:        []string{"04820173-9", "48201736"},
			CounterExamples: []string{"04820173-7"},
		},
		{
			ID: "uy.ci", Title: "Uruguayan identity card", Country: "uy", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d\.\d{3}\.\d{3}-?\d`, `\d{7}-?\d`, `\d{3}\.\d{3}-\d`},
			Valid:    validUruguayanCedula,
			Context: []string{"cédula", "cedula", "cédula de identidad", "cedula de identidad", "documento de identidad", "nro. de cédula",
				"identity card"},
			Headers:         []string{"ci", "c.i"},
			Source:          "Dirección Nacional de Identificación Civil (DNIC), cédula de identidad (weights 2987634)",
			Examples:        []string{"4.820.173-5", "48201735"},
			CounterExamples: []string{"4.820.173-7"},
		},
		{
			ID: "ve.cedula", Title: "Venezuelan identity card", Country: "ve", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`[VEve]-\d{1,2}\.?\d{3}\.?\d{3}`},
			Loose:    []string{`[VEve][ .]?\d{1,2}\.?\d{3}\.?\d{3}`},
			Context: []string{"cédula", "cedula", "cédula de identidad", "cedula de identidad", "cédula de extranjería", "documento de identidad",
				"identity card"},
			Headers:         []string{"ci", "c.i"},
			Source:          "SAIME, Ley Orgánica de Identificación (V for citizens, E for residents)",
			Examples:        []string{"V-14.820.173", "E82017365"},
			CounterExamples: []string{"W-14.820.173"},
		},
		{
			ID: "ve.rif", Title: "Venezuelan tax number (RIF)", Country: "ve", Category: Financial, Strength: rules.Strong,
			Patterns: []string{`[VEJPGCvejpgc] ?-? ?\d{8} ?-? ?\d`},
			Typical:  []string{`[VEJPGCvejpgc]-\d{8}-\d`},
			Valid:    validVenezuelanRIF,
			Context: []string{"rif", "r.i.f", "registro de información fiscal", "registro de informacion fiscal",
				"registro único de información fiscal", "tax number"},
			Source:          "SENIAT, Registro Único de Información Fiscal (RIF)",
			Examples:        []string{"V-14820173-7", "J482017362"},
			CounterExamples: []string{"V-14820173-3"},
		},
	}
}

// validBrazilianCPF checks nine digits and two check digits by modulus 11.
func validBrazilianCPF(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 11 && !oneDigitOnly(d) && brazilianCheck(weightedSum(d, "A98765432")) == symbol(d[9]) &&
		brazilianCheck(weightedSum(d, "BA98765432")) == symbol(d[10])
}

// brazilianCheck is the check digit of CPF and CNPJ for a weighted sum.
func brazilianCheck(sum int) int {
	if sum %= 11; sum < 2 {
		return 0
	}
	return 11 - sum
}

// validBrazilianCNPJ checks twelve characters and two check digits by modulus 11. A letter counts as its ASCII code less 48.
func validBrazilianCNPJ(value []byte) bool {
	const firstWeights, secondWeights = "543298765432", "6543298765432"
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 14 || !allDigits(d[12:]) || oneDigitOnly(d) {
		return false
	}
	first, second := 0, 0
	for i, c := range d[:13] {
		if i < len(firstWeights) {
			first += int(c-'0') * symbol(firstWeights[i])
		}
		second += int(c-'0') * symbol(secondWeights[i])
	}
	return brazilianCheck(first) == symbol(d[12]) && brazilianCheck(second) == symbol(d[13])
}

// validArgentineCUIT checks the kind of taxpayer and the check digit by modulus 11.
func validArgentineCUIT(value []byte) bool {
	const kinds = "20 23 24 25 26 27 30 33 34 50 51 55"
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 11 && listed(kinds, d[:2]) && (11-weightedSum(d, "5432765432")%11)%11 == symbol(d[10])
}

// validArgentineDNI wants seven or eight digits; numbers below ten million are written with a zero before them, too.
func validArgentineDNI(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 7 && d[0] != '0' || len(d) == 8 && number(d[:2]) > 0
}

// validChileanRUT checks a number and its check character by modulus 11: weights 2 to 7 from behind, K for 10.
func validChileanRUT(value []byte) bool {
	const check, weights = "0K987654321", "32765432"
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) > 9 && d[0] == 'C' && d[1] == 'L' {
		d = d[2:]
	}
	last := len(d) - 1
	if last < 7 || last > 8 || !allDigits(d[:last]) || number(d[:last]) == 0 {
		return false
	}
	return check[weightedSum(d[:last], weights[len(weights)-last:])%len(check)] == d[last]
}

// validColombianNIT checks a number and its check digit by modulus 11; the weights are primes, from behind.
func validColombianNIT(value []byte) bool {
	const check = "01987654321"
	primes := [...]int{3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71}
	var buf compactBuffer
	d := digits(&buf, value)
	last := len(d) - 1
	if last < 7 || last > len(primes) || number(d[:last]) == 0 {
		return false
	}
	sum := 0
	for i, c := range d[:last] {
		sum += symbol(c) * primes[last-1-i]
	}
	return check[sum%len(check)] == d[last]
}

// validEcuadorianCedula checks the province (30 for those abroad, 50 formerly), the third digit and modulus 10 with weights 2 and 1.
func validEcuadorianCedula(value []byte) bool {
	const provinces = 24
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 10 || d[2] > '6' || !luhn(d) {
		return false
	}
	province := number(d[:2])
	return province >= 1 && province <= provinces || province == 30 || province == 50
}

// validPeruvianCUI checks eight digits, and the check character behind them if there is one: a digit, or a letter on older cards.
func validPeruvianCUI(value []byte) bool {
	const checkDigits, checkLetters = "65432110987", "KJIHGFEDCBA"
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) < 8 || len(d) > 9 || !allDigits(d[:8]) || number(d[:8]) == 0 {
		return false
	}
	if len(d) == 8 {
		return true
	}
	remainder := weightedSum(d[:8], "32765432") % 11
	return d[8] == checkDigits[remainder] || d[8] == checkLetters[remainder]
}

// validUruguayanCedula checks six or seven digits and modulus 10 with the weights 2987634.
func validUruguayanCedula(value []byte) bool {
	const weights = "2987634"
	var buf compactBuffer
	d := digits(&buf, value)
	last := len(d) - 1
	if last != len(weights) && last != len(weights)-1 {
		return false
	}
	return (10-weightedSum(d[:last], weights[len(weights)-last:])%10)%10 == symbol(d[last])
}

// validVenezuelanRIF checks the kind of taxpayer, eight digits and the check digit by modulus 11.
func validVenezuelanRIF(value []byte) bool {
	const check = "00987654321"
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 10 || !allDigits(d[1:]) {
		return false
	}
	sum := weightedSum(d[1:9], "32765432")
	switch d[0] {
	case 'V':
		sum += 4
	case 'E':
		sum += 8
	case 'J', 'C':
		sum += 12
	case 'P':
		sum += 16
	case 'G':
		sum += 20
	default:
		return false
	}
	return check[sum%len(check)] == d[9]
}

// validBrazilianPIS checks ten digits and their check digit by modulus 11.
func validBrazilianPIS(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 11 && !oneDigitOnly(d) && brazilianCheck(weightedSum(d, "3298765432")) == symbol(d[10])
}

// validBrazilianHealthCard checks fifteen digits: weighted from 15 down to 1 they leave no remainder by 11.
func validBrazilianHealthCard(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 15 && strings.IndexByte("12789", d[0]) >= 0 && !oneDigitOnly(d) && weightedSum(d, "FEDCBA987654321")%11 == 0
}
