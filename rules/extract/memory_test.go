//go:build !race

package extract

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"stanch/rules"
)

// TestArchiveMemory reads a list of 33 MB, two archives deep, and looks at how much memory that takes.
func TestArchiveMemory(t *testing.T) {
	const workingSet, people = 16 << 20, 500_000
	list := peopleCSV(people)
	body := packed(t, map[string][]byte{"a.zip": packed(t, map[string][]byte{"people.csv": list})})
	size, length := len(list), 0
	list = nil
	grown := heapWhile(t, func(emit func(*Batch)) {
		_, status, reason := NewDocument(rules.ZIP).Read(bytes.NewReader(body), int64(len(body)), Options{}, func(b *Batch) { length += len(b.Text); emit(b) })
		if status != rules.Complete || length < size/2 {
			t.Fatalf("%s %s, %d of %d bytes", status, reason, length, size)
		}
	})
	t.Logf("%d MB, %.1f MiB of heap", size>>20, float64(grown)/(1<<20))
	if grown > workingSet {
		t.Errorf("%d bytes of heap, want at most %d", grown, workingSet)
	}
}

// TestXLSXMemory reads a sheet that is many times larger than what a reading may take, and looks at the heap meanwhile.
func TestXLSXMemory(t *testing.T) {
	people := 1_000_000 // about 300 MB of sheet
	if testing.Short() {
		people = 100_000
	}
	const workingSet = 16 << 20
	for _, shared := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "people.xlsx")
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		writePeople(t, file, people, shared)
		size, err := file.Seek(0, io.SeekEnd)
		if err != nil {
			t.Fatal(err)
		}
		p, err := openZipParts(file, size)
		if err != nil {
			t.Fatal(err)
		}
		runtime.GC()
		var before, during runtime.MemStats
		runtime.ReadMemStats(&before)
		most, batches, cells := uint64(0), 0, 0
		_, status, _ := readXLSX(p, Options{Limits: Limits{Expanded: 1 << 30}}, func(batch *Batch) {
			cells += len(batch.Cells)
			if batches++; batches%256 == 1 {
				runtime.GC()
				runtime.ReadMemStats(&during)
				most = max(most, during.HeapAlloc)
			}
		})
		if status != rules.Complete || cells < people*6 {
			t.Errorf("shared %v: %v, %d cells of %d people", shared, status, cells, people)
		}
		grown := int64(most) - int64(before.HeapAlloc)
		t.Logf("shared %v: %d MB file, %d cells, %.1f MiB of heap", shared, size>>20, cells, float64(grown)/(1<<20))
		if grown > workingSet {
			t.Errorf("shared %v: %d bytes of heap, want at most %d", shared, grown, workingSet)
		}
		file.Close()
	}
}
