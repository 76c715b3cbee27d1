package rules

import (
	"math"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// A Policy is a set of rules with what goes for all of them. It is read-only once in use, and safe for concurrent use.
type Policy struct {
	Rules      []Rule
	Routes     []Route
	Exemptions []Exemption
	// Uninspected is what a body gets that cannot be inspected: Pass or Block.
	Uninspected Action
	// Mode is Monitor when nothing at all shall be enforced.
	Mode Mode
}

// A Route names a group of paths and what goes for them.
type Route struct {
	Name        string
	Paths       []string
	Uninspected *Action // instead of the policy's; nil leaves it
	Skip        bool    // bodies of this route are not inspected at all
	WebSocket   bool    // upgrades are allowed
}

// An Exemption lifts rules for somebody, up to a ceiling and a day.
type Exemption struct {
	ID      string
	Rules   []string
	Routes  []string // none means every path
	Clients []netip.Prefix
	People  int // the ceiling: with more people than this the rules hold again; 0 means none
	Owner   string
	Reason  string
	Expires time.Time // the first moment at which it is no longer in force
}

// A Scope is a policy narrowed to one exchange. The zero value lets everything pass.
// It belongs to one goroutine.
type Scope struct {
	rules       []scopedRule
	uninspected Action
	mode        Mode
	fired       []string // scratch of Update
}

type scopedRule struct {
	*Rule
	exempted bool
	ceiling  int // with exempted: the rule holds above so many people; 0 means never
}

// For selects the rules that apply to an exchange.
func (p *Policy) For(exchange Exchange) *Scope {
	scope := new(Scope)
	p.Narrow(scope, exchange)
	return scope
}

// Narrow makes an old scope the one that For would return, in the memory that its list of rules has. Verdicts that the old scope gave stay as they are.
func (p *Policy) Narrow(scope *Scope, exchange Exchange) {
	*scope = Scope{uninspected: p.Uninspected, mode: p.Mode, rules: slices.Grow(scope.rules[:0], len(p.Rules))}
	if route := p.RouteOf(exchange.Route); route != nil && route.Uninspected != nil && !exchange.Ambiguous {
		scope.uninspected = *route.Uninspected
	}
	for i := range p.Rules {
		rule := &p.Rules[i]
		if !rule.appliesTo(&exchange) {
			continue
		}
		scoped := scopedRule{Rule: rule}
		for j := range p.Exemptions {
			if e := &p.Exemptions[j]; e.covers(rule.ID, &exchange) {
				scoped.exempted = true
				scoped.ceiling = max(scoped.ceiling, e.People)
			}
		}
		scope.rules = append(scope.rules, scoped)
	}
	byID := func(a, b scopedRule) int { return strings.Compare(a.ID, b.ID) }
	if !slices.IsSortedFunc(scope.rules, byID) {
		slices.SortFunc(scope.rules, byID)
	}
}

// Same reports whether two scopes of one policy give the same verdict for the same evidence.
func (s *Scope) Same(other *Scope) bool {
	return s.uninspected == other.uninspected && s.mode == other.mode && slices.Equal(s.rules, other.rules)
}

// Clone returns a scope that Narrow does not change when it changes s.
func (s *Scope) Clone() *Scope {
	return &Scope{rules: slices.Clone(s.rules), uninspected: s.uninspected, mode: s.mode}
}

// JudgesFindings reports whether every rule asks for findings of medium confidence or more. Then no rule holds for a body that was read to its end
// and holds none, whoever asks for it and wherever.
func (p *Policy) JudgesFindings() bool {
	return !slices.ContainsFunc(p.Rules, func(r Rule) bool {
		when := &r.When
		asks := when.People > 0 || when.Special || when.counts() || when.Budget != nil
		return !asks || when.Confidence == Low
	})
}

// RouteOf returns the route that a path belongs to, the first that matches; nil for none.
func (p *Policy) RouteOf(path string) *Route {
	for i := range p.Routes {
		if matchesAny(p.Routes[i].Paths, path) {
			return &p.Routes[i]
		}
	}
	return nil
}

func (r *Rule) appliesTo(exchange *Exchange) bool {
	if len(r.Routes) > 0 && !matchesAny(r.Routes, exchange.Route) && !exchange.Ambiguous {
		return false
	}
	if matchesAny(r.Except, exchange.Route) && !exchange.Ambiguous {
		return false
	}
	return r.When.SignedIn == nil || *r.When.SignedIn == exchange.SignedIn
}

func (e *Exemption) covers(rule string, exchange *Exchange) bool {
	if exchange.Ambiguous || !slices.Contains(e.Rules, rule) || !exchange.Time.Before(e.Expires) {
		return false
	}
	if len(e.Routes) > 0 && !matchesAny(e.Routes, exchange.Route) {
		return false
	}
	return len(e.Clients) == 0 || slices.ContainsFunc(e.Clients, func(p netip.Prefix) bool { return p.Contains(exchange.Address.Unmap()) })
}

// Evaluate returns the verdict for the evidence.
func (s *Scope) Evaluate(evidence *Evidence) Verdict {
	var v Verdict
	s.Update(&v, evidence)
	return v
}

// Update replaces v, a verdict this scope gave for earlier evidence of the same body, by the verdict for the evidence now,
// unless that is weaker: what was decided stays decided. It reuses the slices of v and so allocates next to nothing.
func (s *Scope) Update(v *Verdict, evidence *Evidence) {
	next := Verdict{Rules: s.fired[:0]}
	for i := range s.rules {
		rule := &s.rules[i]
		if rule.exempted && (rule.ceiling == 0 || evidence.People <= rule.ceiling) || !rule.When.holds(rule.ID, evidence) {
			continue
		}
		next.Rules = append(next.Rules, rule.ID)
		if s.mode == Monitor || rule.Mode == Monitor {
			next.Monitored = max(next.Monitored, rule.Action)
			continue
		}
		if rule.Action == Redact {
			next.addRedaction(rule.Rule)
		}
		next.Action = max(next.Action, rule.Action)
	}
	if evidence.Status != Complete {
		s.judgeUninspected(&next, evidence.Reason)
	}
	if next.Action < v.Action {
		return
	}
	s.fired, *v = v.Rules, next
}

// judgeUninspected decides on a body that was not inspected to its end. What inspection itself failed at is blocked wherever rules act, also where the
// policy lets encrypted and unknown bodies pass: a body that makes a detector panic or take too long must not be the way around it.
func (s *Scope) judgeUninspected(v *Verdict, reason Reason) {
	action := s.uninspected
	if reason == Deadline || reason == Internal {
		action = Block
	}
	if s.mode == Monitor {
		v.Monitored = max(v.Monitored, action)
		return
	}
	v.Uninspected = action > v.Action
	v.Action = max(v.Action, action)
}

// addRedaction joins what several redacting rules want: all their detectors, in the style that shows least.
func (v *Verdict) addRedaction(rule *Rule) {
	if v.Action < Redact {
		v.Redaction, v.Redacted = rule.Redact, rule.When.Detectors
		return
	}
	if rule.Redact.Style == Remove || v.Redaction.Style == Remove {
		v.Redaction = Redaction{Style: Remove}
	}
	v.Redaction.KeepLast = min(v.Redaction.KeepLast, rule.Redact.KeepLast)
	if len(v.Redacted) > 0 && len(rule.When.Detectors) > 0 {
		v.Redacted = slices.Compact(slices.Sorted(slices.Values(slices.Concat(v.Redacted, rule.When.Detectors))))
	} else {
		v.Redacted = nil
	}
}

// Budgets returns the rules of the scope that watch reading over time. The caller owns the slice, not what it points to.
func (s *Scope) Budgets() []*Rule {
	var budgets []*Rule
	for i := range s.rules {
		if s.rules[i].When.Budget != nil {
			budgets = append(budgets, s.rules[i].Rule)
		}
	}
	return budgets
}

// Asks returns the confidence from which on findings of a detector count for some rule of the scope: only those may change the
// verdict by being counted. 0 means that no rule counts them.
func (s *Scope) Asks(detector string) (least Confidence) {
	for i := range s.rules {
		when := &s.rules[i].When
		if !when.counts() || len(when.Detectors) > 0 && !slices.Contains(when.Detectors, detector) {
			continue
		}
		if asked := when.confidence(); least == 0 || asked < least {
			least = asked
		}
	}
	return least
}

// SamePeople returns the range around a number of people, low <= people < high, within which every number leads to the same
// verdict when all else in the evidence stays the same.
func (s *Scope) SamePeople(people int) (low, high int) {
	low, high = math.MinInt, math.MaxInt
	limit := func(first int) { // a verdict may be another from first on
		if first <= people {
			low = max(low, first)
		} else {
			high = min(high, first)
		}
	}
	for i := range s.rules {
		rule := &s.rules[i]
		if rule.When.People > 0 {
			limit(rule.When.People)
		}
		if rule.exempted && rule.ceiling > 0 && rule.ceiling < math.MaxInt {
			limit(rule.ceiling + 1)
		}
	}
	return low, high
}

// LeastConfidence is the confidence below which findings change no verdict of the scope: Medium, unless a rule asks for less.
func (s *Scope) LeastConfidence() Confidence {
	least := Medium
	for i := range s.rules {
		if asked := s.rules[i].When.Confidence; asked != 0 {
			least = min(least, asked)
		}
	}
	return least
}

// MayRedact reports whether a rule of the scope could redact: a body in a coding then has to be written anew.
func (s *Scope) MayRedact() bool {
	return s.mode == Enforce && slices.ContainsFunc(s.rules, func(r scopedRule) bool { return r.Action == Redact && r.Mode == Enforce })
}

// MayHash reports whether a rule of the scope could put pseudonyms in place of values.
func (s *Scope) MayHash() bool {
	return slices.ContainsFunc(s.rules, func(r scopedRule) bool { return r.Action == Redact && r.Redact.Style == Hash })
}

// holds reports whether every part of the condition that is set is satisfied. A condition without any part never holds.
func (c *Condition) holds(rule string, evidence *Evidence) bool {
	set := c.SignedIn != nil
	if c.People > 0 {
		if set = true; evidence.People < c.People {
			return false
		}
	}
	if c.Special {
		if set = true; !evidence.Special {
			return false
		}
	}
	if len(c.Formats) > 0 {
		if set = true; !slices.Contains(c.Formats, evidence.Format) {
			return false
		}
	}
	if c.counts() {
		if set = true; c.findings(evidence) < max(c.Findings, 1) {
			return false
		}
	}
	if c.Budget != nil {
		if set = true; evidence.Budgets[rule] <= c.Budget.People {
			return false
		}
	}
	return set
}

// counts reports whether the condition asks for findings.
func (c *Condition) counts() bool { return len(c.Detectors) > 0 || c.Findings > 0 }

// confidence is what a finding needs to count.
func (c *Condition) confidence() Confidence {
	if c.Confidence == 0 {
		return Medium
	}
	return c.Confidence
}

// findings counts what the condition asks for.
func (c *Condition) findings(evidence *Evidence) int {
	confidence, n := c.confidence(), 0
	for i := range evidence.Counts {
		if count := &evidence.Counts[i]; len(c.Detectors) == 0 || slices.Contains(c.Detectors, count.Detector) {
			n += count.At(confidence)
		}
	}
	return n
}
