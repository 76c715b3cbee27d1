//go:build !race

package extract

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"stanch/rules"
)

// heapWhile runs a reading and returns by how much the living heap grew at most meanwhile, in bytes.
func heapWhile(t *testing.T, read func(emit func(*Batch))) int64 {
	t.Helper()
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	before, most, batches := int64(stats.HeapAlloc), int64(0), 0
	read(func(*Batch) {
		if batches++; batches%64 == 1 {
			runtime.GC()
			runtime.ReadMemStats(&stats)
			most = max(most, int64(stats.HeapAlloc))
		}
	})
	if batches == 0 {
		t.Fatal("nothing was read")
	}
	return most - before
}

// manyPages is a PDF of so many pages, each with a stream of its own.
func manyPages(pages int) []byte {
	var out bytes.Buffer
	var offsets []int
	object := func(text string) {
		offsets = append(offsets, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", len(offsets), text)
	}
	out.WriteString("%PDF-1.4\n")
	object("<</Type/Catalog/Pages 2 0 R>>")
	var kids strings.Builder
	for i := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", 4+2*i)
	}
	object(fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", kids.String(), pages))
	object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
	for i := range pages {
		object(fmt.Sprintf("<</Type/Page/Parent 2 0 R/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>>>>>", 5+2*i))
		var content strings.Builder
		content.WriteString("BT /F1 10 Tf 12 TL\n")
		for line := range 60 {
			fmt.Fprintf(&content, "T* (Person %d on page %d, person.%d@example.org) Tj\n", line, i, i*60+line)
		}
		content.WriteString("ET")
		object(fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", content.Len(), content.String()))
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return out.Bytes()
}

// largeSQLite is a database of one table on so many pages of 64 KiB below one interior page.
func largeSQLite(leaves int) []byte {
	const page, leafHeader, interiorHeader = 1 << 16, 8, 12
	file := make([]byte, (2+leaves)*page)
	copy(file, "SQLite format 3\x00")
	binary.BigEndian.PutUint16(file[16:], 1) // stands for 64 KiB
	copy(file[18:], []byte{1, 1, 0, 64, 32, 32})
	binary.BigEndian.PutUint32(file[28:], uint32(2+leaves))
	binary.BigEndian.PutUint32(file[44:], 4)
	binary.BigEndian.PutUint32(file[56:], 1) // UTF-8
	textRecord := func(row int, values ...string) []byte {
		header, body := []byte{0}, []byte(nil)
		for _, v := range values {
			header = binary.AppendUvarint(header, 0) // replaced below
			header = append(header[:len(header)-1], appendSQLiteNumber(nil, uint64(13+2*len(v)))...)
			body = append(body, v...)
		}
		header[0] = byte(len(header))
		payload := append(header, body...)
		return append(append(appendSQLiteNumber(nil, uint64(len(payload))), appendSQLiteNumber(nil, uint64(row))...), payload...)
	}
	fill := func(at, header int, cells [][]byte) {
		whole := file[at/page*page:][:page]
		file[at] = sqliteTableLeaf
		binary.BigEndian.PutUint16(file[at+3:], uint16(len(cells)))
		end := page
		for i, c := range cells {
			end -= len(c)
			copy(whole[end:], c)
			binary.BigEndian.PutUint16(file[at+header+2*i:], uint16(end))
		}
	}
	schema := textRecord(1, "table", "people", "people", "2", "CREATE TABLE people(name, email, note)")
	// The root page is a number, not a text, in real files; the reader takes both.
	fill(sqliteHeader, leafHeader, [][]byte{schema})
	row := 0
	for leaf := range leaves {
		var cells [][]byte
		for used := leafHeader; ; {
			row++
			c := textRecord(row, fmt.Sprintf("Person %d", row), fmt.Sprintf("person.%d@example.org", row), "note")
			if used += len(c) + 2; used > page-2 {
				row--
				break
			}
			cells = append(cells, c)
		}
		fill((2+leaf)*page, leafHeader, cells)
	}
	root := file[page : 2*page]
	root[0] = 5
	binary.BigEndian.PutUint16(root[3:], uint16(leaves-1))
	binary.BigEndian.PutUint32(root[8:], uint32(2+leaves))
	end := page
	for i := range leaves - 1 {
		c := append(binary.BigEndian.AppendUint32(nil, uint32(3+i)), appendSQLiteNumber(nil, uint64(i+1))...)
		end -= len(c)
		copy(root[end:], c)
		binary.BigEndian.PutUint16(root[interiorHeader+2*i:], uint16(end))
	}
	return file
}

// appendSQLiteNumber appends a number as SQLite writes it: seven bits a byte, the highest first.
func appendSQLiteNumber(dst []byte, n uint64) []byte {
	out := []byte{byte(n & 0x7F)}
	for n >>= 7; n > 0; n >>= 7 {
		out = append([]byte{byte(n&0x7F) | 0x80}, out...)
	}
	return append(dst, out...)
}

// TestWorkingSet reads large files of every format and looks at the heap meanwhile. XLSX and nested archives have tests of
// their own.
func TestWorkingSet(t *testing.T) {
	people, pages, leaves := 150_000, 5_000, 700
	if testing.Short() {
		people, pages, leaves = 30_000, 500, 70
	}
	const workingSet = 16 << 20
	for _, c := range []struct {
		name   string
		format rules.Format
		make   func() []byte
	}{
		{"xlsb", rules.XLSB, func() []byte { return packedOf(t, xlsbParts(xlsbSheetOf(people), xlsbStringsOf(people))...) }},
		{"xls", rules.XLS, func() []byte { return xlsStreamOf(people) }},
		{"ods", rules.ODS, func() []byte {
			return packedOf(t, member{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, member{"content.xml", odsContentOf(people)})
		}},
		{"pdf", rules.PDF, func() []byte { return manyPages(pages) }},
		{"sqlite", rules.SQLite, func() []byte { return largeSQLite(leaves) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := c.make()
			var status rules.Status
			var reason rules.Reason
			length := 0
			grown := heapWhile(t, func(emit func(*Batch)) {
				_, status, reason = NewDocument(c.format).Read(bytes.NewReader(body), int64(len(body)), Options{}, func(b *Batch) {
					length += len(b.Text)
					emit(b)
				})
			})
			t.Logf("%.1f MB of file, %.1f MB of text, %.1f MiB of heap", float64(len(body))/1e6, float64(length)/1e6, float64(grown)/(1<<20))
			if status != rules.Complete || length < people*10 {
				t.Errorf("%v because %v, %d bytes of text", status, reason, length)
			}
			if grown > workingSet {
				t.Errorf("%d bytes of heap, want at most %d", grown, workingSet)
			}
		})
	}
}
