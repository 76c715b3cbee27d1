package detect

import (
	"slices"
	"testing"

	"stanch/rules"
)

// TestWrittenForms takes made-up numbers as people write them, behind the word that says what they are.
func TestWrittenForms(t *testing.T) {
	tests := []struct {
		detector, label string
		values          []string
	}{
		{"ar.dni", "DNI", []string{"48 201 736"}},
		{"at.tin", "Steuernummer", []string{"46/318/2741", "46-318-2741"}},
		{"at.vnr", "Sozialversicherungsnummer", []string{"3822 17 04 83", "3822 17.04.83", "3822/17-04-83"}},
		{"be.bis", "Numéro BIS", []string{"83-44-17-112-71"}},
		{"be.nn", "Numéro national", []string{"83/04/17-112.82", "83-04-17-112-82"}},
		{"bg.egn", "ЕГН", []string{"830417 4829", "830417 482 9", "830417-4829"}},
		{"br.cpf", "CPF", []string{"482-017-365-08"}},
		{"ch.ahv", "AHV-Nummer", []string{"756-4829-3017-53"}},
		{"cl.rut", "RUT", []string{"14 820 173-0", "CL14820173-0"}},
		{"co.nit", "NIT", []string{"800.482,017-4"}},
		{"cr.cpf", "Cédula", []string{"1 1482 0173"}},
		{"cz.rc", "Rodné číslo", []string{"835417 / 2134"}},
		{"de.tax_id", "Steuer-ID", []string{"36-574-261-809", "36.574.261.809"}},
		{"dk.cpr", "CPR-nummer", []string{"170479 - 3481", "17 04 79 3481", "17-04-79-3481"}},
		{"es.nie", "NIE", []string{"X.4820173.V", "X-4.820.173-V"}},
		{"es.nif", "NIF", []string{"48 201 739-H", "48-201-739-H", "ESB48201735", "es48201739h"}},
		{"fr.nir", "Numéro de sécurité sociale", []string{"1 84 07 76 451 089 / 63", "1.84.07.76.451.089.63", "1840776451089-63"}},
		{"id.nik", "NIK", []string{"31.74.02.570483.0002"}},
		{"ie.pps", "PPS number", []string{"4820173-P"}},
		{"il.id", "Teudat Zehut", []string{"348 201 740"}},
		{"imei", "IMEI", []string{"354178 03 685978 9", "35-417803-685978", "35417803685978"}},
		{"imsi", "IMSI", []string{"429 01 1234567890", "429-011-234567890"}},
		{"in.aadhaar", "Aadhaar", []string{"4820.1736.5529"}},
		{"in.pan", "PAN", []string{"GRVPK 4820 T", "GRVPK-4820-T"}},
		{"in.voter", "Voter ID", []string{"KVT/4820171", "KVT-4820171"}},
		{"it.fiscal_code", "Codice fiscale", []string{"04820170589"}},
		{"mx.curp", "CURP", []string{"GOVL 830417 MDFMRS 06", "GOVL-830417-MDFMRS-06"}},
		{"nl.bsn", "BSN", []string{"4182 93 077", "4182-93-077"}},
		{"no.fodselsnummer", "Fødselsnummer", []string{"170483.41241", "17-04-83 41241"}},
		{"phone", "Phone", []string{"6 71 28 94 60", "9 553 2417", "2 684 917", "7 1185207", "(2) 2174 5093", "(8-615) 28407", "(06 1) 248 7153", "011 15-2467-9183",
			"01 243918607", "21 24 5 61907", "8 67 384215"}},
		{"phone", "My number is", []string{"+996500524817", "07700 900461"}},
		{"pk.cnic", "CNIC", []string{"38201 7364820 1"}},
		{"pl.pesel", "PESEL", []string{"830417-11481", "830417 11481"}},
		{"pt.nif", "NIF", []string{"248-201-735", "pt248201735"}},
		{"ro.cnp", "CNP", []string{"2-830417-401180"}},
		{"se.personnummer", "Personnummer", []string{"86-04-12-5719", "1986-04-12-5719"}},
		{"si.emso", "EMŠO", []string{"1704983 501142", "17 04 983 50 114 2"}},
		{"th.id", "Thai ID", []string{"1.4820.17365.48.8"}},
		{"uk.nino", "NI number", []string{"AB 123456 C"}},
		{"uk.utr", "UTR", []string{"5816619 590", "581 661 9590"}},
		{"uk.vat", "VAT number", []string{"gb980780684", "GB 980-7806-84"}},
		{"us.driver_licence", "driver license", []string{"482 017 365", "K482-017-365-482", "K 482 017 365 482", "K482-0173-6548-20", "K4820 17365 48201", "K48-201-736", "482KT0173", "48KTB20173", "4820173K",
			"KTB-48-2017", "WDLKT4820B36"}},
		{"us.itin", "ITIN", []string{"911.70.1234", "911 - 70 - 1234"}},
		{"us.ssn", "SSN", []string{"536.90.4399", "536 - 90 - 4399"}},
		{"za.id", "SA ID number", []string{"830417 4820 0 8 2"}},
	}
	s := compiledCatalogue(t)
	for _, test := range tests {
		for _, value := range test.values {
			label, _ := foldForTest(test.label + ": ")
			text := append(label, value...)
			hits := judgeText(s, text, Field{Floor: rules.Low})
			if !slices.ContainsFunc(hits, func(h Hit) bool {
				return s.Detectors()[h.Detector].ID == test.detector && h.Confidence >= rules.Medium && h.Start == len(label) && h.End == len(text)
			}) {
				t.Errorf("%s is not found in %q", test.detector, text)
			}
		}
	}
}

// TestPartsOfSomethingElse holds that what has the form of an identifier is none where it is a part of something larger.
func TestPartsOfSomethingElse(t *testing.T) {
	s := compiledCatalogue(t)
	for _, text := range []string{
		"x6*y + 228430872*z + 231603523*u", "multiply 9.999E+999999999 10", "remainder -1922.00670E+375923302",
		"c8:ab:12:\n         cd:e5:82:57:bc:9c\n", "see Issue 754016 makes changes", "sha256=W-M2kxU,8401", "fuzzer-5764268627066880 failed", "/issues/5764268627066880",
		"arn:aws:secretsmanager:eu-west-1:111122223333:secret:MyTestSecret-a1b2c3", "javac/t6231847a/", "arn:aws:eks:eu-west-1:111122223333:addon/vpc-cni",
	} {
		for _, h := range judgeText(s, []byte(text), Field{Floor: rules.Medium}) {
			t.Errorf("%q holds a %s with %v", text, s.Detectors()[h.Detector].ID, h.Confidence)
		}
	}
	label := s.Label([]byte("memberName"))
	for _, value := range []string{"VolumeId", "UserName", "GroupId"} {
		if hits := s.JudgeCell(nil, []byte(value), &Field{Label: label, End: len(value)}); len(hits) > 0 {
			t.Errorf("%q is taken for a name", value)
		}
	}
	for _, value := range []string{"McDonald", "DeVito", "FitzGerald", "Annemarie"} {
		if hits := s.JudgeCell(nil, []byte(value), &Field{Label: label, End: len(value)}); label == 0 || len(hits) == 0 {
			t.Errorf("%q is not taken for a name", value)
		}
	}
}
