package oracle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"stanch/rules"
	"stanch/rules/extract"
)

const sharedFolder = "../../../shared/testdata/documents"

// A document is a real file of another project's test suite.
type document struct {
	Path, Format string
	Spreadsheet  bool
	Flags        []string
	body         []byte
}

// documents are the real files of some formats that have no flag.
func documents(t *testing.T, formats ...string) []document {
	t.Helper()
	list, err := os.ReadFile(filepath.Join(sharedFolder, "manifest.jsonl"))
	if err != nil {
		t.Skip("no real documents beside the repository (../shared/testdata/documents)")
	}
	var found []document
	for line := range bytes.Lines(list) {
		var d document
		if err := json.Unmarshal(line, &d); err != nil {
			t.Fatal(err)
		}
		for _, f := range formats {
			if d.Format == f && len(d.Flags) == 0 {
				if d.body, err = os.ReadFile(filepath.Join(sharedFolder, d.Path)); err != nil {
					t.Fatal(err)
				}
				found = append(found, d)
			}
		}
	}
	if len(found) == 0 {
		t.Fatalf("no real document of format %v", formats)
	}
	return found
}

// cells reads a document and returns its cells by place, such as "Sheet1!B7".
func cells(t *testing.T, format rules.Format, body []byte) map[string][]string {
	t.Helper()
	found := make(map[string][]string)
	_, status, reason := extract.NewDocument(format).Read(bytes.NewReader(body), int64(len(body)), extract.Options{Places: true}, func(batch *extract.Batch) {
		for _, c := range batch.Cells {
			found[c.Where] = append(found[c.Where], string(batch.Text[c.Start:c.End]))
		}
	})
	if status != rules.Complete {
		t.Errorf("%v because %v", status, reason)
	}
	return found
}

// sameValue reports whether a cell that the oracle holds is the one that was read: the same text, or the same number or day.
func sameValue(stored string, shown []string) bool {
	for _, s := range shown {
		s = strings.ReplaceAll(s, "\r\n", "\n") // XML readers join the two; for detection it does not matter
		if s == stored || strings.TrimSpace(s) == strings.TrimSpace(stored) {
			return true
		}
		if stored == "1" && s == "TRUE" || stored == "0" && s == "FALSE" {
			return true
		}
		number, err := strconv.ParseFloat(stored, 64)
		if err != nil {
			continue
		}
		if read, err := strconv.ParseFloat(s, 64); err == nil && math.Abs(read-number) <= 1e-12*math.Max(1, math.Abs(number)) {
			return true
		}
		for _, date1904 := range []bool{false, true} {
			if day, err := excelize.ExcelDateToTime(number, date1904); err == nil &&
				(strings.HasPrefix(s, day.Format("2006-01-02")) || number < 61 && strings.HasPrefix(s, "1900-0") || strings.HasPrefix(s, day.Format("15:04"))) {
				return true
			}
		}
		if strings.Trim(s, "0123456789-() +:") == "" && digits(s) == digits(stored) { // set into a pattern
			return true
		}
	}
	return false
}

// digits are the digits of a text, without zeros in front.
func digits(text string) string {
	return strings.TrimLeft(strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text), "0")
}

func TestXLSXCellsAgainstExcelize(t *testing.T) {
	compared := 0
	for _, d := range documents(t, "xlsx", "xlsm") {
		t.Run(filepath.Base(d.Path), func(t *testing.T) {
			book, err := excelize.OpenReader(bytes.NewReader(d.body), excelize.Options{RawCellValue: true})
			if err != nil {
				t.Skipf("excelize does not open it: %v", err)
			}
			defer book.Close()
			read := cells(t, rules.XLSX, d.body)
			missed := 0
			for _, sheet := range book.GetSheetList() {
				rows, err := book.GetRows(sheet)
				if err != nil {
					continue // a sheet without cells
				}
				for y, row := range rows {
					for x, stored := range row {
						if stored == "" {
							continue
						}
						name, err := excelize.CoordinatesToCellName(x+1, y+1)
						if err != nil {
							t.Fatal(err)
						}
						compared++
						// A long text is read once only, however many cells show it.
						if !sameValue(stored, read[sheet+"!"+name]) && len(stored) < 1024 {
							if missed++; missed <= 5 {
								t.Errorf("%s!%s: excelize has %.60q, read %.60q", sheet, name, stored, fmt.Sprint(read[sheet+"!"+name]))
							}
						}
					}
				}
			}
			if missed > 0 {
				t.Errorf("%d cells differ", missed)
			}
		})
	}
	if compared < 1000 {
		t.Errorf("only %d cells were compared", compared)
	}
}

// TestRedactedXLSXInExcelize redacts every text that has a letter, and lets excelize open what comes out.
func TestRedactedXLSXInExcelize(t *testing.T) {
	for _, d := range documents(t, "xlsx", "xlsm") {
		t.Run(filepath.Base(d.Path), func(t *testing.T) {
			before, err := excelize.OpenReader(bytes.NewReader(d.body))
			if err != nil {
				t.Skipf("excelize does not open it: %v", err)
			}
			defer before.Close()
			var out bytes.Buffer
			changes := 0
			err = extract.Redact(&out, bytes.NewReader(d.body), int64(len(d.body)), rules.XLSX, extract.Options{}, func(text []byte, cell *extract.Cell) ([]byte, bool) {
				if cell.Record == 0 || cell.Row%2 == 0 {
					return nil, false
				}
				changes++
				return bytes.Repeat([]byte("*"), len(text)), true
			})
			if err != nil {
				t.Fatal(err)
			}
			after, err := excelize.OpenReader(bytes.NewReader(out.Bytes()), excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			defer after.Close()
			if a, b := fmt.Sprint(before.GetSheetList()), fmt.Sprint(after.GetSheetList()); a != b {
				t.Errorf("sheets were %s and are %s", a, b)
			}
			for _, sheet := range after.GetSheetList() {
				rows, err := after.GetRows(sheet)
				if err != nil {
					continue
				}
				for y, row := range rows {
					for x, value := range row {
						if (y+1)%2 == 1 && strings.Trim(value, "*") != "" {
							t.Fatalf("%s row %d column %d still holds a value", sheet, y+1, x+1)
						}
						name, err := excelize.CoordinatesToCellName(x+1, y+1)
						if err != nil {
							t.Fatal(err)
						}
						was, errBefore := before.GetCellStyle(sheet, name)
						is, errAfter := after.GetCellStyle(sheet, name)
						if was != is || errBefore != nil || errAfter != nil {
							t.Fatalf("%s!%s had style %d and has %d", sheet, name, was, is)
						}
					}
				}
			}
			t.Logf("%d values redacted", changes)
		})
	}
}
