package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"html"
	"regexp"
	"strings"

	"golang.org/x/text/encoding/unicode"
)

// bookEvasions hide people in the corners of workbooks, and in what is opened as one.
func bookEvasions() []evasionCase {
	workbook := typed("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	excel := map[string]string{"Content-Type": "application/vnd.ms-excel", "Content-Disposition": `attachment; filename="list.xls"`}
	utf16le := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	cases := []evasionCase{
		{class: "E57", name: "shared texts", few: true, body: bookWith(sharedBook("<si><t>%s</t></si>"))},
		{class: "E57", name: "texts in runs of two letters", few: true, body: func(leak []byte) []byte {
			return bookOf(sharedBookOf(leak, func(text string) string {
				return "<si>" + inPieces(text, "<r><rPr><b/></rPr><t xml:space=\"preserve\">", "</t></r>") + "</si>"
			}))
		}},
		{class: "E57", name: "texts within cells", few: true, body: bookWith(sheetBook(`<c t="inlineStr"><is><t>%s</t></is></c>`, ""))},
		{class: "E57", name: "numbers as floats, under a header", few: true, body: func(leak []byte) []byte {
			rows := each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
				fmt.Fprintf(b, `<row><c t="inlineStr"><is><t>%s</t></is></c><c><v>%s</v></c></row>`, p.name, strings.ReplaceAll(p.nhs, " ", ""))
			})
			return bookOf(map[string]string{"xl/worksheets/sheet1.xml": worksheet(`<row><c t="inlineStr"><is><t>Name</t></is></c><c t="inlineStr"><is><t>NHS No</t></is></c></row>` + string(rows))})
		}},
		{class: "E57", name: "on a hidden sheet", few: true, body: bookWith(sheetBook(`<c t="inlineStr"><is><t>%s</t></is></c>`, ` state="veryHidden"`))},
		{class: "E57", name: "the texts that formulas gave last", few: true, body: bookWith(sheetBook(`<c t="str"><f>A1</f><v>%s</v></c>`, ""))},
		{class: "E57", name: "in comments", body: bookWith(partBook("xl/comments1.xml", "<comments "+mainSpace+"><commentList>", `<comment ref="A1"><text><t>%s %s</t></text></comment>`, "</commentList></comments>"))},
		{class: "E57", name: "in the cache of a pivot table", body: bookWith(partBook("xl/pivotCache/pivotCacheDefinition1.xml", "<pivotCacheDefinition "+mainSpace+`><cacheFields><cacheField name="Email"><sharedItems>`, `<s v="%s"/><s v="%s"/>`, "</sharedItems></cacheField></cacheFields></pivotCacheDefinition>"))},
		{class: "E57", name: "in the properties of the document", body: bookWith(partBook("docProps/custom.xml", `<Properties xmlns:vt="urn:vt">`, "<property><vt:lpwstr>%s %s</vt:lpwstr></property>", "</Properties>"))},
		{class: "E57", name: "in XML of its own", body: bookWith(partBook("customXml/item1.xml", "<people>", "<person mail='%s'>%s</person>", "</people>"))},
		{class: "E57", name: "in an embedded file", body: func(leak []byte) []byte {
			return bookOf(map[string]string{"xl/worksheets/sheet1.xml": worksheet(""), "xl/embeddings/oleObject1.bin": string(compoundOf(compoundStream{"\x01Ole10Native", leak}))})
		}},
		{class: "E57", name: "a workbook in the workbook", body: func(leak []byte) []byte {
			return bookOf(map[string]string{"xl/worksheets/sheet1.xml": worksheet(""), "xl/embeddings/book.xlsx": string(bookWith(sharedBook("<si><t>%s</t></si>"))(leak))})
		}},
		{class: "E58", name: "parts with names of their own", body: func(leak []byte) []byte {
			parts := sheetBook(`<c t="inlineStr"><is><t>%s</t></is></c>`, "")(leak)
			return zipParts(map[string]string{"[Content_Types].xml": strings.NewReplacer("/xl/workbook.xml", "/a/b.dat", "/xl/worksheets/sheet1.xml", "/a/c.png").Replace(contentTypes),
				"_rels/.rels": strings.Replace(packageRels, "xl/workbook.xml", "a/b.dat", 1), "a/b.dat": workbookPart,
				"a/_rels/b.dat.rels": strings.Replace(workbookRels, "worksheets/sheet1.xml", "c.png", 1), "a/c.png": parts["xl/worksheets/sheet1.xml"]})
		}},
		{class: "E58", name: "strict names of elements", few: true, body: func(leak []byte) []byte {
			parts := sheetBook(`<c t="inlineStr"><is><t>%s</t></is></c>`, "")(leak)
			parts["xl/worksheets/sheet1.xml"] = strings.ReplaceAll(parts["xl/worksheets/sheet1.xml"], "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
			return bookOf(parts)
		}},
		{class: "E58", name: "with macros", few: true, body: func(leak []byte) []byte {
			parts := sheetBook(`<c t="inlineStr"><is><t>%s</t></is></c>`, "")(leak)
			parts["[Content_Types].xml"] = strings.Replace(contentTypes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml", 1)
			return bookOf(parts)
		}},
		{class: "E58", name: "a binary workbook", undo: func(b []byte) []byte { return bytes.ReplaceAll(unzipped(b), []byte{0}, nil) }, body: func(leak []byte) []byte {
			return zipParts(map[string]string{"[Content_Types].xml": strings.NewReplacer("openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "ms-excel.sheet.binary.macroEnabled.main", "sheet1.xml", "sheet1.bin").Replace(contentTypes),
				"_rels/.rels": strings.Replace(packageRels, "workbook.xml", "workbook.bin", 1), "xl/workbook.bin": "\x83\x01\x00\x84\x01\x00", "xl/_rels/workbook.bin.rels": workbookRels,
				"xl/sharedStrings.bin": string(binaryTexts(leak))})
		}},
		{class: "E59", name: "a workbook with a password", undo: aesCTRBehind(strings.Repeat("\x40", 8)), body: func(leak []byte) []byte {
			return compoundOf(compoundStream{"EncryptionInfo", bytes.Repeat([]byte{4, 0, 4, 0, 0x40, 0, 0, 0}, 20)}, compoundStream{"EncryptedPackage", append(bytes.Repeat([]byte{0x40}, 8), aesCTR(leak)...)})
		}},
		{class: "E59", name: "a workbook with the password that opens by itself", undo: sweatshopOpened, few: true, body: func(leak []byte) []byte {
			return sweatshopEncrypted(bookWith(sharedBook("<si><t>%s</t></si>"))(leak))
		}},
		{class: "E60", name: "texts split over records, with a change of width", header: excel, undo: readOldBook, few: true, body: func(leak []byte) []byte { return oldBook(leak, false) }},
		{class: "E60", name: "the same with a password", header: excel, undo: func(b []byte) []byte { return readOldBook(ciphered(b)) }, body: func(leak []byte) []byte { return oldBook(leak, true) }},
		{class: "E61", name: "an HTML table", header: excel, body: around("<html><table>", "<tr><td>%s</td><td>%s</td></tr>\n", "</table></html>"), few: true},
		{class: "E61", name: "a CSV", header: excel, few: true},
		{class: "E61", name: "XML of 2003", header: excel, few: true, body: around(`<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="L"><Table>`,
			`<Row><Cell><Data ss:Type="String">%s</Data></Cell><Cell><Data ss:Type="String">%s</Data></Cell></Row>`, "</Table></Worksheet></Workbook>")},
		{class: "E61", name: "SYLK", header: excel, few: true, body: func(leak []byte) []byte {
			rows := each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
				fmt.Fprintf(b, "C;X1;Y%d;K\"%s\"\r\nC;X2;K\"%s\"\r\n", n+1, p.email, p.nhs)
			})
			return append(append([]byte("ID;PWXL;N;E\r\n"), rows...), "E\r\n"...)
		}},
		{class: "E62", name: "UTF-16 with tabs, as a spreadsheet exports it", header: typed("text/csv"), undo: transformed(utf16le.NewDecoder()), few: true, body: func(leak []byte) []byte {
			return append([]byte("\xFF\xFE"), transformed(utf16le.NewEncoder())(bytes.ReplaceAll(leak, []byte(","), []byte("\t")))...)
		}},
		{class: "E62", name: "semicolons and quotes", header: typed("text/csv"), body: as("\"x \"\"y\"\"\";\"%s\";\"%s\"\r\n"), few: true},
		{class: "E62", name: `="999 000 0018"`, header: typed("text/csv"), body: as("=\"%s\";=\"%s\"\r\n"), few: true},
		{class: "E62", name: "a line for each column", header: typed("text/csv"), body: func(leak []byte) []byte {
			mails := each(leak, func(b *bytes.Buffer, n int, p demoPerson) { b.WriteString("," + p.email) })
			numbers := each(leak, func(b *bytes.Buffer, n int, p demoPerson) { b.WriteString("," + p.nhs) })
			return []byte("Email" + string(mails) + "\r\nNHS No" + string(numbers) + "\r\n")
		}},
		{class: "E62", name: "a line for each field", header: typed("text/csv"), body: as("Email,%s\r\nNHS No,%s\r\n"), few: true},
	}
	for i := range cases {
		if cases[i].header == nil {
			cases[i].header = workbook
		}
		if cases[i].undo == nil && cases[i].class < "E59" {
			cases[i].undo = readBook
		}
	}
	return cases
}

// readBook reads all parts, with their markup and without.
func readBook(body []byte) []byte {
	all := unzipped(body)
	return append(regexp.MustCompile(`<[^>]*>`).ReplaceAll(all, nil), html.UnescapeString(string(all))...)
}

// bookWith makes a workbook of the parts that a leak becomes.
func bookWith(parts func([]byte) map[string]string) func([]byte) []byte {
	return func(leak []byte) []byte { return bookOf(parts(leak)) }
}

// bookOf makes a workbook of the parts, and of those that each has.
func bookOf(parts map[string]string) []byte {
	all := map[string]string{"[Content_Types].xml": contentTypes, "_rels/.rels": packageRels, "xl/workbook.xml": workbookPart, "xl/_rels/workbook.xml.rels": workbookRels}
	for name, text := range parts {
		all[name] = text
	}
	return zipParts(all)
}

// zipParts puts the types first, as a package has them.
func zipParts(parts map[string]string) []byte {
	members := []zipMember{{name: "[Content_Types].xml", method: zipDeflated, content: deflated([]byte(parts["[Content_Types].xml"])), size: len(parts["[Content_Types].xml"])}}
	for name, text := range parts {
		if name != members[0].name {
			members = append(members, zipMember{name: name, method: zipDeflated, content: deflated([]byte(text)), size: len(text)})
		}
	}
	return zipOf(-1, members...)
}

func worksheet(rows string) string {
	return xmlHead + `<worksheet ` + mainSpace + `><sheetData>` + rows + `</sheetData></worksheet>`
}

// sheetBook writes each person's e-mail address and NHS number in a cell of the form.
func sheetBook(cell, attribute string) func([]byte) map[string]string {
	return func(leak []byte) map[string]string {
		rows := around("", "<row>"+cell+cell+"</row>", "")(leak)
		parts := map[string]string{"xl/worksheets/sheet1.xml": worksheet(string(rows))}
		if attribute != "" {
			parts["xl/workbook.xml"] = strings.Replace(workbookPart, "<sheet ", "<sheet"+attribute+" ", 1)
		}
		return parts
	}
}

func sharedBook(form string) func([]byte) map[string]string {
	return func(leak []byte) map[string]string {
		return sharedBookOf(leak, func(text string) string { return fmt.Sprintf(form, text) })
	}
}

// sharedBookOf writes the texts into the table of shared ones, each in a form.
func sharedBookOf(leak []byte, write func(string) string) map[string]string {
	var rows strings.Builder
	texts := each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
		b.WriteString(write(p.email) + write(p.nhs))
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%d" t="s"><v>%d</v></c><c r="B%d" t="s"><v>%d</v></c></row>`, n+1, n+1, 2*n, n+1, 2*n+1)
	})
	return map[string]string{"xl/sharedStrings.xml": xmlHead + "<sst " + mainSpace + ">" + string(texts) + "</sst>", "xl/worksheets/sheet1.xml": worksheet(rows.String())}
}

// partBook writes the people into a part beside an empty sheet.
func partBook(name, before, form, after string) func([]byte) map[string]string {
	return func(leak []byte) map[string]string {
		return map[string]string{"xl/worksheets/sheet1.xml": worksheet(""), name: xmlHead + string(around(before, form, after)(leak))}
	}
}

// inPieces writes a text two letters at a time.
func inPieces(text, before, after string) string {
	var b strings.Builder
	for i := 0; i < len(text); i += 2 {
		b.WriteString(before + text[i:min(len(text), i+2)] + after)
	}
	return b.String()
}

// binaryTexts is a table of shared texts in binary form (MS-XLSB, section 2.4.831).
func binaryTexts(leak []byte) []byte {
	out := []byte{0x9F, 0x01, 8, 0, 0, 0, 0, 0, 0, 0, 0}
	out = append(out, each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
		for _, text := range []string{p.email, p.nhs} {
			wide := wideOf(text)
			b.Write([]byte{0x13, byte(5 + len(wide)), 0})
			binary.Write(b, binary.LittleEndian, uint32(len(text)))
			b.Write(wide)
		}
	})...)
	return append(out, 0xA0, 0x01, 0)
}

// wideOf is a text of ASCII in UTF-16.
func wideOf(text string) []byte {
	var b []byte
	for i := range len(text) {
		b = append(b, text[i], 0)
	}
	return b
}
