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
	for name, c := range map[string]struct {
		contentType, body string
		least, most       int
	}{
		"numbered keys":     {"application/json", `{"data":{` + repeated(30, func(n int) string { return fmt.Sprintf(`"a%d":{"email":%q},`, n, address(n)) }) + `"end":null}}`, 30, 30},
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
