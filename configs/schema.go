package configs

import (
	"crypto/tls"
	"fmt"
	"maps"
	"math"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"stanch/rules"
)

// The defaults of what a file leaves out.
func defaults() *Config {
	return &Config{
		Server: Server{
			Listen:       ":8080",
			Upstream:     &url.URL{Scheme: "http", Host: "127.0.0.1:8081"},
			Admin:        "127.0.0.1:9901",
			HeadTimeout:  time.Minute,
			UpstreamIdle: 5 * time.Minute,
			ClientIdle:   time.Minute,
			Drain:        25 * time.Second, // less than the 30 s that Kubernetes grants
			BlockStatus:  403,
		},
		Listener: Listener{MinVersion: tls.VersionTLS12},
		Inspect: Inspect{
			Window:      64 << 10,
			MaxDocument: 64 << 20,
			MaxSpooled:  4 << 30,
			MaxDecoded:  1 << 30,
			Repeats:     16 << 20,
			Memory:      256 << 20,
		},
		Identity: Identity{
			From:     []Source{{Cookie, "sessionid"}, {Header, "Authorization"}, {Kind: Address}},
			SignedIn: []Source{{Cookie, "sessionid"}, {Header, "Authorization"}},
		},
		Audit:  Audit{File: "stdout"},
		Policy: rules.Policy{Uninspected: rules.Block},
	}
}

// The bounds of numbers that have no natural ones.
const (
	maxPeople  = 1_000_000_000
	maxTimeout = time.Hour
	maxKeep    = 8
	minPer     = time.Minute
	maxPer     = 31 * 24 * time.Hour
)

// topKeys are the keys and tables of the whole file, but for the groups of tables named by id.
func topKeys(c *Config, detectors func(string) ([]string, error)) []key {
	format := version
	return []key{
		{name: "version", value: oneOf{&format, []int{version}}, doc: "The version of this format."},
		{name: "server", table: serverKeys(&c.Server), doc: "Where the proxy listens, and what it allows a connection. Takes effect at start; a reload does not change it."},
		{name: "listener", table: listenerKeys(&c.Listener), doc: "TLS for clients, with HTTP/2 or HTTP/1.1 as they ask; without a certificate there is none. Files that change are read again, and on SIGHUP; where they are wrong the ones in force stay."},
		{name: "inspect", table: inspectKeys(&c.Inspect, &c.Policy, &c.Sought, detectors), doc: "How much is held back and spooled, and what happens to what cannot be inspected."},
		{name: "identity", table: identityKeys(&c.Identity), doc: "Who a client is, for budgets and the audit trail."},
		{name: "audit", table: auditKeys(&c.Audit), doc: "Where the audit events go."},
	}
}

func serverKeys(s *Server) []key {
	return []key{
		{name: "listen", value: address(&s.Listen), doc: "Where clients connect."},
		{name: "upstream", value: text[*url.URL]{&s.Upstream, parseUpstream, (*url.URL).String, `a URL such as "http://127.0.0.1:8081"`}, doc: "The application. It is fixed at start and never taken from a request."},
		{name: "upstream_ca", value: file(&s.UpstreamCA), doc: "The authorities that an https upstream's certificate may come from, PEM; without it the system's."},
		{name: "admin", value: address(&s.Admin), doc: "Metrics and probes, read-only. Keep it on loopback, or behind a network policy."},
		{name: "trusted_proxies", value: list[netip.Prefix]{&s.TrustedProxies, one(parsePrefix), netip.Prefix.String, `networks such as "10.0.0.0/8"`}, doc: "Whose X-Forwarded-For counts."},
		{name: "hosts", value: list[string]{&s.Hosts, one(parseHost), same, `host names such as "apply.example.org"`}, doc: "The host names answered; others get 421. Without it every name is."},
		{name: "plain_upstream", value: boolean{&s.PlainUpstream}, doc: "Ask the application for bodies without a content coding, so that redaction can begin in mid-body. It costs clients the compression."},
		{name: "head_timeout", value: duration(&s.HeadTimeout, time.Second, maxTimeout), doc: "How long the application may take until the head of its answer."},
		{name: "upstream_idle", value: duration(&s.UpstreamIdle, time.Second, maxTimeout), doc: "How long the application may be silent within a body."},
		{name: "client_idle", value: duration(&s.ClientIdle, time.Second, maxTimeout), doc: "How long a client may take nothing of its answer, or give nothing of its request."},
		{name: "drain", value: duration(&s.Drain, time.Second, maxTimeout), doc: "How long exchanges in flight may go on after SIGTERM."},
		{name: "concurrency", value: integer{&s.Concurrency, 1, 1 << 20}, doc: "Exchanges at the same time; past it new ones get 503. Without it as many as memory allows."},
		{name: "connections", value: integer{&s.Connections, 1, 1 << 20}, doc: "Connections from clients at the same time; further ones are closed. Without it half as many as the process may have files open, where the system tells."},
		{name: "block_status", value: oneOf{&s.BlockStatus, []int{403, 404, 451}}, doc: "The status of a blocked response."},
	}
}

func listenerKeys(l *Listener) []key {
	return []key{
		{name: "certificate", value: file(&l.Certificate), doc: "The certificate chain, PEM; it goes with key."},
		{name: "key", value: file(&l.Key), doc: "The certificate's private key, PEM."},
		{name: "client_ca", value: file(&l.ClientCA), doc: "The authorities of clients' certificates, PEM. With it every client needs one (mutual TLS)."},
		{name: "min_version", value: text[uint16]{&l.MinVersion, parseTLSVersion, tlsVersionName, `"1.2" or "1.3"`}, doc: "The oldest version of TLS that is spoken."},
	}
}

// tlsVersions are the versions a listener may begin at: older ones are deprecated by RFC 8996.
var tlsVersions = map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}

func parseTLSVersion(s string) (uint16, error) {
	if version, ok := tlsVersions[s]; ok {
		return version, nil
	}
	return 0, &rules.NameError{Kind: "version of TLS", Got: s, Allowed: slices.Sorted(maps.Keys(tlsVersions))}
}

func tlsVersionName(version uint16) string {
	for name, v := range tlsVersions {
		if v == version {
			return name
		}
	}
	return ""
}

func inspectKeys(i *Inspect, p *rules.Policy, sought *[]string, detectors func(string) ([]string, error)) []key {
	return []key{
		{name: "mode", value: mode(&p.Mode), doc: "Whether rules act, or all of them only record what they would have done."},
		{name: "detectors", value: list[string]{sought, detectors, same, `detector ids such as "email" or "uk.*" (stanch detectors lists them)`}, doc: "What is looked for; without it all of the catalogue. An operator's own detectors always are. The fewer, the faster."},
		{name: "window", value: size(&i.Window, 4<<10, 4<<20), doc: "Held back at most before the first byte leaves, and around unfinished values."},
		{name: "max_document", value: size(&i.MaxDocument, 64<<10, 4<<30), doc: "Spooled at most for one document that can only be read as a whole (workbooks, PDF, archives)."},
		{name: "max_spooled", value: size(&i.MaxSpooled, 1<<20, 1<<40), doc: "Spooled at most for all documents together; one for which there is no room counts as too large."},
		{name: "memory", value: size(&i.Memory, 16<<20, 1<<40), doc: "What all responses together may hold; past it new ones get 503, never an uninspected pass."},
		{name: "max_decoded", value: size(&i.MaxDecoded, 1<<20, 1<<40), doc: "What one body in a content coding (gzip, br, zstd, deflate) may decode to; past it the rest counts as uninspected."},
		{name: "repeats", value: size(&i.Repeats, 0, 1<<40), doc: "How much is kept in memory of bodies that were asked for more than once and passed as they were. While one comes again as it was kept, it is not inspected again; \"0B\" keeps none."},
		{name: "spool", value: folder(&i.Spool), doc: "The folder for documents; without it the system's temporary folder."},
		{name: "uninspected", value: passOrBlock(&p.Uninspected), doc: "What a body gets that is encrypted, corrupt, too large or unknown, unless its route says otherwise."},
	}
}

func identityKeys(i *Identity) []key {
	const want = `sources such as "cookie:sessionid", "header:Authorization" or "address"`
	parse := one(parseText[Source])
	return []key{
		{name: "from", value: list[Source]{&i.From, parse, Source.String, want}, doc: "Who a client is: the first of these that a request has."},
		{name: "signed_in", value: list[Source]{&i.SignedIn, parse, Source.String, want}, doc: "A request that has one of these counts as signed in. Its presence is all that can be seen from outside: name the cookie that your application sets at sign-in."},
		{name: "key_file", value: file(&i.KeyFile), doc: "A file with at least 32 random bytes that keys the pseudonyms, the same for all replicas; without it each start has a key of its own."},
	}
}

func auditKeys(a *Audit) []key {
	return []key{
		{name: "file", value: text[string]{&a.File, asIs, same, `"stdout", "stderr", a file, or "" for no events`}, doc: "Where the events go, one JSON object a line."},
		{name: "required", value: boolean{&a.Required}, doc: "Answer requests with 503 while events cannot be written. Without it they are counted as lost."},
	}
}

func ruleKeys(r *rules.Rule, budget *rules.Budget, detectors func(string) ([]string, error)) []key {
	return []key{
		{name: "summary", value: plain(&r.Summary, "a sentence"), doc: "What the rule is for."},
		{name: "when", table: conditionKeys(&r.When, budget, detectors), required: true, doc: "the condition; all of its parts must hold"},
		{name: "routes", value: paths(&r.Routes), doc: "The paths that the rule applies to; without it every path."},
		{name: "except", value: paths(&r.Except), doc: "The paths that it does not apply to."},
		{name: "action", value: action(&r.Action), required: true, doc: `"pass", "harden", "redact" or "block"`},
		{name: "redact", table: redactKeys(&r.Redact), doc: "How values are made unreadable."},
		{name: "mode", value: mode(&r.Mode), doc: "Whether the rule acts, or only records what it would have done."},
	}
}

func conditionKeys(c *rules.Condition, budget *rules.Budget, detectors func(string) ([]string, error)) []key {
	return []key{
		{name: "people", value: integer{&c.People, 1, maxPeople}, doc: "At least so many distinct people are in the response."},
		{name: "signed_in", value: optional[bool]{&c.SignedIn, trueOrFalse}, doc: "Whether the client is signed in; without it either."},
		{name: "special", value: boolean{&c.Special}, doc: "Special category data (health, religion, convictions ...) stands beside a person."},
		{name: "detectors", value: list[string]{&c.Detectors, detectors, same, `detector ids such as "email" or "secret.*" (stanch detectors lists them)`}, doc: "At least one of these was found; `*` at the end stands for all of a family."},
		{name: "findings", value: integer{&c.Findings, 1, maxPeople}, doc: "At least so many findings, of detectors where those are named."},
		{name: "confidence", value: text[rules.Confidence]{&c.Confidence, parseText[rules.Confidence], rules.Confidence.String, `"low", "medium" or "high"`}, doc: "Findings below it do not count; medium unless set."},
		{name: "formats", value: list[rules.Format]{&c.Formats, one(parseText[rules.Format]), rules.Format.String, `formats such as "xlsx" or "csv"`}, doc: "What the body is, by its content."},
		{name: "budget", table: budgetKeys(budget), doc: "More than so many distinct people were read over time."},
	}
}

func budgetKeys(b *rules.Budget) []key {
	return []key{
		{name: "people", value: integer{&b.People, 1, maxPeople}, required: true, doc: "how many distinct people may be read"},
		{name: "per", value: duration(&b.Per, minPer, maxPer), required: true, doc: `the sliding window, such as "1h"`},
		{name: "by", value: text[rules.BudgetScope]{&b.By, parseText[rules.BudgetScope], rules.BudgetScope.String, `"client", "route" or "all"`}, doc: "Whose reading is added up."},
	}
}

func redactKeys(r *rules.Redaction) []key {
	return []key{
		{name: "style", value: text[rules.RedactionStyle]{&r.Style, parseText[rules.RedactionStyle], rules.RedactionStyle.String, `"mask", "label", "hash" or "remove"`}, doc: "How a value looks afterwards."},
		{name: "keep_last", value: integer{&r.KeepLast, 0, maxKeep}, doc: "Characters left readable at the end of a mask, never more than a third of the value."},
	}
}

func routeKeys(r *rules.Route) []key {
	return []key{
		{name: "paths", value: paths(&r.Paths), required: true, doc: "the paths of the route"},
		{name: "uninspected", value: optional[rules.Action]{&r.Uninspected, passOrBlock}, doc: "What a body gets that cannot be inspected, instead of [inspect] uninspected."},
		{name: "skip", value: boolean{&r.Skip}, doc: "Bodies of this route are not inspected at all."},
		{name: "websocket", value: boolean{&r.WebSocket}, doc: "Upgrades to WebSocket are allowed, without compression; each message is inspected."},
	}
}

func exemptionKeys(e *rules.Exemption) []key {
	return []key{
		{name: "rules", value: list[string]{&e.Rules, one(asIs), same, "rule ids"}, required: true, doc: "the rules that are lifted"},
		{name: "routes", value: paths(&e.Routes), doc: "The paths it is for; without it every path."},
		{name: "clients", value: list[netip.Prefix]{&e.Clients, one(parsePrefix), netip.Prefix.String, `networks such as "10.2.0.0/16"`}, doc: "The clients it is for; without it everybody."},
		{name: "people", value: integer{&e.People, 1, maxPeople}, required: true, doc: "the ceiling: with more people than this the rules hold again"},
		{name: "owner", value: plain(&e.Owner, "who answers for it"), required: true, doc: "who answers for it"},
		{name: "reason", value: plain(&e.Reason, "why"), required: true, doc: "why it is needed"},
		{name: "expires", value: day{&e.Expires}, required: true, doc: "the day from which on it is over, such as 2027-03-31"},
	}
}

func address(to *string) value {
	return text[string]{to, parseAddress, same, `an address such as ":8080" or "127.0.0.1:9901"`}
}

func file(to *string) value { return text[string]{to, asIs, same, "a file name"} }

func folder(to *string) value { return text[string]{to, asIs, same, "a folder"} }

func mode(to *rules.Mode) value {
	return text[rules.Mode]{to, parseText[rules.Mode], rules.Mode.String, `"enforce" or "monitor"`}
}

func action(to *rules.Action) value {
	return text[rules.Action]{to, parseText[rules.Action], rules.Action.String, `"pass", "harden", "redact" or "block"`}
}

func paths(to *[]string) value {
	return list[string]{to, one(parsePath), same, `path patterns such as "/exports/**"`}
}

// plain is a string that must say something.
func plain(to *string, want string) value {
	return text[string]{to, func(s string) (string, error) {
		if s == "" {
			return "", fmt.Errorf("must say %s, not be empty", want)
		}
		return s, nil
	}, same, "a string: " + want}
}

func passOrBlock(to *rules.Action) value {
	const want = `"pass" or "block"`
	return text[rules.Action]{to, func(s string) (rules.Action, error) {
		var a rules.Action
		if err := a.UnmarshalText([]byte(s)); err != nil || a != rules.Pass && a != rules.Block {
			return a, &rules.NameError{Kind: "answer to what cannot be inspected", Got: s, Allowed: []string{rules.Pass.String(), rules.Block.String()}}
		}
		return a, nil
	}, rules.Action.String, want}
}

func duration(to *time.Duration, least, most time.Duration) value {
	return text[time.Duration]{to, func(s string) (time.Duration, error) {
		d, err := parseDuration(s)
		if err == nil && (d < least || d > most) {
			err = fmt.Errorf("%q is out of range; allowed is %s to %s", s, short(least), short(most))
		}
		return d, err
	}, short, fmt.Sprintf("a duration from %q to %q", short(least), short(most))}
}

func size[T int | int64](to *T, least, most byteSize) value {
	return text[T]{to, func(s string) (T, error) {
		n, err := parseText[byteSize](s)
		if err == nil && (n < least || n > min(most, math.MaxInt)) {
			err = fmt.Errorf("%q is out of range; allowed is %s to %s", s, least, most)
		}
		return T(n), err
	}, func(n T) string { return byteSize(n).String() }, fmt.Sprintf("a size from %q to %q", least, most)}
}

// one makes the parser of a list whose elements stand for themselves.
func one[T any](parse func(string) (T, error)) func(string) ([]T, error) {
	return func(s string) ([]T, error) {
		value, err := parse(s)
		return []T{value}, err
	}
}

// asIs is the parser of strings that are checked elsewhere.
func asIs(s string) (string, error) { return s, nil }

// same is how a string looks in the reference.
func same(s string) string { return s }

// short writes a duration in days where it has several, and without its zero parts: "2m", not "2m0s".
func short(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= 2*day && d%day == 0 {
		return fmt.Sprintf("%dd", d/day)
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
