package inspect_test

import (
	"fmt"
	"strings"
	"testing"

	"stanch/rules/inspect"
)

// TestPeopleOfOneRecord counts people where a format has one record for many of them, and one person with several addresses.
func TestPeopleOfOneRecord(t *testing.T) {
	address := func(n int) string { return fmt.Sprintf("person.number%d@example.org", n) }
	repeated := func(people int, form func(n int) string) string {
		var b strings.Builder
		for n := range people {
			b.WriteString(form(n))
		}
		return b.String()
	}
	unlisted := func(n int) string { return fmt.Sprintf("Zquell%c Vrantho%c", 'a'+n%26, 'a'+n/26) }
	born := func(n int) string { return fmt.Sprintf("%d-03-%02d", 1950+n, 1+n%28) }
	for name, c := range map[string]struct {
		contentType, body string
		least, most       int
	}{
		"names that no list knows beside a birth":   {"text/csv", "Name,Date of birth\n" + repeated(30, func(n int) string { return unlisted(n) + "," + born(n) + "\n" }), 30, 30},
		"a birth before such a name":                {"text/csv", "Date of birth,Name\n" + repeated(30, func(n int) string { return born(n) + "," + unlisted(n) + "\n" }), 30, 30},
		"such names beside what may be a telephone": {"text/csv", "Name,Phone\n" + repeated(30, func(n int) string { return fmt.Sprintf("%s,%d 23 30\n", unlisted(n), 40+n) }), 30, 30},
		"a telephone before such a name":            {"text/csv", "Phone,Name\n" + repeated(30, func(n int) string { return fmt.Sprintf("%d 23 30,%s\n", 40+n, unlisted(n)) }), 30, 30},
		"what may be a telephone alone":             {"text/csv", "Town,Phone\n" + repeated(30, func(n int) string { return fmt.Sprintf("Ely,%d 23 30\n", 40+n) }), 0, 0},
		"such names alone":                          {"text/csv", "Name,Town\n" + repeated(30, func(n int) string { return unlisted(n) + ",Ely\n" }), 0, 0},
		"one birth for all":                         {"text/csv", "Name,Date of birth\n" + repeated(30, func(n int) string { return unlisted(n) + ",1980-03-04\n" }), 30, 30},
		"patient and next of kin": {"text/csv", "Patient name,Patient email,Next of kin,Next of kin email\n" + repeated(15, func(n int) string {
			return unlisted(n) + "," + address(n) + "," + unlisted(n+100) + "," + address(n+100) + "\n"
		}), 30, 30},
		"the same next of kin": {"text/csv", "Patient name,Patient email,Next of kin,Next of kin email\n" + repeated(15, func(n int) string {
			return unlisted(n) + "," + address(n) + "," + unlisted(100) + "," + address(100) + "\n"
		}), 16, 16},
		"patient and next of kin as objects": {"application/json", "[" + repeated(15, func(n int) string {
			return fmt.Sprintf(`{"patient":{"name":%q,"email":%q},"nextOfKin":{"name":%q,"email":%q}},`, unlisted(n), address(n), unlisted(n+100), address(n+100))
		}) + "null]", 30, 30},
		"columns of relations": {"text/csv", "Pupil,Pupil email,Mother,Mother email,Parent 2 email\n" + repeated(10, func(n int) string {
			return "x," + address(n) + ",y," + address(n+100) + "," + address(n+200) + "\n"
		}), 30, 30},
		"a relation of pupils who were known": {"text/csv", "Pupil,Pupil email,Mother email\n" + repeated(10, func(n int) string {
			return "x," + address(1) + "," + address(n+100) + "\n"
		}), 11, 11},
		"two addresses and one name": {"text/csv", "Name,Home e-mail,Work e-mail\n" + repeated(15, func(n int) string { return unlisted(n) + "," + address(n) + "," + address(n+100) + "\n" }), 15, 15},
		"addresses in records of their own": {"application/json", "[" + repeated(15, func(n int) string {
			return fmt.Sprintf(`{"names":[{"familyName":"Ann"}],"emails":[{"value":%q,"type":"home"},{"value":%q,"type":"work"}],"phones":[{"value":"+44 7700 9000%02d"}]},`,
				address(n), address(n+100), n)
		}) + "null]", 15, 15},
		"names in records of their own": {"application/json", `{"surname":"Ann","members":[` + repeated(15, func(n int) string {
			return fmt.Sprintf(`{"email":%q,"surname":"Lee"},`, address(n))
		}) + "null]}", 15, 16},
		"a list in one record": {"application/json", `{"subscribers":[` + repeated(7, func(n int) string { return fmt.Sprintf("%q,", address(n)) }) + "null]}", 7, 7},
		"rows below one that takes a column": {"text/html", "<!doctype html><table><tr><th>Ward<th>Name<th>Date of birth" + repeated(10, func(n int) string {
			return fmt.Sprintf("<tr><td rowspan=3>W%d<td>%s<td>%s<tr><td>%s<td>%s<tr><td>%s<td>%s", n, unlisted(n), born(n), unlisted(n+20), born(n+20), unlisted(n+40), born(n+40))
		}) + "</table>", 30, 30},
		"rows with their number aside": {"text/html", "<!doctype html><table>" + repeated(3, func(n int) string { return fmt.Sprintf("<tr><th>%d<td>x<td>%s", n, address(n)) }) + "</table>", 3, 3},
		"one record with fields aside": {"text/html", "<!doctype html><table><tr><th>Home<td>" + address(1) + "<tr><th>Work<td>" + address(2) + "</table>", 1, 1},
		"fields that an attribute names": {"application/xml", "<?xml version='1.0'?><resultset>" + repeated(30, func(n int) string {
			return fmt.Sprintf(`<row><field name="name">%s</field><field name="note">x</field><field name="date_of_birth">%s</field></row>`, unlisted(n), born(n))
		}) + "</resultset>", 30, 30},
		"numbered keys": {"application/json", `{"data":{` + repeated(30, func(n int) string { return fmt.Sprintf(`"a%d":{"email":%q},`, n, address(n)) }) + `"end":null}}`, 30, 30},
		"more keys than columns": {"application/json", `{"data":{` + repeated(300, func(n int) string {
			return fmt.Sprintf(`"a%d":{"surname":%q,"date_of_birth":%q},`, n, unlisted(n%30), fmt.Sprintf("%d-03-%02d", 1930+n/28, 1+n%28))
		}) + `"end":null}}`, 300, 300},
		"keys that are addresses": {"application/json", `{"data":{` + repeated(300, func(n int) string {
			return fmt.Sprintf(`%q:{"surname":%q,"date_of_birth":%q},`, address(n), unlisted(n%30), born(n%30))
		}) + `"end":null}}`, 300, 303},
		"keys of any name":  {"application/json", `{"data":{` + repeated(26, func(n int) string { return fmt.Sprintf(`"%c":{"email":%q},`, 'a'+n, address(n)) }) + `"end":null}}`, 20, 26},
		"a column as a row": {"text/csv", "Email" + repeated(30, func(n int) string { return "," + address(n) }) + "\r\nX" + strings.Repeat(",y", 30) + "\r\n", 25, 30},
		"below all depths":  {"application/xml", strings.Repeat("<a>", 2000) + repeated(30, func(n int) string { return "<p>" + address(n) + "</p>" }), 25, 30},
		"four addresses":    {"application/json", `{"name":"Ann","emails":{"home":"` + address(1) + `","work":"` + address(2) + `","old":"` + address(3) + `","new":"` + address(4) + `"}}`, 1, 1},
	} {
		for _, size := range []int{1, 7, len(c.body)} {
			var pieces [][]byte
			for rest := []byte(c.body); len(rest) > 0; rest = rest[min(size, len(rest)):] {
				pieces = append(pieces, rest[:min(size, len(rest))])
			}
			got := inspectBody(t, newEngine(t, block(1000), false), inspect.Body{ContentType: c.contentType, Length: -1}, pieces...)
			if people := got.Evidence.People; people < c.least || people > c.most {
				t.Errorf("%s, by %d bytes: %d people, want %d to %d", name, size, people, c.least, c.most)
			}
		}
	}
}
