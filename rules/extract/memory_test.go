package extract

import (
	"bytes"
	"runtime"
	"testing"

	"stanch/rules"
)

// TestArchiveMemory reads a list of 60 MB, two archives deep, and looks at how much memory that takes.
func TestArchiveMemory(t *testing.T) {
	const most = 24 << 20 // the working set of 16 MiB, and what the collector has not got to yet
	list := peopleCSV(900_000)
	body := packed(t, map[string][]byte{"a.zip": packed(t, map[string][]byte{"people.csv": list})})
	size := len(list)
	list = nil
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	before, peak, batches, length := stats.HeapAlloc, uint64(0), 0, 0
	emit := func(b *Batch) {
		length += len(b.Text)
		if batches++; batches%50 == 0 {
			runtime.ReadMemStats(&stats)
			peak = max(peak, stats.HeapAlloc-min(before, stats.HeapAlloc))
		}
	}
	_, status, reason := NewDocument(rules.ZIP).Read(bytes.NewReader(body), int64(len(body)), Options{}, emit)
	if status != rules.Complete || length < size/2 || peak == 0 {
		t.Fatalf("%s %s, %d of %d bytes, peak %d", status, reason, length, size, peak)
	}
	t.Logf("%d MB in %d batches, at most %d KiB more on the heap", size>>20, batches, peak>>10)
	if peak > most {
		t.Errorf("%d KiB on the heap", peak>>10)
	}
}
