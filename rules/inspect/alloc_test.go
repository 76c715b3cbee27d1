//go:build !race

package inspect_test

import (
	"bytes"
	"testing"

	"stanch/rules"
	"stanch/rules/match/corpus"
)

// The race detector makes pools forget on purpose: allocations are counted without it.

// TestNoAllocationPerChunk holds that a longer body costs no more allocations than a shorter one.
func TestNoAllocationPerChunk(t *testing.T) {
	engine := newEngine(t, rules.Policy{}, false)
	for _, text := range corpus.All() {
		if text.Name == "csv-people" {
			continue // the set of people grows with the people
		}
		long := bytes.ReplaceAll(text.Bytes, []byte("<dt"), []byte("<p ")) // each term of a list of definitions is a column
		short := long[:len(long)/4]
		allocations := func(body []byte) float64 {
			runChunks(engine, body)
			return testing.AllocsPerRun(3, func() { runChunks(engine, body) })
		}
		if few, many := allocations(short), allocations(long); many > few+20 {
			t.Errorf("%s: %v allocations for a quarter, %v for the whole", text.Name, few, many)
		}
	}
}
