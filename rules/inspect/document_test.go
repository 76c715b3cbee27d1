package inspect_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"stanch/rules"
	"stanch/rules/inspect"
)

// workbookOf is a real workbook of people, with inline strings.
func workbookOf(t testing.TB, people int) []byte {
	t.Helper()
	var sheet bytes.Buffer
	row := func(r int, values []string) {
		fmt.Fprintf(&sheet, `<row r="%d">`, r)
		for c, v := range values {
			fmt.Fprintf(&sheet, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+c, r, v)
		}
		sheet.WriteString("</row>")
	}
	const main = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	sheet.WriteString(`<worksheet ` + main + `><sheetData>`)
	row(1, header)
	for n := range people {
		row(n+2, person(n))
	}
	sheet.WriteString("</sheetData></worksheet>")
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	const relations = "http://schemas.openxmlformats.org/package/2006/relationships"
	const types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + relations + `"><Relationship Id="rId1" Type="` + types + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook ` + main + ` xmlns:r="` + types + `"><sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + relations + `"><Relationship Id="rId1" Type="` + types + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", sheet.String()},
	} {
		w, err := archive.Create(part[0])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, part[1])
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWorkbookIsCountedAndHeldBack(t *testing.T) {
	for _, people := range []int{1, 49, 50, 3000} {
		body := workbookOf(t, people)
		got := inspectBody(t, newEngine(t, block(50), false), inspect.Body{}, randomPieces(body, 9)...)
		want := rules.Pass
		if people >= 50 {
			want = rules.Block
		}
		if got.Verdict.Action != want || got.Evidence.Format != rules.XLSX || got.Evidence.Status != rules.Complete {
			t.Errorf("%d people: %v, %v %v", people, got.Verdict.Action, got.Evidence.Format, got.Evidence.Status)
		}
		if want == rules.Pass && (got.Released != string(body) || got.Evidence.People != people) {
			t.Errorf("%d people: counted %d, %d bytes of %d left", people, got.Evidence.People, len(got.Released), len(body))
		}
		if want == rules.Block && got.Released != "" {
			t.Errorf("%d people: %d bytes left", people, len(got.Released))
		}
	}
}

func TestWorkbookIsRedactedInPlace(t *testing.T) {
	body := workbookOf(t, 20)
	got := inspectBody(t, newEngine(t, redact(1, rules.Mask), false), inspect.Body{}, randomPieces(body, 11)...)
	if got.Verdict.Action != rules.Redact || got.Released == string(body) {
		t.Fatalf("verdict %v, %d bytes", got.Verdict.Action, len(got.Released))
	}
	archive, err := zip.NewReader(strings.NewReader(got.Released), int64(len(got.Released)))
	if err != nil {
		t.Fatal(err)
	}
	for _, member := range archive.File {
		r, err := member.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if n := peopleIn(string(text)); n > 0 {
			t.Errorf("%s still names %d people", member.Name, n)
		}
	}
	again := inspectBody(t, newEngine(t, rules.Policy{}, false), inspect.Body{}, []byte(got.Released))
	if again.Evidence.Status != rules.Complete || again.Evidence.People != 0 {
		t.Errorf("the redacted workbook reads as %v with %d people", again.Evidence.Status, again.Evidence.People)
	}
}

// TestWhatCannotBeRedactedIsBlocked: a rule that redacts blocks a format that cannot be redacted.
func TestWhatCannotBeRedactedIsBlocked(t *testing.T) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	w, err := archive.Create("people.csv")
	if err != nil {
		t.Fatal(err)
	}
	w.Write(csvOf(20))
	archive.Close()
	got := inspectBody(t, newEngine(t, redact(1, rules.Mask), false), inspect.Body{}, out.Bytes())
	if got.Verdict.Action != rules.Block || !got.Verdict.Unredactable || got.Released != "" || got.Evidence.People != 20 {
		t.Errorf("verdict %v, %d people, %d bytes left", got.Verdict.Action, got.Evidence.People, len(got.Released))
	}
}
