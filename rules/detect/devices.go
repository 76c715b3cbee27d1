package detect

import "stanch/rules"

// devices lists the identifiers of telephones and their subscribers.
func devices() []Detector {
	return []Detector{
		{
			ID: "imei", Title: "IMEI of a mobile device", Category: OnlineIdentifier, Strength: rules.Weak,
			Patterns:        []string{`\d{15}`, `\d{2}-\d{6}-\d{6}-\d{1,2}`, `\d{2} \d{6} \d{6} \d`, `\d{8}-\d{6}-\d{1,2}`, `\d{6}-\d{2}-\d{6}-\d{1,2}`},
			Loose:           []string{`\d{16}`, `\d{14}`, `\d{8}-\d{6}`, `\d{2}-\d{6}-\d{6}`, `\d{6}[ /]\d{2}[ /]\d{6}[ /]\d{1,2}`},
			Valid:           validIMEI,
			Context:         []string{"imei", "imeisv", "imei number", "device imei", "mobile equipment identity"},
			Source:          "3GPP TS 23.003 section 6 and annex B (check digit); GSMA TS.06",
			Examples:        []string{"354178036859789", "35-209900-176148-1", "35686800-004141-20", "35-417803-685978-21"},
			CounterExamples: []string{"354178036859788", "35-417803-685978-1"},
		},
		{
			ID: "imsi", Title: "IMSI of a mobile subscriber", Category: OnlineIdentifier, Strength: rules.Strong,
			Loose:           []string{`\d{14,15}`, `\d{3}[ -]\d{2,3}[ -]\d{9,10}`},
			Valid:           validIMSI,
			Context:         []string{"imsi", "subscriber identity", "imsi number", "mobile subscriber identity"},
			Source:          "ITU-T Recommendation E.212 and its list of mobile country codes",
			Examples:        []string{"429011234567890", "502152100145324"},
			CounterExamples: []string{"439011234567890", "429011234567890"},
		},
	}
}

// validIMEI checks the Luhn digit; an IMEISV of 16 digits has none, nor has an IMEI of 14, as it is transmitted.
func validIMEI(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return !oneDigitOnly(d) && (len(d) == 15 && luhn(d) || len(d) == 16 || len(d) == 14)
}

// mobileCountries are the mobile country codes of ITU-T E.212 in use, as ranges of the first three digits.
const mobileCountries = "202202204204206206208208212214216216218222225226228228230232234235238238240240242242244244246248250250255255257257259260262262266266268268270270272272274274276276278278" +
	"280280282284286286288290292295297297302302308308310316330330332332334334338338340340342342344344346346348348350350352352354354356356358358360360362366368368370370372372" +
	"374374376376400402404406410410412422424432434434436438440441450450452452454457460461466467470470472472502502505505510510514515520520525525528528530530536537539555602643" +
	"645655657659702702704704706706708708710710712712714714716716722722724724730730732732734734736736738738740740742742744744746746748748750750901902"

// isMobileCountry tells the codes of mobileCountries.
var isMobileCountry = func() (is [1000]bool) {
	const digits = 3
	for i := 0; i < len(mobileCountries); i += 2 * digits {
		first, last := mobileCountries[i:i+digits], mobileCountries[i+digits:i+2*digits]
		for code := number([]byte(first)); code <= number([]byte(last)); code++ {
			is[code] = true
		}
	}
	return
}()

// validIMSI checks the mobile country code.
func validIMSI(value []byte) bool {
	var buf compactBuffer
	d := digits(&buf, value)
	return (len(d) == 14 || len(d) == 15) && isMobileCountry[number(d[:3])]
}
