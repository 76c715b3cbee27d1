package extract

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestNumberFormats(t *testing.T) {
	cases := []struct{ code, raw, want string }{
		{"General", "9434765919", "9434765919"},
		{"General", "-12", "-12"},
		{"General", "1E-3", "0.001"},
		{"General", "1.2E+25", "1.2E+25"},
		{"General", "0.1", "0.1"},
		{"General", "12345678.12345678", "12345678.1234568"},
		{"0.00", "12.5", "12.5"},
		{"dd/mm/yyyy", "29221", "1980-01-01"},
		{"dd/mm/yyyy", "59", "1900-02-28"},
		{"dd/mm/yyyy", "61", "1900-03-01"},
		{"dd/mm/yyyy", "-5", "-5"},
		{"dd/mm/yyyy hh:mm", "29221.75", "1980-01-01 18:00:00"},
		{"h:mm", "0.5", "12:00:00"},
		{"[h]:mm", "0.25", "06:00:00"},
		{`[$-409]d\-mmm\-yy;@`, "44196", "2020-12-31"},
		{`"due" 0`, "5", "5"},
		{"[Red]0", "5", "5"},
		{"00000000000", "7700900123", "07700900123"},
		{"000 000 0000", "9434765919", "943 476 5919"},
		{"000-00-0000", "78051120", "078-05-1120"},
		{"[<=9999999]###-####;(###) ###-####", "5550123", "555-0123"},
		{"[<=9999999]###-####;(###) ###-####", "2025550123", "(202) 555-0123"},
		{"00-00-00", "12345678", "1234-56-78"},
		{"000", "0", "000"},
		{"not a number", "n/a", "n/a"},
	}
	for _, c := range cases {
		n := numberStyle{formats: []numberFormat{parseFormat(c.code)}}
		if got := string(n.appendRaw(nil, []byte(c.raw), 0)); got != c.want {
			t.Errorf("%s as %s: %q, want %q", c.raw, c.code, got, c.want)
		}
	}
}

// TestDays compares every day that a spreadsheet can hold with the standard library's calendar.
func TestDays(t *testing.T) {
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	for serial := phantomDay + 1; serial < maxSerial; serial += 7 {
		want := start.AddDate(0, 0, serial).Format("2006-01-02")
		if got, ok := appendSerial(nil, float64(serial), false); !ok || string(got) != want {
			t.Fatalf("%d: %s, want %s", serial, got, want)
		}
	}
	if got, _ := appendSerial(nil, 0, true); string(got) != "1904-01-01" {
		t.Errorf("day 0 of the 1904 system: %s", got)
	}
}

// TestSpoolViews writes strings of all lengths beyond what stays in memory, and reads them forwards and back.
func TestSpoolViews(t *testing.T) {
	table := &stringTable{text: Spool{Memory: 2 * spoolPage}, offsets: Spool{Memory: spoolPage}}
	defer table.free()
	text := func(i int) []byte { return bytes.Repeat([]byte(fmt.Sprint(i, ";")), i%200) }
	const count = 20_000
	for i := range count {
		if err := table.add(text(i)); err != nil {
			t.Fatal(err)
		}
	}
	if table.text.file == nil || table.offsets.file == nil {
		t.Fatal("nothing went to a file")
	}
	for i := range count {
		for _, index := range []int{i, count - 1 - i} {
			if got, err := table.get(index); err != nil || !bytes.Equal(got, text(index)) {
				t.Fatalf("string %d: %d bytes, %v", index, len(got), err)
			}
		}
	}
	if got, err := table.get(count); got != nil || err != nil {
		t.Errorf("beyond the end: %q, %v", got, err)
	}
}

func TestDecodeEscapes(t *testing.T) {
	for text, want := range map[string]string{"": "", "a_x0040_b": "a@b", "_x00e9_": "é", "_x004_": "_x004_", "_x00zz_": "_x00zz_", "__x0041__": "_A_", "no_x": "no_x"} {
		if got := string(decodeEscapes([]byte(text))); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestLetters(t *testing.T) {
	for number, want := range map[int]string{0: "", 1: "A", 26: "Z", 27: "AA", 702: "ZZ", 703: "AAA", 16384: "XFD"} {
		if got := string(appendLetters(nil, number)); got != want {
			t.Errorf("%d: %s, want %s", number, got, want)
		}
	}
	if s := strings.Repeat("x", 3); len(appendLetters([]byte(s), 1)) != 4 {
		t.Error("the prefix is lost")
	}
}
