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

// BenchmarkStages measures the stages in front of the automaton one by one, with each classifier.
func BenchmarkStages(b *testing.B) {
	for _, with := range classifiers() {
		engine, err := compileWith(cataloguePatterns(), options{with, maxCells, maxSets})
		if err != nil {
			b.Fatal(err)
		}
		const blocks = segmentBlocks
		text := corpus.JavaScript((blocks + 2) * blockSize)
		p, offsets := new(planes), new(offsetList)
		stage := func(name string, run func()) {
			b.Run(with.name+"/"+name, func(b *testing.B) {
				b.SetBytes(blocks * blockSize)
				for b.Loop() {
					run()
				}
			})
		}
		stage("fill", func() { with.fill(p, 0, text, blocks+1, engine.filter.tables) })
		stage("find", func() { with.find(p, blocks, 0, &engine.filter.ways) })
		count := 0
		stage("list", func() { count = with.list(offsets, &p.starts, blocks) })
		stage("keep", func() {
			count = with.list(offsets, &p.starts, blocks)
			with.keep(engine.filter.outlines, text, 0, offsets, count)
		})
		people := corpus.People(blocks * blockSize)
		engine.Scan(nil, people, 0, true) // makes the states
		var tracks [togetherStarts]track
		var starts [togetherStarts]uint16
		for i := range starts {
			starts[i] = uint16(i * 100)
		}
		stage("follow", func() {
			for i := range tracks {
				tracks[i].states[0] = engine.main.begin[0]
			}
			with.follow(&tracks, &starts, togetherStarts, people, engine.main.table.Load(), &engine.main.classes)
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	patterns := cataloguePatterns()
	for b.Loop() {
		compile(b, patterns)
	}
}
