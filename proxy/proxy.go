package proxy

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"stanch/proxy/coding"
	"stanch/rules"
	"stanch/rules/inspect"
)

// A Proxy is an http.Handler that stands in front of one application. It is safe for concurrent use.
type Proxy struct {
	options   Options
	carrier   http.Handler
	transport *http.Transport
	identity  *identifier
	admission admission
	connected admission // counts connections, and no bytes
	buffers   buffers
	decoders  coding.Decoders
	clean     atomic.Pointer[cleanFields]
	hosts     map[string]bool
	watchdog  watchdog
	inspector func(Rules, rules.Exchange, inspect.Body) inspection
}

// inspection is what the proxy needs of an inspect.Inspector, whose documentation says what each method promises.
// It is an interface so that a test can put a scripted verdict, or a panic, into the path.
type inspection interface {
	Recognize(p []byte, coding string) bool
	Recall(first []byte, coding string) (course *inspect.Course, record bool)
	Record(p []byte)
	RecordLeft(came, left int64)
	StopRecording()
	Write(p []byte) (int, error)
	Flush()
	Fail(reason rules.Reason)
	Close() error
	Cleared() int64
	Changed() bool
	KeepLength()
	Release(w io.Writer) (int64, error)
	Verdict() rules.Verdict
	Report() inspect.Report
	Free()
}

var _ inspection = (*inspect.Inspector)(nil)

// New checks the options and returns a Proxy. The error reports every mistake in them.
func New(options Options) (*Proxy, error) {
	if err := options.check(); err != nil {
		return nil, err
	}
	identity, err := newIdentifier(&options)
	if err != nil {
		return nil, err
	}
	p := &Proxy{
		options:   options,
		transport: newTransport(&options),
		identity:  identity,
		admission: admission{bytes: options.Memory, requests: int64(options.Concurrency)},
		connected: admission{requests: int64(options.Connections)},
		watchdog:  watchdog{step: options.InspectionStep, heap: uint64(options.Heap)},
		inspector: func(current Rules, exchange rules.Exchange, body inspect.Body) inspection {
			return current.Engine.Inspect(exchange, body)
		},
	}
	if len(options.Hosts) > 0 {
		p.hosts = make(map[string]bool, len(options.Hosts))
		for _, host := range options.Hosts {
			p.hosts[strings.ToLower(host)] = true
		}
	}
	p.carrier = newCarrier(roundTripper{p}, options.Log)
	return p, nil
}

// ServeHTTP answers one request. It panics with http.ErrAbortHandler when an answer must not look complete.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.TLS == nil {
		r.TLS = tlsState(r.Context())
	}
	if r.Method == http.MethodConnect {
		// goproxy would open a tunnel that nothing inspects.
		w.Header().Set("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE")
		plainAnswer(w, http.StatusMethodNotAllowed)
		return
	}
	if p.hosts != nil && !p.hosts[hostName(r.Host)] {
		plainAnswer(w, http.StatusMisdirectedRequest)
		return
	}
	x := p.newExchange(w, r)
	if x.inspected() && strings.Count(r.URL.RawQuery, "&") >= maxParameters {
		plainAnswer(w, http.StatusBadRequest)
		x.outcome.StatusCode = http.StatusBadRequest
		x.observe()
		return
	}
	if p.options.Recording != nil && !p.options.Recording() {
		x.refuse(failureUnrecorded)
		return
	}
	if p.watchdog.full.Load() || !p.admission.enter(exchangeCost) {
		x.refuse(failureShed)
		return
	}
	defer p.admission.leave(exchangeCost)
	defer x.end()
	p.carrier.ServeHTTP(x.client, x.outgoing(r))
}

// refuse asks the client to come back later, with nothing asked of the application.
func (x *exchange) refuse(failure string) {
	x.outcome.Failure, x.outcome.StatusCode = failure, http.StatusServiceUnavailable
	x.client.Header().Set("Retry-After", "1")
	plainAnswer(x.client, http.StatusServiceUnavailable)
	x.observe()
}

// An exchange is one request with its answer. Its fields are used by the goroutine that serves the request, but for echo and deadlines, which lock themselves.
type exchange struct {
	proxy    *Proxy
	rules    Rules
	route    *rules.Route
	client   http.ResponseWriter
	control  *http.ResponseController
	conn     *checkedConn    // the client's connection where small writes can be gathered; nil elsewhere
	request  *http.Request   // as it came in
	ctx      context.Context // of the request to the application
	cancel   context.CancelCauseFunc
	idle     *time.Timer    // cancels the exchange with errUpstreamIdle
	stream   *stream        // the body under inspection; nil when there is none
	fetched  *http.Response // the application's answer as the transport keeps it: its trailers come there while its body is read
	tunnel   *tunnel        // the messages under inspection after an upgrade; nil when there are none
	hijacked net.Conn       // the client's connection after an upgrade
	working  atomic.Int64   // when the step of the inspection began that is under way, in nanoseconds since 1970; 0 for none
	settled  atomic.Bool    // the observer has been told
	abort    error          // why the answer must not end cleanly; nil lets it
	echo     *echo
	deadline deadlines
	outcome  rules.Outcome
}

type exchangeKey struct{}

// The failures an Outcome may tell of.
const (
	failureUnreachable = "upstream_unreachable"
	failureTimeout     = "upstream_timeout"
	failureAborted     = "upstream_aborted"
	failureClient      = "client_gone"
	failurePanic       = "panic"
	failureShed        = "shed"
	failureUnrecorded  = "unrecorded"
	failureHang        = "hang"
	failureMemory      = "memory"
)

var (
	errUpstreamIdle = errors.New("proxy: the application was silent for too long")
	errBlocked      = errors.New("proxy: blocked in mid-body")
	errUpstream     = errors.New("proxy: the application broke off")
	errGivenUp      = errors.New("proxy: inspection did not come back in time")
	errPanic        = errors.New("proxy: inspection failed")
)

// methods are those an Outcome names; any other is "OTHER", so that metrics stay bounded.
var methods = map[string]string{"GET": "GET", "HEAD": "HEAD", "POST": "POST", "PUT": "PUT", "PATCH": "PATCH", "DELETE": "DELETE",
	"OPTIONS": "OPTIONS", "TRACE": "TRACE"}

func (p *Proxy) newExchange(w http.ResponseWriter, r *http.Request) *exchange {
	x := &exchange{proxy: p, rules: p.options.Rules(), client: w, control: http.NewResponseController(w), request: r, conn: gathering(r)}
	x.outcome.Exchange = p.identity.exchange(r)
	x.outcome.Method = methods[r.Method]
	if x.outcome.Method == "" {
		x.outcome.Method = "OTHER"
	}
	if x.route = x.rules.Engine.Policy().RouteOf(x.outcome.Exchange.Route); x.route != nil {
		x.outcome.RouteName = x.route.Name
	}
	return x
}

// inspected reports whether bodies of this exchange are inspected. An ambiguous path gets no exception.
func (x *exchange) inspected() bool {
	return x.route == nil || !x.route.Skip || x.outcome.Exchange.Ambiguous
}

// end releases what the exchange holds, tells the observer, and aborts the connection when the answer must not look complete.
func (x *exchange) end() {
	fault := recover()
	x.deadline.end()
	if x.cancel != nil {
		x.cancel(context.Canceled)
	}
	if x.stream != nil {
		x.stream.finish()
	}
	if x.tunnel != nil {
		x.tunnel.finish()
	}
	x.proxy.watchdog.remove(x)
	if x.idle != nil {
		x.idle.Stop()
	}
	if x.hijacked != nil {
		x.hijacked.Close() // goproxy leaves it open when the application ends first
	}
	if fault != nil && fault != http.ErrAbortHandler {
		x.fault()
		x.abort = errPanic
	}
	if !x.observe() {
		x.abort = errGivenUp
	}
	if x.abort != nil || fault != nil {
		panic(http.ErrAbortHandler)
	}
}

// observe tells the observer, unless the watchdog has.
func (x *exchange) observe() bool {
	if !x.settled.CompareAndSwap(false, true) {
		return false
	}
	if x.proxy.options.Observer != nil {
		x.proxy.options.Observer.Observe(&x.outcome)
	}
	return true
}

// fail notes how the exchange failed; the first failure is the cause of the later ones.
func (x *exchange) fail(failure string) {
	if x.outcome.Failure == "" {
		x.outcome.Failure = failure
	}
}

// fault notes a panic by its place. The panic's own text may quote the body, and so it is not logged.
func (x *exchange) fault() { x.faultAt(inspect.PanicPlace()) }

func (x *exchange) faultAt(place string) {
	x.fail(failurePanic)
	x.proxy.options.Log.Error("inspection panicked; the answer was withheld", "place", place)
}

// incident returns the random id that joins what the client sees to the audit event.
func (x *exchange) incident() string {
	if x.outcome.Incident == "" {
		var id [12]byte
		rand.Read(id[:])
		x.outcome.Incident = hex.EncodeToString(id[:])
	}
	return x.outcome.Incident
}

// beginWrite gives the client its time to take the next bytes, and begins to gather them.
func (x *exchange) beginWrite() {
	x.control.SetWriteDeadline(time.Now().Add(x.proxy.options.ClientIdle))
	if x.conn != nil {
		x.conn.gather(&x.proxy.buffers)
	}
}

// endWrite sends what was gathered. From an HTTP/2 stream it takes the deadline back, which would end the stream even while nothing is being written.
func (x *exchange) endWrite() error {
	if x.conn != nil {
		return x.conn.endGather()
	}
	if x.request.ProtoMajor > 1 {
		x.control.SetWriteDeadline(time.Time{})
	}
	return nil
}

func plainAnswer(w http.ResponseWriter, status int) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, http.StatusText(status), status)
}
