package match

import (
	"bytes"
	"slices"
	"sync"
	"testing"

	"stanch/rules/match/corpus"
)

// small are texts of every kind, of some blocks or segments.
func small(size int) []corpus.Text {
	return []corpus.Text{
		{Name: "html", Bytes: corpus.HTML(size)}, {Name: "js", Bytes: corpus.JavaScript(size)}, {Name: "json", Bytes: corpus.JSON(size)},
		{Name: "log", Bytes: corpus.Log(size)}, {Name: "csv", Bytes: corpus.People(size)},
	}
}

// TestVariantsOnCorpora compares the variants of the engine on texts that are too long for the reference.
func TestVariantsOnCorpora(t *testing.T) {
	engines := variants(t, cataloguePatterns())
	for _, text := range append(small(10<<10), hostile(2<<10)...) {
		part := text.Bytes
		var want []match
		for i, engine := range engines {
			candidates, settled := engine.Scan(nil, part, 0, true)
			got := matches(engine, candidates)
			if settled != len(part) {
				t.Errorf("%s: variant %d settled %d of %d", text.Name, i, settled, len(part))
			}
			if i == 0 {
				want = got
			}
			if !sameMatches(got, want) {
				t.Errorf("%s: variant %d finds %d candidates, the first %d", text.Name, i, len(got), len(want))
			}
			if chunked := stream(t, engine, part, splitsOf(part, 1000)...); !sameMatches(chunked, want) {
				t.Errorf("%s: variant %d finds %d candidates in chunks, %d in one", text.Name, i, len(chunked), len(want))
			}
		}
	}
}

func splitsOf(text []byte, size int) (splits []int) {
	for at := size; at < len(text); at += size {
		splits = append(splits, at)
	}
	return splits
}

// TestScanConcurrently lets goroutines make the states of one engine at the same time.
func TestScanConcurrently(t *testing.T) {
	text := corpus.People(32 << 10)
	alone := compile(t, cataloguePatterns())
	candidates, _ := alone.Scan(nil, text, 0, true)
	want := matches(alone, candidates)
	engine := compile(t, cataloguePatterns())
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			candidates, _ := engine.Scan(nil, text, 0, true)
			if got := matches(engine, candidates); !sameMatches(got, want) {
				t.Errorf("%d candidates, want %d", len(got), len(want))
			}
		})
	}
	group.Wait()
}

// TestUnfiltered names the patterns without a trigger.
func TestUnfiltered(t *testing.T) {
	engine := compile(t, []Pattern{
		{Expression: `\d{3}-\d{4}`}, {Expression: `[a-z]{4,9}`}, {Expression: emailExpression}, {Expression: `AKIA[A-Z]{16}`}, {Expression: `\w{2,5}!`},
	})
	if got := engine.Unfiltered(); !slices.Equal(got, []uint16{1}) {
		t.Errorf("unfiltered are %v, want [1]", got)
	}
}

// hostile are texts that are made to cost much: runs of triggers, and values that nearly match.
func hostile(size int) []corpus.Text {
	repeat := func(name, part string) corpus.Text {
		return corpus.Text{Name: name, Bytes: bytes.Repeat([]byte(part), size/len(part)+1)[:size]}
	}
	return []corpus.Text{
		repeat("digits", "7"), repeat("ats", "@"), repeat("digit-space", "1 "), repeat("digit-dash", "1-"), repeat("digit-at", "1@"),
		repeat("letter-at", "a.a@"), repeat("local-parts", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p@"), repeat("card-but-one", "4929 1234 5678 901x "),
		repeat("iban-groups", "GB82 WEST 1234 5698 7654 32 "), repeat("dates", "2025-11-03T12:33:44.123456Z,"), repeat("colons", "a:b:c:d:"),
		repeat("upper-digit", "A1"), repeat("upper-digit-space", "A1 "), repeat("not UTF-8", "\xff1"), repeat("key", "AKIA"), repeat("months", "jan 1, "),
	}
}

func BenchmarkHostile(b *testing.B) {
	engine := compile(b, cataloguePatterns())
	for _, text := range hostile(1 << 20) {
		b.Run(text.Name, func(b *testing.B) { benchmarkScan(b, engine, text.Bytes) })
	}
}
