// Package rules is the vocabulary of stanch: what was found in a response (Finding), what an operator wants done about it
// (Rule, Action), what everything together leads to (Verdict), and the Policy that decides.
//
//	policy := &rules.Policy{Rules: []rules.Rule{{ID: "bulk", When: rules.Condition{People: 50}, Action: rules.Block}}}
//	verdict := policy.For(rules.Exchange{Route: "/export"}).Evaluate(&rules.Evidence{People: 412})
//	// verdict.Action == rules.Block, verdict.Rules == []string{"bulk"}
//
// It reads no bytes, knows no file format and no protocol, and imports the standard library only.
package rules

import (
	"net/netip"
	"time"
)

// A Finding is one identifier that stands in a response. It never holds the value itself.
type Finding struct {
	Detector   string     // canonical id, such as "uk.nhs_number"
	Confidence Confidence // how sure the detector is
	Strength   Strength   // how well the identifier names a person
	Start, End int64      // byte offsets in the body, half open; Start is -1 where the text has no plain offset
	Line       int        // 1-based line of Start in formats made of lines, else 0
	Where      string     // for people: "row 3, column 9 (NHS No)", "Sheet1!B7", "$.applicants[3].email"
	Masked     string     // the value with at most a third of it readable
}

// A Rule says what shall be done when a condition holds. The zero value matches nothing and does nothing.
type Rule struct {
	ID      string
	Summary string
	When    Condition
	Routes  []string // path patterns the rule applies to; none means every path
	Except  []string // path patterns it does not apply to
	Action  Action
	Redact  Redaction
	Mode    Mode
}

// A Condition holds when every part that is set holds. A zero Condition never holds.
type Condition struct {
	People     int        // at least so many distinct data subjects; 0 means any number
	SignedIn   *bool      // whether the client is signed in; nil means either
	Special    bool       // special category data (GDPR Art. 9 and 10) stands beside a person
	Detectors  []string   // at least one finding of one of these; none means any
	Findings   int        // at least so many findings of Detectors (of any detector when there are none); 0 means any number
	Confidence Confidence // findings below it do not count; the zero value means Medium
	Formats    []Format   // the body is one of these, by content; none means any
	Budget     *Budget    // one client, route or everybody has read so many people over time; nil means no budget
}

// A Budget bounds how many distinct people are read over a sliding window.
type Budget struct {
	People int           // more than so many distinct people exceed it; at least 1
	Per    time.Duration // the window; at least a minute
	By     BudgetScope   // whose reading is added up
}

// Redaction says how a value is made unreadable. The zero value is a mask over the whole value.
type Redaction struct {
	Style    RedactionStyle
	KeepLast int // characters left readable at the end of a mask, never more than a third of the value; 0 means none
}

// A Verdict is what a response gets: the strongest action of all rules that hold.
type Verdict struct {
	Action      Action    // what is enforced
	Monitored   Action    // what rules in monitor mode would have done, had they been enforced
	Rules       []string  // ids of the rules that hold, enforced or monitored, sorted
	Redaction   Redaction // how to redact when Action is Redact
	Redacted    []string  // detectors to redact; none means every finding at or above Medium
	Uninspected bool      // the policy for what cannot be inspected decided, not a rule
	// Unredactable says that a rule wanted to redact what cannot be redacted where it stands, so it was blocked.
	Unredactable bool
}

// An Exchange is one request as the rules see it.
type Exchange struct {
	Route     string     // the decoded, cleaned path without its query
	Ambiguous bool       // the path could be read in two ways (encoded slashes, dot segments): exceptions do not apply
	Client    string     // pseudonym of who asked, never an address or cookie; empty means unknown
	Address   netip.Addr // where the request came from, after trusted proxies
	SignedIn  bool       // a sign-in credential was present
	Time      time.Time  // when the request came
}

// Evidence is what inspection knows about one response at one moment. It only ever grows, but for People, which may be corrected.
type Evidence struct {
	Format  Format
	Status  Status
	Reason  Reason
	People  int             // distinct data subjects counted so far
	Special bool            // a special category value stood beside a person
	Counts  []DetectorCount // findings so far
	Budgets map[string]int  // distinct people read over time, by the id of the rule that asks
}

// DetectorCount is how many findings of one detector stood in a response at each confidence.
type DetectorCount struct {
	Detector string
	By       [High + 1]int // indexed by Confidence; By[0] is unused
}

// At returns the number of findings at confidence or above.
func (c *DetectorCount) At(confidence Confidence) int {
	n := 0
	for i := max(confidence, Low); i <= High; i++ {
		n += c.By[i]
	}
	return n
}

// An Outcome is the record of one finished exchange, for metrics and audit. It holds no matched value, no path and no address.
type Outcome struct {
	Exchange   Exchange
	RouteName  string // name of the configured route, "" for none: a closed set
	Method     string
	StatusCode int // what the client was sent
	Incident   string
	Verdict    Verdict
	Format     Format
	Status     Status
	Reason     Reason
	People     int
	Counts     []DetectorCount
	Special    bool
	Inspected  bool  // false when the response had no body or its route is not inspected
	Cut        bool  // the body was aborted after its head had been sent
	BytesRead  int64 // decoded bytes that were inspected
	Repeated   bool  // they were not, as they came as they had been inspected before
	Released   int64 // body bytes sent to the client
	Withheld   int64 // body bytes of the application that were not sent
	HoldBack   time.Duration
	Inspection time.Duration // processor-side time spent in inspection
	FirstByte  time.Duration // time between the application's first body byte and ours
	Failure    string        // "", "upstream_unreachable", "upstream_timeout", "upstream_aborted", "client_gone", "panic", "hang", "memory", "shed", "unrecorded": a closed set
}
