package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"html"
	"regexp"
	"strings"
)

// documentEvasions hide people in documents and containers.
func documentEvasions() []evasionCase {
	pdf, data, asXML := typed("application/pdf"), typed("application/octet-stream"), typed("application/xml")
	lines := func(form func(string) string) func([]byte) string {
		return func(leak []byte) string {
			var b strings.Builder
			b.WriteString("BT /F1 9 Tf 40 800 Td 11 TL\n")
			each(leak, func(_ *bytes.Buffer, n int, p demoPerson) { b.WriteString(form(p.email+"  "+p.nhs) + " T*\n") })
			return b.String() + "ET"
		}
	}
	plain := func(text string) string { return "(" + text + ") Tj" }
	blob := func(magic string, write func([]byte) []byte, end string) func([]byte) []byte {
		return func(leak []byte) []byte { return append(append([]byte(magic), write(leak)...), end...) }
	}
	return []evasionCase{
		{class: "E63", name: "compressed streams", header: pdf, undo: readPDF, few: true, body: func(leak []byte) []byte { return pdfPacked(lines(plain)(leak)) }},
		{class: "E63", name: "each letter moved by itself", header: pdf, undo: readPDF, few: true, body: func(leak []byte) []byte {
			return pdfPacked(lines(func(text string) string { return "[" + inPieces(text, "(", ") -2 ") + "] TJ" })(leak))
		}},
		{class: "E63", name: "each pair of letters shown by itself", header: pdf, undo: readPDF, few: true, body: func(leak []byte) []byte {
			return pdfPacked(lines(func(text string) string { return inPieces(text, "(", ") Tj ") })(leak))
		}},
		{class: "E63", name: "letters in hexadecimal", header: pdf, undo: readPDF, few: true, body: func(leak []byte) []byte {
			return pdfPacked(lines(func(text string) string { return "<" + hex.EncodeToString([]byte(text)) + "> Tj" })(leak))
		}},
		{class: "E63", name: "a font that numbers its letters otherwise", header: pdf, undo: func(b []byte) []byte { return shifted(readPDF(b), -1) }, few: true, body: func(leak []byte) []byte {
			return pdfPacked(lines(func(text string) string { return "<" + hex.EncodeToString(shifted([]byte(text), 1)) + "> Tj" })(leak))
		}},
		{class: "E63", name: "in the properties of the document", header: pdf, body: func(leak []byte) []byte {
			return pdfOf("BT (Nothing) Tj ET", []byte("/Info << /Keywords ("+string(as("%s %s ")(leak))+") >>"))
		}},
		{class: "E64", name: "tar", header: typed("application/x-tar"), body: func(leak []byte) []byte { return tarOf("list.csv", leak) }, few: true},
		{class: "E64", name: "tar.gz", header: typed("application/gzip"), body: func(leak []byte) []byte { return gzipped(tarOf("list.csv", leak)) }, undo: gunzipped, few: true},
		{class: "E64", name: "xz", header: typed("application/x-xz"), body: xzed, undo: unxz, few: true},
		{class: "E64", name: "a cabinet", header: data, undo: inflatedBehind("MSCF\x00\x00\x00\x00"), body: blob("MSCF\x00\x00\x00\x00", deflated, "")},
		{class: "E64", name: "RAR", header: data, undo: inflatedBehind("Rar!\x1A\x07\x01\x00"), body: blob("Rar!\x1A\x07\x01\x00", deflated, "")},
		{class: "E64", name: "SQLite", header: data, body: blob("SQLite format 3\x00\x10\x00\x01\x01\x00\x40\x20\x20", as("\x03\x2B\x21%s%s"), "")},
		{class: "E64", name: "Parquet", header: data, body: blob("PAR1\x15\x04", as("%s\x0C\x00%s\x0C\x00"), "\x10\x00\x00\x00PAR1")},
		{class: "E64", name: "Avro", header: data, body: blob("Obj\x01\x04\x16avro.schema\x02{}\x00", as("\x30%s\x18%s"), "")},
		{class: "E64", name: "CBOR", header: typed("application/cbor"), body: func(leak []byte) []byte {
			return append([]byte{0x98, leakPeople}, each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
				b.WriteString("\xA2\x65email\x78" + string(rune(len(p.email))) + p.email + "\x63nhs\x6C" + p.nhs)
			})...)
		}},
		{class: "E64", name: "MessagePack", header: typed("application/msgpack"), body: func(leak []byte) []byte {
			return append([]byte{0xDC, 0, leakPeople}, each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
				b.WriteString("\x82\xA5email\xD9" + string(rune(len(p.email))) + p.email + "\xA3nhs\xAC" + p.nhs)
			})...)
		}},
		{class: "E64", name: "a dump of a heap, its texts in UTF-16", missed: true, header: data, undo: func(b []byte) []byte { return bytes.ReplaceAll(b, []byte{0}, nil) },
			body: blob("JAVA PROFILE 1.0.2\x00\x00\x00\x00\x08", func(leak []byte) []byte {
				return each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
					b.WriteString("\x23\x00\x00\x00\x00\x07\xF1\x05")
					b.Write(wideOf(p.email))
					b.WriteString("\x23\x00\x00\x00\x00\x07\xF1\x05")
					b.Write(wideOf(p.nhs))
				})
			}, "")},
		{class: "E65", name: "each letter a reference", header: asXML, undo: unreferenced, few: true, body: func(leak []byte) []byte {
			return append([]byte(`<?xml version="1.0"?><people>`), each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
				b.WriteString("<p>" + references(p.email) + " <n>" + references(p.nhs) + "</n></p>")
			})...)
		}},
		{class: "E65", name: "entities of its own", header: asXML, undo: func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("&at;"), []byte("@")) },
			body: around(`<?xml version="1.0"?><!DOCTYPE people [<!ENTITY at "@">]><people>`, "<p>%s<n>%s</n></p>", "</people>")},
		{class: "E65", name: "people as entities", header: asXML, undo: referenced, body: func(leak []byte) []byte {
			return append(append([]byte(`<?xml version="1.0"?><!DOCTYPE people [`), each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
				fmt.Fprintf(b, "<!ENTITY a%d \"%s\"><!ENTITY b%d \"%s\">", n, p.email[:5], n, p.email[5:])
			})...), append([]byte("]><people>"), append(each(leak, func(b *bytes.Buffer, n int, p demoPerson) { fmt.Fprintf(b, "<p>&a%d;&b%d;</p>", n, n) }), "</people>"...)...)...)
		}},
		{class: "E65", name: "values over sections of CDATA", header: asXML, undo: withoutCDATA, few: true, body: func(leak []byte) []byte {
			return append(append([]byte(`<?xml version="1.0"?><people>`), each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
				b.WriteString("<p>" + inPieces(p.email, "<![CDATA[", "]]>") + "</p>")
			})...), "</people>"...)
		}},
		{class: "E65", name: "ten thousand elements deep", header: asXML, body: func(leak []byte) []byte {
			return append(bytes.Repeat([]byte("<a>"), 10_000), around("", "<p>%s<n>%s</n></p>", "")(leak)...)
		}},
	}
}

// pdfOf is a PDF of one page with the content, and something more in its trailer.
func pdfOf(content string, trailer []byte) []byte { return pdfWith([]byte(content), "", trailer) }

// pdfPacked compresses the content.
func pdfPacked(content string) []byte {
	return pdfWith(zlibbed([]byte(content)), "/Filter /FlateDecode ", nil)
}

// pdfWith writes the objects of a PDF (ISO 32000-1, section 7.5). A content of hexadecimal texts is in a font that has each letter one further.
func pdfWith(content []byte, filter string, trailer []byte) []byte {
	shift := 0
	if filter != "" && bytes.Contains(unzlibbed(content), shiftedMark) {
		shift = 1
	}
	var letters strings.Builder
	for c := ' '; c <= '~'; c++ {
		fmt.Fprintf(&letters, "<%02X> <%04X>\n", int(c)+shift, c)
	}
	toUnicode := "/CIDInit /ProcSet findresource begin\nbegincmap\n1 begincodespacerange <00> <FF> endcodespacerange\n95 beginbfchar\n" + letters.String() + "endbfchar\nendcmap end"
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< %s/Length %d >>\nstream\n%s\nendstream", filter, len(content), content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /ToUnicode 6 0 R >>", fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(toUnicode), toUnicode)}
	var out, table bytes.Buffer
	out.WriteString("%PDF-1.7\n")
	fmt.Fprintf(&table, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, object := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := out.Len()
	out.Write(table.Bytes())
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, start)
	return out.Bytes()
}

// shiftedMark is the domain of all addresses, one letter further, as the shifted texts hold it.
var shiftedMark = []byte(hex.EncodeToString(shifted([]byte("@example"), 1)))

func shifted(text []byte, by int) []byte {
	out := make([]byte, len(text))
	for i, c := range text {
		out[i] = byte(int(c) + by)
	}
	return out
}

var (
	pdfStream  = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)
	pdfLiteral = regexp.MustCompile(`\(([^()]*)\)|<([0-9a-fA-F]+)>|T\*`)
)

// readPDF joins the texts that the pages show.
func readPDF(body []byte) []byte {
	var out []byte
	for _, stream := range pdfStream.FindAllSubmatch(body, -1) {
		for _, text := range pdfLiteral.FindAllSubmatch(unzlibbed(stream[1]), -1) {
			out = append(append(out, text[1]...), fromHex(text[2])...)
		}
		out = append(out, '\n')
	}
	return out
}

func fromHex(body []byte) []byte {
	out := make([]byte, len(body)/2)
	n, _ := hex.Decode(out, body) // as far as it goes
	return out[:n]
}

func inflatedBehind(magic string) func([]byte) []byte {
	return func(body []byte) []byte { return inflated(bytes.TrimPrefix(body, []byte(magic))) }
}

func references(text string) string {
	var b strings.Builder
	for _, r := range text {
		fmt.Fprintf(&b, "&#x%X;", r)
	}
	return b.String()
}

func unreferenced(body []byte) []byte { return []byte(html.UnescapeString(string(body))) }

var entityOfOne = regexp.MustCompile(`<!ENTITY (\w+) "([^"]*)">`)

// referenced puts the texts of entities in their places.
func referenced(body []byte) []byte {
	text := string(body)
	for _, entity := range entityOfOne.FindAllStringSubmatch(text, -1) {
		text = strings.ReplaceAll(text, "&"+entity[1]+";", entity[2])
	}
	return []byte(text)
}

func withoutCDATA(body []byte) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(body, []byte("<![CDATA["), nil), []byte("]]>"), nil)
}
