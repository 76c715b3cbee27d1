package detect

import "testing"

// TestWorldRules takes one made-up value on either side of each rule that issuers added to the plain form. The check digits were
// reckoned apart from this package; where the reason is no check digit, both values have right ones.
func TestWorldRules(t *testing.T) {
	tests := []struct{ detector, rule, valid, invalid string }{
		{"no.fodselsnummer", "D number: day plus 40", "57048330136", "72048330283"},
		{"no.fodselsnummer", "H number: month plus 40", "17448330125", "17538330183"},
		{"no.fodselsnummer", "synthetic: month plus 80", "17848330108", "17938330166"},
		{"no.fodselsnummer", "III from 500 with 00 to 39 is the 21st century: 2000 was a leap year", "29020052099", "29020012038"},
		{"no.fodselsnummer", "III 500 to 749 with 54 to 99 is the 19th century", "17047060079", "17044560089"},
		{"se.personnummer", "coordination number: day plus 60", "8304772414", "8304932414"},
		{"se.personnummer", "coordination number with its century", "198304772414", "198304332417"},
		{"se.personnummer", "over a hundred years: plus sign", "180417+2417", "181317+2416"},
		{"se.personnummer", "29 February of a leap year only", "200002292415", "190002292415"},
		{"fi.hetu", "mark Y is the 20th century as - is: 1900 was no leap year", "280200Y217N", "290200Y217A"},
		{"fi.hetu", "mark X is the 20th century as - is: 1900 was no leap year", "280200X217N", "290200X217A"},
		{"fi.hetu", "mark W is the 20th century as - is: 1900 was no leap year", "280200W217N", "290200W217A"},
		{"fi.hetu", "mark V is the 20th century as - is: 1900 was no leap year", "280200V217N", "290200V217A"},
		{"fi.hetu", "mark U is the 20th century as - is: 1900 was no leap year", "280200U217N", "290200U217A"},
		{"fi.hetu", "mark A is the 21st century: 2000 was a leap year", "290200A217A", "290201A217K"},
		{"fi.hetu", "mark B is the 21st century: 2000 was a leap year", "290200B217A", "290201B217K"},
		{"fi.hetu", "mark C is the 21st century: 2000 was a leap year", "290200C217A", "290201C217K"},
		{"fi.hetu", "mark D is the 21st century: 2000 was a leap year", "290200D217A", "290201D217K"},
		{"fi.hetu", "mark E is the 21st century: 2000 was a leap year", "290200E217A", "290201E217K"},
		{"fi.hetu", "mark F is the 21st century: 2000 was a leap year", "290200F217A", "290201F217K"},
		{"fi.hetu", "mark + is the 19th century", "170483+217L", "170420+217B"},
		{"fi.hetu", "individual numbers begin with 002", "170483-002N", "170483-001M"},
		{"fi.hetu", "individual numbers from 900 up are nobody's own", "170483-899L", "170483-900M"},
		{"fi.hetu", "letters in lower case", "170403a217y", "170403a217g"},
		{"dk.cpr", "seventh digit 4 with 00 to 36 is the 21st century", "290200-4123", "290200-1123"},
		{"dk.cpr", "seventh digit 5 to 8 with 58 to 99 is the 19th century", "170470-6123", "290270-6123"},
		{"is.kennitala", "organizations add 40 to the day", "5704832189", "7204832039"},
		{"is.kennitala", "century 0: 2000 was a leap year", "2902002020", "2902002029"},
		{"ee.ik", "second round of weights", "38304170068", "38304170069"},
		{"lt.asmens", "second round of weights", "38304170068", "38304170069"},
		{"ee.ik", "first digit 6 is the 21st century", "60002291230", "40002291238"},
		{"lv.pk", "seventh digit 2 is the 21st century: 2000 was a leap year", "290200-21001", "290200-11006"},
		{"lv.pk", "without a date since 2017: 32 to 39", "374820-17365", "310283-17365"},
		{"de.tax_id", "one digit three times, not in a row", "12131456787", "12131456289"},
		{"de.tax_id", "all digits once", "12345678899", "12345678903"},
		{"de.tax_id", "never begins with 0", "92345678811", "02345678813"},
		{"de.social_security", "days from 51 where serials ran out", "53670483K171", "53920483K170"},
		{"fr.nir", "Corsica 2B", "184072B04510816", "184072B04510817"},
		{"fr.nir", "month 20 is unknown, 13 is not given", "184207645108977", "184137645108962"},
		{"fr.nir", "7 and 8 are provisional, 5 is not given", "784077645108954", "584077645108957"},
		{"be.nn", "born from 2000 on: 2 before the number", "04061523156", "04061523190"},
		{"be.nn", "unknown month and day", "83000011279", "83441711271"},
		{"be.bis", "month plus 20", "83241711228", "83041711282"},
		{"nl.bsn", "eight digits have lost a zero", "41829311", "00000000"},
		{"ie.pps", "second letter I", "4820173EI", "4820173PI"},
		{"ie.pps", "second letter T counts nothing", "4820173PT", "4820173BT"},
		{"es.nif", "form M", "M4820173V", "M4820173H"},
		{"es.nie", "Y counts as 1", "Y4820173P", "Y4820173V"},
		{"es.nie", "Z counts as 2", "Z4820173E", "Z4820173V"},
		{"it.fiscal_code", "women have 40 added to the day", "VRDGLI83D57F205W", "VRDGLI83D72F205M"},
		{"pl.pesel", "month plus 80 is the 19th century", "83841711485", "83931711487"},
		{"pl.pesel", "month plus 20 is the 21st century", "00222911485", "00022911489"},
		{"cz.rc", "woman: month plus 50", "8354172002", "8363172004"},
		{"cz.rc", "since 2004 month plus 20", "1024172006", "8324172010"},
		{"cz.rc", "since 2004 month plus 70", "1074172000", "8374172004"},
		{"cz.rc", "remainder 10 written as 0", "7504172050", "7504172051"},
		{"sk.rc", "nine digits until 1953", "505923/418", "545923/418"},
		{"bg.egn", "month plus 40 is the 21st century", "0042294829", "0002294820"},
		{"bg.egn", "month plus 20 is the 19th century", "8324174823", "8333174826"},
		{"ro.cnp", "first digit 6 is the 21st century", "6000229352040", "2000229352043"},
		{"ro.cnp", "counties end at 52", "1830417512043", "1830417532048"},
		{"si.emso", "year 000 is 2000", "2902000501000", "2902900501006"},
		{"cl.rut", "K for ten", "14820179-K", "14820179-0"},
		{"cn.ric", "X for ten, in lower case", "31010419830417107x", "310104198304171070"},
		{"cn.ric", "province 99 is none", "910000198304174829", "990000198304174823"},
		{"kr.rrn", "October 2020: no check digit any more", "201001-3482017", "2009303482012"},
		{"kr.rrn", "9 and 0 are the 19th century", "8312319482010", "8313319482015"},
		{"th.id", "province 10 to 96", "1104820173658", "1294820173657"},
		{"sg.nric", "T adds 4", "T0482017C", "T0482017G"},
		{"sg.nric", "G adds 4", "G4820173W", "G4820173M"},
		{"za.id", "citizenship 0 to 2", "8304174820181", "8304174820389"},
		{"nz.ird", "second round of weights", "048201136", "048201137"},
		{"nz.nhi", "from 2026: letter as check", "KVT48BW", "KVT48BA"},
		{"br.cpf", "one digit only is a placeholder", "48201736508", "77777777777"},
		{"br.cnpj", "letters from July 2026", "12.ABC.345/01DE-35", "12.ABC.345/01DF-35"},
		{"ua.rntrc", "days since 31 December 1899", "3042114824", "9942114820"},
		{"id.nik", "women have 40 added to the day", "3174025704830002", "3174027204830002"},
	}
	matchers := worldMatchers(t)
	for _, test := range tests {
		t.Run(test.detector+" "+test.rule, func(t *testing.T) {
			m, known := matchers[test.detector]
			if !known {
				t.Fatalf("there is no detector %s", test.detector)
			}
			if !m.takes(test.valid) {
				t.Errorf("%s is not taken", test.valid)
			}
			if m.takes(test.invalid) {
				t.Errorf("%s is taken", test.invalid)
			}
		})
	}
}
