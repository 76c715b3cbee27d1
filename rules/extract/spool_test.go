package extract

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"

	"stanch/rules"
)

// TestSpool writes more than stays in memory, reads it back in every way, and looks at what is left.
func TestSpool(t *testing.T) {
	const quota = 64 * spoolPage
	q := NewQuota(quota)
	s := Spool{Memory: 2 * spoolPage, Folder: t.TempDir(), Quota: q}
	var all []byte
	for i := 0; len(all) < 10*spoolPage; i++ {
		piece := bytes.Repeat([]byte{byte(i)}, i*37%5000)
		if n, err := s.Write(piece); n != len(piece) || err != nil {
			t.Fatalf("%d of %d bytes, %v", n, len(piece), err)
		}
		all = append(all, piece...)
	}
	if got, err := io.ReadAll(io.NewSectionReader(&s, 0, s.Size())); err != nil || !bytes.Equal(got, all) {
		t.Errorf("%d bytes of %d, %v", len(got), len(all), err)
	}
	for _, at := range []int64{0, spoolPage - 1, 3*spoolPage - 5, s.Size() - 1, s.Size(), -1} {
		var p [10]byte
		n, err := s.ReadAt(p[:], at)
		if at >= 0 && !bytes.Equal(p[:n], all[at:min(int(at)+n, len(all))]) || n < len(p) && err == nil {
			t.Errorf("at %d: %d bytes, %v", at, n, err)
		}
	}
	if left, err := os.ReadDir(s.Folder); err != nil || len(left) > 0 {
		t.Errorf("the file has a name: %v, %v", left, err)
	}
	s.Free()
	if left := q.left.Load(); left != quota || s.Size() != 0 {
		t.Errorf("%d bytes of the quota are left of %d, size %d", left, quota, s.Size())
	}
}

// TestSpoolQuota holds several spools to what they may hold together.
func TestSpoolQuota(t *testing.T) {
	q := NewQuota(3 * spoolPage)
	limits := Limits{Quota: q, SpoolDir: t.TempDir()}
	first, second := limits.spool(spoolPage), limits.spool(spoolPage)
	if _, err := first.Write(make([]byte, 2*spoolPage)); err != nil {
		t.Fatal(err)
	}
	n, err := second.Write(make([]byte, 2*spoolPage))
	if n != spoolPage || ReasonOf(err) != rules.TooLarge {
		t.Errorf("%d bytes were taken, %v", n, err)
	}
	first.Free()
	if _, err := second.Write(make([]byte, 2*spoolPage)); err != nil {
		t.Errorf("after one has been freed: %v", err)
	}
	second.Free()
	missing := Spool{Folder: "/nowhere/at/all"}
	if _, err := missing.Write(make([]byte, 3*spoolPage)); ReasonOf(err) != rules.Internal {
		t.Errorf("without a folder: %v", err)
	}
	if reason := ReasonOf(errors.New("other")); reason != rules.Internal {
		t.Errorf("another error is %v", reason)
	}
}
