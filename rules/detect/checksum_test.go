package detect

import (
	"strings"
	"testing"
)

func TestCompact(t *testing.T) {
	tests := []struct {
		name, value, compact, digits string
	}{
		{"plain", "1234", "1234", "1234"},
		{"separators", "12.34-5/6 7:8,9_0(1)'2", "123456789012", "123456789012"},
		{"letters go to upper case", "ab-12", "AB12", ""},
		{"other bytes", "12\xc3\xa94", "", ""},
		{"signs are no separators", "12+4", "", ""},
		{"empty", "", "", ""},
		{"longest", "1234567890123456789012345678901234567890", "1234567890123456789012345678901234567890",
			"1234567890123456789012345678901234567890"},
		{"too long", "12345678901234567890123456789012345678901", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var buf compactBuffer
			if got := string(compact(&buf, []byte(test.value))); got != test.compact {
				t.Errorf("compact(%q) = %q, want %q", test.value, got, test.compact)
			}
			if got := string(digits(&buf, []byte(test.value))); got != test.digits {
				t.Errorf("digits(%q) = %q, want %q", test.value, got, test.digits)
			}
		})
	}
}

// TestCheckDigits takes one published vector for each scheme and wants every other last character refused.
func TestCheckDigits(t *testing.T) {
	const decimal, alphanumeric = "0123456789", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	tests := []struct {
		name, vector, alphabet string
		valid                  func([]byte) bool
	}{
		{"luhn, ISO/IEC 7812-1 annex B", "49927398716", decimal, luhn},
		{"mod 11,10, ISO/IEC 7064", "07945", decimal, iso7064Mod11Radix10},
		{"mod 37,36, ISO/IEC 7064", "A12425GABC1234002M", alphanumeric, iso7064Mod37Radix36},
		{"mod 11-2, ISO/IEC 7064", "07940", decimal + "X", iso7064Mod11Radix2},
		{"mod 11-2 with X, ISO/IEC 7064", "079X", decimal + "X", iso7064Mod11Radix2},
		{"verhoeff", "2363", decimal, verhoeff},
		{"icao, Doc 9303 part 3 appendix A", "5207273", decimal, func(d []byte) bool { return icaoCheck(d[:len(d)-1]) == int(d[len(d)-1]-'0') }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := []byte(test.vector)
			last := len(d) - 1
			for i := range test.alphabet {
				d[last] = test.alphabet[i]
				if got, want := test.valid(d), d[last] == test.vector[last]; got != want {
					t.Errorf("%s: got %v, want %v", d, got, want)
				}
			}
		})
	}
}

func TestMod97(t *testing.T) {
	iban := []byte("GB82WEST12345698765432") // ISO 13616's example
	if got := mod97(mod97(0, iban[4:]), iban[:4]); got != 1 {
		t.Errorf("remainder of the example IBAN is %d, want 1", got)
	}
	iban[2], iban[3] = iban[3], iban[2]
	if got := mod97(mod97(0, iban[4:]), iban[:4]); got == 1 {
		t.Error("an IBAN with swapped check digits leaves the remainder 1")
	}
}

func TestWeightedSum(t *testing.T) {
	if got := weightedSum([]byte("123"), "A21"); got != 10+4+3 {
		t.Errorf("got %d, want 17", got)
	}
	if got := weightedSum([]byte("1239"), "111"); got != 6 {
		t.Errorf("symbols behind the weights count: got %d, want 6", got)
	}
}

func TestListed(t *testing.T) {
	const codes = "01 12 23 34"
	for code, want := range map[string]bool{"01": true, "23": true, "34": true, "11": false, "40": false, " 1": false, "1 ": false} {
		if got := listed(codes, []byte(code)); got != want {
			t.Errorf("listed(%q) = %v", code, got)
		}
	}
	if listed("", []byte("01")) {
		t.Error("an empty list has a code")
	}
}

func TestDates(t *testing.T) {
	tests := []struct {
		year, month, day   int
		date, birth, short bool
	}{
		{2000, 2, 29, true, true, false},
		{1900, 2, 29, false, false, false},
		{2023, 2, 29, false, false, false},
		{1999, 4, 31, false, false, false},
		{1999, 12, 31, true, true, false},
		{1999, 13, 1, false, false, false},
		{1999, 0, 1, false, false, false},
		{1999, 1, 0, false, false, false},
		{firstBirthYear - 1, 1, 1, true, false, false},
		{lastBirthYear + 1, 1, 1, true, false, false},
		{0, 2, 29, true, false, true}, // 2000 was a leap year
		{1, 2, 29, false, false, false},
		{99, 12, 31, true, false, true},
	}
	for _, test := range tests {
		if got := validDate(test.year, test.month, test.day); got != test.date {
			t.Errorf("validDate(%d, %d, %d) = %v", test.year, test.month, test.day, got)
		}
		if got := validBirth(test.year, test.month, test.day); got != test.birth {
			t.Errorf("validBirth(%d, %d, %d) = %v", test.year, test.month, test.day, got)
		}
		if got := validShortBirth(test.year, test.month, test.day); test.year < 100 && got != test.short {
			t.Errorf("validShortBirth(%d, %d, %d) = %v", test.year, test.month, test.day, got)
		}
	}
}

func TestAllDigitsLooksAtEachByte(t *testing.T) {
	for length := range 25 {
		text := []byte(strings.Repeat("0123456789", 3)[:length])
		if !allDigits(text) {
			t.Errorf("%q is digits", text)
		}
		for i := range text {
			for other := range 256 {
				old := text[i]
				text[i] = byte(other)
				if want := other >= '0' && other <= '9'; allDigits(text) != want {
					t.Errorf("allDigits(%q) = %t", text, !want)
				}
				text[i] = old
			}
		}
	}
}
