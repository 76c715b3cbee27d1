package extract

import (
	"fmt"
	"strings"
	"testing"

	"stanch/rules"
	bodies "stanch/rules/match/corpus"
)

// benchmarkBodies are synthetic bodies of the usual kinds, about 1 MiB each.
func benchmarkBodies() []struct {
	name   string
	format rules.Format
	body   []byte
} {
	const size = 1 << 20
	repeat := func(head string, line func(i int) string, tail string) []byte {
		var b strings.Builder
		b.WriteString(head)
		for i := 0; b.Len() < size; i++ {
			b.WriteString(line(i))
		}
		b.WriteString(tail)
		return []byte(b.String())
	}
	return []struct {
		name   string
		format rules.Format
		body   []byte
	}{
		{"guide", rules.HTML, repeat("<!doctype html><html><head><title>Guide</title></head><body>", func(i int) string {
			return fmt.Sprintf("<h2 id=\"section-%d\">Chapter %d</h2>\n<p>Every <em>response</em> is read as it streams; see <a href=\"/guide/%d.html\">the guide</a> &mdash; it is short.</p>\n", i, i, i)
		}, "</body></html>")},
		{"page", rules.HTML, repeat("<!doctype html><html><body>", func(i int) string {
			return fmt.Sprintf("<div class=\"row item\"><h2 id=\"s%d\">Section %d</h2><p>Plain prose of the <em>usual</em> kind, with <a href=\"/docs/page-%d.html\">links</a> &amp; more.</p>\n<ul><li>first item</li><li>item %d</li></ul></div>\n", i, i, i, i)
		}, "</body></html>")},
		{"page-terms", rules.HTML, repeat("<!doctype html><html><body>", func(i int) string {
			return fmt.Sprintf("<dl><dt class=\"term\">What the <code>package%d</code> does when its reader ends</dt>\n<dd>It returns an error (%d) and no <a href=\"/docs/\">value</a>, whatever.</dd></dl>\n", i, i%90)
		}, "</body></html>")},
		{"page-table", rules.HTML, repeat("<table><tr><th>Name</th><th>E-mail</th></tr>", func(i int) string {
			return fmt.Sprintf("<tr><td>Name %d</td><td><a href=\"mailto:a%d@example.org\">a%d@example.org</a></td></tr>\n", i, i, i)
		}, "</table>")},
		{"page-cjk", rules.HTML, repeat("<html>", func(i int) string {
			return "<p>日本語の文章です。これは<b>普通</b>のページ、Ｎｏ１。</p>\n"
		}, "")},
		{"script", rules.JavaScript, repeat("", func(i int) string {
			return fmt.Sprintf("function a%d(t,e){var n=t[%d],r=e.c||{};return n&&r.x>1e3?{k:n,v:r.y*.5}:b%d(t,0x%x)}", i, i%40, i, i*2654435761)
		}, "")},
		{"api", rules.JSON, repeat("{\"items\":[", func(i int) string {
			return fmt.Sprintf("{\"id\":%d,\"sku\":\"A-%06d\",\"price\":%d.%02d,\"created\":\"2026-06-%02dT12:%02d:00Z\",\"tags\":[\"new\",\"sale\"],\"stock\":%d},", 100000+i, i*7, i%90, i%100, 1+i%28, i%60, i%13)
		}, "{}]}")},
		{"catalogue", rules.JSON, bodies.JSON(size)},
		{"json", rules.JSON, repeat("{\"items\":[", func(i int) string {
			return fmt.Sprintf("{\"id\":%d,\"name\":\"widget number %d\",\"price\":%d.50,\"active\":true,\"tags\":[\"red\",\"small\"],\"created\":\"2024-01-02T03:04:05Z\",\"note\":\"line\\nbreak\"},\n", i, i, i%90)
		}, "{}]}")},
		{"ndjson", rules.NDJSON, repeat("", func(i int) string {
			return fmt.Sprintf("{\"ts\":%d,\"level\":\"info\",\"msg\":\"request served in %d ms\",\"path\":\"/api/items/%d\"}\n", 1700000000+i, i%500, i)
		}, "")},
		{"csv", rules.CSV, repeat("id,name,email,phone,city\n", func(i int) string {
			return fmt.Sprintf("%d,\"Name, %d\",user%d@example.org,020 7946 %04d,London\n", i, i, i, i%10000)
		}, "")},
		{"applicants", rules.CSV, repeat("ref,surname,email,phone,postcode\n", func(i int) string {
			return fmt.Sprintf("%d,Okafor,doctor%d@example.org,07700 9%05d,LS1 %dAB\n", i, i, i%100000, i%10)
		}, "")},
		{"log", rules.Text, repeat("", func(i int) string {
			return fmt.Sprintf("2024-01-02T03:04:05.%03dZ INFO server: 10.0.%d.%d GET /api/items/%d?page=%d 200 %dms\n", i%1000, i%256, i%200, i, i%9, i%500)
		}, "")},
		{"sql", rules.SQL, repeat("", func(i int) string {
			return fmt.Sprintf("INSERT INTO people (id, name, email) VALUES (%d,'O''Name %d','user%d@example.org');\n", i, i, i)
		}, "")},
		{"xml", rules.XML, repeat("<people>", func(i int) string {
			return fmt.Sprintf("<person id=\"%d\"><name>Name %d</name><email>user%d@example.org</email></person>\n", i, i, i)
		}, "</people>")},
		{"events", rules.EventStream, repeat("", func(i int) string { return fmt.Sprintf("data: {\"id\":%d,\"text\":\"token %d\"}\n\n", i, i) }, "")},
		{"utf16", rules.CSV, []byte(wide(string(repeat("\ufeffid,name\n", func(i int) string { return fmt.Sprintf("%d,Name %d\n", i, i) }, "")[:size/2]), 2, false))},
	}
}

// benchmarkChunk is how much arrives at once.
const benchmarkChunk = 32 << 10

func readChunks(reader Reader, batch *Batch, body []byte) {
	done := 0
	for given := 0; given < len(body); {
		given = min(given+benchmarkChunk, len(body))
		done += reader.Read(batch, body[done:given], int64(done), given == len(body))
		batch.Drop(len(batch.Text) - 64)
	}
}

func BenchmarkRead(b *testing.B) {
	for _, c := range benchmarkBodies() {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.body)))
			b.ReportAllocs()
			var batch Batch
			before := processorTime(b)
			for b.Loop() {
				batch.Drop(len(batch.Text))
				batch.Map, batch.Cells = batch.Map[:0], batch.Cells[:0]
				readChunks(NewReader(c.format, Options{}), &batch, c.body)
			}
			b.ReportMetric(float64(len(c.body))*float64(b.N)/(processorTime(b)-before).Seconds()/1e6, "MB/cpu-s")
		})
	}
}

func BenchmarkSniff(b *testing.B) {
	for _, c := range benchmarkBodies() {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Sniff(c.body[:SniffLength], "", "")
			}
		})
	}
}
