package metrics

import (
	"maps"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"stanch/rules"
)

// verdicts is how many actions there are.
const verdicts = int(rules.Block) + 1

// fixedChildren are the counters whose labels are known when the program is built. Out of range means the last one.
type fixedChildren struct {
	responses [verdicts][]prometheus.Counter // by format; the last one is for bodies that were not inspected
	monitored [verdicts]prometheus.Counter
	people    [verdicts]prometheus.Counter
	scans     [verdicts][]prometheus.Counter // by status and reason
	failures  [len(failureNames) + 1]prometheus.Counter
}

// statuses are all statuses, in order.
var statuses = [...]rules.Status{rules.Complete, rules.Partial, rules.Unscannable}

func resolveFixed(m *Metrics) fixedChildren {
	var f fixedChildren
	for _, verdict := range rules.Actions() {
		for _, format := range rules.Formats() {
			f.responses[verdict] = append(f.responses[verdict], m.responses.WithLabelValues(verdict.String(), format.String()))
		}
		f.responses[verdict] = append(f.responses[verdict], m.responses.WithLabelValues(verdict.String(), none))
		f.people[verdict] = m.people.WithLabelValues(verdict.String())
		if verdict > rules.Pass {
			f.monitored[verdict] = m.monitored.WithLabelValues(verdict.String())
		}
		f.scans[verdict] = append(f.scans[verdict], m.scans.WithLabelValues(rules.Complete.String(), none, verdict.String()))
		for _, status := range statuses[1:] {
			for _, reason := range rules.Reasons() {
				f.scans[verdict] = append(f.scans[verdict], m.scans.WithLabelValues(status.String(), reason.String(), verdict.String()))
			}
		}
	}
	for i, name := range failureNames {
		f.failures[i] = m.failures.WithLabelValues(name)
	}
	f.failures[len(failureNames)] = m.failures.WithLabelValues(other)
	return f
}

func (f *fixedChildren) response(o *rules.Outcome) prometheus.Counter {
	of := f.responses[min(o.Verdict.Action, rules.Block)]
	if !o.Inspected {
		return of[len(of)-1]
	}
	return of[min(int(o.Format), len(of)-2)]
}

// scan finds the counter of a status and reason. A body that was not read completely and names no reason counts as internal.
func (f *fixedChildren) scan(o *rules.Outcome) prometheus.Counter {
	of := f.scans[min(o.Verdict.Action, rules.Block)]
	if o.Status == rules.Complete {
		return of[0]
	}
	reason := o.Reason
	if reason == rules.NoReason || reason > rules.Internal {
		reason = rules.Internal
	}
	status := min(o.Status, rules.Unscannable)
	return of[int(status-1)*int(rules.Internal)+int(reason)]
}

func (f *fixedChildren) failure(name string) prometheus.Counter {
	if i := slices.Index(failureNames[:], name); i >= 0 {
		return f.failures[i]
	}
	return f.failures[len(failureNames)]
}

// maxNames is how many rules, routes or detectors become labels; the rest counts as other.
const maxNames = 500

// namedChildren are the counters whose labels the configuration names. Each map has an entry for other.
type namedChildren struct {
	rules     map[string]ruleChild
	routes    map[string]*[verdicts]prometheus.Counter
	detectors map[string]*[rules.High + 1]prometheus.Counter
}

type ruleChild struct {
	prometheus.Counter
	labels prometheus.Labels
}

// SetPolicy takes over what a configuration names: its rules, routes and exemptions, the ids of the detectors that are in use, and its
// hash. Series of names that are gone end.
func (m *Metrics) SetPolicy(policy *rules.Policy, detectors []string, hash string) {
	next := &namedChildren{
		rules:     map[string]ruleChild{},
		routes:    map[string]*[verdicts]prometheus.Counter{},
		detectors: map[string]*[rules.High + 1]prometheus.Counter{},
	}
	addRule := func(id, mode string) {
		labels := prometheus.Labels{"rule": id, "mode": mode}
		next.rules[id] = ruleChild{m.rules.With(labels), labels}
	}
	for _, rule := range policy.Rules[:min(len(policy.Rules), maxNames)] {
		addRule(rule.ID, max(rule.Mode, policy.Mode).String())
	}
	addRule(other, other)
	addRoute := func(label, name string) {
		var children [verdicts]prometheus.Counter
		for _, verdict := range rules.Actions() {
			children[verdict] = m.routes.WithLabelValues(label, verdict.String())
		}
		next.routes[name] = &children
	}
	for _, route := range policy.Routes {
		if len(next.routes) < maxNames {
			addRoute(route.Name, route.Name)
		}
	}
	addRoute(other, other)
	addRoute(none, "")
	for _, id := range append(slices.Clone(detectors[:min(len(detectors), maxNames)]), other) {
		var children [rules.High + 1]prometheus.Counter
		for confidence := rules.Low; confidence <= rules.High; confidence++ {
			children[confidence] = m.findings.WithLabelValues(id, confidence.String())
		}
		next.detectors[id] = &children
	}
	m.exemptions.Reset()
	for _, exemption := range policy.Exemptions[:min(len(policy.Exemptions), maxNames)] {
		m.exemptions.WithLabelValues(exemption.ID).Set(float64(exemption.Expires.Unix()))
	}
	m.config.Reset()
	m.config.WithLabelValues(hash).Set(1)
	m.loaded.Set(float64(time.Now().Unix()))
	if old := m.named.Swap(next); old != nil {
		m.forget(old, next)
	}
}

// forget ends the series whose names the configuration no longer has, so that reloads cannot pile them up.
func (m *Metrics) forget(old, next *namedChildren) {
	for id, child := range old.rules {
		if !maps.Equal(child.labels, next.rules[id].labels) { // gone, or in another mode
			m.rules.Delete(child.labels)
		}
	}
	for name := range old.routes {
		if next.routes[name] == nil {
			m.routes.DeletePartialMatch(prometheus.Labels{"route": name})
		}
	}
	for id := range old.detectors {
		if next.detectors[id] == nil {
			m.findings.DeletePartialMatch(prometheus.Labels{"detector": id})
		}
	}
}

func (n *namedChildren) rule(id string) prometheus.Counter {
	if child, known := n.rules[id]; known {
		return child
	}
	return n.rules[other]
}

func (n *namedChildren) route(name string, verdict rules.Action) prometheus.Counter {
	children := n.routes[name]
	if children == nil {
		children = n.routes[other]
	}
	return children[min(verdict, rules.Block)]
}

// count adds the findings of one detector.
func (n *namedChildren) count(found *rules.DetectorCount) {
	children := n.detectors[found.Detector]
	if children == nil {
		children = n.detectors[other]
	}
	for confidence := rules.Low; confidence <= rules.High; confidence++ {
		if found.By[confidence] > 0 {
			children[confidence].Add(float64(found.By[confidence]))
		}
	}
}
