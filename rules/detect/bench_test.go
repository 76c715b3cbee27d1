package detect

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"stanch/rules"
	"stanch/rules/match"
	"stanch/rules/match/corpus"
)

// benchmarkTexts are kinds of text with many candidates. The names and numbers are made up.
func benchmarkTexts() map[string][]byte {
	var csv, json, log strings.Builder
	for i := range 400 {
		fmt.Fprintf(&csv, "%d,Alice%d,Jones,12 High Street,Leeds,LS1 %dAB,alice%d@example.org,0113 496 0%03d,%d/%d/19%02d,943 476 5919\n", i, i, i%10, i, i%1000, i%28+1, i%12+1, i%100)
		fmt.Fprintf(&json, `{"id":%d,"uid":"6781b04d-7b5f-4c1a-bceb-b953e6ef%04x","created":17006783%02d,"price":%d.99,"size":[%d,%d],"ok":true},`, 100000+i, i, i%100, i, i*7, i*13)
		fmt.Fprintf(&log, "2026-11-22T18:39:%02d.%03dZ INFO request id=%d path=/orders/%d status=200 bytes=%d duration=%dms\n", i%60, i, 1234567+i, 7654321+i, 4096+i, i%90)
	}
	return map[string][]byte{"csv": []byte(csv.String()), "json": []byte(json.String()), "log": []byte(log.String())}
}

// BenchmarkJudge judges the candidates of a text that were found before, as running text.
func BenchmarkJudge(b *testing.B) {
	s := compiledCatalogue(b)
	for name, text := range benchmarkTexts() {
		candidates, _ := s.Engine().Scan(nil, text, 0, true)
		for _, floor := range []rules.Confidence{rules.Low, rules.Medium} {
			b.Run(name+"/"+floor.String(), func(b *testing.B) {
				var hits []Hit
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					var nearby Nearby
					hits = hits[:0]
					for _, c := range candidates {
						hits = s.Judge(hits, text, &c, &Field{Floor: floor, Nearby: &nearby})
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(candidates)), "ns/candidate")
				b.ReportMetric(float64(len(hits)), "hits")
			})
		}
	}
}

// BenchmarkScan finds the candidates, without judging them.
func BenchmarkScan(b *testing.B) {
	s := compiledCatalogue(b)
	for name, text := range benchmarkTexts() {
		b.Run(name, func(b *testing.B) {
			var candidates []match.Candidate
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				candidates, _ = s.Engine().Scan(candidates[:0], text, 0, true)
			}
			b.ReportMetric(float64(len(candidates)), "candidates")
		})
	}
}

func TestJudgeAllocatesNothing(t *testing.T) {
	s := compiledCatalogue(t)
	for name, text := range benchmarkTexts() {
		candidates, _ := s.Engine().Scan(nil, text, 0, true)
		if len(candidates) == 0 {
			t.Fatalf("%s has no candidates", name)
		}
		for _, nearby := range []*Nearby{nil, {}} {
			var hits []Hit
			judge := func() {
				hits = hits[:0]
				if nearby != nil {
					nearby.Reset()
				}
				for _, c := range candidates {
					hits = s.Judge(hits, text, &c, &Field{Nearby: nearby})
				}
			}
			judge()
			if n := testing.AllocsPerRun(3, judge); n > 0 {
				t.Errorf("%s: %v allocations", name, n)
			}
		}
		cell := Field{Label: s.Label([]byte("surname")), Start: 0, End: 5}
		hits := make([]Hit, 0, 8)
		if n := testing.AllocsPerRun(10, func() { hits = s.JudgeCell(hits[:0], text, &cell) }); n > 0 {
			t.Errorf("%s: JudgeCell makes %v allocations", name, n)
		}
	}
}

func BenchmarkJudgeProse(b *testing.B) {
	s := compiledCatalogue(b)
	text := []byte(strings.Repeat("The committee asked Alice Jones and Dr. Robert Taylor whether the figures of last year would hold, at 12 High Street.\n", 200))
	var hits []Hit
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		hits = s.JudgeProse(hits[:0], text, 0, Field{})
	}
}

// BenchmarkReadColumn reads the cells of each column of a table of people; a byte of the figures is a cell.
func BenchmarkReadColumn(b *testing.B) {
	s := compiledCatalogue(b)
	const rows = 256
	text := corpus.People(64 << 10)
	lines := bytes.SplitN(text, []byte("\r\n"), rows+2)
	for column, header := range bytes.Split(lines[0], []byte(",")) {
		var cells []CellReading
		start := len(lines[0]) + len("\r\n")
		for _, line := range lines[1 : rows+1] {
			at := start
			for _, value := range bytes.Split(line, []byte(","))[:column] {
				at += len(value) + len(",")
			}
			cells = append(cells, CellReading{Start: at, End: at + len(bytes.Split(line, []byte(","))[column])})
			start += len(line) + len("\r\n")
		}
		label := s.Label(header)
		b.Run(string(header), func(b *testing.B) {
			b.SetBytes(rows)
			for b.Loop() {
				s.ReadColumn(label, rules.Medium, text, cells)
			}
		})
	}
}
