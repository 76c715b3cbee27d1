//go:build !race

package match

import "testing"

// The race detector makes pools forget on purpose: allocations are counted without it.

// TestScanAllocatesNothing holds that Scan allocates nothing once the engine has met the text.
func TestScanAllocatesNothing(t *testing.T) {
	engine := compile(t, cataloguePatterns())
	for _, text := range small(64 << 10) {
		part := text.Bytes
		found, _ := engine.Scan(nil, part, 0, true)
		if allocs := testing.AllocsPerRun(10, func() { found, _ = engine.Scan(found[:0], part, 0, true) }); allocs != 0 {
			t.Errorf("%s: %v allocations per Scan", text.Name, allocs)
		}
	}
}
