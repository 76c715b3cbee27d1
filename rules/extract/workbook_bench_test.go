package extract

import (
	"bytes"
	"fmt"
	"io"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zip"

	"stanch/rules"
)

// benchmarkPeople is how many rows the workbooks of the benchmarks have.
const benchmarkPeople = 30_000

// packedOf packs parts the way office programs do.
func packedOf(t testing.TB, parts ...member) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 6) })
	for _, p := range parts {
		f, err := z.Create(p.name)
		if err == nil {
			_, err = io.WriteString(f, p.body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// numbersXML is a sheet of measurements: integers, fractions and dates.
func numbersXML(rows int) string {
	var out bytes.Buffer
	var table peopleTable
	out.WriteString(sheetHead)
	for row := 1; row <= rows; row++ {
		fmt.Fprintf(&out, `<row r="%d" spans="1:6">`, row)
		for column := range 6 {
			switch column {
			case 0:
				fmt.Fprintf(&out, `<c r="A%d"><v>%d</v></c>`, row, row)
			case 1:
				fmt.Fprintf(&out, `<c r="B%d" s="1"><v>%d</v></c>`, row, 20000+table.next(25000))
			default:
				fmt.Fprintf(&out, `<c r="%c%d"><v>%d.%d</v></c>`, 'A'+column, row, table.next(10000), table.next(10000))
			}
		}
		out.WriteString(`</row>`)
	}
	out.WriteString(sheetTail)
	return out.String()
}

// benchmarkWorkbooks are large workbooks of each shape.
func benchmarkWorkbooks(t testing.TB) []struct {
	name   string
	format rules.Format
	body   []byte
} {
	var shared, inline bytes.Buffer
	writePeople(t, &shared, benchmarkPeople, true)
	writePeople(t, &inline, benchmarkPeople, false)
	return []struct {
		name   string
		format rules.Format
		body   []byte
	}{
		{"xlsx-shared", rules.XLSX, shared.Bytes()},
		{"xlsx-inline", rules.XLSX, inline.Bytes()},
		{"xlsx-numbers", rules.XLSX, packedOf(t, member{"[Content_Types].xml", workbookTypes}, member{"_rels/.rels", packageRels}, member{"xl/workbook.xml", workbookXML},
			member{"xl/_rels/workbook.xml.rels", workbookRels}, member{"xl/styles.xml", stylesXML}, member{"xl/worksheets/sheet1.xml", numbersXML(benchmarkPeople)})},
		{"xlsb", rules.XLSB, packedOf(t, xlsbParts(xlsbSheetOf(benchmarkPeople), xlsbStringsOf(benchmarkPeople))...)},
		{"ods", rules.ODS, packedOf(t, member{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, member{"content.xml", odsContentOf(benchmarkPeople)})},
	}
}

// inflateAll merely inflates the members of a package, and returns how many bytes came out.
func inflateAll(b *testing.B, body, buffer []byte) (total int64) {
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{r}, buffer)
		if err != nil {
			b.Fatal(err)
		}
		r.Close()
		total += n
	}
	return total
}

// BenchmarkWorkbook compares reading workbooks as a whole with merely inflating them by klauspost/compress/zip, one after the other within one run, by
// the best of the rounds: read/inflate is the ratio of processor times. Bytes are those of the inflated parts.
func BenchmarkWorkbook(b *testing.B) {
	for _, w := range benchmarkWorkbooks(b) {
		b.Run(w.name, func(b *testing.B) {
			buffer, total := make([]byte, xmlWindow), int64(0)
			inflating, reading := time.Duration(1<<62), time.Duration(1<<62)
			for b.Loop() {
				start := processorTime(b)
				total = inflateAll(b, w.body, buffer)
				between := processorTime(b)
				cells := 0
				_, status, reason := NewDocument(w.format).Read(bytes.NewReader(w.body), int64(len(w.body)), Options{}, func(batch *Batch) { cells += len(batch.Cells) })
				reading = min(reading, processorTime(b)-between)
				inflating = min(inflating, between-start)
				if status != rules.Complete || cells < benchmarkPeople*6 {
					b.Fatalf("%v because %v, %d cells", status, reason, cells)
				}
			}
			b.SetBytes(total)
			b.ReportMetric(float64(reading)/float64(inflating), "read/inflate")
			b.ReportMetric(float64(total)/reading.Seconds()/1e6, "MB/cpu-s")
		})
	}
}

// processorTime is what the process has used so far: on a busy machine the clock on the wall says little.
func processorTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
