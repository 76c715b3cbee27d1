package detect

import (
	"slices"
	"testing"
)

func TestUntriggered(t *testing.T) {
	d := Detector{Patterns: []string{`[a-z]{5}[aeiou]{2}`, `\d{4}-\d{2}`}, Loose: []string{`[a-z]{4,8}`, `ACME-[A-Z]{6}`}}
	want := []string{`[a-z]{5}[aeiou]{2}`, `[a-z]{4,8}`}
	if got := d.Untriggered(); !slices.Equal(got, want) {
		t.Errorf("untriggered are %q, want %q", got, want)
	}
}
