package proxy

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"stanch/rules"
)

// packageOf packs parts, each a name and a content.
func packageOf(t *testing.T, parts ...string) string {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for i := 0; i < len(parts); i += 2 {
		w, err := archive.Create(parts[i])
		if err == nil {
			_, err = io.WriteString(w, parts[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// workbook is a workbook with one row below its header for each address.
func workbook(t *testing.T, addresses ...string) string {
	t.Helper()
	var rows strings.Builder
	rows.WriteString(`<row r="1"><c r="A1" t="str"><v>Name</v></c><c r="B1" t="str"><v>Email</v></c></row>`)
	for i, address := range addresses {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%[1]d" t="str"><v>Person</v></c><c r="B%[1]d" t="str"><v>%s</v></c></row>`, i+2, address)
	}
	return packageOf(t, "[Content_Types].xml", `<Types><Override ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"xl/worksheets/sheet1.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`+rows.String()+`</sheetData></worksheet>`)
}

// TestWorkbooks sends workbooks through the proxy: those that need no redaction leave byte for byte, others are written anew,
// and what cannot be is blocked, and the observer is told so.
func TestWorkbooks(t *testing.T) {
	address := word(1) + "@example.org"
	bodies := map[string]string{"nobody": workbook(t), "somebody": workbook(t, address), "packed": packageOf(t, "people.csv", "name,email\nAnn,"+address+"\n")}
	w := newWorld(t, application(t, site{bodies, 0}.ServeHTTP), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		for _, coding := range []string{"", "gzip"} {
			for _, more := range []string{"", "&length=1", "&slow=1"} {
				ask := func(name string) (*http.Response, string, rules.Outcome) {
					response, body, err := get(t, client, w.base+"/redact/x?type=application/octet-stream&body="+name+"&coding="+coding+more, "Accept-Encoding", "gzip")
					if err != nil {
						t.Fatal(err)
					}
					return response, body, w.next()
				}
				if _, body, o := ask("nobody"); body != encoded(coding, bodies["nobody"]) || o.Verdict.Action != rules.Pass || o.Format != rules.XLSX {
					t.Errorf("%s%s: without people %d bytes left, observed %+v", coding, more, len(body), o)
				}
				_, body, o := ask("somebody")
				if archive, err := zip.NewReader(strings.NewReader(body), int64(len(body))); err != nil || len(archive.File) != 2 {
					t.Errorf("%s%s: with a person %d bytes left, which are no package: %v", coding, more, len(body), err)
				}
				if body == bodies["somebody"] || o.Verdict.Action != rules.Redact {
					t.Errorf("%s%s: with a person %d bytes left, observed %+v", coding, more, len(body), o)
				}
				if response, body, o := ask("packed"); response.StatusCode != http.StatusForbidden || strings.Contains(body, "PK") || o.Verdict.Action != rules.Block {
					t.Errorf("%s%s: an archive with a person: %v, %d bytes left, observed %+v", coding, more, response.Status, len(body), o)
				}
			}
		}
	})
}
