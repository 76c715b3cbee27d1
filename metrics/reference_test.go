package metrics

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"stanch/rules"
)

var update = flag.Bool("update", false, "write the reference anew")

const referenceFile = "../docs/reference/metrics.md"

// TestReference holds docs/reference/metrics.md against what the collectors say.
func TestReference(t *testing.T) {
	want := reference(t)
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
		t.Errorf("%s is not what the code says (%v): run go test ./metrics -run TestReference -update", referenceFile, err)
	}
}

// namedByConfiguration are the labels whose values a configuration or a build names.
var namedByConfiguration = map[string]string{
	"rule": "ids of the configured rules, `other`", "route": "names of the configured routes, `none`, `other`", "detector": "ids of the detectors, `other`",
	"exemption": "ids of the configured exemptions", "hash": "SHA-256 of the configuration in force", "version": "the build's", "revision": "the build's", "goversion": "the build's",
}

// manyValues is how many values of a label the reference spells out.
const manyValues = 12

func reference(t *testing.T) string {
	t.Helper()
	registry := prometheus.NewRegistry()
	m, err := New(registry, Options{})
	if err != nil {
		t.Fatal(err)
	}
	m.SetPolicy(&rules.Policy{Rules: []rules.Rule{{ID: "a"}, {ID: "b", Mode: rules.Monitor}}, Exemptions: []rules.Exemption{{ID: "c"}}}, nil, "hash")
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("# Metrics\n\n" +
		"Generated from the code: `go test ./metrics -run TestReference -update`. They are served on the admin port at `/metrics`. Labels come from\n" +
		"closed sets; nothing of a request, a client or a body becomes one. Histograms have classic buckets and native ones; Prometheus keeps\n" +
		"the native ones with `scrape_native_histograms: true`.\n\n" +
		"| metric | type | labels | meaning |\n|---|---|---|---|\n")
	for _, family := range families {
		values := map[string][]string{}
		for _, metric := range family.GetMetric() {
			for _, label := range metric.GetLabel() {
				if quoted := "`" + label.GetValue() + "`"; !slices.Contains(values[label.GetName()], quoted) {
					values[label.GetName()] = append(values[label.GetName()], quoted)
				}
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", family.GetName(), strings.ToLower(family.GetType().String()), describe(values), family.GetHelp())
	}
	return b.String()
}

// describe lists labels with their values.
func describe(labels map[string][]string) string {
	var described []string
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		values := labels[name]
		switch meaning, known := namedByConfiguration[name]; {
		case known:
			described = append(described, fmt.Sprintf("`%s`: %s", name, meaning))
		case len(values) > manyValues:
			described = append(described, fmt.Sprintf("`%s`: one of %d, such as %s", name, len(values), strings.Join(values[:3], ", ")))
		default:
			described = append(described, fmt.Sprintf("`%s`: %s", name, strings.Join(values, ", ")))
		}
	}
	return strings.Join(described, "; ")
}
