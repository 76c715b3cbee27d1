package metrics

import (
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"stanch/rules"
	"stanch/rules/detect"
)

func testPolicy() *rules.Policy {
	return &rules.Policy{
		Rules:      []rules.Rule{{ID: "bulk", Action: rules.Block}, {ID: "spreadsheet", Action: rules.Block, Mode: rules.Monitor}},
		Routes:     []rules.Route{{Name: "exports", Paths: []string{"/exports/**"}}, {Name: "exports", Paths: []string{"/download/**"}}},
		Exemptions: []rules.Exemption{{ID: "hr", Expires: time.Unix(1806451200, 0)}},
	}
}

func newMetrics(t testing.TB) (*Metrics, *prometheus.Registry) {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	m, err := New(registry, Options{Version: "1.2.3", Revision: "abcdef", InFlight: func() int64 { return 7 }})
	if err != nil {
		t.Fatal(err)
	}
	m.SetPolicy(testPolicy(), []string{"email", "uk.nhs_number"}, "feed")
	return m, registry
}

func blockedOutcome() *rules.Outcome {
	return &rules.Outcome{RouteName: "exports", Method: "GET", Inspected: true, Format: rules.CSV, Status: rules.Partial, Reason: rules.Deadline, People: 412, Cut: true,
		Verdict: rules.Verdict{Action: rules.Block, Monitored: rules.Redact, Rules: []string{"bulk", "spreadsheet", "unheard-of"}}, Failure: "upstream_aborted",
		Counts:    []rules.DetectorCount{{Detector: "email", By: [4]int{0, 0, 410, 2}}, {Detector: "unheard-of", By: [4]int{0, 7, 0, 0}}},
		BytesRead: 2 << 20, Released: 1000, Withheld: 4000, HoldBack: time.Millisecond, Inspection: 4 * time.Millisecond, FirstByte: 2 * time.Millisecond}
}

func TestLint(t *testing.T) {
	m, registry := newMetrics(t)
	m.Observe(blockedOutcome())
	problems, err := testutil.GatherAndLint(registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestObserve(t *testing.T) {
	m, registry := newMetrics(t)
	for range 2 {
		m.Observe(blockedOutcome())
	}
	m.Observe(&rules.Outcome{Released: 5})
	m.Observe(&rules.Outcome{Inspected: true, Format: rules.CSV, BytesRead: 5 << 20, Repeated: true})
	m.Reloaded(nil)
	m.Reloaded(fmt.Errorf("wrong"))
	got := map[string]float64{}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			var labels []string
			for _, label := range metric.GetLabel() {
				labels = append(labels, label.GetName()+"="+label.GetValue())
			}
			name := family.GetName() + "{" + strings.Join(labels, ",") + "}"
			switch {
			case metric.Counter != nil:
				got[name] = metric.Counter.GetValue()
			case metric.Gauge != nil:
				got[name] = metric.Gauge.GetValue()
			case metric.Histogram != nil:
				got[name+" count"], got[name+" sum"] = float64(metric.Histogram.GetSampleCount()), metric.Histogram.GetSampleSum()
				if metric.Histogram.GetSchema() == 0 || len(metric.Histogram.GetBucket()) == 0 {
					t.Errorf("%s: not both classic and native", name)
				}
			}
		}
	}
	for name, want := range map[string]float64{
		"stanch_responses_total{format=csv,verdict=block}":                                     2,
		"stanch_responses_total{format=none,verdict=pass}":                                     1,
		"stanch_route_responses_total{route=exports,verdict=block}":                            2,
		"stanch_route_responses_total{route=none,verdict=pass}":                                2,
		"stanch_rule_matches_total{mode=enforce,rule=bulk}":                                    2,
		"stanch_rule_matches_total{mode=monitor,rule=spreadsheet}":                             2,
		"stanch_rule_matches_total{mode=other,rule=other}":                                     2,
		"stanch_monitored_responses_total{verdict=redact}":                                     2,
		"stanch_findings_total{confidence=medium,detector=email}":                              820,
		"stanch_findings_total{confidence=high,detector=email}":                                4,
		"stanch_findings_total{confidence=low,detector=other}":                                 14,
		"stanch_people_total{verdict=block}":                                                   824,
		"stanch_scans_total{reason=deadline,status=partial,verdict=block}":                     2,
		"stanch_scans_total{reason=none,status=complete,verdict=pass}":                         1,
		"stanch_failures_total{reason=upstream_aborted}":                                       2,
		"stanch_cut_responses_total{}":                                                         2,
		"stanch_inspected_bytes_total{}":                                                       4 << 20,
		"stanch_repeated_bytes_total{}":                                                        5 << 20,
		"stanch_released_bytes_total{}":                                                        2005,
		"stanch_withheld_bytes_total{}":                                                        8000,
		"stanch_hold_back_seconds{} sum":                                                       0.002,
		"stanch_inspection_seconds_per_mebibyte{} sum":                                         0.004,
		"stanch_first_byte_delay_seconds{} count":                                              3,
		"stanch_in_flight_requests{}":                                                          7,
		"stanch_config_reloads_total{}":                                                        2,
		"stanch_config_reload_failed_total{}":                                                  1,
		"stanch_config_info{hash=feed}":                                                        1,
		"stanch_exemption_expiry_timestamp_seconds{exemption=hr}":                              1806451200,
		"stanch_audit_lost_events_total{}":                                                     0,
		"stanch_build_info{goversion=" + runtime.Version() + ",revision=abcdef,version=1.2.3}": 1,
	} {
		if value, there := got[name]; !there || value != want {
			t.Errorf("%s: %v (present %v), want %v", name, value, there, want)
		}
	}
}

// TestSeriesAreConstant: nothing of a request makes a series.
func TestSeriesAreConstant(t *testing.T) {
	m, registry := newMetrics(t)
	m.Observe(blockedOutcome())
	before, err := testutil.GatherAndCount(registry)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		o := blockedOutcome()
		text := fmt.Sprintf("/x/%x", random.Uint64())
		o.Exchange.Route, o.Exchange.Client, o.RouteName, o.Method, o.Incident, o.Failure = text, text, text, text, text, text
		o.Verdict.Rules[0], o.Counts[0].Detector = text, text
		o.StatusCode = random.IntN(1000)
		o.Format, o.Reason, o.Status = rules.Format(random.IntN(256)), rules.Reason(random.IntN(256)), rules.Status(random.IntN(256))
		o.Verdict.Action, o.Verdict.Monitored = rules.Action(random.IntN(256)), rules.Action(random.IntN(256))
		m.Observe(o)
	}
	after, err := testutil.GatherAndCount(registry)
	if err != nil {
		t.Fatal(err)
	}
	if after != before {
		t.Errorf("%d series became %d", before, after)
	}
	if before > 1000 {
		t.Errorf("%d series at the start", before)
	}
}

// TestReloadsDoNotPileUpSeries: names that a configuration no longer has end with it; those it keeps go on counting.
func TestReloadsDoNotPileUpSeries(t *testing.T) {
	m, registry := newMetrics(t)
	before, _ := testutil.GatherAndCount(registry)
	m.Observe(blockedOutcome())
	for i := range 100 {
		policy := testPolicy()
		policy.Mode = rules.Mode(i % 2)
		policy.Rules[1].ID, policy.Routes[0].Name, policy.Exemptions[0].ID = fmt.Sprint("r", i), fmt.Sprint("p", i), fmt.Sprint("e", i)
		m.SetPolicy(policy, []string{"email", fmt.Sprint("d", i)}, fmt.Sprint("h", i))
	}
	m.SetPolicy(testPolicy(), []string{"email", "uk.nhs_number"}, "feed")
	after, err := testutil.GatherAndCount(registry)
	if err != nil || after != before {
		t.Errorf("%d series became %d (%v)", before, after, err)
	}
	if got := testutil.ToFloat64(m.findings.WithLabelValues("email", "medium")); got != 410 {
		t.Errorf("a detector that stayed lost its count: %v", got)
	}
}

func TestObserveDoesNotAllocate(t *testing.T) {
	m, _ := newMetrics(t)
	o := blockedOutcome()
	m.Observe(o)
	if n := testing.AllocsPerRun(1000, func() { m.Observe(o) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestExpositionStaysSmall: with the whole catalogue, twenty rules and twenty routes, what Prometheus fetches is bounded.
func TestExpositionStaysSmall(t *testing.T) {
	const most = 256 << 10
	m, registry := newMetrics(t)
	policy := testPolicy()
	for i := range 20 {
		policy.Rules = append(policy.Rules, rules.Rule{ID: fmt.Sprint("rule-", i)})
		policy.Routes = append(policy.Routes, rules.Route{Name: fmt.Sprint("route-", i)})
	}
	var detectors []string
	for _, d := range detect.Catalogue() {
		detectors = append(detectors, d.ID)
	}
	m.SetPolicy(policy, detectors, strings.Repeat("f", 64))
	for i := range 1000 { // spread over the native histograms
		o := blockedOutcome()
		o.HoldBack, o.FirstByte, o.Inspection = time.Duration(i)*time.Microsecond, time.Duration(i)*time.Millisecond, time.Duration(i*i)*time.Microsecond
		m.Observe(o)
	}
	answer := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true}).ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	if size := answer.Body.Len(); size > most || size < 10<<10 {
		t.Errorf("%d bytes with %d detectors; at most %d are wanted", size, len(detectors), most)
	}
}

// TestPolicyChangesUnderLoad: exchanges are observed while configurations come and go.
func TestPolicyChangesUnderLoad(t *testing.T) {
	m, registry := newMetrics(t)
	var running sync.WaitGroup
	for range 4 {
		running.Go(func() {
			for range 2000 {
				m.Observe(blockedOutcome())
			}
		})
	}
	for i := range 50 {
		policy := testPolicy()
		policy.Mode = rules.Mode(i % 2)
		m.SetPolicy(policy, []string{"email"}, fmt.Sprint(i))
		if _, err := registry.Gather(); err != nil {
			t.Error(err)
		}
	}
	running.Wait()
	if got := testutil.ToFloat64(m.cut); got != 8000 {
		t.Errorf("%v of 8000 counted", got)
	}
}

func TestNamesTaken(t *testing.T) {
	registry := prometheus.NewRegistry()
	if _, err := New(registry, Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := New(registry, Options{}); err == nil {
		t.Error("registered twice")
	}
}

type recorder struct{ seen *[]string }

func (r recorder) Observe(o *rules.Outcome) { *r.seen = append(*r.seen, o.Incident) }

func TestFanout(t *testing.T) {
	var seen []string
	Fanout{recorder{&seen}, recorder{&seen}}.Observe(&rules.Outcome{Incident: "a"})
	Fanout(nil).Observe(&rules.Outcome{Incident: "b"})
	if strings.Join(seen, ",") != "a,a" {
		t.Errorf("seen: %v", seen)
	}
}

func BenchmarkObserve(b *testing.B) {
	m, _ := newMetrics(b)
	for _, bench := range []struct {
		name    string
		outcome *rules.Outcome
	}{{"pass", &rules.Outcome{Inspected: true, BytesRead: 16 << 10, Released: 16 << 10}}, {"block", blockedOutcome()}} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m.Observe(bench.outcome)
			}
		})
	}
}

// BenchmarkGather is what a scrape costs with the whole catalogue.
func BenchmarkGather(b *testing.B) {
	m, registry := newMetrics(b)
	var detectors []string
	for _, d := range detect.Catalogue() {
		detectors = append(detectors, d.ID)
	}
	m.SetPolicy(testPolicy(), detectors, "feed")
	handler := promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
	for b.Loop() {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/metrics", nil))
	}
}
