//go:build !race

package inspect_test

import (
	"bytes"
	"testing"

	"stanch/rules"
	"stanch/rules/inspect"
	"stanch/rules/match/corpus"
)

// The race detector makes pools forget on purpose: allocations are counted without it.

// TestNoAllocationPerChunk holds that a longer body costs no more allocations than a shorter one, but for the few that grow a set
// of people or a buffer.
func TestNoAllocationPerChunk(t *testing.T) {
	for name, policy := range map[string]rules.Policy{"no rule": {}, "redaction": redact(1, rules.Mask)} {
		t.Run(name, func(t *testing.T) { testAllocations(t, newEngine(t, policy, false)) })
	}
}

func testAllocations(t *testing.T, engine *inspect.Engine) {
	for _, text := range corpus.All() {
		long := bytes.ReplaceAll(text.Bytes, []byte("<dt"), []byte("<p ")) // each term of a list of definitions is a column
		short := long[:len(long)/4]
		allocations := func(body []byte) float64 {
			runChunks(engine, body)
			return testing.AllocsPerRun(3, func() { runChunks(engine, body) })
		}
		if few, many := allocations(short), allocations(long); many > few+40 {
			t.Errorf("%s: %v allocations for a quarter, %v for the whole", text.Name, few, many)
		}
	}
}
