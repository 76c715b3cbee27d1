package k8s

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// endToEnd is the environment variable that says that everything a test needs is installed, so that nothing may be skipped.
const endToEnd = "STANCH_E2E"

// promtool finds Prometheus' own tool.
func promtool(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("promtool")
	if err == nil {
		return path
	}
	if os.Getenv(endToEnd) == "1" {
		t.Fatalf("%s=1, but promtool is missing: it comes with Debian's package prometheus", endToEnd)
	}
	t.Skipf("promtool is missing (Debian's package prometheus); %s=1 makes this an error", endToEnd)
	return ""
}

func run(t *testing.T, folder, program string, args ...string) {
	t.Helper()
	command := exec.Command(program, args...)
	command.Dir = folder
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("%s %s: %v\n%s", filepath.Base(program), strings.Join(args, " "), err, output)
	}
}

// TestAlerts has promtool check the alerts, and play what they are there for.
func TestAlerts(t *testing.T) {
	tool := promtool(t)
	folder := t.TempDir()
	b := build(t, filepath.Join(manifests, "monitoring"))
	rules, err := yaml.Marshal(b.alerts[0].Spec)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "alerts.rules.yaml"), string(rules))
	tests, err := os.ReadFile(filepath.Join(manifests, "monitoring/alerts_test.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "alerts_test.yaml"), string(tests))
	run(t, folder, tool, "check", "rules", "alerts.rules.yaml")
	run(t, folder, tool, "test", "rules", "alerts_test.yaml")
}

// TestEveryAlertIsPlayed: each alert has a test in which it fires, and one in which it does not.
func TestEveryAlertIsPlayed(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(manifests, "monitoring/alerts_test.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var played struct {
		Tests []struct {
			Alerts []struct {
				Name     string           `json:"alertname"`
				Expected []map[string]any `json:"exp_alerts"`
			} `json:"alert_rule_test"`
		} `json:"tests"`
	}
	if err := yaml.Unmarshal(text, &played); err != nil {
		t.Fatal(err)
	}
	fires, quiet := map[string]bool{}, map[string]bool{}
	for _, test := range played.Tests {
		for _, alert := range test.Alerts {
			fires[alert.Name] = fires[alert.Name] || len(alert.Expected) > 0
			quiet[alert.Name] = quiet[alert.Name] || len(alert.Expected) == 0
		}
	}
	alerts := 0
	for _, group := range build(t, filepath.Join(manifests, "monitoring")).alerts[0].Spec.Groups {
		for _, rule := range group.Rules {
			alerts++
			if !fires[rule.Alert] || !quiet[rule.Alert] {
				t.Errorf("%s: fires %v, stays quiet %v in alerts_test.yaml", rule.Alert, fires[rule.Alert], quiet[rule.Alert])
			}
			if rule.Labels["severity"] == "" || rule.Annotations["summary"] == "" {
				t.Errorf("%s needs a severity and a summary", rule.Alert)
			}
		}
	}
	if alerts == 0 {
		t.Error("no alerts")
	}
}

// TestDashboardQueries has promtool parse every query of the dashboard, as recording rules.
func TestDashboardQueries(t *testing.T) {
	tool := promtool(t)
	b := build(t, filepath.Join(manifests, "monitoring"))
	var dashboard struct {
		Panels []struct {
			Title   string `json:"title"`
			Targets []struct {
				Expr string `json:"expr"`
			} `json:"targets"`
		} `json:"panels"`
	}
	if err := json.Unmarshal([]byte(b.configMaps[0].Data["stanch.json"]), &dashboard); err != nil {
		t.Fatal(err)
	}
	variables := strings.NewReplacer("$__rate_interval", "5m", "$__range", "6h", "$namespace", ".*")
	type record struct {
		Record string `json:"record"`
		Expr   string `json:"expr"`
	}
	var records []record
	for _, panel := range dashboard.Panels {
		for _, target := range panel.Targets {
			records = append(records, record{fmt.Sprintf("query:%d", len(records)), variables.Replace(target.Expr)})
		}
	}
	if len(records) < 20 {
		t.Fatalf("only %d queries", len(records))
	}
	rules, err := yaml.Marshal(map[string]any{"groups": []any{map[string]any{"name": "dashboard", "rules": records}}})
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	write(t, filepath.Join(folder, "dashboard.rules.yaml"), string(rules))
	run(t, folder, tool, "check", "rules", "dashboard.rules.yaml")
}
