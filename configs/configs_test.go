package configs

import (
	"crypto/tls"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"stanch/rules"
)

func mediums(detector string, n int) []rules.DetectorCount {
	return []rules.DetectorCount{{Detector: detector, By: [rules.High + 1]int{rules.Medium: n}}}
}

func highs(detector string, n int) []rules.DetectorCount {
	return []rules.DetectorCount{{Detector: detector, By: [rules.High + 1]int{rules.High: n}}}
}

func TestDefaultIsValidAndSensible(t *testing.T) {
	config := Default()
	verdictOf := func(exchange rules.Exchange, evidence rules.Evidence) rules.Action {
		return config.Policy.For(exchange).Evaluate(&evidence).Action
	}
	anonymous, signedIn := rules.Exchange{Route: "/", Time: today}, rules.Exchange{Route: "/", Time: today, SignedIn: true}
	workbook := rules.XLSX
	tests := []struct {
		name     string
		exchange rules.Exchange
		evidence rules.Evidence
		want     rules.Action
	}{
		{"a page without anybody", anonymous, rules.Evidence{Format: rules.HTML}, rules.Pass},
		{"a page with the site's contact address", anonymous, rules.Evidence{Format: rules.HTML, People: 1}, rules.Pass},
		{"a page with two people", anonymous, rules.Evidence{Format: rules.HTML, People: 2}, rules.Harden},
		{"a page of documentation with addresses", anonymous, rules.Evidence{Format: rules.HTML, People: 7, Counts: mediums("email", 9)}, rules.Harden},
		{"the conference attendees", anonymous, rules.Evidence{Format: rules.HTML, People: 9, Counts: mediums("phone", 9)}, rules.Redact},
		{"many addresses", anonymous, rules.Evidence{Format: rules.HTML, People: 10, Counts: mediums("email", 10)}, rules.Redact},
		{"a list", anonymous, rules.Evidence{Format: rules.CSV, People: 25}, rules.Block},
		{"a test card number in a script", anonymous, rules.Evidence{Format: rules.JavaScript, Counts: mediums("payment_card", 3)}, rules.Pass},
		{"a card number with its label", signedIn, rules.Evidence{Format: rules.JSON, People: 1, Counts: highs("payment_card", 1)}, rules.Redact},
		{"a private key", anonymous, rules.Evidence{Format: rules.Text, Counts: highs("secret.private_key", 1)}, rules.Redact},
		{"somebody's health in public", anonymous, rules.Evidence{Format: rules.HTML, People: 1, Special: true}, rules.Redact},
		{"one's own record", signedIn, rules.Evidence{Format: rules.HTML, People: 1, Special: true}, rules.Harden},
		{"other people's health", signedIn, rules.Evidence{Format: rules.HTML, People: 2, Special: true}, rules.Redact},
		{"a page of staff's work", signedIn, rules.Evidence{Format: rules.HTML, People: 49}, rules.Harden},
		{"a bulk download", signedIn, rules.Evidence{Format: workbook, People: 50}, rules.Block},
		{"a workbook below bulk is only recorded", signedIn, rules.Evidence{Format: workbook, People: 20}, rules.Harden},
		{"what cannot be read", signedIn, rules.Evidence{Format: workbook, Status: rules.Unscannable, Reason: rules.Encrypted}, rules.Block},
		{"page by page", signedIn, rules.Evidence{Format: rules.HTML, People: 1, Budgets: map[string]int{"slow-drip": 201}}, rules.Block},
	}
	for _, test := range tests {
		if got := verdictOf(test.exchange, test.evidence); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
	for _, rule := range config.Policy.Rules {
		if rule.Summary == "" {
			t.Errorf("rule %s has no summary", rule.ID)
		}
	}
}

// TestDefaultsAgree: what the embedded file says is what a file gets that leaves it out.
func TestDefaultsAgree(t *testing.T) {
	file, code := Default(), defaults()
	if !reflect.DeepEqual(file.Server, code.Server) || file.Inspect != code.Inspect || !reflect.DeepEqual(file.Identity, code.Identity) || file.Audit != code.Audit ||
		file.Policy.Mode != code.Policy.Mode || file.Policy.Uninspected != code.Policy.Uninspected {
		t.Errorf("stanch.toml says\n%+v\nthe code says\n%+v", file, code)
	}
}

// TestDeepNesting: nesting that would cost a parser its stack is refused.
func TestDeepNesting(t *testing.T) {
	for _, nested := range []string{"a = " + strings.Repeat("[", 1<<20), "a = " + strings.Repeat("{a=", 1<<20), strings.Repeat("a.", 1<<19) + "b = 1", "[" + strings.Repeat("a.", 1<<19) + "b]"} {
		if _, err := parseFor("stanch.toml", []byte(nested)); err == nil {
			t.Errorf("%.20s…: accepted", nested)
		}
	}
}

// TestLongLine: a line of a mebibyte is read, and its mistake found, at once.
func TestLongLine(t *testing.T) {
	line := "trusted_proxies = [" + strings.Repeat(`"10.0.0.1",`, 90_000) + "17]"
	_, err := parseFor("stanch.toml", []byte("[server]\n"+line))
	want := fmt.Sprintf("stanch.toml:2:%d: trusted_proxies: must hold only", len(line)-2)
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%.100v, want %s", err, want)
	}
}

// TestExamples loads each example and holds a few of its values against what it is there to show.
func TestExamples(t *testing.T) {
	files, err := filepath.Glob("examples/*.toml")
	if err != nil || len(files) < 4 {
		t.Fatalf("found %d examples (%v)", len(files), err)
	}
	for _, name := range files {
		config, err := Load(name)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if len(config.Hash) != 64 {
			t.Errorf("%s: hash %q", name, config.Hash)
		}
	}
}

// everything uses each key of the format once.
const everything = `
version = 1
[server]
listen = "[::1]:8443"
upstream = "https://app.internal:8443/"
upstream_ca = "authority.pem"
admin = "127.0.0.1:9901"
trusted_proxies = ["10.0.0.0/8", "192.0.2.7"]
hosts = ["apply.example.org"]
plain_upstream = true
head_timeout = "2m"
upstream_idle = "90s"
client_idle = "45s"
drain = "20s"
concurrency = 100
connections = 5000
block_status = 451
[listener]
certificate = "server.pem"
key = "server.key"
client_ca = "/etc/clients.pem"
min_version = "1.3"
[inspect]
mode = "monitor"
window = "128KiB"
max_document = "8MiB"
max_spooled = "1GiB"
detectors = ["email", "secret.*"]
memory = "1GiB"
max_decoded = "2GiB"
spool = "spool"
uninspected = "pass"
[identity]
from = ["cookie:sid", "address"]
signed_in = ["header:X-User"]
key_file = "key"
[audit]
file = "audit.jsonl"
required = true
[rule.b]
summary = "Bulk"
when = { people = 50, signed_in = true, special = true, detectors = ["secret.*", "payroll"], findings = 2, confidence = "high", formats = ["csv", "xlsx"] }
routes = ["/a/**"]
except = ["/a/*/c"]
action = "redact"
redact = { style = "mask", keep_last = 2 }
mode = "monitor"
[rule.a.when.budget]
people = 200
per = "7d"
by = "all"
[rule.a]
action = "block"
[route.api]
paths = ["/api/**", "/api/files/**"]
uninspected = "block"
websocket = true
[route.static]
paths = ["/static/**"]
skip = true
[exempt.export]
rules = ["a", "b"]
routes = ["/a/exports/**"]
clients = ["cidr:10.2.0.0/16", "fd00::/8"]
people = 1000
owner = "HR"
reason = "payroll"
expires = 2027-03-31
[detector.payroll]
title = "Payroll number"
pattern = 'PR-\d{6}'
context = ["Payroll"]
headers = ["staff no"]
strength = "weak"
distinctive = true
examples = ["PR-123456"]
counter_examples = ["PR-12"]
[canary.doctors]
values_file = "planted.txt"
summary = "Planted"
action = "redact"
mode = "enforce"
`

func parseEverything(t *testing.T) *Config {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "planted.txt"), []byte("mary.planted@example.org\r\n\n943 476 5919\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := parseFor(filepath.Join(folder, "stanch.toml"), []byte(everything))
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func TestEveryKey(t *testing.T) {
	config := parseEverything(t)
	s := config.Server
	if s.Listen != "[::1]:8443" || s.Upstream.String() != "https://app.internal:8443" || s.Admin != "127.0.0.1:9901" ||
		!slices.Equal(s.TrustedProxies, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32")}) ||
		!slices.Equal(s.Hosts, []string{"apply.example.org"}) || !s.PlainUpstream || s.HeadTimeout != 2*time.Minute ||
		s.UpstreamIdle != 90*time.Second || s.ClientIdle != 45*time.Second || s.Drain != 20*time.Second || s.Concurrency != 100 || s.Connections != 5000 || s.BlockStatus != 451 {
		t.Errorf("server: %+v", s)
	}
	if l := config.Listener; filepath.Base(l.Certificate) != "server.pem" || !filepath.IsAbs(l.Certificate) || filepath.Base(l.Key) != "server.key" ||
		l.ClientCA != "/etc/clients.pem" || l.MinVersion != tls.VersionTLS13 || filepath.Base(s.UpstreamCA) != "authority.pem" {
		t.Errorf("listener: %+v, upstream_ca %q", l, s.UpstreamCA)
	}
	if i := config.Inspect; i.Window != 128<<10 || i.MaxDocument != 8<<20 || i.MaxSpooled != 1<<30 || i.Memory != 1<<30 || i.MaxDecoded != 2<<30 || filepath.Base(i.Spool) != "spool" {
		t.Errorf("inspect: %+v", i)
	}
	if i := config.Identity; !slices.Equal(i.From, []Source{{Cookie, "sid"}, {Kind: Address}}) || !slices.Equal(i.SignedIn, []Source{{Header, "X-User"}}) || filepath.Base(i.KeyFile) != "key" {
		t.Errorf("identity: %+v", i)
	}
	if s := config.Sought; !slices.Contains(s, "email") || !slices.Contains(s, "secret.jwt") || slices.Contains(s, "phone") {
		t.Errorf("sought: %v", s)
	}
	if filepath.Base(config.Audit.File) != "audit.jsonl" || !filepath.IsAbs(config.Audit.File) || !config.Audit.Required {
		t.Errorf("audit: %+v", config.Audit)
	}
	p := config.Policy
	if p.Mode != rules.Monitor || p.Uninspected != rules.Pass || len(p.Rules) != 3 {
		t.Fatalf("policy: %+v", p)
	}
	if a := p.Rules[0]; a.ID != "a" || a.Action != rules.Block || *a.When.Budget != (rules.Budget{People: 200, Per: 7 * 24 * time.Hour, By: rules.ByAll}) {
		t.Errorf("rule a: %+v", a)
	}
	b := p.Rules[1]
	if w := b.When; b.ID != "b" || b.Summary != "Bulk" || w.People != 50 || !*w.SignedIn || !w.Special || w.Findings != 2 || w.Confidence != rules.High || w.Budget != nil ||
		!slices.Equal(w.Detectors, []string{"secret.jwt", "secret.private_key", "payroll"}) || !slices.Equal(w.Formats, []rules.Format{rules.CSV, rules.XLSX}) ||
		!slices.Equal(b.Routes, []string{"/a/**"}) || !slices.Equal(b.Except, []string{"/a/*/c"}) || b.Action != rules.Redact ||
		b.Redact != (rules.Redaction{KeepLast: 2}) || b.Mode != rules.Monitor {
		t.Errorf("rule b: %+v", b)
	}
	if c := p.Rules[2]; c.ID != "canary.doctors" || c.Action != rules.Redact || !slices.Equal(c.When.Detectors, []string{"canary.doctors"}) {
		t.Errorf("canary rule: %+v", c)
	}
	checkRoutes(t, p.Routes)
	if e := p.Exemptions[0]; e.ID != "export" || !slices.Equal(e.Rules, []string{"a", "b"}) || len(e.Clients) != 2 || e.People != 1000 || e.Owner != "HR" ||
		e.Reason != "payroll" || !e.Expires.Equal(time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("exemption: %+v", e)
	}
	canary, payroll := config.Detectors[1], config.Detectors[0]
	if payroll.ID != "payroll" || payroll.Title != "Payroll number" || payroll.Strength != rules.Weak || !payroll.Distinctive ||
		!slices.Equal(payroll.Context, []string{"payroll"}) || !slices.Equal(payroll.Headers, []string{"staff no"}) {
		t.Errorf("detector: %+v", payroll)
	}
	if canary.ID != "canary.doctors" || !slices.Equal(canary.Patterns, []string{`(?i)mary\.planted@example\.org`, `(?i)943 476 5919`}) {
		t.Errorf("canary: %+v", canary)
	}
}

// checkRoutes wants one Route a path, the most specific first.
func checkRoutes(t *testing.T, routes []rules.Route) {
	t.Helper()
	var order []string
	for _, route := range routes {
		order = append(order, route.Name+" "+strings.Join(route.Paths, ","))
	}
	if want := []string{"api /api/files/**", "static /static/**", "api /api/**"}; !slices.Equal(order, want) {
		t.Fatalf("routes: %q, want %q", order, want)
	}
	if api := routes[0]; api.Uninspected == nil || *api.Uninspected != rules.Block || !api.WebSocket || api.Skip {
		t.Errorf("route api: %+v", api)
	}
	if static := routes[1]; static.Uninspected != nil || !static.Skip {
		t.Errorf("route static: %+v", static)
	}
}

// TestDesignExample reads the example that the design gives to operators, if the design is at hand.
func TestDesignExample(t *testing.T) {
	design, err := os.ReadFile("../../shared/design/rules.md")
	if err != nil {
		t.Skip("the design documents are not at hand")
	}
	_, rest, _ := strings.Cut(string(design), "```toml\n")
	example, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("the design has no example")
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "canaries.txt"), []byte("planted.doctor@example.org\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := parseFor(filepath.Join(folder, "stanch.toml"), []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	if len(config.Policy.Rules) != 8 {
		t.Errorf("%d rules", len(config.Policy.Rules))
	}
}

// TestMutations breaks every value of a configuration that uses each key, one at a time: none may be accepted, and each
// problem must stand on the line that was broken.
func TestMutations(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(everything), "\n")
	mutants := 0
	for i, line := range lines {
		name, value, found := strings.Cut(line, " = ")
		if !found {
			continue
		}
		for _, mutant := range []string{name + "x = " + value, name + " = 1979-05-27T07:32:00", name + " = [[1]]", name + " = { x = 1 }", name + " = "} {
			if name == "expires" && strings.HasSuffix(mutant, "07:32:00") {
				continue // it is a date, and reported as expired
			}
			mutants++
			broken := slices.Clone(lines)
			broken[i] = mutant
			_, err := parseFor("stanch.toml", []byte(strings.Join(broken, "\n")))
			var all *Error
			if e, ok := err.(*Error); ok {
				all = e
			} else {
				t.Errorf("accepted: %s (%v)", mutant, err)
				continue
			}
			if !slices.ContainsFunc(all.Problems, func(p Problem) bool { return p.Line == i+1 && p.Column > 0 }) {
				t.Errorf("%s: no problem on line %d:\n%v", mutant, i+1, err)
			}
		}
	}
	if mutants < 200 {
		t.Errorf("only %d mutants", mutants)
	}
}

func TestHashCoversEveryFile(t *testing.T) {
	folder := t.TempDir()
	planted := filepath.Join(folder, "planted.txt")
	hash := func(values, config string) string {
		t.Helper()
		if err := os.WriteFile(planted, []byte(values), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := parseFor(filepath.Join(folder, "stanch.toml"), []byte(config))
		if err != nil {
			t.Fatal(err)
		}
		return c.Hash
	}
	const config = "[canary.a]\nvalues_file = \"planted.txt\"\n"
	first := hash("planted-one", config)
	if hash("planted-two", config) == first || hash("planted-one", config+"#") == first || hash("planted-one", config) != first {
		t.Error("the hash does not follow the contents")
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Parse("stanch.toml", defaultFile); err != nil {
			b.Fatal(err)
		}
	}
}
