package inspect_test

import (
	"fmt"
	"strings"
	"testing"

	"stanch/rules"
	"stanch/rules/inspect"
)

// TestPeopleInFields counts people in texts whose lines are a name, a colon and a value, each with several numbers, and in texts that only begin like that.
func TestPeopleInFields(t *testing.T) {
	const many = 40
	address := func(n int) string { return fmt.Sprintf("person.number%d@example.org", n) }
	phone := func(n int) string { return fmt.Sprintf("020 7946 0%03d", n) }
	mobile := func(n int) string { return fmt.Sprintf("+44 7700 900%03d", n) }
	each := func(form func(n int) string) string {
		var b strings.Builder
		for n := range many {
			b.WriteString(form(n))
		}
		return b.String()
	}
	blocks := func(between string) string {
		return each(func(n int) string {
			return fmt.Sprintf("Name: Ann Brown\nPhone: %s\nMobile: %s\nEmail: %s\n%s", phone(n), mobile(n), address(n), between)
		})
	}
	csv := "email,phone\n" + each(func(n int) string { return address(n+1000) + "," + phone(n+500) + "\n" })
	for _, c := range []struct {
		name, body  string
		format      rules.Format
		least, most int
	}{
		{"blocks", blocks("\n"), rules.Fields, many, many},
		{"blocks with carriage returns", strings.ReplaceAll(blocks("\n"), "\n", "\r\n"), rules.Fields, many, many},
		{"documents", "---\n" + blocks("---\n"), rules.Fields, many, many},
		{"LDIF", "version: 1\n\n" + each(func(n int) string {
			return fmt.Sprintf("dn: uid=u%d,ou=people,dc=example\nobjectClass: person\ncn: Ann Brown\ntelephoneNumber: %s\nmobile: %s\nmail: %s\nmail: %s\n\n", n, phone(n), mobile(n), address(n), address(n+100))
		}), rules.Fields, many, many},
		{"a list", each(func(n int) string {
			return fmt.Sprintf("- name: Ann Brown\n  phone: %q\n  mobile: '%s'\n  mail: %s\n", phone(n), mobile(n), address(n))
		}), rules.Fields, many, many},
		{"a list below a name", "count: 40\npeople:\n" + each(func(n int) string {
			return fmt.Sprintf("  - mail: %s\n    phones:\n      - type: home\n        number: %s\n      - type: work\n        number: %s\n", address(n), phone(n), mobile(n))
		}), rules.Fields, many, many},
		{"values without names", each(func(n int) string {
			return fmt.Sprintf("- mail: %s\n  phones:\n    - %s\n    - %s\n", address(n), phone(n), mobile(n))
		}), rules.Fields, many, many},
		{"records below their names", each(func(n int) string {
			return fmt.Sprintf("u%d:\n  mail: %s\n  phone: %s\n  mobile: %s\n", n, address(n), phone(n), mobile(n))
		}), rules.Fields, many, many},
		{"rows of a database client", each(func(n int) string {
			return fmt.Sprintf("*************************** %d. row ***************************\n  id: %d\nmail: %s\nhome: %s\n tel: %s\n", n+1, n, address(n), phone(n), mobile(n))
		}), rules.Fields, many, many},
		{"several people in a field", each(func(n int) string {
			return fmt.Sprintf("Files: *\nSource: here\nCopyright: 2010 Ann Brown <%s>\n  2011 Bob Jones <%s>\nLicense: MIT\nComment: none\n\n", address(n), address(n+100))
		}), rules.Fields, 2 * many, 2 * many},
		{"blocks with nothing between them, behind two", "Name: Ann\nPhone: " + phone(900) + "\n\nName: Bob\nPhone: " + phone(901) + "\n\n" +
			each(func(n int) string { return fmt.Sprintf("Name: Ann\nPhone: %s\nMobile: %s\n", phone(n), mobile(n)) }), rules.Fields, many + 2, many + 2},
		{"a table behind blocks", blocks("\n") + csv, rules.Fields, 2 * many, 2*many + 2},
		{"a table within a block", strings.TrimSuffix(blocks("\n"), "\n") + csv, rules.Fields, 2*many - 1, 2*many + 2},
		{"a chat", each(func(n int) string {
			return fmt.Sprintf("Ann: write to %s\nBob: and you to %s\n", address(n), address(n+100))
		}), rules.Text, 2 * many, 2 * many},
		{"a log", each(func(n int) string { return fmt.Sprintf("INFO: mail sent to %s\n", address(n)) }), rules.Text, many, many},
		{"letters", each(func(n int) string {
			return fmt.Sprintf("From: %s\nTo: office\n\nDear all,\nthis is about the order that came last week.\nIt is late again.\nPlease see to it.\nWe had hoped for more.\nRegards\n\n", address(n))
		}), rules.Text, many, many},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := inspectBody(t, newEngine(t, rules.Policy{}, false), inspect.Body{ContentType: "text/plain"}, []byte(c.body))
			if got.Evidence.Format != c.format || got.Evidence.People < c.least || got.Evidence.People > c.most {
				t.Errorf("%v, %d people, want %v with %d to %d", got.Evidence.Format, got.Evidence.People, c.format, c.least, c.most)
			}
			masked := inspectBody(t, newEngine(t, redact(1, rules.Mask), false), inspect.Body{ContentType: "text/plain"}, randomPieces([]byte(c.body), 7)...)
			if strings.Contains(string(masked.Released), "@example.org") {
				t.Error("addresses are left")
			}
		})
	}
}
