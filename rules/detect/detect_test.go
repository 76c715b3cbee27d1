package detect

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"stanch/rules"
	"stanch/rules/match"
)

// judgeText finds everything in text, in one cell when field says so.
func judgeText(s *Set, text []byte, field Field) (hits []Hit) {
	candidates, _ := s.Engine().Scan(nil, text, 0, true)
	for _, c := range candidates {
		if field.End == 0 || c.Start >= field.Start && c.End <= field.End {
			hits = s.Judge(hits, text, &c, &field)
		}
	}
	if s.Wordy(field.Label, field.Floor) {
		hits = s.JudgeCell(hits, text, &field)
	}
	return hits
}

func bestOf(s *Set, hits []Hit, id string) (best rules.Confidence) {
	for _, h := range hits {
		if s.Detectors()[h.Detector].ID == id {
			best = max(best, h.Confidence)
		}
	}
	return best
}

// TestExamples runs every example of every detector alone, in prose, in a table and in JSON, and every counter-example.
func TestExamples(t *testing.T) {
	s := compiledCatalogue(t)
	ran := 0
	for _, d := range s.Detectors() {
		for _, example := range d.Examples {
			ran++
			for name, hits := range exampleForms(s, &d, example) {
				if bestOf(s, hits, d.ID) < rules.Medium {
					t.Errorf("%s: the example %q is not found %s", d.ID, example, name)
				}
			}
		}
		for _, counter := range d.CounterExamples {
			ran++
			if got := bestOf(s, judgeText(s, []byte(counter), Field{}), d.ID); got >= rules.Medium {
				t.Errorf("%s: the counter-example %q is found with %v", d.ID, counter, got)
			}
			if len(d.forms()) > 0 {
				continue
			}
			for _, c := range d.Columns {
				label := s.Label([]byte(c.Headers[0]))
				if got := bestOf(s, s.JudgeCell(nil, []byte(counter), &Field{Label: label, End: len(counter)}), d.ID); got >= rules.Medium {
					t.Errorf("%s: the counter-example %q is found with %v under %q", d.ID, counter, got, c.Headers[0])
				}
			}
		}
	}
	if ran < 100 {
		t.Fatalf("only %d examples ran", ran)
	}
}

// exampleForms judges an example with the first word of context, in the ways that texts and tables write it.
func exampleForms(s *Set, d *Detector, example string) map[string][]Hit {
	forms := map[string][]Hit{}
	header := ""
	switch {
	case len(d.Columns) > 0:
		header = d.Columns[0].Headers[0]
	case len(d.Context) > 0:
		header = d.Context[0]
	}
	label := s.Label([]byte(header))
	row := "17," + example + ",x"
	forms["in a column headed "+header] = judgeText(s, []byte(row), Field{Label: label, Start: 3, End: 3 + len(example)})
	if len(d.Patterns)+len(d.Typical)+len(d.Loose) > 0 && len(d.Context) > 0 {
		forms["behind its label"] = judgeText(s, []byte(header+": "+example), Field{})
		forms["in prose"] = judgeText(s, []byte("We were told that the "+header+" is "+example+", as far as we know."), Field{})
		forms["in JSON"] = judgeText(s, []byte(`{"a": 1, "`+strings.ReplaceAll(header, " ", "_")+`": "`+example+`"}`), Field{})
	}
	return forms
}

func TestCatalogueIsSortedAndComplete(t *testing.T) {
	ids := map[string]bool{}
	last := ""
	for _, d := range Catalogue() {
		if d.ID <= last {
			t.Errorf("%q stands behind %q", d.ID, last)
		}
		last = d.ID
		ids[d.ID] = true
	}
	for _, id := range strings.Fields(canonicalIDs) {
		if !ids[id] {
			t.Errorf("%s is missing", id)
		}
	}
	m := readMapping(t)
	for _, id := range m.Presidio {
		if !ids[id] {
			t.Errorf("%s is missing", id)
		}
	}
	for _, pair := range m.Stdnum {
		if !ids[pair[0]] {
			t.Errorf("%s is missing", pair[0])
		}
	}
}

// canonicalIDs are stable: rules, metrics and reports of operators name them.
const canonicalIDs = `
email phone payment_card iban swift_bic ip_address mac_address url_credentials date_of_birth person_name postal_address crypto_wallet geo_coordinates imei imsi
special.health special.ethnicity special.religion special.politics special.union special.orientation special.convictions
uk.nhs_number uk.nino uk.postcode uk.passport uk.driving_licence uk.vehicle_registration uk.utr uk.vat uk.sort_code_account uk.gmc_number uk.company_number
us.ssn us.itin us.passport us.driver_licence us.bank_account us.aba_routing us.npi us.mbi us.dea_number
es.nif es.nie it.fiscal_code it.vat it.passport it.identity_card it.driver_licence pl.pesel fi.hetu se.personnummer de.tax_id de.id_card fr.nir
nl.bsn be.nn dk.cpr no.fodselsnummer ie.pps pt.nif ro.cnp bg.egn cz.rc hr.oib lv.pk lt.asmens ee.ik tr.tckn gr.amka au.abn au.acn au.tfn au.medicare nz.ird sg.nric sg.uen
in.aadhaar in.pan in.voter in.passport in.vehicle in.gstin kr.rrn cn.ric jp.mynumber za.id br.cpf br.cnpj mx.curp ar.cuit cl.rut ca.sin th.id my.nric il.id
secret.private_key secret.jwt secret.aws_access_key secret.github_token secret.slack_token secret.gcp_api_key secret.stripe_key secret.connection_string secret.generic`

func TestCompileReportsEveryProblem(t *testing.T) {
	good := Detector{ID: "xx.good", Title: "Good", Country: "xx", Source: "here", Patterns: []string{`\d{4}`}, Context: []string{"good"}, Examples: []string{"1234"}, CounterExamples: []string{"12"}}
	tests := []struct {
		name   string
		change func(d *Detector)
		want   string
	}{
		{"id", func(d *Detector) { d.ID = "Bad Id" }, "the id is not of the form"},
		{"title", func(d *Detector) { d.Title = "" }, "no title"},
		{"source", func(d *Detector) { d.Source = "" }, "no source"},
		{"unbounded", func(d *Detector) { d.Patterns = []string{`\d+`} }, `pattern \d+`},
		{"syntax", func(d *Detector) { d.Loose = []string{`(`} }, "pattern ("},
		{"nothing", func(d *Detector) { d.Patterns = nil }, "neither patterns nor columns"},
		{"example", func(d *Detector) { d.Examples = nil }, "no example"},
		{"counter-example", func(d *Detector) { d.CounterExamples = nil }, "must not be found"},
		{"context", func(d *Detector) { d.Context = nil }, "no context words"},
		{"phrase", func(d *Detector) { d.Headers = []string{"123"} }, "has no word"},
		{"column", func(d *Detector) { d.Columns = []Column{{Headers: []string{"x"}}} }, "no headers or no Accept"},
	}
	if _, err := Compile([]Detector{good}); err != nil {
		t.Fatalf("the good detector: %v", err)
	}
	for _, test := range tests {
		bad, second := good, good
		test.change(&bad)
		second.ID, second.Title = "yy.second", ""
		second.Country = "yy"
		_, err := Compile([]Detector{bad, second})
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "yy.second") {
			t.Errorf("%s: the error is %v; wanted one that says %q and names the second detector too", test.name, err, test.want)
		}
	}
	if _, err := Compile([]Detector{good, good}); err == nil || !strings.Contains(err.Error(), "stands twice") {
		t.Errorf("a duplicate id: the error is %v", err)
	}
}

func TestLabel(t *testing.T) {
	s := compiledCatalogue(t)
	tests := []struct{ header, detector string }{
		{"NHS No", "uk.nhs_number"}, {"nhsNumber", "uk.nhs_number"}, {"nhs_no", "uk.nhs_number"}, {"NHS_NUMBER", "uk.nhs_number"}, {"Patient NHS No.", "uk.nhs_number"},
		{"Telefonnummer", "phone"}, {"TelephoneNumber", "phone"}, {"Home Phone", "phone"}, {"Mobile No", "phone"}, {"phones", "phone"}, {"Telephone (home)", "phone"},
		{"GivenName", "person_name"}, {"Surname", "person_name"}, {"first_name", "person_name"}, {"Prénom", "person_name"}, {"customerFirstName", "person_name"}, {"Name", "person_name"},
		{"EmailAddress", "email"}, {"E-mail", "email"}, {"emails", "email"}, {"Work email", "email"},
		{"Birthday", "date_of_birth"}, {"dob", "date_of_birth"}, {"D.O.B.", "date_of_birth"}, {"Date of Birth (dd/mm/yyyy)", "date_of_birth"}, {"Geburtsdatum", "date_of_birth"}, {"Дата рождения", "date_of_birth"},
		{"StreetAddress", "postal_address"}, {"City", "postal_address"}, {"ZipCode", "postal_address"}, {"Home address", "postal_address"}, {"Postcode", "uk.postcode"},
		{"Religion", "special.religion"}, {"Sexual Orientation", "special.orientation"}, {"Previous convictions", "special.convictions"}, {"Ethnic origin", "special.ethnicity"},
		{"Diagnosis", "special.health"}, {"Trade union membership", "special.union"}, {"Political party", "special.politics"},
		{"CCNumber", "payment_card"}, {"Card number", "payment_card"}, {"IBAN", "iban"}, {"NI Number", "uk.nino"}, {"Social Security Number", "us.ssn"}, {"SSN", "us.ssn"},
		{"file name", ""}, {"id", ""}, {"", ""}, {"population", ""}, {"hostname", ""}, {"description", ""}, {"order number", ""},
	}
	index := map[string]int{}
	for i, d := range s.Detectors() {
		index[d.ID] = i
	}
	for _, test := range tests {
		label := s.Label([]byte(test.header))
		named := []string{}
		for id, i := range index {
			if s.phrases.meanings[label].headers.has(i) {
				named = append(named, id)
			}
		}
		if test.detector == "" && len(named) > 0 || test.detector != "" && !slices.Contains(named, test.detector) {
			t.Errorf("Label(%q) names %v; wanted %q", test.header, named, test.detector)
		}
	}
}

// TestSomethingElse holds what looks like an identifier and is none.
func TestSomethingElse(t *testing.T) {
	s := compiledCatalogue(t)
	texts := []string{
		"6781b04d-7b5f-4c1a-bceb-b953e6ef70d7", "d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
		"2023-11-22T18:39:27.123456Z", "1700678367", "1700678367123", "1700678367123456789", "v1.26.8", "go1.26.8-rc.1", "10.4.12.8432",
		"51.507351, -0.127758", `<path d="M12.5 7.25L123.456 789.012C1 2 3 4 5 6"/>`, "order number: 943 476 5919", "Invoice 4012888888881881 of today",
		"ISBN 978-3-16-148410-0", "ISBN 9780306406157", "1,234,567.89", "12.50 13.75 1400.25", "var a=1234567890,b=[1,2,3];c[4012]=e", "rgba(255,255,255,0.5)",
		"#1a2b3c4d", "0x1234567890abcdef", "1.2.840.113549.1.1.11", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		"commit 0123456789", "port 443", "HTTP/1.1 200 4321", "Mon, 22 Nov 2026 18:39:27 GMT", "RFC 1234", "bug #123456", "12:34:56.789", "base64,iVBORw0KGgoAAAANSUhEUgAA",
		"543E 5426 544E 5427 5446 5443 5433 5448 5442 541B", "0 1149 27 27 16 402 387 1265 102 106", "[.0000.0021.0000][.0000.00BD.0002]", "call 2016-2020 the\ncall (merge 7063693 js)",
		"CA +4612-05957 America/Glace_Bay", "A4 210 x 297 mm", "ETag: \"5f3e-1234567890abc\"", "matrix(1 0 0 1 123.4 567.8)", "page 1234567", "&#1234567890;", "logo@2x.png", "%E2%82%AC%20%31%32%33%34",
	}
	for _, text := range texts {
		for _, h := range judgeText(s, []byte(text), Field{Floor: rules.Medium}) {
			t.Errorf("%q holds a %s with %v", text, s.Detectors()[h.Detector].ID, h.Confidence)
		}
	}
}

func TestJudgeCell(t *testing.T) {
	s := compiledCatalogue(t)
	tests := []struct {
		header, value, detector string
		want                    rules.Confidence
	}{
		{"First name", "Zoë", "person_name", rules.High}, {"Surname", "O'Neill-Byrne", "person_name", rules.High}, {"Full name", "J. R. Smith", "person_name", rules.High},
		{"Name", "Alice Jones", "person_name", rules.Medium}, {"Name", "United Kingdom", "person_name", rules.Low}, {"Name", "index.html", "person_name", 0},
		{"Member name", "InternetGatewayId", "person_name", 0}, {"Member name", "VpcPeeringId", "person_name", 0}, {"First name", "MariaElena", "person_name", rules.High},
		{"Surname", "McDonald", "person_name", rules.High},
		{"First name", "12345", "person_name", 0}, {"Street", "12 High Street", "postal_address", rules.High}, {"Address", "10.0.0.1", "postal_address", 0},
		{"City", "Leeds", "postal_address", rules.Low}, {"ZIP", "90210", "postal_address", rules.Low}, {"Phone", "84 23 30", "phone", rules.Medium}, {"Phone", "n/a", "phone", 0},
		{"Religion", "Muslim", "special.religion", rules.High}, {"Religion", "42", "special.religion", 0}, {"Race", "100 m hurdles", "special.ethnicity", 0},
		{"Race", "White British", "special.ethnicity", rules.Medium}, {"Sexual orientation", "Bisexual", "special.orientation", rules.High}, {"Orientation", "landscape", "special.orientation", 0},
		{"Previous convictions", "Yes", "special.convictions", rules.Medium}, {"Previous convictions", "Theft, 1998 (spent)", "special.convictions", rules.High},
		{"Trade union", "UNISON", "special.union", rules.High}, {"Union", "of two sets", "special.union", 0}, {"Party", "Labour", "special.politics", rules.Medium},
		{"Diagnosis", "Type 2 diabetes", "special.health", rules.High}, {"Blood type", "O+", "special.health", rules.High}, {"bloodtype", "O+", "special.health", rules.High}, {"Health", "ok", "special.health", 0},
		{"Password", "kX9#vQ2mLp7z", "secret.generic", rules.Medium}, {"Password", "********", "secret.generic", 0}, {"BIC", "DEUTDEFF", "swift_bic", rules.High},
	}
	for _, test := range tests {
		cell := []byte("  " + test.value + " ")
		hits := s.JudgeCell(nil, cell, &Field{Label: s.Label([]byte(test.header)), End: len(cell)})
		if got := bestOf(s, hits, test.detector); got != test.want {
			t.Errorf("%s: %q is a %s with %v; wanted %v", test.header, test.value, test.detector, got, test.want)
		}
		for _, h := range hits {
			if string(cell[h.Start:h.End]) != test.value {
				t.Errorf("%s: the hit spans %q", test.header, cell[h.Start:h.End])
			}
		}
	}
}

func TestJudgeProse(t *testing.T) {
	s := compiledCatalogue(t)
	tests := []struct{ text, detector, want string }{
		{"We asked Alice Jones about it", "person_name", "Alice Jones"}, {"said Dr. Robert Taylor today", "person_name", "Dr. Robert Taylor"},
		{"My name is Karin Holm", "person_name", "Karin Holm"}, {"by Vincent van der Meer, 1890", "person_name", "Vincent van der Meer"},
		{"at 12 High Street until", "postal_address", "12 High Street"}, {"in the Parijsstraat 8 there", "postal_address", "Parijsstraat 8"}, {"take Suite 377 please", "postal_address", "Suite 377"},
		{"Her maiden name is Quillfeldt", "person_name", "Quillfeldt"}, {"Dear Ottoline, we write", "person_name", "Ottoline"}, {"met Ruta Zubrowska there", "person_name", "Ruta Zubrowska"},
		{"lives in 29 Rue de Tanger now", "postal_address", "29 Rue de Tanger"}, {"presso Via delle Coste 41 a Roma", "postal_address", "Via delle Coste 41"},
		{"in the Chausseestr. 32 there", "postal_address", "Chausseestr. 32"}, {"my zip code is 70637 now", "postal_address", "70637"}, {"sent via Post 3 times", "postal_address", ""},
		{"Dear Sir, the file name Foo is taken", "person_name", ""}, {"to untie 3 knots", "postal_address", ""},
		{"Will this be May or June?", "person_name", ""}, {"The street has 3 lanes", "postal_address", ""}, {"Apache Server Version 2", "person_name", ""},
	}
	for _, test := range tests {
		got := ""
		for _, h := range s.JudgeProse(nil, []byte(test.text), 0, Field{}) {
			if s.Detectors()[h.Detector].ID == test.detector && got == "" {
				got = test.text[h.Start:h.End]
			}
		}
		if got != test.want {
			t.Errorf("%q: the %s is %q; wanted %q", test.text, test.detector, got, test.want)
		}
	}
}

func TestLabelBeatsOtherClaims(t *testing.T) {
	s := compiledCatalogue(t)
	tests := []struct{ header, value, want, not string }{
		{"NHS No", "943 476 5919", "uk.nhs_number", "phone"},
		{"Phone", "943 476 5919", "phone", "uk.nhs_number"},
		{"SSN", "078051121", "us.ssn", "us.aba_routing"},
		{"order id", "943 476 5919", "", "uk.nhs_number"},
	}
	for _, test := range tests {
		cell := []byte(test.value)
		forms := map[string][]Hit{
			"in its column":    judgeText(s, cell, Field{Label: s.Label([]byte(test.header)), End: len(cell), Floor: rules.Medium}),
			"behind its label": judgeText(s, []byte(test.header+": "+test.value), Field{Floor: rules.Medium}),
		}
		for name, hits := range forms {
			if test.want != "" && bestOf(s, hits, test.want) < rules.Medium {
				t.Errorf("%s %s: no %s", test.header, name, test.want)
			}
			if bestOf(s, hits, test.not) >= rules.Medium {
				t.Errorf("%s %s: it is taken for a %s", test.header, name, test.not)
			}
		}
	}
}

func TestKeyDoesNotDependOnTheWrittenForm(t *testing.T) {
	s := compiledCatalogue(t)
	key := func(id, text string) (uint64, bool) {
		for _, h := range judgeText(s, []byte(text), Field{}) {
			if s.Detectors()[h.Detector].ID == id {
				return s.Key([]byte(text), &h), true
			}
		}
		return 0, false
	}
	tests := []struct {
		id, one, other string
		equal          bool
	}{
		{"uk.nhs_number", "943 476 5919", "9434765919", true},
		{"uk.nhs_number", "943 476 5919", "943 476 5870", false},
		{"uk.nino", "AB 12 34 56 C", "ab123456c", true},
		{"email", "Alice@Example.org", "alice@example.org", true},
		{"email", "al.ice@example.org", "alice@example.org", false},
		{"iban", "GB29 NWBK 6016 1331 9268 19", "GB29NWBK60161331926819", true},
	}
	for _, test := range tests {
		one, foundOne := key(test.id, test.one)
		other, foundOther := key(test.id, test.other)
		if !foundOne || !foundOther || (one == other) != test.equal {
			t.Errorf("%s: %q (%v) and %q (%v) have keys %x and %x", test.id, test.one, foundOne, test.other, foundOther, one, other)
		}
	}
}

func TestMask(t *testing.T) {
	s := compiledCatalogue(t)
	for _, value := range []string{"", "1", "12", "123", "943 476 5919", "alice@example.org", "Zoë Müller", "\xff\xfe\x00", strings.Repeat("9", 400)} {
		masked := []rune(string(s.Mask(nil, 0, []byte(value))))
		readable := 0
		for _, r := range masked {
			if r != dot {
				readable++
			}
		}
		if runes := []rune(value); readable*readableShare > len(runes) || len(runes) > 2 && masked[len(masked)/2] != dot {
			t.Errorf("the mask of %q is %q", value, string(masked))
		}
	}
}

// TestNearbyDoesNotMatter compares judgements with and without a Nearby, and from every later start of the text that leaves the window.
func TestNearbyDoesNotMatter(t *testing.T) {
	s := compiledCatalogue(t)
	text := []byte("NHS number: 943 476 5919, phone 020 7946 0958. Date of birth\n29.03.1982 passport 912803456; order 9434765919 " +
		"national insurance number AB123456C, card 4012888888881881\nCall me\n415 555 0132 or 4155550132 tomorrow.")
	candidates, _ := s.Engine().Scan(nil, text, 0, true)
	if len(candidates) < 8 {
		t.Fatalf("only %d candidates", len(candidates))
	}
	var nearby Nearby
	for _, c := range candidates {
		alone := s.Judge(nil, text, &c, &Field{})
		if together := s.Judge(nil, text, &c, &Field{Nearby: &nearby}); !slices.Equal(alone, together) {
			t.Errorf("%q: %v alone, %v with the words that were read before", text[c.Start:c.End], alone, together)
		}
		for cut := 1; cut+2*ContextBefore < c.Start; cut++ {
			moved := s.Judge(nil, text[cut:], &match.Candidate{Start: c.Start - cut, End: c.End - cut, Set: c.Set}, &Field{})
			for i := range moved {
				moved[i].Start += cut
				moved[i].End += cut
			}
			if !slices.Equal(alone, moved) {
				t.Errorf("%q: %v, but %v without the first %d bytes", text[c.Start:c.End], alone, moved, cut)
			}
		}
	}
}

// TestNearbyOverAGrowingText judges each candidate as soon as what it needs behind it is there, as a stream does.
func TestNearbyOverAGrowingText(t *testing.T) {
	s := compiledCatalogue(t)
	text := []byte("see 12345678901 national insurance number: AB123456C and 943 476 5919 (NHS number) or the credit card number 4012888888881881 " +
		"número de seguridad social 415-555-0132; 身份证号码11010519491231002X passport numbers 912803456 unique taxpayer reference 2234567890 end of it all, and more")
	candidates, _ := s.Engine().Scan(nil, text, 0, true)
	if len(candidates) < 8 {
		t.Fatalf("only %d candidates", len(candidates))
	}
	for step := 1; step <= 40; step++ {
		var nearby Nearby
		next := 0
		for size := 0; size < len(text); {
			size = min(size+step, len(text))
			for ; next < len(candidates) && (candidates[next].End+ContextAfter <= size || size == len(text)); next++ {
				c := candidates[next]
				whole := s.Judge(nil, text, &c, &Field{})
				if grown := s.Judge(nil, text[:size], &c, &Field{Nearby: &nearby}); !slices.Equal(whole, grown) {
					t.Errorf("%q in steps of %d: %v in the whole text, %v while it grows", text[c.Start:c.End], step, whole, grown)
				}
			}
		}
	}
}

func FuzzJudge(f *testing.F) {
	s := compiledCatalogue(f)
	seeds := []string{"NHS No: 943 476 5919", "+44 20 7946 0958 ext 12", "GB29 NWBK 6016 1331 9268 19", "a@b.co", "身份证号码 11010519491231002X", "\xff\xfe1234567890\xc3", "::1 2001:db8::",
		"born 29 March 1982", "Mr John Smith\n12 High Street", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", strings.Repeat("+1 ", 300)}
	if len(seeds) == 0 {
		f.Fatal("no seeds")
	}
	for _, seed := range seeds {
		f.Add([]byte(seed), uint8(3))
	}
	f.Fuzz(func(t *testing.T, text []byte, label uint8) {
		before := bytes.Clone(text)
		for _, field := range []Field{{}, {Floor: rules.Medium}, {Label: Label(label), Start: len(text) / 3, End: len(text) - len(text)/3}} {
			hits := judgeText(s, text, field)
			hits = s.JudgeProse(hits, text, len(text)/2, field)
			for _, h := range hits {
				if h.Start < 0 || h.End > len(text) || h.Start >= h.End || h.Confidence < rules.Low || h.Confidence > rules.High {
					t.Fatalf("hit %+v in a text of %d bytes", h, len(text))
				}
				s.Mask(nil, h.Detector, text[h.Start:h.End])
			}
		}
		s.Label(text)
		if !bytes.Equal(before, text) {
			t.Fatal("the text was changed")
		}
	})
}

// TestNetworkPrefixes tells the prefixes that IANA gave out from the modules of programs.
func TestNetworkPrefixes(t *testing.T) {
	for value, want := range map[string]Grade{"fe80::": Distinctive, "2001::": Distinctive, "3fff::/20": Distinctive, "2001:db8::": Distinctive,
		"f64::": Plain, "f128::": Plain, "a1::": Plain, "add::": Rejected} {
		if got := examineIP([]byte(value), 0, len(value)); got.Grade != want {
			t.Errorf("%s: %v, wanted %v", value, got.Grade, want)
		}
	}
}
