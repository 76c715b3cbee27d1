package configs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stanch/rules/detect"
)

// today is when the tests take place.
var today = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// testCatalogue keeps the tests apart from the growth of the real one.
func testCatalogue() []detect.Detector {
	return []detect.Detector{{ID: "email"}, {ID: "phone"}, {ID: "secret.jwt"}, {ID: "secret.private_key"}, {ID: "uk.nhs_number"}}
}

func parseFor(name string, data []byte) (*Config, error) {
	return parser{name: name, catalogue: testCatalogue(), now: today, read: readFile}.parse(data)
}

// TestBad reads testdata/bad: each file has one kind of mistake, and at its end the exact problems that it must give.
func TestBad(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.toml")
	if err != nil || len(files) < 50 {
		t.Fatalf("found %d files of mistakes (%v)", len(files), err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".toml"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for line := range strings.Lines(string(data)) {
				if text, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "#= "); ok {
					want = append(want, text)
				}
			}
			config, err := parseFor(name, data)
			if err == nil || config != nil {
				t.Fatalf("accepted")
			}
			got := strings.ReplaceAll(err.Error(), "testdata/bad/", "")
			if got != strings.Join(want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
			}
		})
	}
}
