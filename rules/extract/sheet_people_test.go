package extract

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"stanch/rules"
)

// xlsbRecord makes one record of XLSB.
func xlsbRecord(kind int, data ...[]byte) []byte {
	content := bytes.Join(data, nil)
	out := []byte{byte(kind)}
	if kind >= 0x80 {
		out = []byte{byte(kind&0x7F | 0x80), byte(kind >> 7)}
	}
	size := len(content)
	for size >= 0x80 {
		out = append(out, byte(size&0x7F|0x80))
		size >>= 7
	}
	return append(append(out, byte(size)), content...)
}

// wideCounted is a text with its length in front.
func wideCounted(text string) []byte { return append(u32(len(text)), wideBytes(text)...) }

// peopleRows shows the header and so many people.
func peopleRows(people int, see func(row int, cells []string)) {
	see(0, peopleHeader)
	var table peopleTable
	for i := range people {
		cells := table.row(i)
		see(i+1, cells[:])
	}
}

// isDateCell tells the column with a day number.
func isDateCell(row, column int) bool { return row > 0 && column == 3 }

// xlsbSheetOf is a sheet of people in which surnames are shared.
func xlsbSheetOf(people int) []byte {
	out := xlsbRecord(xlsbSheet)
	peopleRows(people, func(row int, cells []string) {
		out = append(out, xlsbRecord(xlsbRow, u32(row, 0, 0, 0))...)
		for i, text := range cells {
			head := append(u32(i), 1, 0, 0, 0)
			switch number, _ := strconv.Atoi(text); {
			case isDateCell(row, i):
				out = append(out, xlsbRecord(xlsbCellRK, head, u32(number<<2|2))...)
			case i == 0:
				out = append(out, xlsbRecord(xlsbCellShared, head, u32(row))...)
			default:
				out = append(out, xlsbRecord(xlsbCellText, head, wideCounted(text))...)
			}
		}
	})
	return append(out, xlsbRecord(130)...)
}

func xlsbStringsOf(people int) []byte {
	out := xlsbRecord(xlsbStrings, u32(people, people))
	peopleRows(people, func(_ int, cells []string) {
		out = append(out, xlsbRecord(xlsbString, []byte{0}, wideCounted(cells[0]))...)
	})
	return out
}

// xlsbParts is a workbook around a sheet and its strings, with a date style.
func xlsbParts(sheet, table []byte) memoryParts {
	const rels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="worksheets/sheet1.bin"/></Relationships>`
	book := append(xlsbRecord(xlsbBook), xlsbRecord(xlsbTab, u32(0, 1), wideCounted("rId1"), wideCounted("People"))...)
	styles := bytes.Join([][]byte{xlsbRecord(xlsbStyles), xlsbRecord(xlsbCellStyles, u32(2)), xlsbRecord(xlsbStyle, u16(0, 0)), xlsbRecord(xlsbStyle, u16(0, 14)),
		xlsbRecord(xlsbCellStylesTo)}, nil)
	return memoryParts{{"xl/workbook.bin", string(book)}, {"xl/_rels/workbook.bin.rels", rels}, {"xl/styles.bin", string(styles)},
		{"xl/sharedStrings.bin", string(table)}, {"xl/worksheets/sheet1.bin", string(sheet)}}
}

// maxBIFF is how long a record of BIFF8 may be.
const maxBIFF = 8224

// xlsStreamOf is a workbook of people with all texts shared; the table of strings goes on through continuations that cut
// strings and change their width.
func xlsStreamOf(people int) []byte {
	var table []byte // without record headers
	var cuts []int
	record := 8
	count := 0
	peopleRows(people, func(row int, cells []string) {
		for i, text := range cells {
			if isDateCell(row, i) {
				continue
			}
			count++
			if record+3+len(text) > maxBIFF && record+3 < maxBIFF && len(text) > 4 {
				half := min(len(text)/2, maxBIFF-record-3)
				table = append(append(append(table, u16(len(text))...), 0), text[:half]...)
				cuts = append(cuts, len(table))
				table = append(append(table, 1), wideBytes(text[half:])...)
				record = 1 + 2*(len(text)-half)
				continue
			}
			if record+3+len(text) > maxBIFF {
				cuts = append(cuts, len(table))
				record = 0
			}
			table = append(append(append(table, u16(len(text))...), 0), text...)
			record += 3 + len(text)
		}
	})
	cuts = append(cuts, len(table))
	out := biffOf(biffRecord(0x0809, u16(0x0600, 0x0005, 0, 0), u32(0, 0)), biffRecord(biffXF, u16(0, 0)), biffRecord(biffXF, u16(0, 14)))
	start := 0
	for i, cut := range cuts {
		if i == 0 {
			out = append(out, biffRecord(biffSST, u32(count, count), table[:cut])...)
		} else {
			out = append(out, biffRecord(biffContinue, table[start:cut])...)
		}
		start = cut
	}
	out = append(out, biffRecord(biffEOF)...)
	out = append(out, biffRecord(0x0809, u16(0x0600, 0x0010, 0, 0), u32(0, 0))...)
	index := 0
	peopleRows(people, func(row int, cells []string) {
		for i, text := range cells {
			if isDateCell(row, i) {
				number, _ := strconv.Atoi(text)
				out = append(out, biffRecord(biffRK|0x0200, u16(row, i, 1), u32(number<<2|2))...)
				continue
			}
			out = append(out, biffRecord(biffLabelSST, u16(row, i, 0), u32(index))...)
			index++
		}
	})
	return append(out, biffRecord(biffEOF)...)
}

// odsContentOf is the content of a spreadsheet of people, with the attributes that LibreOffice writes.
func odsContentOf(people int) string {
	var out strings.Builder
	out.WriteString(`<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"><table:table table:name="People">`)
	peopleRows(people, func(row int, cells []string) {
		out.WriteString(`<table:table-row table:style-name="ro1">`)
		for i, text := range cells {
			if isDateCell(row, i) {
				number, _ := strconv.Atoi(text)
				date, _ := appendSerial(nil, float64(number), false)
				fmt.Fprintf(&out, `<table:table-cell table:style-name="ce2" office:value-type="date" office:date-value="%s" calcext:value-type="date"><text:p>%s</text:p></table:table-cell>`, date, date)
				continue
			}
			fmt.Fprintf(&out, `<table:table-cell office:value-type="string" calcext:value-type="string"><text:p>%s</text:p></table:table-cell>`, text)
		}
		out.WriteString("</table:table-row>")
	})
	out.WriteString("</table:table></office:document-content>")
	return out.String()
}

// TestPeopleInEveryFormat reads the same 30,000 people from every format and wants the same cells.
func TestPeopleInEveryFormat(t *testing.T) {
	const people = 30_000
	want := make(map[string]string)
	peopleRows(people, func(row int, cells []string) {
		for i, text := range cells {
			if isDateCell(row, i) {
				number, _ := strconv.Atoi(text)
				date, _ := appendSerial(nil, float64(number), false)
				text = string(date)
			}
			want[fmt.Sprintf("%c%d", 'A'+i, row+1)] = text
		}
	})
	stream := xlsStreamOf(people)
	var workbook bytes.Buffer
	writePeople(t, &workbook, people, true)
	reads := map[string]func(func(*Batch)) (rules.Format, rules.Status, rules.Reason){
		"xlsx": func(emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
			p, err := openZipParts(bytes.NewReader(workbook.Bytes()), int64(workbook.Len()))
			if err != nil {
				t.Fatal(err)
			}
			return readXLSX(p, testOptions(), emit)
		},
		"xlsb": func(emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
			return readXLSB(xlsbParts(xlsbSheetOf(people), xlsbStringsOf(people)), testOptions(), emit)
		},
		"ods": func(emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
			return readODS(memoryParts{{"content.xml", odsContentOf(people)}}, testOptions(), emit)
		},
		"xls": func(emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
			return readXLS(bytes.NewReader(stream), int64(len(stream)), testOptions(), emit)
		},
	}
	for name, read := range reads {
		t.Run(name, func(t *testing.T) {
			seen, wrong := 0, 0
			records := make(map[int64]bool)
			_, status, reason := read(func(batch *Batch) {
				for _, c := range batch.Cells {
					_, place, ok := strings.Cut(c.Where, "!")
					if !ok || c.Column.Number == 0 {
						continue
					}
					seen++
					if text := string(batch.Text[c.Start:c.End]); want[place] != text {
						if wrong++; wrong < 5 {
							t.Errorf("%s: %q, want %q", c.Where, text, want[place])
						}
					}
					if c.Row > 1 {
						records[c.Record] = true
						if c.Column.Header != peopleHeader[c.Column.Number-1] {
							t.Fatalf("%s under %q", c.Where, c.Column.Header)
						}
					}
				}
			})
			if status != rules.Complete || seen != len(want) || len(records) != people {
				t.Errorf("%v because %v: %d cells of %d, %d records of %d", status, reason, seen, len(want), len(records), people)
			}
		})
	}
}
