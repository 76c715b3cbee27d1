package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// The native histograms: buckets that grow by 10 %, at most 160 of them, reset at most once an hour when there would be more.
const (
	nativeFactor   = 1.1
	nativeBuckets  = 160
	nativeResetAge = time.Hour
)

// newCollectors makes every collector but those that need options.
func newCollectors() *Metrics {
	return &Metrics{
		responses:  counters("responses_total", "Responses by what was done to them and what their body was; format none means that no body was inspected.", "verdict", "format"),
		routes:     counters("route_responses_total", "Responses by configured route and what was done to them.", "route", "verdict"),
		rules:      counters("rule_matches_total", "Responses for which a rule held, by rule and whether it is enforced or monitored.", "rule", "mode"),
		monitored:  counters("monitored_responses_total", "Responses by what rules in monitor mode would have done to them.", "verdict"),
		findings:   counters("findings_total", "Identifiers found, by detector and confidence.", "detector", "confidence"),
		people:     counters("people_total", "Data subjects counted in responses, by what was done to the response. One person in two responses counts twice.", "verdict"),
		scans:      counters("scans_total", "Inspected bodies by how much of them was inspected, why not all, and what was done to the response.", "status", "reason", "verdict"),
		failures:   counters("failures_total", "Exchanges that failed, by reason.", "reason"),
		cut:        counter("cut_responses_total", "Responses that were aborted after their head had been sent."),
		inspected:  counter("inspected_bytes_total", "Decoded body bytes that were inspected."),
		repeated:   counter("repeated_bytes_total", "Decoded body bytes that were not inspected again, as they came as they had been inspected before."),
		released:   counter("released_bytes_total", "Body bytes sent to clients."),
		withheld:   counter("withheld_bytes_total", "Body bytes of the application that were not sent."),
		holdBack:   histogram("hold_back_seconds", "The longest that a byte of a body waited for its verdict.", 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5),
		inspection: histogram("inspection_seconds_per_mebibyte", "Inspection time of a body, scaled to a mebibyte.", 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1),
		firstByte:  histogram("first_byte_delay_seconds", "Time between the application's first body byte and the first one sent.", 0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5),
		reloads:    counter("config_reloads_total", "Attempts to take over a configuration that changed, failed ones included."),
		failed:     counter("config_reload_failed_total", "Configurations that were refused; the old one stayed in force."),
		rotations:  counter("certificate_reloads_total", "Attempts to take over a listener's certificate that changed, failed ones included."),
		unrotated:  counter("certificate_reload_failed_total", "Certificates of the listener that were refused; the old one stayed in force."),
		expiry:     gauge("certificate_expiry_timestamp_seconds", "When the listener's certificate ends; 0 without TLS."),
		config:     gauges("config_info", "Always 1; its label names the configuration in force.", "hash"),
		loaded:     gauge("config_loaded_timestamp_seconds", "When the configuration in force was taken over."),
		exemptions: gauges("exemption_expiry_timestamp_seconds", "When an exemption ends.", "exemption"),
	}
}

// inFlight reads whoever serves.
func inFlight(count func() int64) prometheus.Collector {
	if count == nil {
		count = func() int64 { return 0 }
	}
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: namespace, Name: "in_flight_requests", Help: "Exchanges that are being served."},
		func() float64 { return float64(count()) })
}

// auditCounters read the audit log's own counts.
func auditCounters(log AuditLog) []prometheus.Collector {
	if log == nil {
		log = noAudit{}
	}
	read := func(name, help string, count func() uint64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, func() float64 { return float64(count()) })
	}
	return []prometheus.Collector{
		read("audit_events_total", "Audit events written.", log.Written),
		read("audit_lost_events_total", "Audit events lost: the queue was full, or they could not be written.", log.Lost),
		read("audit_write_failures_total", "Writes of audit events that failed.", log.Failed),
	}
}

// noAudit is the audit log of a process without one.
type noAudit struct{}

func (noAudit) Written() uint64 { return 0 }
func (noAudit) Lost() uint64    { return 0 }
func (noAudit) Failed() uint64  { return 0 }

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help})
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help})
}

func gauges(name, help string, labels ...string) *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, labels)
}

func histogram(name, help string, buckets ...float64) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets,
		NativeHistogramBucketFactor: nativeFactor, NativeHistogramMaxBucketNumber: nativeBuckets, NativeHistogramMinResetDuration: nativeResetAge})
}
