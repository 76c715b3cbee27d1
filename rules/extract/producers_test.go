package extract

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"stanch/rules"
)

// Parts of workbooks as other programs write them.
const (
	strictNamespace = `xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main" xmlns:r="http://purl.oclc.org/ooxml/officeDocument/relationships"`
	prefixNamespace = `xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	oneCell         = `<row r="2"><c r="B2" t="inlineStr"><is><t>` + secret + `</t></is></c></row>`
)

// producedParts are the parts of a workbook with one cell, which a test changes.
func producedParts(rows, strings string) []member {
	return []member{{"[Content_Types].xml", workbookTypes}, {"_rels/.rels", packageRels}, {"xl/workbook.xml", workbookXML},
		{"xl/_rels/workbook.xml.rels", workbookRels}, {"xl/styles.xml", stylesXML},
		{"xl/sharedStrings.xml", `<sst ` + mainNamespace + `>` + strings + `</sst>`}, {"xl/worksheets/sheet1.xml", sheetHead + rows + sheetTail}}
}

// changed is the parts with every part replaced that more has, and those without content left out.
func changed(parts []member, more ...member) []member {
	var out []member
	for _, p := range parts {
		for _, m := range more {
			if m.name == p.name {
				p.body = m.body
			}
		}
		if p.body != "" {
			out = append(out, p)
		}
	}
	for _, m := range more {
		known := false
		for _, p := range parts {
			known = known || p.name == m.name
		}
		if !known {
			out = append(out, m)
		}
	}
	return out
}

// utf16Part is a part in UTF-16 with its declaration.
func utf16Part(text string) string {
	return "\xFF\xFE" + string(wideBytes(`<?xml version="1.0" encoding="UTF-16" standalone="yes"?>`+text))
}

// TestProducers reads the same cell from packages as different programs, and careless ones, write them.
func TestProducers(t *testing.T) {
	plain := producedParts(oneCell, "")
	sheet := func(text string) []member { return changed(plain, member{"xl/worksheets/sheet1.xml", text}) }
	prefixed := func(text string) string {
		for _, name := range []string{"sst", "si", "t", "worksheet", "sheetData", "row", "c", "is", "v"} {
			text = strings.ReplaceAll(strings.ReplaceAll(text, "<"+name+" ", "<x:"+name+" "), "<"+name+">", "<x:"+name+">")
			text = strings.ReplaceAll(text, "</"+name+">", "</x:"+name+">")
		}
		return strings.ReplaceAll(text, mainNamespace, prefixNamespace)
	}
	cases := []struct {
		name  string
		parts []member
		where string // "" for any
	}{
		{"as most programs", plain, "People!B2"},
		{"strict", changed(plain, member{"xl/workbook.xml", strings.Replace(workbookXML, mainNamespace, strictNamespace, 1)},
			member{"xl/worksheets/sheet1.xml", `<worksheet ` + strictNamespace + `><sheetData>` + oneCell + `</sheetData></worksheet>`}), "People!B2"},
		{"prefixes everywhere", changed(producedParts("", ""), member{"xl/sharedStrings.xml", prefixed(`<sst ` + mainNamespace + `><si><t>` + secret + `</t></si></sst>`)},
			member{"xl/worksheets/sheet1.xml", prefixed(`<worksheet ` + mainNamespace + `><sheetData><row r="2"><c r="B2" t="s"><v>0</v></c></row></sheetData></worksheet>`)}), "People!B2"},
		{"no references", sheet(sheetHead + `<row/><row><c/><c t="inlineStr"><is><t>` + secret + `</t></is></c></row>` + sheetTail), "People!B2"},
		{"references in lower case", sheet(strings.ReplaceAll(sheetHead+oneCell+sheetTail, "B2", "b2")), "People!B2"},
		{"attributes in another order", sheet(sheetHead + `<row ht="15" r="2"><c t="inlineStr" s="0" r="B2"><is><t>` + secret + `</t></is></c></row>` + sheetTail), "People!B2"},
		{"rich text in the cell", sheet(sheetHead + `<row r="2"><c r="B2" t="inlineStr"><is><r><rPr><b/></rPr><t>jane.doe</t></r><r><t>@example.org</t></r></is></c></row>` + sheetTail), "People!B2"},
		{"text result of a formula", sheet(sheetHead + `<row r="2"><c r="B2" t="str"><f>A1</f><v>` + secret + `</v></c></row>` + sheetTail), "People!B2"},
		{"shared formula", sheet(sheetHead + `<row r="2"><c r="B2" t="str"><f t="shared" si="0"/><v>` + secret + `</v></c></row>` + sheetTail), "People!B2"},
		{"cells between errors", sheet(sheetHead + `<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2" t="str"><v>` + secret + `</v></c><c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>` + sheetTail), "People!B2"},
		{"pretty printed", sheet("<?xml version=\"1.0\"?>\r\n" + strings.ReplaceAll(sheetHead+`<row r="2"><c r="B2" t="str"><v>`+secret+`</v></c></row>`+sheetTail, "><", ">\r\n\t<")), "People!B2"},
		{"UTF-16", changed(plain, member{"xl/worksheets/sheet1.xml", utf16Part(sheetHead + oneCell + sheetTail)}, member{"xl/workbook.xml", utf16Part(workbookXML)}), "People!B2"},
		{"byte order mark", sheet("\xEF\xBB\xBF" + sheetHead + oneCell + sheetTail), "People!B2"},
		{"ISO 8859-1", sheet("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + sheetHead + "<row r=\"2\"><c r=\"B2\" t=\"str\"><v>" + secret + "</v></c><c t=\"str\"><v>Zo\xEB</v></c></row>" + sheetTail), "People!B2"},
		{"no content types", changed(plain, member{"[Content_Types].xml", ""}), "People!B2"},
		{"no relations", changed(plain, member{"_rels/.rels", ""}, member{"xl/_rels/workbook.xml.rels", ""}), "xl/worksheets/sheet1.xml!B2"},
		{"absolute targets", changed(plain, member{"xl/_rels/workbook.xml.rels", strings.Replace(workbookRels, `Target="worksheets`, `Target="/xl/worksheets`, 1)}), "People!B2"},
		{"absolute names", func() []member {
			var out []member
			for _, p := range plain {
				out = append(out, member{"/" + p.name, p.body})
			}
			return out
		}(), ""},
		{"backslashes in names", func() []member {
			var out []member
			for _, p := range plain {
				out = append(out, member{strings.ReplaceAll(p.name, "/", `\`), p.body})
			}
			return out
		}(), ""},
		{"names in other case", func() []member {
			var out []member
			for _, p := range plain {
				out = append(out, member{strings.Replace(p.name, "xl/worksheets/sheet1", "xl/worksheets/Sheet1", 1), p.body})
			}
			return out
		}(), ""},
		{"another folder", func() []member {
			var out []member
			for _, p := range plain {
				if p.name == "[Content_Types].xml" {
					p.body = strings.Replace(p.body, "/>", `><Override PartName="/workbook/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`, 1)
				}
				out = append(out, member{strings.ReplaceAll(p.name, "xl/", "workbook/"), strings.ReplaceAll(strings.ReplaceAll(p.body, "xl/", "workbook/"), "/xl/", "/workbook/")})
			}
			return out
		}(), ""},
		{"one long row of one cell", sheet(sheetHead + `<row r="2" spans="1:2" s="1" customFormat="1" ht="15.75" thickBot="1" x14ac:dyDescent="0.25"><c r="A2" s="4"/><c r="B2" s="5" t="str" cm="1" vm="2"><v>` + secret + `</v></c></row>` + sheetTail), "People!B2"},
		{"text preserved", sheet(sheetHead + `<row r="2"><c r="B2" t="inlineStr"><is><t xml:space="preserve">` + secret + `</t></is></c></row>` + sheetTail), "People!B2"},
		{"carriage returns escaped", sheet(sheetHead + `<row r="2"><c r="A2" t="str"><v>a_x000D_&#10;b</v></c><c r="B2" t="str"><v>` + secret + `</v></c></row>` + sheetTail), "People!B2"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for streamed, body := range map[bool][]byte{false: storedZIP(t, c.parts), true: streamedZIP(t, c.parts)} {
				r := readBody(t, body, "book.xlsx", Limits{})
				if r.status != rules.Complete || r.format != rules.XLSX {
					t.Errorf("streamed %v: %v %v because %v", streamed, r.format, r.status, r.reason)
				}
				found := ""
				for _, cell := range r.cells {
					if string(r.text[cell.Start:cell.End]) == secret {
						found = cell.Where
					}
				}
				if found == "" || c.where != "" && found != c.where {
					t.Errorf("streamed %v: found at %q, want %q, in %q", streamed, found, c.where, r.text)
				}
			}
		})
	}
}

// storedZIP packs parts without compression, sizes in the local headers.
func storedZIP(t *testing.T, parts []member) []byte {
	t.Helper()
	var entries []rawEntry
	for _, p := range parts {
		entries = append(entries, rawEntry{name: p.name, content: p.body})
	}
	return rawZIP(entries, "")
}

// streamedZIP packs parts as programs do that write to a stream: sizes stand behind the parts.
func streamedZIP(t *testing.T, parts []member) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, p := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: time.Unix(0, 0)})
		if err == nil {
			_, err = io.WriteString(w, p.body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestCellForms reads values in every form that a cell may have.
func TestCellForms(t *testing.T) {
	cases := []struct{ cell, want string }{
		{`t="d"><v>2024-02-29T00:00:00</v>`, "2024-02-29T00:00:00"},
		{`t="b"><v>true</v>`, "TRUE"},
		{`t="n"><v> 42 </v>`, "42"},
		{`><v>1E+3</v>`, "1000"},
		{`><v>-0.5</v>`, "-0.5"},
		{`><v>00447700900123</v>`, "00447700900123"},
		{`s="1"><v>1</v>`, "1900-01-01"},
		{`s="1"><v>59</v>`, "1900-02-28"},
		{`s="1"><v>61</v>`, "1900-03-01"},
		{`s="1"><v>45351.5</v>`, "2024-02-29 12:00:00"},
		{`s="1"><v>0.25</v>`, "06:00:00"},
		{`s="99"><v>7</v>`, "7"},
		{`t="unknown"><v>text</v>`, "text"},
		{`t="s"><v>1</v>`, "東京"},
		{`t="s"><v> 1 </v>`, "東京"},
		{`t="inlineStr"><is><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></is>`, "東京"},
		{`t="str"><v>a&lt;b&#x26;&amp;amp;</v>`, "a<b&&amp;"},
		{`t="inlineStr"><is><t>snake_case_x005F_x0041_</t></is>`, "snake_case_x0041_"},
	}
	for _, c := range cases {
		body := workbookOf(t, fmt.Sprintf(`<row r="1"><c r="A1" t="str"><v>x</v></c><c r="B1" %s</c></row>`, c.cell), `<si><t>a</t></si><si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>`)
		all, _, status, reason := readWorkbookBytes(t, body)
		if got := all.find("People!B1"); status != rules.Complete || len(got) != 1 || got[0].Text != c.want {
			t.Errorf("%s: %v (%v because %v), want %q", c.cell, got, status, reason, c.want)
		}
	}
}
