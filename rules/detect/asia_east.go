package detect

import (
	"strings"

	"stanch/rules"
)

// asiaEast returns the detectors of China, Hong Kong, Taiwan, Japan and Korea.
func asiaEast() []Detector {
	return []Detector{
		{
			ID: "cn.ric", Title: "Chinese resident identity number", Country: "cn", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:    []string{`\d{6} ?\d{8} ?\d{3}[0-9Xx]`},
			Valid:       validChineseIdentity,
			Distinctive: true,
			Context: []string{"身份证", "身份证号", "身份证号码", "身份证件号码", "公民身份号码", "居民身份证", "证件号码", "身分證", "resident identity card", "identity card",
				"id card", "shenfenzheng", "chinese id"},
			Source:          "GB 11643-1999, Citizen identification number (region by GB/T 2260, birth date, sequence, ISO 7064 MOD 11-2)",
			Examples:        []string{"310104198304174828", "440306200102281732"},
			CounterExamples: []string{"310104198304174827", "310104198313174821"},
		},
		{
			ID: "cn.passport", Title: "Chinese passport number", Country: "cn", Category: OfficialDocument, Strength: rules.Strong,
			Loose:           []string{`[EGDSPHegdsph]\d{8}`, `[Ee][A-HJ-NP-Za-hj-np-z]\d{7}`},
			Context:         []string{"护照", "护照号", "护照号码", "護照號碼", "passport", "passport number", "passport no"},
			Source:          "National Immigration Administration of China; PRADO, document CHN-AO",
			Examples:        []string{"EK4820173", "G48201736"},
			CounterExamples: []string{"K48201736"},
		},
		{
			ID: "hk.hkid", Title: "Hong Kong identity card", Country: "hk", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`[A-Za-z]{1,2}\d{6}[0-9Aa]`},
			Typical:  []string{`[A-Za-z]{1,2}\d{6} ?\([0-9Aa]\)`},
			Valid:    validHongKongIdentity,
			Context: []string{"hkid", "hkid no", "hkid number", "hong kong id", "hong kong identity card", "identity card", "identity card no", "身份證",
				"身份證號碼", "香港身份證", "香港身份證號碼"},
			Source:          "Hong Kong Immigration Department, Registration of Persons Regulations (check digit by modulus 11)",
			Examples:        []string{"K482017(7)", "WX482017(5)", "k4820177"},
			CounterExamples: []string{"K482017(3)"},
		},
		{
			ID: "tw.id", Title: "Taiwanese identity or resident certificate number", Country: "tw", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`[A-Za-z][1289A-Da-d]\d{8}`},
			Valid:    validTaiwaneseIdentity,
			Context: []string{"身分證", "身分證字號", "身份證字號", "身分證號碼", "身份證號", "國民身分證", "統一證號", "居留證", "居留證號碼", "identity card", "national id", "arc no",
				"ui no", "taiwan id"},
			Source:          "Ministry of the Interior, National Identification Card number; National Immigration Agency, UI No. from 2021",
			Examples:        []string{"A148201735", "F848201734", "B248201738"},
			CounterExamples: []string{"A148201737"},
		},
		{
			ID: "jp.mynumber", Title: "Japanese individual number (My Number)", Country: "jp", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{4}[- ]?\d{4}[- ]?\d{4}`},
			Valid:    validJapaneseMyNumber,
			Context: []string{"マイナンバー", "個人番号", "個人番号カード", "マイナンバーカード", "my number", "mynumber", "individual number", "kojin bango",
				"social security and tax number", "マイナ番号"},
			Source:          "Ministry of Internal Affairs and Communications, Ordinance 85 of 2014, article 5 (check digit of the individual number)",
			Examples:        []string{"4820 1736 5520", "482017365538"},
			CounterExamples: []string{"4820 1736 5527", "000000000000"},
		},
		{
			ID: "jp.residence_card", Title: "Japanese residence card number", Country: "jp", Category: OfficialDocument, Strength: rules.Strong,
			Patterns:        []string{`[A-Za-z]{2}\d{8}[A-Za-z]{2}`},
			Context:         []string{"在留カード", "在留カード番号", "在留番号", "residence card", "residence card number", "zairyu card"},
			Source:          "Immigration Services Agency of Japan, Residence card (two letters, eight digits, two letters)",
			Examples:        []string{"KT48201736BC"},
			CounterExamples: []string{"KT4820173BC"},
		},
		{
			ID: "jp.passport", Title: "Japanese passport number", Country: "jp", Category: OfficialDocument, Strength: rules.Strong,
			Loose:           []string{`[A-Za-z]{2}\d{7}`},
			Context:         []string{"旅券", "旅券番号", "パスポート", "パスポート番号", "passport", "passport number", "passport no"},
			Source:          "Ministry of Foreign Affairs of Japan; PRADO, document JPN-AO",
			Examples:        []string{"TK4820173"},
			CounterExamples: []string{"TK48201736"},
		},
		{
			ID: "jp.driver_licence", Title: "Japanese driving licence number", Country: "jp", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns:        []string{`\d{12}`},
			Valid:           validJapaneseDrivingLicence,
			Context:         []string{"運転免許", "運転免許証", "運転免許証番号", "免許証番号", "免許番号", "driving licence", "driving license", "driver's license", "driver license"},
			Source:          "National Police Agency of Japan, Driving licence number (prefecture 10 to 97, year, serial, modulus 11)",
			Examples:        []string{"304820173600"},
			CounterExamples: []string{"304820173670", "994820173670"},
		},
		{
			ID: "kr.rrn", Title: "South Korean resident registration number", Country: "kr", Category: OfficialDocument, Strength: rules.Strong,
			Patterns: []string{`\d{6} ?-? ?\d{7}`},
			Typical:  []string{`\d{6}-\d{7}`},
			Valid:    validKoreanResident,
			Context: []string{"주민등록번호", "주민번호", "주민등록", "rrn", "resident registration number", "resident registration no",
				"korean resident registration number", "korean id", "jumin"},
			Source:          "Ministry of the Interior and Safety, Enforcement Rule of the Resident Registration Act (without check digit from October 2020)",
			Examples:        []string{"830417-1482015", "0102283482018", "201103-3482017", "210103-4820173"},
			CounterExamples: []string{"830417-1482017", "831317-1482017", "830417-1972017"},
		},
		{
			ID: "kr.frn", Title: "South Korean foreigner registration number", Country: "kr", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`\d{6} ?-? ?\d{7}`},
			Valid:    validKoreanForeigner,
			Context: []string{"외국인등록번호", "외국인번호", "외국인등록증", "frn", "alien registration number", "foreigner registration number",
				"alien registration card", "foreign registration number", "korean frn"},
			Headers:         []string{"arc"},
			Source:          "Ministry of Justice, Enforcement Rule of the Immigration Act (structure of the resident number, seventh digit 5 to 8)",
			Examples:        []string{"830417-5482017", "0102287482017"},
			CounterExamples: []string{"831317-5482017", "830417-1482017"},
		},
		{
			ID: "kr.driver_licence", Title: "South Korean driving licence number", Country: "kr", Category: OfficialDocument, Strength: rules.Strong, Ranges: true,
			Patterns: []string{`\d{2}[- ]\d{2}[- ]\d{6}[- ]\d{2}`, `\d{12}`},
			Valid:    validKoreanDrivingLicence,
			Context: []string{"운전면허", "운전면허번호", "면허번호", "운전면허증", "driver's license", "driver license", "drivers license", "driving licence",
				"license number", "driver's licence"},
			Source:          "Korean National Police Agency, Enforcement Rule of the Road Traffic Act (region, year, serial, check and issue)",
			Examples:        []string{"13-04-482017-36", "130448201736"},
			CounterExamples: []string{"27-04-482017-36"},
		},
		{
			ID: "kr.passport", Title: "South Korean passport number", Country: "kr", Category: OfficialDocument, Strength: rules.Strong,
			Loose:           []string{`[DGMORSdgmors]\d{3}[A-Za-z]\d{4}`, `[DGMORSdgmors]\d{8}`},
			Context:         []string{"여권", "여권번호", "대한민국 여권", "passport", "passport no", "passport number", "korean passport"},
			Source:          "Ministry of Foreign Affairs, Enforcement Rule of the Passport Act; PRADO, document KOR-AO",
			Examples:        []string{"M482K2017", "s48201736"},
			CounterExamples: []string{"M48K20173"},
		},
	}
}

// chineseProvinces are the first two digits of GB/T 2260, with 83 for residence permits of Taiwan and 9 for abroad.
const chineseProvinces = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91"

// validChineseIdentity checks province, birth date, sequence and ISO 7064 MOD 11-2.
func validChineseIdentity(value []byte) bool {
	var buf compactBuffer
	d := compact(&buf, value)
	return len(d) == 18 && allDigits(d[:17]) && listed(chineseProvinces, d[:2]) && iso7064Mod11Radix2(d) &&
		validBirth(number(d[6:10]), number(d[10:12]), number(d[12:14]))
}

// validHongKongIdentity checks one or two letters, six digits and modulus 11, in which A is 10; a missing first letter counts 36.
func validHongKongIdentity(value []byte) bool {
	const noLetter, firstWeight = 36, 9
	var buf compactBuffer
	d := compact(&buf, value)
	sum := 0
	switch len(d) {
	case 8:
		sum = noLetter * firstWeight
	case 9:
		if d[0] < 'A' {
			return false
		}
		sum, d = symbol(d[0])*firstWeight, d[1:]
	default:
		return false
	}
	if !allLetters(d[:1]) || !allDigits(d[1:7]) || d[7] > 'A' {
		return false
	}
	return (sum+weightedSum(d, "87654321"))%11 == 0
}

// validTaiwaneseIdentity checks the area letter, sex or kind, and modulus 10. Certificates before 2021 have a second letter.
func validTaiwaneseIdentity(value []byte) bool {
	const areas = "ABCDEFGHJKLMNPQRSTUVXYWZIO" // in the order of their numbers from 10 up
	var buf compactBuffer
	d := compact(&buf, value)
	if len(d) != 10 || !allLetters(d[:1]) || !allDigits(d[2:]) {
		return false
	}
	area := 10 + strings.IndexByte(areas, d[0])
	sum := area/10 + area%10*9
	if d[1] >= 'A' {
		sum += (10 + strings.IndexByte(areas, d[1])) % 10 * 8
	} else {
		sum += symbol(d[1]) * 8
	}
	return (sum+weightedSum(d[2:], "76543211"))%10 == 0
}

// validJapaneseMyNumber checks eleven digits against the twelfth by modulus 11.
func validJapaneseMyNumber(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 12 || oneDigitOnly(d) {
		return false
	}
	remainder := weightedSum(d, "65432765432") % 11
	if remainder <= 1 {
		return d[11] == '0'
	}
	return 11-remainder == symbol(d[11])
}

// validKoreanResident checks birth date, century and sex (5 to 8 are foreigners); place and check digit only for those born before
// October 2020, when both were given up.
func validKoreanResident(value []byte) bool {
	const giveUpYear, giveUpMonth, lastPlace = 2020, 10, 96
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 13 {
		return false
	}
	year, month := number(d[:2]), number(d[2:4])
	switch d[6] {
	case '1', '2', '5', '6':
		year += 1900
	case '3', '4', '7', '8':
		year += 2000
	default:
		year += 1800
	}
	if !validBirth(year, month, number(d[4:6])) {
		return false
	}
	if year > giveUpYear || year == giveUpYear && month >= giveUpMonth {
		return true
	}
	return number(d[7:9]) <= lastPlace && (11-weightedSum(d, "234567892345")%11)%10 == symbol(d[12])
}

// validKoreanForeigner checks birth date and the mark of foreigners; there is no reliable check digit.
func validKoreanForeigner(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 13 || d[6] < '5' || d[6] > '8' {
		return false
	}
	century := 1900 + 100*int((d[6]-'5')/2)
	return validBirth(century+number(d[:2]), number(d[2:4]), number(d[4:6]))
}

// validJapaneseDrivingLicence checks the prefecture's commission and the eleventh digit by modulus 11; the last counts reissues.
func validJapaneseDrivingLicence(value []byte) bool {
	const firstCommission, lastCommission = 10, 97
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 12 || number(d[:2]) < firstCommission || number(d[:2]) > lastCommission {
		return false
	}
	remainder := weightedSum(d, "5432765432") % 11
	if remainder <= 1 {
		return d[10] == '0'
	}
	return 11-remainder == symbol(d[10])
}

// validKoreanDrivingLicence checks the region, 11 to 26 or 28.
func validKoreanDrivingLicence(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	if len(d) != 12 {
		return false
	}
	region := number(d[:2])
	return region >= 11 && region <= 26 || region == 28
}
