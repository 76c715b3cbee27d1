package oracle

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// cellsOfAllSheets asks for one file a sheet, comma and quotes around every text, UTF-8, values as stored rather than as shown.
const cellsOfAllSheets = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,false,false,false,-1"

// exceptions are real documents in which LibreOffice shows something else in some cells than what the file holds.
var exceptions = map[string]struct {
	reason string
	cells  string // separated by spaces; "" for any
}{
	"sheetjs_apachepoi_29982.xls.xlsb": {"LibreOffice calculates its formulas anew, and differently", ""},
	"sheetjs_formula_stress_test.ods": {"formulas for the time, the program, and functions that LibreOffice calculates differently",
		"Date!B6 Date!B7 Engineering!B39 Information!B3 Math!B47 Text!B48"},
	"poi_48968.xls":   {"formulas for the day, month and year of day 0, which is another one in LibreOffice", "Sheet1!A24 Sheet1!A25 Sheet1!A26"},
	"poi_Simple.xlsb": {"made by a beta version of Excel 2007; LibreOffice finds no cell in it", ""},
	"poi_64130.xls":   {"the table of a chart that has no sheet and so no name", ""},
}

// neverCalculate are LibreOffice's settings to show what a file holds rather than what its formulas would give today.
const neverCalculate = `<?xml version="1.0"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">` +
	`<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>1</value></prop></item>` +
	`<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="ODFRecalcMode" oor:op="fuse"><value>1</value></prop></item></oor:items>`

// convertAll lets one LibreOffice convert many files, and returns the folder with what came out.
func convertAll(t *testing.T, program, to string, files map[string][]byte) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "profile", "user"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "profile", "user", "registrymodifications.xcu"), []byte(neverCalculate), 0o600); err != nil {
		t.Fatal(err)
	}
	arguments := []string{"-env:UserInstallation=file://" + folder + "/profile", "--headless", "--convert-to", to, "--outdir", filepath.Join(folder, "out")}
	for name, body := range files {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
		arguments = append(arguments, file)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, program, arguments...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return filepath.Join(folder, "out")
}

// cellReference is the place of a cell of the document itself, such as "Sheet1!B7".
var cellReference = regexp.MustCompile(`^([^→]*)!([A-Z]+[0-9]+)$`)

// TestCellsAgainstLibreOffice compares the cells of every sheet with LibreOffice's export of what they hold, both ways.
func TestCellsAgainstLibreOffice(t *testing.T) {
	program := libreOffice(t)
	list := append(documents(t, "ods", "xlsb", "xls-biff8", "xls-biff5", "xls-biff5/8"), generated(t, program)...)
	files := make(map[string][]byte)
	for i, d := range list {
		files[exportName(i, d)] = d.body
	}
	compared := 0
	out := convertAll(t, program, cellsOfAllSheets, files)
	for i, d := range list {
		t.Run(filepath.Base(d.Path), func(t *testing.T) {
			base := strings.TrimSuffix(exportName(i, d), filepath.Ext(exportName(i, d)))
			exports, err := filepath.Glob(filepath.Join(out, base+"-*.csv"))
			if err != nil || len(exports) == 0 {
				t.Fatalf("LibreOffice did not open it: %v", err)
			}
			c := comparison{file: filepath.Base(d.Path), read: cells(t, formatOf[d.Format], d.body)}
			for _, export := range exports {
				c.sheet(t, strings.TrimSuffix(strings.TrimPrefix(filepath.Base(export), base+"-"), ".csv"), export)
			}
			compared += c.compared
			if c.compared == 0 && c.holdsCells() && exceptions[c.file].reason == "" {
				t.Errorf("no cell was compared, although cells were read: %.200q", c.read)
			}
			t.Logf("%d cells compared, %d differ", c.compared, c.differ)
		})
	}
	if compared < 10_000 {
		t.Errorf("only %d cells were compared", compared)
	}
}

// holdsCells reports whether a cell of a table was read.
func (c *comparison) holdsCells() bool {
	for where := range c.read {
		if cellReference.MatchString(where) {
			return true
		}
	}
	return false
}

// exportName is the name under which LibreOffice gets a document.
func exportName(index int, d document) string {
	return fmt.Sprintf("book%03d%s", index, extensionOf[formatOf[d.Format]])
}

// A comparison is one document's.
type comparison struct {
	file             string
	read             map[string][]string // by place
	compared, differ int
}

// sheet compares the cells of one sheet with its export.
func (c *comparison) sheet(t *testing.T, name, export string) {
	file, err := os.Open(export)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := readRows(file)
	if err != nil {
		t.Fatal(err)
	}
	shown := make(map[string]bool)
	for y, row := range rows {
		for x, stored := range row {
			place, err := excelize.CoordinatesToCellName(x+1, y+1)
			if err != nil {
				t.Fatal(err)
			}
			shown[place] = stored != ""
			if stored == "" || strings.HasPrefix(stored, "#") || strings.HasPrefix(stored, "Err:") {
				continue // an error is no value
			}
			c.compared++
			if got := c.read[name+"!"+place]; !sameCell(stored, got) {
				c.report(t, name+"!"+place, fmt.Sprintf("LibreOffice has %.60q, read %.60q", stored, got))
			}
		}
	}
	for where, values := range c.read {
		match := cellReference.FindStringSubmatch(where)
		if match != nil && match[1] == name && !shown[match[2]] && strings.TrimSpace(strings.Join(values, "")) != "" {
			c.report(t, where, fmt.Sprintf("LibreOffice has nothing, read %.60q", values))
		}
	}
}

// report reports a cell that differs, unless it is a known exception.
func (c *comparison) report(t *testing.T, place, what string) {
	if known, ok := exceptions[c.file]; ok && (known.cells == "" || slices.Contains(strings.Fields(known.cells), place)) {
		return
	}
	if c.differ++; c.differ <= 5 {
		t.Errorf("%s: %s", place, what)
	}
}

// readRows reads a CSV with its empty lines, which are empty rows: the standard library's reader drops them.
func readRows(file io.Reader) ([][]string, error) {
	reader := csv.NewReader(file)
	reader.FieldsPerRecord = -1
	var rows [][]string
	next := 1 // the line on which the next row starts
	for {
		row, err := reader.Read()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := reader.FieldPos(0)
		for ; next < line; next++ {
			rows = append(rows, nil)
		}
		rows = append(rows, row)
		next = line + 1 + strings.Count(strings.Join(row, ""), "\n")
	}
}

// sameCell reports whether a cell that LibreOffice wrote for editing is one of those that were read.
func sameCell(stored string, read []string) bool {
	if sameValue(stored, read) {
		return true
	}
	percent, isPercent := strings.CutSuffix(stored, "%")
	serial, isTime := serialOf(stored)
	for _, s := range read {
		got, isNumber := serialOf(s)
		switch {
		case stored == "TRUE" && s == "1", stored == "FALSE" && s == "0":
			return true // a number that is shown as a truth value
		case isPercent && sameNumber(percent, s, 100), sameNumber(stored, s, 1):
			return true
		case isTime && isNumber && (math.Abs(serial-got) < secondsOf(2) || serial < firstSure && math.Abs(serial-got) < 1+secondsOf(2)):
			return true
		case strings.Join(strings.Fields(stored), " ") == strings.Join(strings.Fields(s), " "):
			return true // a line break in a cell, which CSV may hold in other ways
		}
	}
	return false
}

// firstSure is the first day whose number all programs agree about, 1900-03-01: Excel counts a leap day in 1900.
const firstSure = 61

// secondsOf is so many seconds in days.
func secondsOf(n float64) float64 { return n / (24 * 60 * 60) }

// elapsed is a time, or so many hours, minutes and seconds as one number.
var elapsed = regexp.MustCompile(`^(-?)(\d+(?::\d\d)?:\d\d(?:\.\d+)?)$`)

// serialOf is the number of a day and time as LibreOffice writes them for editing, or as our reader does; a number is its own.
func serialOf(text string) (float64, bool) {
	if number, err := strconv.ParseFloat(text, 64); err == nil {
		return number, true
	}
	if duration := elapsed.FindStringSubmatch(text); duration != nil {
		var seconds float64
		for _, part := range strings.Split(duration[2], ":") {
			n, err := strconv.ParseFloat(part, 64)
			if err != nil {
				return 0, false
			}
			seconds = seconds*60 + n
		}
		if duration[1] != "" {
			seconds = -seconds
		}
		return secondsOf(seconds), true
	}
	for _, layout := range []string{"01/02/2006 15:04:05", "01/02/2006", "2006-01-02 15:04:05", time.DateOnly, "03:04:05 PM", "3:04 PM"} {
		if at, err := time.Parse(layout, text); err == nil {
			zero := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
			if at.Year() == 0 {
				zero = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
			}
			return at.Sub(zero).Hours() / 24, true
		}
	}
	return 0, false
}

// sameNumber reports whether a number is so many times the other.
func sameNumber(stored, read string, factor float64) bool {
	a, errA := strconv.ParseFloat(stored, 64)
	b, errB := strconv.ParseFloat(read, 64)
	return errA == nil && errB == nil && math.Abs(a-b*factor) <= 1e-9*math.Max(1, math.Abs(a))
}

// generated are workbooks that LibreOffice made out of one with every kind of cell.
func generated(t *testing.T, program string) []document {
	t.Helper()
	source := everyKindOfCell(t)
	var made []document
	for format, filter := range map[string]string{"ods": "ods:calc8", "xls-biff8": "xls:MS Excel 97"} {
		out := convertAll(t, program, filter, map[string][]byte{"generated.xlsx": source})
		files, err := filepath.Glob(filepath.Join(out, "generated.*"))
		if err != nil || len(files) != 1 {
			t.Fatalf("LibreOffice made %q: %v", files, err)
		}
		body, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, document{Path: filepath.Base(files[0]), Format: format, body: body})
	}
	return made
}

// everyKindOfCell is a workbook with texts, numbers, dates, times, percentages, money, truth values and formulas.
func everyKindOfCell(t *testing.T) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	set := func(cell string, value any, format int) {
		t.Helper()
		if err := book.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
		style, err := book.NewStyle(&excelize.Style{NumFmt: format})
		if err == nil {
			err = book.SetCellStyle("Sheet1", cell, cell, style)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	const general, twoPlaces, percent, date, clock, dateTime, money = 0, 2, 10, 14, 21, 22, 44
	for row := 1; row <= 200; row++ {
		at := func(column string) string { return column + strconv.Itoa(row) }
		set(at("A"), fmt.Sprintf("Person %d, \"quoted\" & <marked>", row), general)
		set(at("B"), fmt.Sprintf("person.%d@example.org\nsecond line", row), general)
		set(at("C"), 9434765919+row, general)
		set(at("D"), float64(row)/7, twoPlaces)
		set(at("E"), float64(row)/200, percent)
		set(at("F"), time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, row, row), date)
		set(at("G"), float64(row)/211, clock)
		set(at("H"), time.Date(2001, 1, 1, 12, 30, 15, 0, time.UTC).AddDate(0, 0, row), dateTime)
		set(at("I"), float64(row)*1.25, money)
		set(at("J"), row%2 == 0, general)
		if row%10 != 0 {
			set(at("L"), "Åsa Дмитрий 山田太郎 "+strconv.Itoa(row), general)
		}
	}
	body, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return body.Bytes()
}
