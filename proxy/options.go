package proxy

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"stanch/rules"
	"stanch/rules/inspect"
)

// Options are what a Proxy is made of. Only Upstream and Rules are required.
type Options struct {
	// Upstream is the application: http://host:port, https://host:port, h2c://host:port (HTTP/2 without TLS) or unix:///path. It has no
	// path of its own; no request ever changes it.
	Upstream *url.URL
	// Rules tells what an exchange is judged by. It is called once at the head of each exchange, so a reload never reaches into one.
	Rules func() Rules
	// Observer is told of every finished exchange; nil means nobody is.
	Observer Observer
	// Log takes what goes wrong, without any text of a peer; nil means nothing is logged.
	Log *slog.Logger

	// TLS is the configuration of the next connection from a client, as ServerTLS makes it; nil means connections without TLS. What it returned may
	// not be changed afterwards: another certificate is another configuration.
	TLS func() *tls.Config
	// UpstreamCAs are whose certificates are believed of an https upstream; nil means the system's.
	UpstreamCAs *x509.CertPool

	// TrustedProxies are the networks whose X-Forwarded-* and Forwarded are believed; none means nobody's are.
	TrustedProxies []netip.Prefix
	// Hosts are the host names answered, without port; none means every one. Others get 421.
	Hosts []string
	// Identity says who a client is: "cookie:NAME", "header:NAME" or "address"; the first that is present counts. None means "address".
	Identity []string
	// SignedIn lists the cookies and headers ("cookie:NAME", "header:NAME") whose presence means that the client is signed in.
	SignedIn []string
	// Key keys the pseudonyms of clients; empty means a random key for the life of the process. At least 16 bytes.
	Key []byte

	// BlockStatus is what a blocked client gets: 403, 404 or 451; 0 means 403.
	BlockStatus int
	// PlainUpstream asks the application for bodies without a content coding wherever a rule may redact: redaction can then begin in mid-body,
	// where a compressed body would be cut.
	PlainUpstream bool
	// Window is how many bytes are read at most before the head of an answer leaves; 0 means inspect.DefaultWindow.
	Window int
	// Memory bounds the buffers of all answers together, in bytes; past it new requests get 503. 0 means DefaultMemory.
	Memory int64
	// Connections bounds the connections from clients at one time; one more is closed as soon as it is accepted. 0 means no bound.
	Connections int
	// Concurrency bounds the requests in flight; past it new ones get 503. 0 means as many as Memory allows.
	Concurrency int
	// Heap is how many bytes of memory may be in use in the whole process. Past it new requests get 503, and the inspection that has been at one step for
	// longest is given up. 0 means no bound.
	Heap int64
	// InspectionStep bounds one step of an inspection: a chunk, or a whole document. A detector that does not come back is given up, and its answer cut.
	// 0 means DefaultInspectionStep.
	InspectionStep time.Duration
	// MaxDecoded bounds what one compressed body may decode to, in bytes; 0 means coding.DefaultMaxDecoded.
	MaxDecoded int64

	// Recording reports whether what is decided can be recorded. While it says no, new requests get 503: nothing leaves that leaves no trace.
	// It is asked at the head of each request. Nil means that it always can.
	Recording func() bool

	// HeadTimeout bounds the wait for the application's response head; 0 means DefaultHeadTimeout.
	HeadTimeout time.Duration
	// UpstreamIdle bounds the silence of the application in mid-body; 0 means DefaultUpstreamIdle.
	UpstreamIdle time.Duration
	// ClientIdle bounds how long a client may take nothing of its answer, or give nothing of its request; 0 means DefaultClientIdle.
	ClientIdle time.Duration
	// Drain bounds how long Serve waits for answers in flight after its context is cancelled; 0 means DefaultDrain.
	Drain time.Duration
}

// Rules are what one exchange is judged by, taken together so that a reload never mixes old and new.
type Rules struct {
	Engine *inspect.Engine                        // required; its policy says what is skipped and where upgrades are allowed
	Budget func(rules.Exchange) inspect.Allowance // what the client read over time; nil, or a nil Allowance, means no budgets
}

// An Observer is told of every finished exchange. Observe is called by many goroutines at once and owns the outcome it is given.
type Observer interface {
	Observe(outcome *rules.Outcome)
}

// The defaults.
const (
	DefaultMemory = 256 << 20
	// DefaultInspectionStep is more than a document may take that is read, and read again to be redacted.
	DefaultInspectionStep = time.Minute
	DefaultHeadTimeout    = 60 * time.Second
	DefaultUpstreamIdle   = 5 * time.Minute
	DefaultClientIdle     = time.Minute
	DefaultDrain          = 25 * time.Second // less than the 30 s that Kubernetes waits before it kills
)

// minKey is the shortest key for pseudonyms, in bytes.
const minKey = 16

// check fills in the defaults and reports every mistake at once.
func (o *Options) check() error {
	var problems []error
	problems = append(problems, checkUpstream(o.Upstream))
	if o.Rules == nil {
		problems = append(problems, errors.New("proxy: Rules is missing"))
	}
	switch o.BlockStatus {
	case 0:
		o.BlockStatus = http.StatusForbidden
	case http.StatusForbidden, http.StatusNotFound, http.StatusUnavailableForLegalReasons:
	default:
		problems = append(problems, fmt.Errorf("proxy: BlockStatus is %d; allowed are 403, 404, 451", o.BlockStatus))
	}
	if len(o.Key) == 0 {
		o.Key = make([]byte, 2*minKey)
		rand.Read(o.Key)
	} else if len(o.Key) < minKey {
		problems = append(problems, fmt.Errorf("proxy: Key has %d bytes; at least %d are needed", len(o.Key), minKey))
	}
	if len(o.Identity) == 0 {
		o.Identity = []string{"address"}
	}
	orDefault(&o.Window, inspect.DefaultWindow)
	orDefault(&o.Memory, DefaultMemory)
	orDefault(&o.InspectionStep, DefaultInspectionStep)
	orDefault(&o.HeadTimeout, DefaultHeadTimeout)
	orDefault(&o.UpstreamIdle, DefaultUpstreamIdle)
	orDefault(&o.ClientIdle, DefaultClientIdle)
	orDefault(&o.Drain, DefaultDrain)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return errors.Join(problems...)
}

func orDefault[T int | int64 | time.Duration](value *T, fallback T) {
	if *value <= 0 {
		*value = fallback
	}
}

func checkUpstream(u *url.URL) error {
	if u == nil {
		return errors.New("proxy: Upstream is missing")
	}
	switch u.Scheme {
	case "http", "https", "h2c":
		if u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
			return errors.New("proxy: Upstream must be scheme://host:port, without user, path or query")
		}
	case "unix":
		if u.Path == "" || u.Host != "" {
			return errors.New("proxy: Upstream must be unix:///path of the socket")
		}
	default:
		return fmt.Errorf("proxy: Upstream has scheme %q; allowed are http, https, h2c, unix", u.Scheme)
	}
	return nil
}
