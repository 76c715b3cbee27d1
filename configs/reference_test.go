package configs

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stanch/rules"
	"stanch/rules/detect"
)

var update = flag.Bool("update", false, "write the reference anew")

const referenceFile = "../docs/reference/config.md"

// TestReference holds docs/reference/config.md against the keys that the parser knows.
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
		t.Errorf("%s is not what the code says (%v): run go test ./configs -run TestReference -update", referenceFile, err)
	}
}

func referenceText() string {
	var b strings.Builder
	b.WriteString("# Configuration\n\n" +
		"Generated from the code: `go test ./configs -run TestReference -update`. `stanch check FILE` tells every mistake in a file with its\n" +
		"place, what is allowed and what was probably meant. What a file leaves out has its default, but for rules: a file without one is refused.\n" +
		"The order of tables never matters. Of all rules that hold, the strongest action wins: `pass` < `harden` < `redact` < `block`.\n\n" +
		"File names are looked for beside the configuration. Path patterns see the decoded, cleaned path without its query: `*` stands for any\n" +
		"characters within a segment, `**` for any at all, and `/a/**` fits `/a` too. A reload takes over everything but `[server]`,\n" +
		"`[listener]`, `[identity]`, `[audit]`, and `memory` and `max_decoded` of `[inspect]`; a file that is wrong leaves the one in force.\n")
	config := defaults()
	var top []key
	for _, k := range topKeys(config, nil) {
		if k.table == nil {
			top = append(top, k)
		}
	}
	section(&b, "The file", "", top)
	for _, k := range topKeys(config, nil) {
		if k.table != nil {
			section(&b, "["+k.name+"]", k.doc, k.table)
		}
	}
	var budget rules.Budget
	var pattern, valuesFile string
	anyDetector := func(string) ([]string, error) { return nil, nil }
	section(&b, "[rule.<id>]", "A rule. Its id names it in metrics and audit events.", ruleKeys(&rules.Rule{}, &budget, anyDetector))
	section(&b, "[route.<name>]", "A group of paths. Of several that fit, the one with the longest beginning without a wildcard counts.", routeKeys(&rules.Route{}))
	section(&b, "[exempt.<id>]", "Lifts rules for somebody, up to a number of people and a day. One that has ended is refused.", exemptionKeys(&rules.Exemption{}))
	section(&b, "[detector.<id>]", "An identifier of your own. Rules name it by its id.", detectorKeys(&detect.Detector{}, &pattern))
	section(&b, "[canary.<id>]", "Planted records: one seen anywhere is an incident. It is a detector and a rule in one, both named `canary.<id>`.", canaryKeys(&valuesFile, &rules.Rule{Action: rules.Block}))
	return b.String()
}

func section(b *strings.Builder, title, doc string, keys []key) {
	fmt.Fprintf(b, "\n## %s\n\n", strings.ReplaceAll(title, "<", "\\<"))
	if doc != "" {
		b.WriteString(doc + "\n\n")
	}
	b.WriteString("| key | allowed | default | meaning |\n|---|---|---|---|\n")
	table(b, "", keys)
}

func table(b *strings.Builder, prefix string, keys []key) {
	for _, k := range keys {
		name := "`" + prefix + k.name + "`"
		if k.required {
			name += " (required)"
		}
		if k.table != nil {
			fmt.Fprintf(b, "| %s | a table | | %s |\n", name, sentence(k.doc))
			table(b, prefix+k.name+".", k.table)
			continue
		}
		fallback := ""
		if text := k.value.String(); text != "" && !k.required {
			fallback = "`" + text + "`"
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", name, k.value.kind(), fallback, sentence(k.doc))
	}
}

// sentence makes a sentence of what the parser adds to "needs".
func sentence(doc string) string {
	doc = strings.ToUpper(doc[:1]) + doc[1:]
	return strings.TrimSuffix(doc, ".") + "."
}
