//go:build !race

package inspect_test

import (
	"testing"

	"stanch/rules"
)

// The race detector makes pools forget on purpose: allocations are counted without it.

// TestNoAllocationPerChunk holds that a longer body costs no more allocations than a shorter one.
func TestNoAllocationPerChunk(t *testing.T) {
	engine := newEngine(t, rules.Policy{}, false)
	for name, body := range corpora() {
		if name == "dense CSV" {
			continue // the set of people grows with the people
		}
		short, long := body[:len(body)/4], body
		allocations := func(body []byte) float64 {
			runChunks(engine, body)
			return testing.AllocsPerRun(3, func() { runChunks(engine, body) })
		}
		if few, many := allocations(short), allocations(long); many > few+20 {
			t.Errorf("%s: %v allocations for a quarter, %v for the whole", name, few, many)
		}
	}
}
