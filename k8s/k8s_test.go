// Package k8s holds no code: its tests hold the manifests beside it against the program. What needs more than the program's own
// dependencies (building the overlays, strict decoding, promtool) is tested in tools/k8s.
package k8s

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"stanch/configs"
	"stanch/metrics"
	"stanch/rules"
)

// knownSeries gathers every series that stanch has, from the collectors themselves.
func knownSeries(t *testing.T) series {
	t.Helper()
	registry := prometheus.NewRegistry()
	m, err := metrics.New(registry, metrics.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m.SetPolicy(&rules.Policy{
		Rules:      []rules.Rule{{ID: "a"}, {ID: "b", Mode: rules.Monitor}},
		Exemptions: []rules.Exemption{{ID: "c"}},
	}, []string{"email"}, "hash")
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	known := series{}
	for _, family := range families {
		labels := map[string][]string{}
		names := []string{family.GetName()}
		for _, metric := range family.GetMetric() {
			for _, label := range metric.GetLabel() {
				if !slices.Contains(labels[label.GetName()], label.GetValue()) {
					labels[label.GetName()] = append(labels[label.GetName()], label.GetValue())
				}
			}
			if metric.Histogram != nil {
				names = []string{family.GetName() + "_sum", family.GetName() + "_count", family.GetName() + "_bucket"}
				labels["le"] = []string{"+Inf"}
			}
		}
		for _, name := range names {
			known[name] = labels
		}
	}
	return known
}

// alertExpressions reads the expr of each rule: on its line, or indented below "expr: |".
func alertExpressions(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile("monitoring/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	indent := func(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
	var found []string
	for i, line := range lines {
		text, isExpression := strings.CutPrefix(strings.TrimSpace(line), "expr: ")
		if !isExpression {
			continue
		}
		if text == "|" {
			text = ""
			for _, below := range lines[i+1:] {
				if indent(below) <= indent(line) {
					break
				}
				text += below + "\n"
			}
		}
		found = append(found, text)
	}
	if alerts := strings.Count(string(data), "- alert: "); alerts != len(found) || alerts < 5 {
		t.Fatalf("%d alerts, %d expressions", alerts, len(found))
	}
	return found
}

// dashboardExpressions finds the value of every key expr and every label_values of the dashboard.
func dashboardExpressions(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile("monitoring/stanch.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard map[string]any
	if err := json.Unmarshal(data, &dashboard); err != nil {
		t.Fatal(err)
	}
	var found []string
	var walk func(key string, value any)
	walk = func(key string, value any) {
		switch value := value.(type) {
		case map[string]any:
			for name, child := range value {
				walk(name, child)
			}
		case []any:
			for _, child := range value {
				walk(key, child)
			}
		case string:
			if query, isQuery := strings.CutPrefix(value, "label_values("); isQuery {
				metric, label, _ := strings.Cut(strings.TrimSuffix(query, ")"), ", ")
				value, key = "count by ("+label+") ("+metric+")", "expr"
			}
			if key == "expr" {
				found = append(found, value)
			}
		}
	}
	walk("", dashboard)
	if len(found) < 20 {
		t.Fatalf("only %d expressions", len(found))
	}
	return found
}

// TestEveryMetricExists: what an alert or a panel asks for is there to be found.
func TestEveryMetricExists(t *testing.T) {
	known := knownSeries(t)
	for _, source := range []struct {
		name        string
		expressions []string
	}{{"alerts.yaml", alertExpressions(t)}, {"stanch.json", dashboardExpressions(t)}} {
		for _, text := range source.expressions {
			e, err := readPromQL(text)
			if err != nil {
				t.Errorf("%s: %v", source.name, err)
			}
			for _, wrong := range known.check(e) {
				t.Errorf("%s: %s\n\tin %s", source.name, wrong, text)
			}
		}
	}
}

// TestCheckFindsWhatIsMissing keeps TestEveryMetricExists honest.
func TestCheckFindsWhatIsMissing(t *testing.T) {
	known := knownSeries(t)
	for text, want := range map[string]int{
		`stanch_responses_total`:                                                  0,
		`stanch_responses_total{verdict="block", namespace="x"}`:                  0,
		`stanch_response_total`:                                                   1,
		`stanch_responses_total{action="block"}`:                                  1,
		`stanch_responses_total{verdict="blocked"}`:                               1,
		`stanch_failures_total{reason=~"upstream_timeout|upstream_gone"}`:         1,
		`sum by (route) (stanch_responses_total)`:                                 1,
		`stanch_first_byte_delay_seconds_bucket{le="+Inf"}`:                       0,
		`stanch_first_byte_delay_seconds + stanch_first_byte_delay_seconds_count`: 1,
	} {
		e, err := readPromQL(text)
		if err != nil {
			t.Fatal(err)
		}
		if wrong := known.check(e); len(wrong) != want {
			t.Errorf("%s: %q, want %d", text, wrong, want)
		}
	}
}

// TestConfigurations: the files that the ConfigMaps are made of load, and have the rules of the default, which lives in configs.
func TestConfigurations(t *testing.T) {
	want := configs.Default().Policy.Rules
	for _, name := range []string{"base/stanch.toml", "components/sidecar/stanch.toml"} {
		config, err := configs.Load(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if !reflect.DeepEqual(config.Policy.Rules, want) {
			t.Errorf("%s: its rules are not those of configs/stanch.toml: copy them", name)
		}
	}
}

// TestDashboardIsWellFormed: Grafana wants panels with ids of their own, and operators want to know what they see.
func TestDashboardIsWellFormed(t *testing.T) {
	data, err := os.ReadFile("monitoring/stanch.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		UID    string `json:"uid"`
		Panels []struct {
			ID    int                      `json:"id"`
			Type  string                   `json:"type"`
			Title string                   `json:"title"`
			At    struct{ X, Y, W, H int } `json:"gridPos"`
		} `json:"panels"`
	}
	if err := json.Unmarshal(data, &dashboard); err != nil {
		t.Fatal(err)
	}
	ids, cells := map[int]bool{}, map[[2]int]string{}
	for _, panel := range dashboard.Panels {
		if ids[panel.ID] || panel.Title == "" || panel.At.X+panel.At.W > 24 {
			t.Errorf("panel %d %q at %+v", panel.ID, panel.Title, panel.At)
		}
		ids[panel.ID] = true
		for x := range panel.At.W {
			for y := range panel.At.H {
				cell := [2]int{panel.At.X + x, panel.At.Y + y}
				if cells[cell] != "" {
					t.Fatalf("%q lies over %q", panel.Title, cells[cell])
				}
				cells[cell] = panel.Title
			}
		}
	}
	if len(ids) < 20 || dashboard.UID == "" {
		t.Errorf("%d panels, uid %q", len(ids), dashboard.UID)
	}
}
