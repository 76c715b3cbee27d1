package extract

import (
	"bytes"
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"stanch/rules"
)

const (
	workbookTypes = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`
	packageRels   = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	workbookRels  = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="sharedStrings.xml"/><Relationship Id="rId3" Target="/xl/styles.xml"/></Relationships>`
	workbookXML   = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>`
	stylesXML     = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="000\-00\-0000"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>`
	sheetHead     = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	sheetTail     = `</sheetData></worksheet>`
)

// workbookOf is a workbook of one sheet.
func workbookOf(t testing.TB, rows, strings string, more ...member) []byte {
	members := []member{{"[Content_Types].xml", workbookTypes}, {"_rels/.rels", packageRels}, {"xl/workbook.xml", workbookXML},
		{"xl/_rels/workbook.xml.rels", workbookRels}, {"xl/styles.xml", stylesXML},
		{"xl/sharedStrings.xml", `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + strings + `</sst>`},
		{"xl/worksheets/sheet1.xml", sheetHead + rows + sheetTail}}
	return zipOf(t, append(members, more...)...)
}

func TestXLSXValues(t *testing.T) {
	cases := []struct{ name, rows, strings, where, want string }{
		{"shared string", `<row r="2"><c r="B2" t="s"><v>1</v></c></row>`, `<si><t>a</t></si><si><t>Jane &amp; Co</t></si>`, "People!B2", "Jane & Co"},
		{"rich runs are joined", `<row r="1"><c r="A1" t="s"><v>0</v></c></row>`, `<si><r><rPr><b/></rPr><t>943 476</t></r><r><t xml:space="preserve"> 5919</t></r></si>`, "People!A1", "943 476 5919"},
		{"phonetic runs stay apart", `<row r="1"><c r="A1" t="s"><v>0</v></c></row>`, `<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>`, "People!A1", "東京"},
		{"phonetic runs are read", ``, `<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>`, "xl/sharedStrings.xml", "トウキョウ"},
		{"strings that no cell shows", ``, `<si><t>left behind</t></si>`, "xl/sharedStrings.xml", "left behind"},
		{"inline string", `<row><c t="inlineStr"><is><t>inline</t></is></c></row>`, ``, "People!A1", "inline"},
		{"inline rich string", `<row><c r="A1"/><c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c></row>`, ``, "People!B1", "inline"},
		{"formula result", `<row r="1"><c r="A1" t="str"><f>A2&amp;A3</f><v>x@example.org</v></c></row>`, ``, "People!A1", "x@example.org"},
		{"literal in a formula", `<row r="1"><c r="A1"><f>LEN("x@example.org")</f><v>13</v></c></row>`, ``, "People!1", `LEN("x@example.org")`},
		{"exponent", `<row r="1"><c r="A1"><v>9.434765919E9</v></c></row>`, ``, "People!A1", "9434765919"},
		{"sixteen digits", `<row r="1"><c r="A1"><v>4.111111111111111E15</v></c></row>`, ``, "People!A1", "4111111111111111"},
		{"noise of binary fractions", `<row r="1"><c r="A1"><v>0.30000000000000004</v></c></row>`, ``, "People!A1", "0.3"},
		{"date", `<row r="1"><c r="A1" s="1"><v>29221</v></c></row>`, ``, "People!A1", "1980-01-01"},
		{"padded pattern", `<row r="1"><c r="A1" s="2"><v>78051120</v></c></row>`, ``, "People!A1", "078-05-1120"},
		{"no date is that large", `<row r="1"><c r="A1" s="1"><v>9434765919</v></c></row>`, ``, "People!A1", "9434765919"},
		{"truth", `<row r="1"><c r="A1" t="b"><v>1</v></c></row>`, ``, "People!A1", "TRUE"},
		{"own escapes", `<row r="1"><c r="A1" t="inlineStr"><is><t>x_x0040_example.org</t></is></c></row>`, ``, "People!A1", "x@example.org"},
		{"character references", `<row r="1"><c r="A1" t="str"><v>x&#64;example&#x2E;org &unknown;</v></c></row>`, ``, "People!A1", "x@example.org &unknown;"},
		{"CDATA", `<row r="1"><c r="A1" t="str"><v><![CDATA[a<b]]></v></c></row>`, ``, "People!A1", "a<b"},
		{"prefixes and single quotes", `<x:row r='7'><x:c r='C7' t='str'><x:v>odd</x:v></x:c></x:row>`, ``, "People!C7", "odd"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			all, format, status, reason := readWorkbookBytes(t, workbookOf(t, c.rows, c.strings))
			if format != rules.XLSX || status != rules.Complete || reason != rules.NoReason {
				t.Fatalf("%v, %v, %v", format, status, reason)
			}
			if !slices.ContainsFunc(all.find(c.where), func(v readValue) bool { return v.Text == c.want }) {
				t.Fatalf("no %q at %s, but %v", c.want, c.where, all.values)
			}
		})
	}
}

func TestXLSXHeaders(t *testing.T) {
	rows := `<row r="1"><c r="A1" t="str"><v>Confidential list of applicants</v></c></row>` +
		`<row r="3"><c r="A3" t="str"><v>Name</v></c><c r="B3" t="str"><v>NHS No</v></c><c r="D3" t="str"><v>Date of birth</v></c></row>` +
		`<row r="4"><c r="A4" t="str"><v>Jane Doe</v></c><c r="B4"><v>9434765919</v></c><c r="D4" s="1"><v>29221</v></c></row>` +
		`<row r="5"><c r="A5" t="str"><v>John Roe</v></c><c r="B5"><v>4010232137</v></c><c r="C5" t="str"><v>note</v></c></row>`
	all, _, _, _ := readWorkbookBytes(t, workbookOf(t, rows, ""))
	for where, header := range map[string]string{"People!A1": "", "People!B3": "", "People!A4": "Name", "People!B4": "NHS No", "People!D4": "Date of birth",
		"People!B5": "NHS No", "People!C5": ""} {
		if got := all.find(where); len(got) != 1 || got[0].Header != header {
			t.Errorf("%s: %v, want header %q", where, got, header)
		}
	}
	if a, b := all.find("People!A4")[0].Record, all.find("People!B4")[0].Record; a != b || a == all.find("People!A5")[0].Record {
		t.Errorf("records of a row differ, or those of two rows do not: %v", all.values)
	}
}

// countCells counts the cells with a value in a workbook's sheets, by the standard library's XML reader.
func countCells(t *testing.T, body []byte) int {
	p, err := openZipParts(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, name := range p.Names() {
		if !strings.HasPrefix(name, "xl/worksheets/") || !strings.HasSuffix(name, ".xml") {
			continue
		}
		part, err := p.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		var sheet struct {
			Cells []struct {
				Value  string   `xml:"v"`
				Inline []string `xml:"is>t"`
				Runs   []string `xml:"is>r>t"`
			} `xml:"sheetData>row>c"`
		}
		if err := xml.NewDecoder(part).Decode(&sheet); err != nil && err != io.EOF {
			continue // no worksheet
		}
		for _, c := range sheet.Cells {
			if c.Value != "" || strings.Join(c.Inline, "")+strings.Join(c.Runs, "") != "" {
				count++
			}
		}
	}
	return count
}

func TestXLSXShared(t *testing.T) {
	for _, d := range sharedDocuments(t, "xlsx", "xlsm") {
		start := time.Now()
		all, format, status, reason := readWorkbookBytes(t, d.body)
		t.Logf("%s: %v %v %v, %d cells (%v), %v", d.Path, format, status, reason, all.cells, d.Flags, time.Since(start).Round(time.Millisecond))
		if len(d.Flags) > 0 {
			continue
		}
		if status != rules.Complete {
			t.Errorf("%s: %v because %v", d.Path, status, reason)
		}
		if want := countCells(t, d.body); all.cells < want {
			t.Errorf("%s: %d cells, want at least %d", d.Path, all.cells, want)
		}
	}
}
