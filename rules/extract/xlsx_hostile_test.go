package extract

import (
	"strings"
	"testing"

	"stanch/rules"
)

func TestXLSXHostile(t *testing.T) {
	long := strings.Repeat("9434765919 ", 100_000)
	cases := []struct {
		name, rows, strings string
		reason              rules.Reason
		most                int // bytes of text
	}{
		{"document type", ``, `<!DOCTYPE a [<!ENTITY b "c">]><si><t>&b;</t></si>`, rules.Corrupt, 1 << 12},
		{"depth", strings.Repeat("<a>", maxXMLDepth+1), ``, rules.TooDeep, 1 << 12},
		{"cut off", `<row r="1"><c r="A1"><v>1`, ``, rules.Corrupt, 1 << 12},
		{"tag without end", `<row r="1" x="` + long + long, ``, rules.Corrupt, 1 << 12},
		{"one long string in many cells", `<row r="1">` + strings.Repeat(`<c t="s"><v>0</v></c>`, 12_000) + `</row>`, `<si><t>` + long + `</t></si>`, rules.NoReason,
			2 * len(long)},
		{"cells far out", `<row r="99999999999999999999"><c r="ZZZZZZZZ1"><v>1</v></c></row>`, ``, rules.NoReason, 1 << 12},
		{"string that is not there", `<row r="1"><c r="A1" t="s"><v>99999999999</v></c><c r="B1" t="s"><v>-1</v></c></row>`, ``, rules.NoReason, 1 << 12},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := memoryParts{{"_rels/.rels", packageRels}, {"xl/workbook.xml", workbookXML}, {"xl/_rels/workbook.xml.rels", workbookRels},
				{"xl/sharedStrings.xml", `<sst>` + c.strings + `</sst>`}, {"xl/worksheets/sheet1.xml", sheetHead + c.rows + sheetTail}}
			all := &readAll{t: t}
			_, status, reason := readXLSX(p, testOptions(), all.emit)
			if reason != c.reason || (status == rules.Complete) != (reason == rules.NoReason) {
				t.Errorf("%v because %v, want %v", status, reason, c.reason)
			}
			if n := all.text.Len(); n > c.most {
				t.Errorf("%d bytes of text, want at most %d", n, c.most)
			}
		})
	}
}

func TestXLSXLimits(t *testing.T) {
	rows := strings.Repeat(`<row><c t="str"><v>`+strings.Repeat("x", 1000)+`</v></c></row>`, 2000)
	p := memoryParts{{"xl/worksheets/sheet1.xml", sheetHead + rows + sheetTail}}
	calls := 0
	for name, c := range map[string]struct {
		limits Limits
		reason rules.Reason
	}{
		"text":     {Limits{Expanded: 100_000}, rules.TooLarge},
		"deadline": {Limits{Stop: func() bool { calls++; return calls > 3 }}, rules.Deadline},
	} {
		all := &readAll{t: t}
		_, status, reason := readXLSX(p, Options{Limits: c.limits}, all.emit)
		if status != rules.Partial || reason != c.reason || all.text.Len() > 8*fullBatch {
			t.Errorf("%s: %v because %v after %d bytes", name, status, reason, all.text.Len())
		}
	}
}
