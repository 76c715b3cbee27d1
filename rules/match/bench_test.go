package match

import (
	"testing"

	"stanch/rules/match/corpus"
)

func BenchmarkScan(b *testing.B) {
	engine := compile(b, cataloguePatterns())
	for _, text := range corpus.All() {
		b.Run(text.Name, func(b *testing.B) { benchmarkScan(b, engine, text.Bytes) })
	}
}

func benchmarkScan(b *testing.B, engine *Engine, text []byte) {
	var found []Candidate
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		found, _ = engine.Scan(found[:0], text, 0, true)
	}
	b.ReportMetric(float64(len(found))/(float64(len(text))/(1<<20)), "candidates/MiB")
}

func BenchmarkCompile(b *testing.B) {
	patterns := cataloguePatterns()
	for b.Loop() {
		compile(b, patterns)
	}
}
