package inspect_test

import (
	"bytes"
	"fmt"
	"strings"
)

// The made-up people that the tests of this package send, and the bodies of each flat format that hold them.

// person is a made-up row: name, mail, phone of Ofcom's drama range, NHS test number, birthday, postcode.
func person(n int) []string {
	given := []string{"Amelia", "Thomas", "Priya", "George", "Niamh", "Samuel"}[n%6]
	surname := []string{"Whitfield", "Hughes", "Sharma", "Ashworth", "Gallagher"}[n%5]
	return []string{given + " " + surname, fmt.Sprintf("%s.%s%d@example.org", strings.ToLower(given), strings.ToLower(surname), n),
		fmt.Sprintf("07700 900%03d", n%1000), nhsNumber(n), fmt.Sprintf("%02d/%02d/%d", 1+n%28, 1+n%12, 1960+n%40), fmt.Sprintf("LS%d 4AP", 1+n%9)}
}

// nhsNumber makes a number of the test range with its check digit.
func nhsNumber(n int) string {
	for body := 999000000 + 10*n; ; body++ {
		digits, sum := fmt.Sprint(body), 0
		for i := range digits {
			sum += int(digits[i]-'0') * (10 - i)
		}
		if check := (11 - sum%11) % 11; check != 10 {
			return fmt.Sprintf("%s %s %s%d", digits[:3], digits[3:6], digits[6:], check)
		}
	}
}

var header = []string{"Name", "Email", "Mobile", "NHS No", "Date of birth", "Postcode"}

func csvOf(people int) []byte {
	var b bytes.Buffer
	b.WriteString(strings.Join(header, ",") + "\r\n")
	for n := range people {
		b.WriteString(strings.Join(person(n), ",") + "\r\n")
	}
	return b.Bytes()
}

func jsonOf(people int, separator string) []byte {
	var b bytes.Buffer
	for n := range people {
		if n > 0 {
			b.WriteString(separator)
		}
		p := person(n)
		fmt.Fprintf(&b, `{"name":"%s","contact":{"email":"%s","phones":[{"number":"%s"}]},"nhsNumber":"%s","born":"%s"}`, p[0], p[1], p[2], p[3], p[4])
	}
	return b.Bytes()
}

func htmlOf(people int) []byte {
	var b bytes.Buffer
	b.WriteString("<!doctype html><html><body><h1>Attendees</h1><table><tr><th>" + strings.Join(header, "</th><th>") + "</th></tr>\n")
	for n := range people {
		p := person(n)
		p[1] = strings.Replace(p[1], "@", "&#64;", 1)
		b.WriteString("<tr><td>" + strings.Join(p, "</td><td>") + "</td></tr>\n")
	}
	b.WriteString("</table></body></html>\n")
	return b.Bytes()
}

func textOf(people int) []byte {
	var b bytes.Buffer
	for n := range people {
		p := person(n)
		fmt.Fprintf(&b, "Please write to %s or call, on the mobile phone, %s. NHS number: %s.\n", p[1], p[2], p[3])
	}
	return b.Bytes()
}

func sqlOf(people int) []byte {
	var b bytes.Buffer
	for n := range people {
		b.WriteString("INSERT INTO people VALUES ('" + strings.Join(person(n), "','") + "');\n")
	}
	return b.Bytes()
}

// fieldsOf writes blocks, and the telephone as a list within.
func fieldsOf(people int) []byte {
	var b bytes.Buffer
	for n := range people {
		p := person(n)
		fmt.Fprintf(&b, "Name: %s\nE-mail: %q\nPhones:\n  - Type: home\n    Number: %s\nNHS No: %s\n\n", p[0], p[1], p[2], p[3])
	}
	return b.Bytes()
}

// sample is a body of each flat format, with the same number of people.
type sample struct {
	name string
	of   func(people int) []byte
}

func samples() []sample {
	return []sample{
		{"csv", csvOf},
		{"json", func(n int) []byte { return append(append([]byte(`{"applicants":[`), jsonOf(n, ",")...), "]}"...) }},
		{"ndjson", func(n int) []byte { return append(jsonOf(n, "\n"), '\n') }},
		{"html", htmlOf},
		{"text", textOf},
		{"sql", sqlOf},
		{"fields", fieldsOf},
	}
}

// peopleIn counts whose mail address, phone or number stands in what was released.
func peopleIn(released string) int {
	n := 0
	for i := range 100 {
		p := person(i)
		if strings.Contains(released, p[1]) || strings.Contains(released, p[3]) || strings.Contains(released, strings.Replace(p[1], "@", "&#64;", 1)) {
			n++
		}
	}
	return n
}
