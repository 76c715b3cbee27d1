package extract

import (
	"bytes"
	"encoding/binary"
	"io"
	"testing"

	"stanch/rules"
)

// fileReaders are the readers of spreadsheets that are one file.
var fileReaders = map[string]func(io.ReaderAt, int64, Options, func(*Batch)) (rules.Format, rules.Status, rules.Reason){
	"slk": readSYLK, "dif": readDIF, "dbf": readDBF, "fods": readFODS, "spreadsheetml-2003": readSpreadsheetXML, "xls-biff8": readXLS,
}

// dbfOf is a table of two fields.
func dbfOf(rows ...string) string {
	head := make([]byte, dbfHeader)
	head[0] = 3
	binary.LittleEndian.PutUint32(head[4:], uint32(len(rows)))
	binary.LittleEndian.PutUint16(head[8:], dbfHeader+2*dbfField+1)
	binary.LittleEndian.PutUint16(head[10:], 1+10+8)
	field := func(name string, kind, length byte) []byte {
		f := make([]byte, dbfField)
		copy(f, name)
		f[11], f[16] = kind, length
		return f
	}
	body := append(head, field("NAME", 'C', 10)...)
	body = append(append(body, field("BORN", 'D', 8)...), dbfFieldsEnd)
	for _, row := range rows {
		body = append(append(body, ' '), row...)
	}
	return string(append(body, 0x1A))
}

func TestSheetFiles(t *testing.T) {
	cases := []struct {
		name, format, body string
		where, header      string
		want               string
	}{
		{"SYLK text", "slk", "ID;PWXL\nC;Y1;X1;K\"Email\"\nC;X2;K\"NHS No\"\nC;Y2;X1;K\"a;;b\"\nC;X2;K9434765919\nE\n", "A2", "Email", "a;b"},
		{"SYLK number", "slk", "ID;PWXL\nC;Y1;X1;K\"Email\"\nC;X2;K\"NHS No\"\nC;Y2;X1;K\"a;;b\"\nC;X2;K9.434765919E9\nE\n", "B2", "NHS No", "9434765919"},
		{"SYLK date", "slk", "ID;PWXL\r\nP;PGeneral\r\nP;Pdd/mm/yyyy\r\nF;P1;X1;Y1\r\nC;K29221\r\nE\r\n", "A1", "", "1980-01-01"},
		{"DIF", "dif", "TABLE\n0,1\n\"EXCEL\"\nDATA\n0,0\n\"\"\n-1,0\nBOT\n1,0\n\"Name\"\n1,0\n\"No\"\n-1,0\nBOT\n1,0\n\"Jane \"\"J\"\" Doe\"\n0,9434765919\nV\n-1,0\nEOD\n", "A2", "Name", `Jane "J" Doe`},
		{"DIF number", "dif", "TABLE\n0,1\n\"EXCEL\"\nDATA\n0,0\n\"\"\n-1,0\nBOT\n1,0\n\"Name\"\n1,0\n\"No\"\n-1,0\nBOT\n1,0\n\"Jane\"\n0,9434765919\nV\n-1,0\nEOD\n", "B2", "No", "9434765919"},
		{"DBF text", "dbf", dbfOf("Jane Doe  19800101", "J\xf6rg      19700131"), "A3", "NAME", "Jörg"},
		{"DBF date", "dbf", dbfOf("Jane Doe  19800101", "J\xf6rg      19700131"), "B2", "BORN", "1980-01-01"},
		{"FODS", "fods", `<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"><office:body><office:spreadsheet><table:table table:name="P"><table:table-row><table:table-cell office:value-type="string"><text:p>Name</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"/><table:table-cell office:value-type="string"><text:p>Phone</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated="3"/><table:table-row><table:table-cell office:value-type="string"><text:p>Jane<text:s text:c="2"/>D<text:span>oe</text:span></text:p></table:table-cell><table:covered-table-cell table:number-columns-repeated="2"/><table:table-cell office:value-type="float" office:value="7700900123"><text:p>07700 900123</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document>`, "P!D5", "Phone", "07700 900123"},
		{"FODS text", "fods", `<office:document><table:table table:name="P"><table:table-row><table:table-cell office:value-type="string"><text:p>Jane<text:s text:c="2"/>D<text:span>oe</text:span></text:p></table:table-cell></table:table-row></table:table></office:document>`, "P!A1", "", "Jane  Doe"},
		{"FODS rounded", "fods", `<office:document><table:table table:name="P"><table:table-row><table:table-cell office:value-type="float" office:value="9434765919"><text:p>9.43E+09</text:p></table:table-cell></table:table-row></table:table></office:document>`, "P!A1", "", "9434765919"},
		{"FODS note", "fods", `<office:document><table:table table:name="P"><table:table-row><table:table-cell><office:annotation><text:p>call Jane</text:p></office:annotation></table:table-cell></table:table-row></table:table></office:document>`, "P!1", "", "call Jane"},
		{"SpreadsheetML", "spreadsheetml-2003", `<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="P"><Table><Row ss:Index="2"><Cell><Data ss:Type="String">Name</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">No</Data></Cell></Row><Row><Cell><ss:Data ss:Type="String">Ja<B>ne</B></ss:Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">9434765919</Data><Comment ss:Author="Me"><ss:Data>psst</ss:Data></Comment></Cell></Row></Table></Worksheet></Workbook>`, "P!A3", "Name", "Jane"},
		{"SpreadsheetML number", "spreadsheetml-2003", `<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="P"><Table><Row ss:Index="2"><Cell><Data ss:Type="String">Name</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">No</Data></Cell></Row><Row><Cell/><Cell ss:Index="3"><Data ss:Type="Number">9434765919</Data><Comment ss:Author="Me"><ss:Data>psst</ss:Data></Comment></Cell></Row></Table></Worksheet></Workbook>`, "P!C3", "No", "9434765919"},
		{"SpreadsheetML comment", "spreadsheetml-2003", `<Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="P"><Table><Row><Cell><Data ss:Type="Number">1</Data><Comment ss:Author="Me"><ss:Data>psst</ss:Data></Comment></Cell></Row></Table></Worksheet></Workbook>`, "P!1", "", "Me psst"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			all := &readAll{t: t}
			_, status, reason := fileReaders[c.format](bytes.NewReader([]byte(c.body)), int64(len(c.body)), testOptions(), all.emit)
			if status != rules.Complete {
				t.Fatalf("%v because %v", status, reason)
			}
			for _, v := range all.find(c.where) {
				if v.Text == c.want && v.Header == c.header {
					return
				}
			}
			t.Errorf("no %q under %q at %s: %v", c.want, c.header, c.where, all.values)
		})
	}
}

func TestSheetFilesShared(t *testing.T) {
	for _, d := range sharedDocuments(t, "slk", "dbf", "fods", "spreadsheetml-2003") {
		all := &readAll{t: t}
		format, status, reason := fileReaders[d.Format](bytes.NewReader(d.body), int64(len(d.body)), testOptions(), all.emit)
		t.Logf("%s: %v %v %v, %d cells", d.Path, format, status, reason, all.cells)
		if status != rules.Complete || all.cells == 0 {
			t.Errorf("%s: %v because %v, %d cells", d.Path, status, reason, all.cells)
		}
	}
}
