package extract

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"stanch/rules"
)

// A secret is a value that the tests redact; what has it is masked.
const (
	secret       = "jane.doe@example.org"
	secretNumber = "9434765919"
)

// maskSecrets is a Rewrite that masks the secrets and leaves everything else.
func maskSecrets(text []byte, _ *Cell) ([]byte, bool) {
	masked := text
	for _, s := range []string{secret, secretNumber} {
		masked = bytes.ReplaceAll(masked, []byte(s), bytes.Repeat([]byte("*"), len(s)))
	}
	return masked, !bytes.Equal(masked, text)
}

// redactedParts are the parts of a redacted package, which must open.
func redactedParts(t *testing.T, body []byte, format rules.Format) ([]byte, map[string]string) {
	t.Helper()
	var out bytes.Buffer
	if err := Redact(&out, bytes.NewReader(body), int64(len(body)), format, Options{}, maskSecrets); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	parts := make(map[string]string)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		parts[f.Name] = string(text)
	}
	return out.Bytes(), parts
}

const redactRows = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>` +
	`<row r="2"><c r="A2" s="1" t="s"><v>2</v></c><c r="B2" s="1"><v>9434765919</v></c><c r="C2" t="s"><v>3</v></c></row>` +
	`<row r="3"><c r="A3" t="inlineStr"><is><t>jane.doe</t><t>@example.org</t></is></c><c r="B3"><v>9.434765919E9</v></c></row>` +
	`<row r="4"><c r="A4" t="str"><f t="shared" ref="A4:A5" si="0">"x"&amp;A2</f><v>jane.doe@example.org</v></c></row>` +
	`<row r="5"><c r="A5" t="str"><f t="shared" si="0"/><v>kept</v></c><c r="B5"><f>LEN("jane.doe@example.org")</f><v>20</v></c><c r="C5" s="1"/></row>`

const redactStringsXML = `<si><t>Email</t></si><si><t>NHS No</t></si><si><r><t>jane.doe</t></r><r><rPr><b/></rPr><t>@example.org</t></r></si>` +
	`<si><t xml:space="preserve"> kept &amp; sound</t></si><si><t>orphan jane.doe@example.org</t></si>`

func redactWorkbook(t testing.TB) []byte {
	return workbookOf(t, redactRows, redactStringsXML,
		member{"xl/calcChain.xml", `<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="A4" i="1"/></calcChain>`},
		member{"xl/comments1.xml", `<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><commentList><comment ref="A2"><text><r><t>ask </t></r><r><t>jane.doe@exam</t></r><r><t>ple.org</t></r></text></comment></commentList></comments>`},
		member{"docProps/core.xml", `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>jane.doe&#64;example.org</dc:creator></cp:coreProperties>`},
		member{"xl/pivotCache/pivotCacheRecords1.xml", `<pivotCacheRecords xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><r><s v="jane.doe@example.org"/><n v="9434765919"/></r></pivotCacheRecords>`},
		member{"xl/worksheets/_rels/sheet1.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="mailto:jane.doe@example.org" TargetMode="External"/></Relationships>`},
		member{"customXml/item1.xml", `<people><p email="jane.doe@example.org"><![CDATA[9434765919]]></p></people>`},
		member{"docProps/thumbnail.png", "picture of jane.doe@example.org"},
		member{"xl/media/image1.bin", "\x01\x02\x03 untouched"},
	)
}

func TestRedactXLSX(t *testing.T) {
	body := redactWorkbook(t)
	out, parts := redactedParts(t, body, rules.XLSX)
	for name, text := range parts {
		for _, s := range []string{secret, secretNumber, "9.434765919E9", "jane.doe"} {
			if strings.Contains(text, s) {
				t.Errorf("%s still holds %s: %s", name, s, text)
			}
		}
	}
	if _, there := parts["xl/calcChain.xml"]; there {
		t.Error("the list of formulas is still there")
	}
	if parts["xl/media/image1.bin"] != "\x01\x02\x03 untouched" || parts["xl/styles.xml"] != stylesXML {
		t.Error("a part changed that had nothing to redact")
	}
	all, _, status, reason := readWorkbookBytes(t, out)
	if status != rules.Complete {
		t.Fatalf("%v because %v", status, reason)
	}
	mask := strings.Repeat("*", len(secret))
	for where, want := range map[string]string{"People!A1": "Email", "People!A2": mask, "People!B2": "**********", "People!C2": " kept & sound", "People!A3": mask,
		"People!B3": "**********", "People!A4": mask, "People!A5": "kept", "People!B5": "20"} {
		if got := all.find(where); len(got) != 1 || got[0].Text != want {
			t.Errorf("%s: %v, want %q", where, got, want)
		}
	}
	if sheet := parts["xl/worksheets/sheet1.xml"]; !strings.Contains(sheet, `<c r="A2" s="1" t="inlineStr">`) || strings.Contains(sheet, "<f") {
		t.Errorf("style or reference lost, or a formula kept: %s", sheet)
	}
}

func TestRedactLeavesOthersAlone(t *testing.T) {
	body := workbookOf(t, `<row r="1"><c r="A1" t="s"><v>0</v></c></row>`, `<si><t>nothing</t></si>`)
	var out bytes.Buffer
	err := Redact(&out, bytes.NewReader(body), int64(len(body)), rules.XLSX, Options{}, func(text []byte, _ *Cell) ([]byte, bool) { return text, false })
	if err != nil {
		t.Fatal(err)
	}
	before, err := openZipParts(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	after, err := openZipParts(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range before.reader.File {
		g := after.reader.File[i]
		if f.Name != g.Name || f.CRC32 != g.CRC32 || f.CompressedSize64 != g.CompressedSize64 {
			t.Errorf("%s changed", f.Name)
		}
	}
}

const redactContent = `<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><office:body><office:spreadsheet><table:table table:name="P">` +
	`<table:table-row><table:table-cell table:style-name="ce1" office:value-type="string"><office:annotation><dc:creator>Ann</dc:creator><text:p>a note</text:p></office:annotation><text:p>jane.<text:span>doe</text:span>@example.org</text:p></table:table-cell>` +
	`<table:table-cell table:style-name="ce2" office:value-type="float" office:value="9434765919" table:number-columns-repeated="2"><text:p>9.43E+09</text:p></table:table-cell>` +
	`<table:table-cell office:value-type="float" office:value="1"><office:annotation><text:p>jane.doe@example.org</text:p></office:annotation><text:p>1</text:p></table:table-cell></table:table-row>` +
	`</table:table></office:spreadsheet></office:body></office:document-content>`

func redactODS(t testing.TB) []byte {
	return zipOf(t, member{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, member{"content.xml", redactContent},
		member{"meta.xml", `<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>jane.doe@example.org</dc:creator></office:document-meta>`},
		member{"Thumbnails/thumbnail.png", "picture of jane.doe@example.org"})
}

func TestRedactODS(t *testing.T) {
	out, parts := redactedParts(t, redactODS(t), rules.ODS)
	for name, text := range parts {
		if strings.Contains(text, "jane.doe") || strings.Contains(text, "example.org") || strings.Contains(text, secretNumber) || strings.Contains(text, "9.43E+09") {
			t.Errorf("%s still holds a secret: %s", name, text)
		}
	}
	for _, want := range []string{`table:style-name="ce1"`, "a note", `table:style-name="ce2"`, `table:number-columns-repeated="2"`} {
		if !strings.Contains(parts["content.xml"], want) {
			t.Errorf("lost %s: %s", want, parts["content.xml"])
		}
	}
	p, err := openZipParts(bytes.NewReader(out), int64(len(out)))
	if err != nil {
		t.Fatal(err)
	}
	all := &readAll{t: t}
	_, status, _ := readODS(p, testOptions(), all.emit)
	if got := all.find("P!C1"); status != rules.Complete || len(got) != 1 || got[0].Text != "**********" {
		t.Errorf("%v: %v", status, all.values)
	}
}

// TestRedactAsksForWhatIsRead checks that Redact asks for the cells that Read emits, in the same order.
func TestRedactAsksForWhatIsRead(t *testing.T) {
	type asked struct {
		text   string
		row    int
		record int64
	}
	files := map[string][]byte{"xlsx": redactWorkbook(t), "ods": redactODS(t)}
	for _, d := range slices.Concat(sharedDocuments(t, "xlsx"), sharedDocuments(t, "ods")) {
		if len(d.Flags) == 0 && len(d.body) < 100_000 {
			files[d.Path[strings.LastIndexByte(d.Path, '.')+1:]+" "+d.Path] = d.body
		}
	}
	formats := map[string]rules.Format{"xlsx": rules.XLSX, "ods": rules.ODS}
	for name, body := range files {
		kind, _, _ := strings.Cut(name, " ")
		p, err := openZipParts(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			t.Fatal(err)
		}
		var read, redacted []asked
		packageReaders[kind](p, Options{}, func(batch *Batch) {
			for _, c := range batch.Cells {
				read = append(read, asked{string(batch.Text[c.Start:c.End]), c.Row, c.Record})
			}
		})
		err = Redact(io.Discard, bytes.NewReader(body), int64(len(body)), formats[kind], Options{}, func(text []byte, c *Cell) ([]byte, bool) {
			redacted = append(redacted, asked{string(text), c.Row, c.Record})
			return nil, false
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(read) == 0 || !slices.Equal(read, redacted) {
			t.Errorf("%s: %d cells are read, %d asked for", name, len(read), len(redacted))
		}
	}
}

// biffOf makes a bare stream of BIFF8 records.
func biffOf(records ...[]byte) []byte { return slices.Concat(records...) }

// biffRecord makes one record.
func biffRecord(kind uint16, data ...[]byte) []byte {
	content := slices.Concat(data...)
	out := binary.LittleEndian.AppendUint16(nil, kind)
	return append(binary.LittleEndian.AppendUint16(out, uint16(len(content))), content...)
}

func u16(values ...int) []byte {
	var out []byte
	for _, v := range values {
		out = binary.LittleEndian.AppendUint16(out, uint16(v))
	}
	return out
}

func u32(values ...int) []byte {
	var out []byte
	for _, v := range values {
		out = binary.LittleEndian.AppendUint32(out, uint32(v))
	}
	return out
}

// wideBytes is a text as little-endian UTF-16.
func wideBytes(text string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(text)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

func number64(v float64) []byte {
	return binary.LittleEndian.AppendUint64(nil, math.Float64bits(v))
}

// redactXLSStream is a workbook in which the first shared string is cut by a continuation that changes its width.
func redactXLSStream() []byte {
	const firstHalf = "jane.doe@"
	return biffOf(
		biffRecord(0x0809, u16(0x0600, 0x0005, 0, 0), u32(0, 0)),
		biffRecord(biffSST, u32(2, 2), u16(len(secret)), []byte{0}, []byte(firstHalf)),
		biffRecord(biffContinue, []byte{1}, wideBytes(secret[len(firstHalf):]), u16(4), []byte{formattedText}, u16(1), []byte("kept"), u16(0, 0)),
		biffRecord(biffEOF),
		biffRecord(0x0809, u16(0x0600, 0x0010, 0, 0), u32(0, 0)),
		biffRecord(biffLabelSST, u16(0, 0, 0), u32(0)),
		biffRecord(biffLabelSST, u16(0, 1, 0), u32(1)),
		biffRecord(biffNumber|0x0200, u16(1, 0, 0), number64(9434765919)),
		biffRecord(biffNumber|0x0200, u16(1, 1, 0), number64(7)),
		biffRecord(biffLabel|0x0200, u16(2, 0, 0), u16(len(secret)), []byte{1}, wideBytes(secret)),
		biffRecord(biffFormula, u16(3, 0, 0), []byte{0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, u16(0), u32(0), u16(3+len(secret)), []byte{0x17, byte(len(secret)), 0}, []byte(secret)),
		biffRecord(biffString|0x0200, u16(len(secret)), []byte{0}, []byte(secret)),
		biffRecord(biffMulRK, u16(4, 0), u16(0), u32(3<<2|2), u16(0), u32(5<<2|2), u16(1)),
		biffRecord(biffEOF),
	)
}

func TestRedactXLS(t *testing.T) {
	body := redactXLSStream()
	before, status, reason := readXLSBytes(t, body)
	if got := before.find("Sheet1!A1"); status != rules.Complete || len(got) != 1 || got[0].Text != secret {
		t.Fatalf("%v because %v: %v", status, reason, before.values)
	}
	var out bytes.Buffer
	if err := Redact(&out, bytes.NewReader(body), int64(len(body)), rules.XLS, Options{}, maskSecrets); err != nil {
		t.Fatal(err)
	}
	if out.Len() != len(body) {
		t.Fatalf("%d bytes became %d", len(body), out.Len())
	}
	for _, s := range [][]byte{[]byte(secret), wideBytes(secret), []byte("jane.doe"), wideBytes("example.org"), number64(9434765919)} {
		if bytes.Contains(out.Bytes(), s) {
			t.Errorf("still holds %q", s)
		}
	}
	all, status, _ := readXLSBytes(t, out.Bytes())
	mask := strings.Repeat("*", len(secret))
	for where, want := range map[string]string{"Sheet1!A1": mask, "Sheet1!B1": "kept", "Sheet1!A2": "0", "Sheet1!B2": "7", "Sheet1!A3": mask, "Sheet1!A4": mask,
		"Sheet1!A5": "3", "Sheet1!B5": "5"} {
		if got := all.find(where); len(got) != 1 || got[0].Text != want || status != rules.Complete {
			t.Errorf("%s: %v, want %q", where, got, want)
		}
	}
}

// TestRedactSharedXLS redacts every cell of real workbooks and reads them again.
func TestRedactSharedXLS(t *testing.T) {
	for _, d := range sharedDocuments(t, "xls-biff8", "xls-biff5") {
		if len(d.Flags) > 0 {
			continue
		}
		const kept = 3
		long := func(text []byte) bool { // a truth value names nobody
			return string(text) != "TRUE" && string(text) != "FALSE" && len(bytes.Trim(text, "*0")) > kept
		}
		var out bytes.Buffer
		asked := 0
		err := Redact(&out, bytes.NewReader(d.body), int64(len(d.body)), rules.XLS, Options{}, func(text []byte, c *Cell) ([]byte, bool) {
			asked++
			return bytes.Repeat([]byte("*"), len(text)), long(text)
		})
		if err != nil {
			t.Errorf("%s: %v", d.Path, err)
			continue
		}
		all, status, reason := readXLSBytes(t, out.Bytes())
		if status != rules.Complete || asked == 0 {
			t.Errorf("%s: %v because %v after %d values", d.Path, status, reason, asked)
		}
		for _, v := range all.values {
			if v.Record > 0 && long([]byte(v.Text)) && !strings.HasPrefix(v.Text, "1899-12-3") && !strings.HasPrefix(v.Text, "1900-01-0") && strings.Trim(v.Text, "0-() ") != "" {
				t.Errorf("%s: %q is left at %s", d.Path, v.Text, v.Where)
			}
		}
	}
}

// TestRedactLeavesNothing redacts some texts of real workbooks wherever they stand, and looks for them in every part.
func TestRedactLeavesNothing(t *testing.T) {
	const shortest, most = 10, 20
	looked := 0
	for _, d := range slices.Concat(sharedDocuments(t, "xlsx", "xlsm"), sharedDocuments(t, "ods")) {
		if len(d.Flags) > 0 || len(d.body) > 200_000 {
			continue
		}
		format, read := rules.XLSX, readXLSX
		if d.Format == "ods" {
			format, read = rules.ODS, readODS
		}
		p, err := openZipParts(bytes.NewReader(d.body), int64(len(d.body)))
		if err != nil {
			t.Fatal(err)
		}
		var chosen [][]byte
		read(p, Options{}, func(batch *Batch) {
			for _, c := range batch.Cells {
				text := batch.Text[c.Start:c.End]
				if c.Record > 0 && c.Column.Number > 0 && len(text) >= shortest && len(chosen) < most && !bytes.ContainsAny(text, "&<>\"'\n_()*") &&
					bytes.IndexByte(text, ' ') > 0 { // single words may be the format's own, such as names of functions
					chosen = append(chosen, bytes.Clone(text))
				}
			}
		})
		var out bytes.Buffer
		err = Redact(&out, bytes.NewReader(d.body), int64(len(d.body)), format, Options{}, func(text []byte, _ *Cell) ([]byte, bool) {
			masked := text
			for _, c := range chosen {
				masked = bytes.ReplaceAll(masked, c, bytes.Repeat([]byte("*"), len(c)))
			}
			return masked, !bytes.Equal(masked, text)
		})
		if err != nil {
			t.Errorf("%s: %v", d.Path, err)
			continue
		}
		q, err := openZipParts(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range q.Names() {
			part, err := q.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(part)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range chosen {
				looked++
				if bytes.Contains(content, c) {
					t.Errorf("%s: a redacted text of %d bytes is still in %s", d.Path, len(c), name)
				}
			}
		}
	}
	if looked == 0 {
		t.Error("no text was looked for")
	}
}
