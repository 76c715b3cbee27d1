package rules_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"stanch/rules"
)

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func yes() *bool { b := true; return &b }
func no() *bool  { b := false; return &b }

func TestEvaluate(t *testing.T) {
	bulk := rules.Rule{ID: "bulk", When: rules.Condition{People: 50}, Action: rules.Block}
	anonymous := rules.Rule{ID: "anonymous", When: rules.Condition{People: 3, SignedIn: no()}, Action: rules.Block}
	special := rules.Rule{ID: "special", When: rules.Condition{Special: true, People: 1}, Action: rules.Redact}
	headers := rules.Rule{ID: "headers", When: rules.Condition{People: 1}, Action: rules.Harden}
	sheets := rules.Rule{ID: "sheets", When: rules.Condition{Formats: []rules.Format{rules.XLSX}}, Except: []string{"/exports/**"}, Action: rules.Block}
	nino := rules.Rule{ID: "nino", When: rules.Condition{Detectors: []string{"uk.nino"}, Confidence: rules.High, Findings: 2}, Action: rules.Redact}
	drip := rules.Rule{ID: "drip", When: rules.Condition{Budget: &rules.Budget{People: 200, Per: time.Hour}}, Action: rules.Block}
	watched := rules.Rule{ID: "watched", When: rules.Condition{People: 1}, Action: rules.Block, Mode: rules.Monitor}
	pass := rules.Pass
	media := rules.Route{Name: "media", Paths: []string{"/media/**"}, Uninspected: &pass}
	lift := rules.Exemption{ID: "payroll", Rules: []string{"bulk"}, Routes: []string{"/hr/**"}, People: 100, Expires: noon.Add(time.Hour),
		Clients: []netip.Prefix{netip.MustParsePrefix("10.2.0.0/16")}}
	all := rules.Policy{Rules: []rules.Rule{headers, special, bulk, anonymous, sheets, nino, drip}, Routes: []rules.Route{media},
		Exemptions: []rules.Exemption{lift}, Uninspected: rules.Block}
	hr := rules.Exchange{Route: "/hr/list", SignedIn: true, Address: netip.MustParseAddr("10.2.3.4"), Time: noon}
	with := func(change func(*rules.Exchange)) rules.Exchange { x := hr; change(&x); return x }
	counts := func(confidence rules.Confidence, n int) []rules.DetectorCount {
		c := rules.DetectorCount{Detector: "uk.nino"}
		c.By[confidence] = n
		return []rules.DetectorCount{c}
	}

	for _, c := range []struct {
		name      string
		policy    rules.Policy
		exchange  rules.Exchange
		evidence  rules.Evidence
		action    rules.Action
		monitored rules.Action
		fired     []string
	}{
		{"nothing found", all, hr, rules.Evidence{}, rules.Pass, rules.Pass, nil},
		{"one person hardens", all, hr, rules.Evidence{People: 1}, rules.Harden, rules.Pass, []string{"headers"}},
		{"the highest wins whatever the order", all, hr, rules.Evidence{People: 1, Special: true}, rules.Redact, rules.Pass, []string{"headers", "special"}},
		{"special without a person", all, hr, rules.Evidence{Special: true}, rules.Pass, rules.Pass, nil},
		{"one below the threshold", all, with(func(x *rules.Exchange) { x.Route = "/x" }), rules.Evidence{People: 49}, rules.Harden, rules.Pass, []string{"headers"}},
		{"at the threshold", all, with(func(x *rules.Exchange) { x.Route = "/x" }), rules.Evidence{People: 50}, rules.Block, rules.Pass, []string{"bulk", "headers"}},
		{"exempted up to the ceiling", all, hr, rules.Evidence{People: 100}, rules.Harden, rules.Pass, []string{"headers"}},
		{"above the ceiling", all, hr, rules.Evidence{People: 101}, rules.Block, rules.Pass, []string{"bulk", "headers"}},
		{"exempted IPv4 in IPv6", all, with(func(x *rules.Exchange) { x.Address = netip.MustParseAddr("::ffff:10.2.3.4") }), rules.Evidence{People: 100}, rules.Harden, rules.Pass, []string{"headers"}},
		{"another network is not exempted", all, with(func(x *rules.Exchange) { x.Address = netip.MustParseAddr("10.3.3.4") }), rules.Evidence{People: 60}, rules.Block, rules.Pass, []string{"bulk", "headers"}},
		{"an expired exemption", all, with(func(x *rules.Exchange) { x.Time = noon.Add(time.Hour) }), rules.Evidence{People: 60}, rules.Block, rules.Pass, []string{"bulk", "headers"}},
		{"an ambiguous path is not exempted", all, with(func(x *rules.Exchange) { x.Ambiguous = true }), rules.Evidence{People: 60}, rules.Block, rules.Pass, []string{"bulk", "headers"}},
		{"not signed in", all, with(func(x *rules.Exchange) { x.SignedIn = false }), rules.Evidence{People: 3}, rules.Block, rules.Pass, []string{"anonymous", "headers"}},
		{"a format", all, hr, rules.Evidence{Format: rules.XLSX}, rules.Block, rules.Pass, []string{"sheets"}},
		{"a format on an excepted route", all, with(func(x *rules.Exchange) { x.Route = "/exports/a.xlsx" }), rules.Evidence{Format: rules.XLSX}, rules.Pass, rules.Pass, nil},
		{"an exception on an ambiguous path", all, rules.Exchange{Route: "/exports/a", Ambiguous: true}, rules.Evidence{Format: rules.XLSX}, rules.Block, rules.Pass, []string{"sheets"}},
		{"findings below the confidence", all, hr, rules.Evidence{Counts: counts(rules.Medium, 9)}, rules.Pass, rules.Pass, nil},
		{"too few findings", all, hr, rules.Evidence{Counts: counts(rules.High, 1)}, rules.Pass, rules.Pass, nil},
		{"enough findings", all, hr, rules.Evidence{Counts: counts(rules.High, 2)}, rules.Redact, rules.Pass, []string{"nino"}},
		{"a budget kept", all, hr, rules.Evidence{Budgets: map[string]int{"drip": 200}}, rules.Pass, rules.Pass, nil},
		{"a budget exceeded", all, hr, rules.Evidence{Budgets: map[string]int{"drip": 201}}, rules.Block, rules.Pass, []string{"drip"}},
		{"uninspected", all, hr, rules.Evidence{Status: rules.Unscannable, Reason: rules.Encrypted}, rules.Block, rules.Pass, nil},
		{"uninspected on a route that lets it pass", all, with(func(x *rules.Exchange) { x.Route = "/media/a.bin" }), rules.Evidence{Status: rules.Partial, Reason: rules.TooLarge}, rules.Pass, rules.Pass, nil},
		{"uninspected on an ambiguous path", all, rules.Exchange{Route: "/media/a", Ambiguous: true}, rules.Evidence{Status: rules.Partial, Reason: rules.TooLarge}, rules.Block, rules.Pass, nil},
		{"a monitored rule", rules.Policy{Rules: []rules.Rule{watched, headers}}, hr, rules.Evidence{People: 1}, rules.Harden, rules.Block, []string{"headers", "watched"}},
		{"a monitoring policy", rules.Policy{Rules: []rules.Rule{bulk}, Mode: rules.Monitor, Uninspected: rules.Block}, hr, rules.Evidence{People: 60, Status: rules.Partial}, rules.Pass, rules.Block, []string{"bulk"}},
		{"signed in alone", rules.Policy{Rules: []rules.Rule{{ID: "in", When: rules.Condition{SignedIn: yes()}, Action: rules.Harden}}}, hr, rules.Evidence{}, rules.Harden, rules.Pass, []string{"in"}},
		{"an empty condition never holds", rules.Policy{Rules: []rules.Rule{{ID: "empty", Action: rules.Block}}}, hr, rules.Evidence{People: 1000, Special: true}, rules.Pass, rules.Pass, nil},
		{"an ambiguous path stays in a rule's routes", rules.Policy{Rules: []rules.Rule{{ID: "r", Routes: []string{"/a/**"}, When: rules.Condition{People: 1}, Action: rules.Block}}}, rules.Exchange{Route: "/b", Ambiguous: true}, rules.Evidence{People: 1}, rules.Block, rules.Pass, []string{"r"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := c.policy.For(c.exchange).Evaluate(&c.evidence)
			if v.Action != c.action || v.Monitored != c.monitored || !slices.Equal(v.Rules, c.fired) {
				t.Errorf("got %v, monitored %v, rules %v; want %v, %v, %v", v.Action, v.Monitored, v.Rules, c.action, c.monitored, c.fired)
			}
			reversed := c.policy
			reversed.Rules = slices.Clone(c.policy.Rules)
			slices.Reverse(reversed.Rules)
			if w := reversed.For(c.exchange).Evaluate(&c.evidence); w.Action != v.Action || !slices.Equal(w.Rules, v.Rules) {
				t.Errorf("the order of rules matters: %+v against %+v", v, w)
			}
		})
	}
}

func TestRedactionsJoin(t *testing.T) {
	rule := func(id string, r rules.Redaction, detectors ...string) rules.Rule {
		return rules.Rule{ID: id, When: rules.Condition{Detectors: detectors, People: 1}, Action: rules.Redact, Redact: r}
	}
	counts := []rules.DetectorCount{{Detector: "email", By: [rules.High + 1]int{rules.High: 1}}, {Detector: "phone", By: [rules.High + 1]int{rules.High: 1}}}
	evidence := rules.Evidence{People: 1, Counts: counts}
	joined := rules.Policy{Rules: []rules.Rule{rule("a", rules.Redaction{KeepLast: 4}, "email"), rule("b", rules.Redaction{KeepLast: 2}, "phone")}}
	v := joined.For(rules.Exchange{}).Evaluate(&evidence)
	if !slices.Equal(v.Redacted, []string{"email", "phone"}) || v.Redaction.KeepLast != 2 {
		t.Errorf("got %v, %+v; want both detectors and the smaller rest", v.Redacted, v.Redaction)
	}
	everything := rules.Policy{Rules: []rules.Rule{rule("a", rules.Redaction{}, "email"), rule("b", rules.Redaction{Style: rules.Remove})}}
	v = everything.For(rules.Exchange{}).Evaluate(&evidence)
	if v.Redacted != nil || v.Redaction.Style != rules.Remove {
		t.Errorf("got %v, %v; want every detector, removed", v.Redacted, v.Redaction.Style)
	}
}

func TestUpdateAllocatesNothing(t *testing.T) {
	policy := rules.Policy{Rules: []rules.Rule{{ID: "bulk", When: rules.Condition{People: 50}, Action: rules.Block}, {ID: "any", When: rules.Condition{People: 1}, Action: rules.Harden}}}
	scope, evidence := policy.For(rules.Exchange{}), rules.Evidence{People: 49}
	verdict := scope.Evaluate(&evidence)
	if n := testing.AllocsPerRun(100, func() { scope.Update(&verdict, &evidence) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestUpdateNeverLowers(t *testing.T) {
	policy := rules.Policy{Rules: []rules.Rule{{ID: "bulk", When: rules.Condition{People: 50}, Action: rules.Block}, {ID: "any", When: rules.Condition{People: 1}, Action: rules.Harden}}}
	scope := policy.For(rules.Exchange{})
	verdict := scope.Evaluate(&rules.Evidence{People: 50})
	scope.Update(&verdict, &rules.Evidence{People: 49})
	if verdict.Action != rules.Block || !slices.Equal(verdict.Rules, []string{"any", "bulk"}) {
		t.Errorf("a corrected count lowered the verdict to %v by %v", verdict.Action, verdict.Rules)
	}
}

func TestMatchPath(t *testing.T) {
	for _, c := range []struct {
		pattern, path string
		want          bool
	}{
		{"/**", "/", true}, {"/**", "/a/b", true}, {"/a/**", "/a", true}, {"/a/**", "/a/", true}, {"/a/**", "/ab", false}, {"/a/**", "/a/b/c.csv", true},
		{"/a/*", "/a/b", true}, {"/a/*", "/a/b/c", false}, {"/a/*", "/a/", true}, {"/a/*/c", "/a/b/c", true}, {"/a/*/c", "/a/b/d/c", false},
		{"/**/*.csv", "/x/y/z.csv", true}, {"/**/*.csv", "/x/y/z.csv.bak", false}, {"/*.csv", "/a.csv", true}, {"/*.csv", "/a/b.csv", false},
		{"/a", "/a", true}, {"/a", "/a/", false}, {"", "", true}, {"", "/", false}, {"/**/b/*", "/a/b/c/b/d", true}, {"/a*b*c", "/aXbYc", true}, {"/a*b*c", "/aXbYd", false},
	} {
		if got := rules.MatchPath(c.pattern, c.path); got != c.want {
			t.Errorf("MatchPath(%q, %q) = %v", c.pattern, c.path, got)
		}
	}
}

func TestNamesReadBack(t *testing.T) {
	for _, f := range rules.Formats() {
		var back rules.Format
		if err := back.UnmarshalText([]byte(f.String())); err != nil || back != f {
			t.Errorf("%v reads back as %v, %v", f, back, err)
		}
	}
	for _, a := range rules.Actions() {
		var back rules.Action
		if err := back.UnmarshalText([]byte(a.String())); err != nil || back != a {
			t.Errorf("%v reads back as %v, %v", a, back, err)
		}
	}
	var action rules.Action
	err, _ := action.UnmarshalText([]byte("blok")).(*rules.NameError)
	if err == nil || err.Hint() != "block" || err.Error() != `"blok" is no action; allowed are pass, harden, redact, block` {
		t.Errorf("got %v", err)
	}
	if rules.Confidence(9).String() != "invalid(9)" {
		t.Error("a value out of range must say so")
	}
}

// TestNarrow reuses one scope for every pair of exchanges: it must judge like a new one, and leave the verdicts that it gave before.
func TestNarrow(t *testing.T) {
	policy := rules.Policy{Rules: []rules.Rule{
		{ID: "z", When: rules.Condition{People: 2}, Routes: []string{"/a/**"}, Action: rules.Block},
		{ID: "b", When: rules.Condition{People: 1}, Routes: []string{"/b/**"}, Action: rules.Harden},
		{ID: "a", When: rules.Condition{People: 1, SignedIn: no()}, Action: rules.Redact},
		{ID: "lifted", When: rules.Condition{People: 1}, Action: rules.Block},
	}, Exemptions: []rules.Exemption{{ID: "e", Rules: []string{"lifted"}, Routes: []string{"/a/**"}, Expires: noon.Add(time.Hour)}}, Uninspected: rules.Block}
	exchanges := []rules.Exchange{{Route: "/a/x", Time: noon}, {Route: "/b/x", Time: noon, SignedIn: true}, {Route: "/c", Time: noon}, {Route: "/c", Ambiguous: true, Time: noon}}
	evidence := &rules.Evidence{People: 3}
	var scope rules.Scope
	for _, first := range exchanges {
		for _, second := range exchanges {
			policy.Narrow(&scope, first)
			before := scope.Evaluate(evidence)
			policy.Narrow(&scope, second)
			got := scope.Evaluate(evidence)
			for _, c := range []struct {
				exchange rules.Exchange
				got      rules.Verdict
			}{{first, before}, {second, got}} {
				if want := policy.For(c.exchange).Evaluate(evidence); c.got.Action != want.Action || !slices.Equal(c.got.Rules, want.Rules) {
					t.Errorf("%+v then %+v: %v by %q, want %v by %q", first, second, c.got.Action, c.got.Rules, want.Action, want.Rules)
				}
			}
		}
	}
}

func TestJudgesFindings(t *testing.T) {
	for name, c := range map[string]struct {
		when rules.Condition
		want bool
	}{
		"people":         {rules.Condition{People: 1}, true},
		"special":        {rules.Condition{Special: true}, true},
		"findings":       {rules.Condition{Findings: 2}, true},
		"detectors":      {rules.Condition{Detectors: []string{"email"}}, true},
		"a budget":       {rules.Condition{Budget: &rules.Budget{People: 2}}, true},
		"a format too":   {rules.Condition{People: 1, Formats: []rules.Format{rules.CSV}}, true},
		"a format alone": {rules.Condition{Formats: []rules.Format{rules.CSV}}, false},
		"signed in":      {rules.Condition{SignedIn: yes()}, false},
		"low confidence": {rules.Condition{People: 1, Confidence: rules.Low}, false},
		"nothing":        {rules.Condition{}, false},
	} {
		policy := rules.Policy{Rules: []rules.Rule{{ID: "people", When: rules.Condition{People: 9}}, {ID: "asked", When: c.when}}}
		if got := policy.JudgesFindings(); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
