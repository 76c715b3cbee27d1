package detect

import (
	"strings"

	"stanch/rules"
)

// asiaSoutheast returns the detectors of Singapore, Malaysia, Thailand, Indonesia, the Philippines, Vietnam and Myanmar.
func asiaSoutheast() []Detector {
	return []Detector{
		{
			ID: "sg.nric", Title: "Singaporean NRIC or FIN", Country: "sg", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:    []string{`[STFGM]\d{7}[A-Z]`},
			Loose:       []string{`[STFGMstfgm]\d{7}[A-Za-z]`},
			Valid:       validSingaporeanNRIC,
			Distinctive: true,
			Context: []string{"nric", "nric no", "nric number", "fin", "fin no", "fin number", "identity card", "foreign identification number",
				"ic no", "singpass", "national registration identity card", "uin"},
			Headers:         []string{"nric fin", "fin nric", "nric passport"},
			Source:          "Immigration & Checkpoints Authority of Singapore, National Registration Regulations (prefixes S, T, F, G and, from 2022, M)",
			Examples:        []string{"S8420173A", "T0482017C", "F8420173K", "G4820173W", "M4820173K"},
			CounterExamples: []string{"S8420173X", "A8420173D"},
		},
		{
			ID: "sg.uen", Title: "Singaporean unique entity number (UEN)", Country: "sg", Category: Financial, Strength: rules.Weak,
			Patterns: []string{`\d{8}[A-Za-z]`, `\d{9}[A-Za-z]`, `[RSTrst]\d{2}[A-Za-z][0-9A-Za-z]\d{4}[A-Za-z]`},
			Typical:  []string{`[RST]\d{2}[A-Z][0-9A-Z]\d{4}[A-Z]`},
			Valid:    validSingaporeanUEN,
			Context: []string{"uen", "uen no", "uen number", "unique entity number", "acra", "business registration number",
				"company registration number", "gst registration number"},
			Headers:         []string{"roc"},
			Source:          "Accounting and Corporate Regulatory Authority (ACRA), Unique Entity Number (formats A, B and C)",
			Examples:        []string{"48201736L", "201848201R", "T18LL0482B"},
			CounterExamples: []string{"48201736X", "T18QQ0482A"},
		},
		{
			ID: "my.nric", Title: "Malaysian identity card (MyKad)", Country: "my", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`\d{6}[- ]?\d{2}[- ]?\d{4}`},
			Valid:    validMalaysianNRIC,
			Context: []string{"nric", "nric no", "mykad", "mypr", "mykid", "kad pengenalan", "no kad pengenalan", "no. kad pengenalan",
				"nombor kad pengenalan", "ic no", "ic number", "no kp", "no. kp", "identity card"},
			Source:          "Jabatan Pendaftaran Negara (JPN), National Registration Regulations 1990; Kod Negeri (place of birth)",
			Examples:        []string{"830417-14-4821", "010228147306", "000229-10-5512"},
			CounterExamples: []string{"831317-14-4821", "830417-17-4821"},
		},
		{
			ID: "my.passport", Title: "Malaysian passport number", Country: "my", Category: OfficialDocument, Strength: rules.Strong,
			Loose:           []string{`[AHKahk]\d{8}`},
			Context:         []string{"pasport", "no pasport", "nombor pasport", "passport", "passport number", "passport no"},
			Source:          "Jabatan Imigresen Malaysia; PRADO, document MYS-AO (series A, H and K)",
			Examples:        []string{"A48201736"},
			CounterExamples: []string{"B48201736"},
		},
		{
			ID: "th.id", Title: "Thai national identity number", Country: "th", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d-?\d{4}-?\d{5}-?\d{2}-?\d`, `\d {0,5}\d\d(?: {0,5}\d){10}`},
			Typical:  []string{`\d-\d{4}-\d{5}-\d{2}-\d`},
			Loose:    []string{`\d\.\d{4}\.\d{5}\.\d{2}\.\d`},
			Valid:    validThaiIdentity,
			Context: []string{"เลขประจำตัวประชาชน", "เลขบัตรประชาชน", "บัตรประชาชน", "เลขประจำตัว", "เลขที่บัตรประชาชน", "thai id",
				"thai national id", "thai national id number", "tnin", "national id", "id card", "citizen id", "identification number"},
			Source:          "Department of Provincial Administration (DOPA), Civil Registration Act 1991 (kind of person, province, office, group, check digit)",
			Examples:        []string{"1-4820-17365-48-8", "3100201736547", "1 4820 17365 48 8"},
			CounterExamples: []string{"1-4820-17365-48-7", "0482017365481"},
		},
		{
			ID: "id.nik", Title: "Indonesian identity number (NIK)", Country: "id", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`\d{6}[ .-]?\d{6}[ .-]?\d{4}`, `\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}`},
			Loose:    []string{`\d{2}[ .]\d{2}[ .]\d{2}[ .]\d{6}[ .]\d{4}`},
			Valid:    validIndonesianNIK,
			Context: []string{"nik", "no ktp", "no. ktp", "nomor ktp", "ktp", "e-ktp", "nomor induk kependudukan", "nomor identitas",
				"kartu tanda penduduk", "no kk", "identity number"},
			Source:          "Kementerian Dalam Negeri, Permendagri on Nomor Induk Kependudukan (region, birth date with 40 added for women, serial)",
			Examples:        []string{"3174025704830002", "3578061708010011"},
			CounterExamples: []string{"9974025704830002", "3174027704830002"},
		},
		{
			ID: "id.npwp", Title: "Indonesian taxpayer number (NPWP)", Country: "id", Category: Financial, Strength: rules.Strong,
			Typical:         []string{`\d{2}\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3}`},
			Loose:           []string{`\d{15}`},
			Valid:           validIndonesianNPWP,
			Context:         []string{"npwp", "no npwp", "nomor npwp", "no. npwp", "nomor pokok wajib pajak", "wajib pajak", "taxpayer number"},
			Source:          "Direktorat Jenderal Pajak, PER-04/PJ/2020 (nine digits with a check digit, tax office, branch)",
			Examples:        []string{"04.820.173.5-013.000"},
			CounterExamples: []string{"04.820.173.7-013.000"},
		},
		{
			ID: "ph.tin", Title: "Philippine taxpayer number (TIN)", Country: "ph", Category: Financial, Strength: rules.Strong,
			Patterns: []string{`\d{3}[- ]?\d{3}[- ]?\d{3}`, `\d{3}[- ]\d{3}[- ]\d{3}[- ]?\d{3}(?:\d{2})?`},
			Loose:    []string{`\d{12}`, `\d{14}`}, // its branch is no part of the check
			Valid:    validPhilippineTIN,
			Context: []string{"tin", "tin no", "tin number", "bir", "bir tin", "taxpayer identification number", "tax identification number",
				"bureau of internal revenue", "tax id"},
			Source:          "Bureau of Internal Revenue, Revenue Regulations 7-2012 (nine digits with a check digit by modulus 11, branch code)",
			Examples:        []string{"482-017-363-000", "482017363", "482-017-363-00000"},
			CounterExamples: []string{"482-017-367-000"},
		},
		{
			ID: "ph.sss", Title: "Philippine social security number", Country: "ph", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`\d{2}-\d{7}-\d`},
			Loose:           []string{`\d{10}`},
			Context:         []string{"sss", "sss no", "sss number", "social security system", "social security number"},
			Source:          "Social Security System of the Philippines, SSS number (2-7-1)",
			Examples:        []string{"04-8201736-5"},
			CounterExamples: []string{"04-820173-5"},
		},
		{
			ID: "ph.philhealth", Title: "Philippine health insurance number", Country: "ph", Category: Health, Strength: rules.Strong,
			Patterns:        []string{`\d{2}-\d{9}-\d`},
			Loose:           []string{`\d{12}`},
			Context:         []string{"philhealth", "philhealth no", "philhealth number", "philhealth id", "phic", "pin philhealth"},
			Source:          "Philippine Health Insurance Corporation, PhilHealth Identification Number (2-9-1)",
			Examples:        []string{"12-048201736-5"},
			CounterExamples: []string{"12-04820173-5"},
		},
		{
			ID: "ph.umid", Title: "Philippine multi-purpose identity number (UMID)", Country: "ph", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`\d{4}-\d{7}-\d`},
			Loose:           []string{`\d{12}`},
			Context:         []string{"umid", "umid no", "umid number", "crn", "common reference number", "unified multi-purpose id"},
			Source:          "Government Service Insurance System and SSS, Unified Multi-Purpose ID: common reference number (4-7-1)",
			Examples:        []string{"0048-2017365-4"},
			CounterExamples: []string{"0048-201736-4"},
		},
		{
			ID: "vn.cccd", Title: "Vietnamese citizen identity number", Country: "vn", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`0\d{11}`},
			Valid:    validVietnameseCitizen,
			Context: []string{"cccd", "căn cước công dân", "can cuoc cong dan", "số cccd", "so cccd", "số định danh", "số định danh cá nhân",
				"căn cước", "citizen identity card"},
			Source:          "Bộ Công an, Thông tư 59/2021/TT-BCA (province, century and sex, year, six digits)",
			Examples:        []string{"001083048201", "079301482017"},
			CounterExamples: []string{"099083048201", "001983048201"},
		},
		{
			ID: "mm.nrc", Title: "Burmese national registration card", Country: "mm", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns:        []string{`\d{1,2}/[A-Za-z]{6,12} ?\([A-Za-z]{1,3}\) ?\d{6}`},
			Valid:           validBurmeseNRC,
			Distinctive:     true,
			Context:         []string{"nrc", "nrc no", "nrc number", "national registration card", "citizenship scrutiny card"},
			Source:          "Ministry of Immigration and Population of Myanmar (state 1 to 14, township, kind, serial)",
			Examples:        []string{"12/KAMAYA(N)048201"},
			CounterExamples: []string{"15/KAMAYA(N)048201"},
		},
	}
}

// validSingaporeanNRIC checks seven digits against the letters of the prefix: S and T are citizens, F, G and M foreigners.
func validSingaporeanNRIC(value []byte) bool {
	const citizens, foreigners, foreignersFrom2022 = "JZIHGFEDCBA", "XWUTRQPNMLK", "XWUTRQPNJLK"
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 9 || !allDigits(d[1:8]) {
		return false
	}
	sum := weightedSum(d[1:8], "2765432")
	switch d[0] {
	case 'S':
		return citizens[sum%11] == d[8]
	case 'T':
		return citizens[(sum+4)%11] == d[8]
	case 'F':
		return foreigners[sum%11] == d[8]
	case 'G':
		return foreigners[(sum+4)%11] == d[8]
	case 'M':
		return foreignersFrom2022[10-(sum+3)%11] == d[8]
	}
	return false
}

// singaporeanEntities are the kinds of entity in a UEN of the format C.
const singaporeanEntities = "CC CD CH CL CM CP CS CX DP FB FC FM FN GA GB GS HS LL LP MB MC MD MH MM MQ NB NR PA PB PF RF RP SM SS TC TU VH XL"

// validSingaporeanUEN checks the three formats: businesses, local companies and other entities.
func validSingaporeanUEN(value []byte) bool {
	const businesses, companies, others = "XMKECAWLJDB", "ZKCMDNERGWH", "ABCDEFGHJKLMNPQRSTUVWX0123456789"
	var buf compactBuffer
	d := compact(&buf, value)
	switch {
	case len(d) == 9 && allDigits(d[:8]):
		return businesses[weightedSum(d[:8], "A4938271")%11] == d[8]
	case len(d) == 10 && allDigits(d[:9]):
		year := number(d[:4])
		return year >= firstBirthYear && year <= lastBirthYear && companies[weightedSum(d[:9], "A86497531")%11] == d[9]
	case len(d) == 10 && allDigits(d[1:3]) && allDigits(d[5:9]) && listed(singaporeanEntities, d[3:5]):
		sum := -5
		for i, c := range d[:9] {
			sum += max(0, strings.IndexByte(others, c)) * symbol("4353A2257"[i])
		}
		return others[(sum+11)%11] == d[9]
	}
	return false
}

// malaysianGaps are the numbers below 100 that are no place of birth.
const malaysianGaps = "00 17 18 19 20 69 70 73 80 81 94 95 96 97"

// validMalaysianNRIC checks birth date and place of birth.
func validMalaysianNRIC(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 12 && validShortBirth(number(d[:2]), number(d[2:4]), number(d[4:6])) && !listed(malaysianGaps, d[6:8])
}

// thaiGaps are the numbers from 10 up that are no province.
const thaiGaps = "28 29 59 68 69 78 79 87 88 89 97 98 99"

// validThaiIdentity checks thirteen digits: kind of person from 1 to 8, province, and modulus 11.
func validThaiIdentity(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 13 || d[0] == '0' || d[0] == '9' || d[1] == '0' || listed(thaiGaps, d[1:3]) {
		return false
	}
	return (11-weightedSum(d, "DCBA98765432")%11)%10 == symbol(d[12])
}

// indonesianProvinces are the first two digits of a region.
const indonesianProvinces = "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 71 72 73 74 75 76 81 82 91 92 93 94 95 96 97"

// validIndonesianNIK checks region, birth date (40 added to the day for women) and that the serial is not zero.
func validIndonesianNIK(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 16 || !listed(indonesianProvinces, d[:2]) || number(d[2:4]) == 0 || number(d[4:6]) == 0 {
		return false
	}
	day := number(d[6:8])
	if day > 40 {
		day -= 40
	}
	return number(d[12:]) > 0 && validShortBirth(number(d[10:12]), number(d[8:10]), day)
}

// validPhilippineTIN checks eight digits, weighted from 9 down to 2, against the remainder by 11; a branch code may follow.
func validPhilippineTIN(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	switch len(d) {
	case 9, 12, 14:
		return number(d[:9]) > 0 && weightedSum(d, "98765432")%11 == symbol(d[8])
	}
	return false
}

// validVietnameseCitizen checks province, century with sex, and year of birth.
func validVietnameseCitizen(value []byte) bool {
	const provinces = 96
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 12 {
		return false
	}
	province, year := number(d[:3]), 1900+100*int((d[3]-'0')/2)+number(d[4:6])
	return province >= 1 && province <= provinces && year <= lastBirthYear
}

// validIndonesianNPWP checks the ninth digit by Luhn over the eight before it.
func validIndonesianNPWP(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return len(d) == 15 && number(d[:9]) > 0 && luhn(d[:9])
}

// validBurmeseNRC checks the state or region before the slash.
func validBurmeseNRC(value []byte) bool {
	const states = 14
	n := 0
	for n < len(value) && n < 2 && isDigit(value[n]) {
		n++
	}
	state := number(value[:n])
	return state >= 1 && state <= states
}
