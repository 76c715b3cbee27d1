package audit

import (
	"encoding/json"
	"slices"
	"time"
	"unicode/utf8"

	"stanch/rules"
)

// An Event is one line of the audit trail: an OCSF Data Security Finding (class 2006, schema.ocsf.io). What OCSF has no field for
// stands under Stanch. No field holds a matched value, a path, an address or a cookie.
type Event struct {
	ActivityID   int          `json:"activity_id"`
	CategoryUID  int          `json:"category_uid"`
	ClassUID     int          `json:"class_uid"`
	TypeUID      int          `json:"type_uid"`
	Time         int64        `json:"time"` // milliseconds since 1970
	SeverityID   int          `json:"severity_id"`
	StatusID     int          `json:"status_id"`
	ConfidenceID int          `json:"confidence_id"`
	ActionID     int          `json:"action_id"`
	Disposition  int          `json:"disposition_id"`
	IsAlert      bool         `json:"is_alert"`
	Metadata     Metadata     `json:"metadata"`
	Finding      FindingInfo  `json:"finding_info"`
	Actor        Actor        `json:"actor"`
	Resources    []Resource   `json:"resources"`
	DataSecurity DataSecurity `json:"data_security"`
	Stanch       Details      `json:"unmapped"`
}

// Metadata says which product wrote the event, and where it stands in the trail.
type Metadata struct {
	Version  string   `json:"version"` // of OCSF
	Profiles []string `json:"profiles"`
	Product  Product  `json:"product"`
	Sequence uint64   `json:"sequence"`
}

// Product is who wrote the event.
type Product struct {
	Name    string `json:"name"`
	Vendor  string `json:"vendor_name"`
	Version string `json:"version"`
}

// FindingInfo names the incident.
type FindingInfo struct {
	UID   string   `json:"uid"` // the incident id that a blocked client is shown
	Title string   `json:"title"`
	Types []string `json:"types"` // ids of the rules that hold
}

// Actor is who asked.
type Actor struct {
	User User `json:"user"`
}

// User is a client's pseudonym; "" when it is unknown.
type User struct {
	UID string `json:"uid"`
}

// Resource is what was asked for: the configured route, "" for none.
type Resource struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// DataSecurity is OCSF's part about the data. Its pattern_match is left out on purpose: it invites matched values.
type DataSecurity struct {
	ConfidentialityID int    `json:"confidentiality_id"`
	LifecycleStateID  int    `json:"data_lifecycle_state_id"`
	DetectionSystemID int    `json:"detection_system_id"`
	DetectionPattern  string `json:"detection_pattern"` // the detector with the most findings
	Policy            Policy `json:"policy"`
}

// Policy names the configuration in force.
type Policy struct {
	UID string `json:"uid"` // its hash
}

// Details are what stanch knows beyond OCSF.
type Details struct {
	Verdict      rules.Action     `json:"verdict"`
	Monitored    rules.Action     `json:"monitored"` // what rules in monitor mode would have done
	Rules        []string         `json:"rules"`
	Uninspected  bool             `json:"uninspected"`  // decided by the policy for what cannot be inspected
	Unredactable bool             `json:"unredactable"` // a rule wanted to redact what could not be: blocked instead
	People       int              `json:"people"`
	Special      bool             `json:"special"`
	Detectors    map[string]Count `json:"detectors"`
	Format       rules.Format     `json:"format"`
	Status       string           `json:"status"`
	Reason       string           `json:"reason"`
	Method       string           `json:"method"` // a known one, or "other"
	StatusCode   int              `json:"status_code"`
	SignedIn     bool             `json:"signed_in"`
	Cut          bool             `json:"cut"`
	Failure      string           `json:"failure"`
	Inspected    int64            `json:"inspected_bytes"`
	Released     int64            `json:"released_bytes"`
	Withheld     int64            `json:"withheld_bytes"`
	Lost         uint64           `json:"lost_before"` // events that were lost since the last line
	Chain        Chain            `json:"chain"`
}

// Count is how many findings of a detector there were at each confidence.
type Count struct {
	Low    int `json:"low"`
	Medium int `json:"medium"`
	High   int `json:"high"`
}

// Chain ties a line to the one before it.
type Chain struct {
	Boot     string `json:"boot"`     // random, one for each start
	Previous string `json:"previous"` // SHA-256 of the previous line without its line end, in hexadecimal; "" on the first line
}

// OCSF's numbers, from its schema (classes data_security_finding, profiles security_control).
const (
	ocsfVersion     = "1.4.0"
	classFinding    = 2006
	categoryFinding = 2
	activityCreate  = 1
	statusNew       = 1

	severityInformational = 1
	severityLow           = 2
	severityMedium        = 3
	severityHigh          = 4

	actionAllowed = 1
	actionDenied  = 2

	dispositionBlocked   = 2
	dispositionCorrected = 11
	dispositionDetected  = 15
	dispositionTagged    = 18

	confidentialityPrivate    = 5
	confidentialityRestricted = 6

	lifecycleInTransit = 2
	systemGateway      = 2 // "DLP Gateway"
)

// methods are the request methods that events name (RFC 9110, section 9; RFC 5789).
var methods = [...]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"}

// eventOf describes an outcome. It takes nothing from the outcome that the outcome's owner may change later.
func eventOf(o *rules.Outcome, now time.Time) Event {
	severity, action, disposition := graded(o.Verdict)
	counts, loudest, confidence := countsOf(o.Counts)
	confidentiality := confidentialityPrivate
	if o.Special {
		confidentiality = confidentialityRestricted
	}
	method := "other"
	if slices.Contains(methods[:], o.Method) {
		method = o.Method
	}
	return Event{
		ActivityID: activityCreate, CategoryUID: categoryFinding, ClassUID: classFinding, TypeUID: classFinding*100 + activityCreate,
		Time: now.UnixMilli(), SeverityID: severity, StatusID: statusNew, ConfidenceID: int(confidence), // OCSF: 1 low, 2 medium, 3 high
		ActionID: action, Disposition: disposition, IsAlert: o.Verdict.Action == rules.Block || o.Verdict.Monitored == rules.Block,
		Finding:   FindingInfo{UID: o.Incident, Title: title(o), Types: slices.Clone(o.Verdict.Rules)},
		Actor:     Actor{User: User{UID: o.Exchange.Client}},
		Resources: []Resource{{Name: o.RouteName, Type: "route"}},
		DataSecurity: DataSecurity{ConfidentialityID: confidentiality, LifecycleStateID: lifecycleInTransit,
			DetectionSystemID: systemGateway, DetectionPattern: loudest},
		Stanch: Details{Verdict: o.Verdict.Action, Monitored: o.Verdict.Monitored, Rules: slices.Clone(o.Verdict.Rules),
			Uninspected: o.Verdict.Uninspected, Unredactable: o.Verdict.Unredactable, People: o.People, Special: o.Special, Detectors: counts, Format: o.Format,
			Status: o.Status.String(), Reason: o.Reason.String(), Method: method, StatusCode: o.StatusCode, SignedIn: o.Exchange.SignedIn,
			Cut: o.Cut, Failure: o.Failure, Inspected: o.BytesRead, Released: o.Released, Withheld: o.Withheld},
	}
}

// graded maps a verdict to OCSF's severity, action and disposition.
func graded(v rules.Verdict) (severity, action, disposition int) {
	switch v.Action {
	case rules.Block:
		return severityHigh, actionDenied, dispositionBlocked
	case rules.Redact:
		return severityMedium, actionAllowed, dispositionCorrected
	case rules.Harden:
		return severityLow, actionAllowed, dispositionTagged
	}
	if v.Monitored == rules.Block {
		return severityMedium, actionAllowed, dispositionDetected
	}
	return severityInformational, actionAllowed, dispositionDetected
}

func title(o *rules.Outcome) string {
	switch {
	case o.Verdict.Uninspected:
		return "A body that could not be inspected was blocked"
	case o.Verdict.Unredactable:
		return "A document whose personal data could not be redacted was blocked"
	case o.Verdict.Action == rules.Block && o.Cut:
		return "A response with personal data was cut off"
	case o.Verdict.Action == rules.Block:
		return "A response with personal data was blocked"
	case o.Verdict.Action == rules.Redact:
		return "Personal data was redacted"
	case o.Verdict.Action == rules.Harden:
		return "A page with personal data was kept from caches and search engines"
	}
	return "Personal data left under a rule in monitor mode"
}

// countsOf returns the counts by detector, the detector with the most findings, and the highest confidence.
func countsOf(counts []rules.DetectorCount) (by map[string]Count, loudest string, highest rules.Confidence) {
	by = make(map[string]Count, len(counts))
	most := 0
	for i := range counts {
		c := &counts[i]
		by[c.Detector] = Count{Low: c.By[rules.Low], Medium: c.By[rules.Medium], High: c.By[rules.High]}
		if n := c.At(rules.Low); n > most || n == most && n > 0 && c.Detector < loudest {
			most, loudest = n, c.Detector
		}
		for confidence := rules.High; confidence > highest; confidence-- {
			if c.By[confidence] > 0 {
				highest = confidence
			}
		}
	}
	return by, loudest, highest
}

// encode appends the event as one line of ASCII without its line end. What is not printable ASCII is escaped, so that nothing in a
// field can end the line, move a terminal's cursor or turn the text's direction.
func (e *Event) encode(line []byte) ([]byte, error) {
	encoded, err := json.Marshal(e)
	if err != nil {
		return line, err
	}
	const hex = "0123456789abcdef"
	escape := func(unit rune) {
		line = append(line, '\\', 'u', hex[unit>>12&15], hex[unit>>8&15], hex[unit>>4&15], hex[unit&15])
	}
	for len(encoded) > 0 {
		r, size := utf8.DecodeRune(encoded)
		encoded = encoded[size:]
		switch {
		case r >= ' ' && r < 0x7f:
			line = append(line, byte(r))
		case r > 0xffff: // a surrogate pair
			escape(0xd800 + (r-0x10000)>>10)
			escape(0xdc00 + (r-0x10000)&0x3ff)
		default:
			escape(r)
		}
	}
	return line, nil
}
