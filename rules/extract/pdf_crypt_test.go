package extract

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stanch/rules"
)

// TestPDFEncryption reads files that open without a password, and names those that do not.
func TestPDFEncryption(t *testing.T) {
	files, err := filepath.Glob("testdata/encrypted/*.pdf")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r := readBody(t, body, name, Limits{})
		if strings.HasSuffix(name, "-password.pdf") {
			if r.status != rules.Unscannable || r.reason != rules.Encrypted {
				t.Errorf("%s: %s %s", name, r.status, r.reason)
			}
		} else if r.status != rules.Complete || !bytes.Contains(r.text, []byte("page of ada@example.org")) {
			t.Errorf("%s: %s %s %q", name, r.status, r.reason, r.text)
		}
	}
}
