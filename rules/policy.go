package rules

import (
	"net/netip"
	"time"
)

// A Policy is a set of rules with what goes for all of them.
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
	Routes  []string
	Clients []netip.Prefix
	People  int // the ceiling: with more people than this the rules hold again; 0 means none
	Owner   string
	Reason  string
	Expires time.Time // the first moment at which it is no longer in force
}

// A Scope is a policy narrowed to one exchange.
type Scope struct{}

// For selects the rules that apply to an exchange.
func (p *Policy) For(exchange Exchange) *Scope { return &Scope{} }

// Evaluate returns the verdict for the evidence. It allocates only when the verdict rises.
func (s *Scope) Evaluate(evidence *Evidence) Verdict { return Verdict{} }

// RouteOf returns the route that a path belongs to, the first that matches; nil for none.
func (p *Policy) RouteOf(path string) *Route { return nil }
