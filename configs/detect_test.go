package configs

import (
	"slices"
	"strings"
	"testing"

	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/inspect"
)

// TestOwnDetectorsAndCanariesAreFound takes a configuration all the way: what an operator describes and plants is found in bodies.
func TestOwnDetectorsAndCanariesAreFound(t *testing.T) {
	config, err := Load("examples/own-detectors.toml")
	if err != nil {
		t.Fatal(err)
	}
	set, err := detect.Compile(slices.Concat(detect.Catalogue(), config.Detectors))
	if err != nil {
		t.Fatal(err)
	}
	engine, err := inspect.NewEngine(inspect.Options{Policy: &config.Policy, Detectors: set})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, body string
		want       rules.Verdict
	}{
		{"nobody", "Payroll is on the 28th.", rules.Verdict{}},
		{"a payroll number", "Your payroll number: PR-123456.", rules.Verdict{Action: rules.Redact, Rules: []string{"payroll"}}},
		{"a part of one", "payroll PR-12345", rules.Verdict{}},
		{"a planted address", `{"mail":"rosalind.planted@example.org"}`, rules.Verdict{Action: rules.Block, Rules: []string{"canary.planted-staff"}}},
		{"in capitals", "ROSALIND.PLANTED@EXAMPLE.ORG", rules.Verdict{Action: rules.Block, Rules: []string{"canary.planted-staff"}}},
		{"a planted number", "<td>+44 1632 960 917</td>", rules.Verdict{Action: rules.Block, Rules: []string{"canary.planted-staff"}}},
		{"with other spaces", "call +44\u00a01632\u2009960 917 now", rules.Verdict{Action: rules.Block, Rules: []string{"canary.planted-staff"}}},
		{"another number", "call +44 1632 960 918 now", rules.Verdict{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inspector := engine.Inspect(rules.Exchange{Route: "/public/page", Time: today}, inspect.Body{ContentType: "text/plain", Length: -1})
			defer inspector.Free()
			if _, err := inspector.Write([]byte(test.body)); err != nil {
				t.Fatal(err)
			}
			if err := inspector.Close(); err != nil {
				t.Fatal(err)
			}
			if got := inspector.Verdict(); got.Action != test.want.Action || !slices.Equal(got.Rules, test.want.Rules) {
				t.Errorf("%s %q, want %s %q", got.Action, got.Rules, test.want.Action, test.want.Rules)
			}
		})
	}
}

// TestCanaryErrorsKeepTheValue: what was planted is told to nobody.
func TestCanaryErrorsKeepTheValue(t *testing.T) {
	for _, values := range []string{"secret-value\nabc\n", "secret-value\xff\n", "secret-value" + strings.Repeat("x", 600), strings.Repeat("secret-value\n", maxCanaries+1)} {
		_, err := parser{name: "stanch.toml", catalogue: testCatalogue(), now: today, read: func(string) ([]byte, error) { return []byte(values), nil }}.
			parse([]byte("[canary.a]\nvalues_file = \"planted.txt\"\n"))
		if err == nil || strings.Contains(err.Error(), "secret-value") || strings.Contains(err.Error(), "abc") {
			t.Errorf("%.30q: %v", values, err)
		}
	}
}
