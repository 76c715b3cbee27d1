package extract

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/klauspost/compress/flate"

	"stanch/rules"
)

// A peopleTable makes rows of invented people, without an end: six cells each.
type peopleTable struct{ seed uint32 }

func (p *peopleTable) next(n int) uint32 {
	p.seed = p.seed*1664525 + 1013904223
	return p.seed >> 8 % uint32(n)
}

var peopleHeader = []string{"Surname", "Forename", "Email", "Date of birth", "Phone", "Notes"}

// row makes one person.
func (p *peopleTable) row(i int) [6]string {
	surnames := []string{"Ashworth", "Barnes", "Chaudhry", "Dunne", "Ellis", "Farrow", "Gill", "Hussain"}
	forenames := []string{"Ann", "Ben", "Carla", "Dev", "Esme", "Femi", "Gwen", "Hal"}
	s, f := surnames[p.next(8)], forenames[p.next(8)]
	return [6]string{s, f, fmt.Sprintf("%s.%s%d@example.org", f, s, i), fmt.Sprint(20000 + p.next(15000)),
		fmt.Sprintf("0770090%04d", p.next(10000)), "Applied for post " + fmt.Sprint(p.next(100000))}
}

// writePeople writes a workbook of so many people. Texts are shared when strings is set, else inline.
func writePeople(t testing.TB, w io.Writer, people int, shared bool) {
	t.Helper()
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 6) })
	part := func(name, body string) io.Writer {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, body)
		return f
	}
	part("[Content_Types].xml", workbookTypes)
	part("_rels/.rels", packageRels)
	part("xl/workbook.xml", workbookXML)
	part("xl/_rels/workbook.xml.rels", workbookRels)
	part("xl/styles.xml", stylesXML)
	eachRow := func(see func(row int, cells []string)) {
		see(1, peopleHeader)
		var table peopleTable
		for i := range people {
			cells := table.row(i)
			see(i+2, cells[:])
		}
	}
	sheet := part("xl/worksheets/sheet1.xml", sheetHead)
	var line bytes.Buffer
	index := 0
	eachRow(func(row int, cells []string) {
		line.Reset()
		fmt.Fprintf(&line, `<row r="%d" spans="1:6">`, row)
		for i, text := range cells {
			switch {
			case row > 1 && i == 3:
				fmt.Fprintf(&line, `<c r="%c%d" s="1"><v>%s</v></c>`, 'A'+i, row, text)
			case shared:
				fmt.Fprintf(&line, `<c r="%c%d" t="s"><v>%d</v></c>`, 'A'+i, row, index)
				index++
			default:
				fmt.Fprintf(&line, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+i, row, text)
			}
		}
		line.WriteString(`</row>`)
		sheet.Write(line.Bytes())
	})
	io.WriteString(sheet, sheetTail)
	if shared {
		table := part("xl/sharedStrings.xml", `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`)
		eachRow(func(row int, cells []string) {
			line.Reset()
			for i, text := range cells {
				if row == 1 || i != 3 {
					fmt.Fprintf(&line, `<si><t>%s</t></si>`, text)
				}
			}
			table.Write(line.Bytes())
		})
		io.WriteString(table, `</sst>`)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestXLSXCountsPeople(t *testing.T) {
	const people = 30_000
	for _, shared := range []bool{false, true} {
		var file bytes.Buffer
		writePeople(t, &file, people, shared)
		p, err := openZipParts(bytes.NewReader(file.Bytes()), int64(file.Len()))
		if err != nil {
			t.Fatal(err)
		}
		records := make(map[int64]bool)
		var emails, dates int
		_, status, _ := readXLSX(p, testOptions(), func(batch *Batch) {
			for _, c := range batch.Cells {
				switch c.Column.Header {
				case "Email":
					emails++
					records[c.Record] = true
				case "Date of birth":
					dates++
				}
			}
		})
		if status != rules.Complete || emails != people || dates != people || len(records) != people {
			t.Errorf("shared %v: %v, %d emails, %d dates, %d records, want %d of each", shared, status, emails, dates, len(records), people)
		}
	}
}
