package extract

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestDump(t *testing.T) {
	p := os.Getenv("DUMP")
	if p == "" {
		t.Skip()
	}
	b, err := os.ReadFile(p)
	if err != nil {
		t.Fatal(err)
	}
	r := readBody(t, b, filepath.Base(p), Limits{})
	fmt.Printf("%s %s %s places=%q cells=%d\n%s\n", r.format, r.status, r.reason, r.places, len(r.cells), r.text[:min(len(r.text), 6000)])
}
