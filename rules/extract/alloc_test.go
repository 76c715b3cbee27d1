//go:build !race

package extract

import "testing"

// TestNoAllocationPerChunk reads each kind of body once more with a reader and a batch that are warm.
func TestNoAllocationPerChunk(t *testing.T) {
	for _, c := range benchmarkBodies() {
		t.Run(c.name, func(t *testing.T) {
			body := c.body[:len(c.body)&^7]
			reader := NewReader(c.format, Options{})
			var batch Batch
			done := reader.Read(&batch, body[:256<<10], 0, false)
			given := 256 << 10
			chunk := func() {
				batch.Drop(len(batch.Text) - 64)
				given += 4 << 10
				done += reader.Read(&batch, body[done:given], int64(done), false)
			}
			chunk()
			// Columns and shapes that turn up late are the only reason to allocate.
			if allocs := testing.AllocsPerRun(64, chunk); allocs > 0 {
				t.Errorf("%v allocations per chunk", allocs)
			}
		})
	}
}
