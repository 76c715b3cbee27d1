package detect

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the reference anew")

const referenceFile = "../../docs/reference/detectors.md"

// TestReference holds docs/reference/detectors.md against the catalogue.
func TestReference(t *testing.T) {
	want := referenceText()
	if *update {
		if err := os.MkdirAll(filepath.Dir(referenceFile), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(referenceFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(referenceFile)
	if err != nil || string(got) != want {
		t.Errorf("%s is not what the code says (%v): run go test ./rules/detect -run TestReference -update", referenceFile, err)
	}
}

func referenceText() string {
	catalogue := Catalogue()
	var b strings.Builder
	fmt.Fprintf(&b, "# Detectors\n\nGenerated from the code: `go test ./rules/detect -run TestReference -update`. The catalogue has %d detectors.\n\n"+
		"*Strong* identifiers name a person by themselves; of *weak* ones two different kinds in one record make a person; *special* ones are\n"+
		"special categories (GDPR Art. 9 and 10) and count beside a person. A check digit or distinctive form *and* context make a finding high,\n"+
		"one of the two medium, neither low.\n\n| id | what | strength | category | checked | context words | source |\n|---|---|---|---|---|---|---|\n", len(catalogue))
	for i := range catalogue {
		d := &catalogue[i]
		checked := ""
		if d.Valid != nil || d.Examine != nil {
			checked = "yes"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s |\n", d.ID, cellText(d.Title), d.Strength, d.Category, checked, cellText(strings.Join(d.Context, ", ")), cellText(d.Source))
	}
	return b.String()
}

// cellText is text within a table of Markdown.
func cellText(s string) string {
	return strings.NewReplacer("|", "\\|", "\n", " ", "<", "\\<").Replace(s)
}

// TestEveryPatternHasATrigger: a single pattern that needs a look at every word would cost more than all others together.
func TestEveryPatternHasATrigger(t *testing.T) {
	set, err := Compile(Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range set.Engine().Unfiltered() {
		t.Errorf("the engine's pattern %d has no digit or literal that each match must hold", p)
	}
}
