// Package metrics counts what stanch does, for Prometheus.
//
//	registry := prometheus.NewRegistry()
//	collectors, err := metrics.New(registry, metrics.Options{Version: "1.0.0"})
//	collectors.SetPolicy(&config.Policy, detectorIDs, config.Hash)
//	collectors.Observe(outcome)
//
// Labels come from closed sets only: rules, detectors, formats, reasons, configured routes. Nothing of a request, a client or a body
// becomes a label. It serves no port and stores nothing.
package metrics

import (
	"runtime"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"stanch/rules"
)

// An Observer is told of every finished exchange.
type Observer interface {
	Observe(outcome *rules.Outcome)
}

// Fanout tells several observers, in order. They share the outcome, and must not change it.
type Fanout []Observer

// Observe tells each observer.
func (f Fanout) Observe(outcome *rules.Outcome) {
	for _, observer := range f {
		observer.Observe(outcome)
	}
}

// An AuditLog tells how the audit trail fares.
type AuditLog interface {
	Written() uint64
	Lost() uint64
	Failed() uint64
}

// Options are what Metrics are made of. The zero value is ready for use.
type Options struct {
	Version  string   // of stanch
	Revision string   // of the source, such as a commit
	Audit    AuditLog // nil means that there is none: its counters stay 0
	// InFlight tells how many exchanges are being served; nil means that nobody knows, and the gauge stays 0.
	InFlight func() int64
}

// Metrics are the collectors of one process. They are safe for concurrent use.
type Metrics struct {
	responses  *prometheus.CounterVec
	routes     *prometheus.CounterVec
	rules      *prometheus.CounterVec
	monitored  *prometheus.CounterVec
	findings   *prometheus.CounterVec
	people     *prometheus.CounterVec
	scans      *prometheus.CounterVec
	failures   *prometheus.CounterVec
	cut        prometheus.Counter
	inspected  prometheus.Counter
	repeated   prometheus.Counter
	released   prometheus.Counter
	withheld   prometheus.Counter
	holdBack   prometheus.Histogram
	inspection prometheus.Histogram
	firstByte  prometheus.Histogram
	reloads    prometheus.Counter
	failed     prometheus.Counter
	rotations  prometheus.Counter
	unrotated  prometheus.Counter
	expiry     prometheus.Gauge
	config     *prometheus.GaugeVec
	loaded     prometheus.Gauge
	exemptions *prometheus.GaugeVec

	fixed fixedChildren
	named atomic.Pointer[namedChildren]
}

// The label that stands for whatever is not of the closed set, and the one for what there is none of.
const (
	other = "other"
	none  = "none"
)

// failureNames is the closed set of rules.Outcome.Failure.
var failureNames = [...]string{"upstream_unreachable", "upstream_timeout", "upstream_aborted", "client_gone", "panic", "hang", "memory", "shed", "unrecorded"}

const namespace = "stanch"

// New registers the collectors. The error is the registerer's: a name that is taken.
func New(registerer prometheus.Registerer, options Options) (*Metrics, error) {
	m := newCollectors()
	build := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: "build_info", Help: "Always 1; its labels name the build.",
		ConstLabels: prometheus.Labels{"version": options.Version, "revision": options.Revision, "goversion": runtime.Version()}})
	build.Set(1)
	collectors := []prometheus.Collector{m.responses, m.routes, m.rules, m.monitored, m.findings, m.people, m.scans, m.failures, m.cut, m.inspected, m.repeated, m.released,
		m.withheld, m.holdBack, m.inspection, m.firstByte, inFlight(options.InFlight), m.reloads, m.failed, m.rotations, m.unrotated, m.expiry, m.config, m.loaded, m.exemptions, build}
	for _, collector := range append(collectors, auditCounters(options.Audit)...) {
		if err := registerer.Register(collector); err != nil {
			return nil, err
		}
	}
	m.fixed = resolveFixed(m)
	m.SetPolicy(&rules.Policy{}, nil, "")
	return m, nil
}

// Reloaded counts an attempt to take over a configuration that changed; err is why the old one stays in force, or nil.
func (m *Metrics) Reloaded(err error) {
	m.reloads.Inc()
	if err != nil {
		m.failed.Inc()
	}
}

// CertificateReloaded counts an attempt to take over a listener's certificate that changed. Err is why the old one stays in force; when it is nil, the
// new one ends at expiry.
func (m *Metrics) CertificateReloaded(expiry time.Time, err error) {
	m.rotations.Inc()
	if err != nil {
		m.unrotated.Inc()
		return
	}
	m.SetCertificateExpiry(expiry)
}

// SetCertificateExpiry says when the listener's certificate ends.
func (m *Metrics) SetCertificateExpiry(expiry time.Time) { m.expiry.Set(float64(expiry.Unix())) }

// mebibyte is the unit of inspection time.
const mebibyte = 1 << 20

// minMeasured is the least number of bytes whose inspection time says something about a mebibyte.
const minMeasured = 1 << 10

// Observe counts one exchange. It does not allocate, and keeps nothing of the outcome.
func (m *Metrics) Observe(o *rules.Outcome) {
	verdict := o.Verdict.Action
	m.fixed.response(o).Inc()
	if o.Verdict.Monitored > rules.Pass {
		m.fixed.monitored[min(o.Verdict.Monitored, rules.Block)].Inc()
	}
	if o.Cut {
		m.cut.Inc()
	}
	if o.Failure != "" {
		m.fixed.failure(o.Failure).Inc()
	}
	named := m.named.Load()
	named.route(o.RouteName, verdict).Inc()
	for _, id := range o.Verdict.Rules {
		named.rule(id).Inc()
	}
	m.released.Add(float64(o.Released))
	m.withheld.Add(float64(o.Withheld))
	if !o.Inspected {
		return
	}
	m.fixed.people[min(verdict, rules.Block)].Add(float64(o.People))
	m.fixed.scan(o).Inc()
	for i := range o.Counts {
		named.count(&o.Counts[i])
	}
	m.holdBack.Observe(o.HoldBack.Seconds())
	m.firstByte.Observe(o.FirstByte.Seconds())
	if o.Repeated {
		m.repeated.Add(float64(o.BytesRead))
		return
	}
	m.inspected.Add(float64(o.BytesRead))
	if o.BytesRead >= minMeasured {
		m.inspection.Observe(o.Inspection.Seconds() * mebibyte / float64(o.BytesRead))
	}
}
