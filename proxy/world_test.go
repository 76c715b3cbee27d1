package proxy

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/inspect"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must happen; it is no measurement.
const patience = 10 * time.Second

// A world is an application, stanch in front of it, and clients, over real sockets.
type world struct {
	t        testing.TB
	proxy    *Proxy
	address  string // of the proxy
	secure   string // of the proxy, with TLS
	base     string
	outcomes *outcomes
	log      *syncBuffer
	lots     []*parkingLot // without and with TLS
	drain    func()        // ends serving
}

// outcomes keeps what the Observer was told.
type outcomes struct{ seen chan rules.Outcome }

func (o *outcomes) Observe(outcome *rules.Outcome) { o.seen <- *outcome }

// next is the next finished exchange.
func (w *world) next() rules.Outcome {
	w.t.Helper()
	select {
	case o := <-w.outcomes.seen:
		return o
	case <-time.After(patience):
		w.t.Fatal("no exchange was observed")
		return rules.Outcome{}
	}
}

type syncBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// blocking is a policy that lets pass what cannot be inspected, blocks three people, redacts one e-mail address on /redact/, and skips /skip/.
func blocking() *rules.Policy {
	strict := rules.Block
	return &rules.Policy{
		Rules: []rules.Rule{
			{ID: "bulk", When: rules.Condition{People: 3}, Action: rules.Block},
			{ID: "mask", When: rules.Condition{Detectors: []string{"email"}}, Routes: []string{"/redact/**"}, Action: rules.Redact},
			{ID: "quiet", When: rules.Condition{People: 1}, Action: rules.Harden},
		},
		Routes: []rules.Route{
			{Name: "skipped", Paths: []string{"/skip/**"}, Skip: true},
			{Name: "sockets", Paths: []string{"/socket/**"}, WebSocket: true},
			{Name: "strict", Paths: []string{"/strict/**"}, Uninspected: &strict},
		},
	}
}

// catalogue is compiled once for all tests: with the race detector it takes seconds.
var catalogue = sync.OnceValues(func() (*detect.Set, error) { return detect.Compile(detect.Catalogue()) })

func newEngine(t testing.TB, policy *rules.Policy) *inspect.Engine {
	t.Helper()
	set, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := inspect.NewEngine(inspect.Options{Policy: policy, Detectors: set, Repeats: 32 << 20})
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// newWorld starts stanch in front of an upstream; change may be nil.
func newWorld(t testing.TB, upstream string, change func(*Options, *Proxy)) *world {
	t.Helper()
	u, err := url.Parse(upstream)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, outcomes: &outcomes{make(chan rules.Outcome, 4096)}, log: &syncBuffer{}}
	engine := newEngine(t, blocking())
	options := Options{Upstream: u, Rules: func() Rules { return Rules{Engine: engine} }, Observer: w.outcomes, Drain: 2 * time.Second,
		Log: slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	if change != nil {
		change(&options, nil)
	}
	if w.proxy, err = New(options); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&options, w.proxy)
	}
	w.serve()
	return w
}

func (w *world) serve() {
	plain, encrypted := listen(w.t), listen(w.t)
	w.address, w.secure = plain.Addr().String(), encrypted.Addr().String()
	w.base = "http://" + w.address
	secured.Store(w.address, w.secure)
	encrypt := w.proxy.options.TLS
	if encrypt == nil {
		config := ServerTLS(worldCertificate(), nil, 0)
		encrypt = func() *tls.Config { return config }
	}
	ctx, cancel := context.WithCancel(context.Background())
	w.drain = cancel
	done := make(chan error, 2)
	w.lots = nil
	for _, listener := range []checkedListener{{plain, nil, &w.proxy.connected, newParkingLot(plain.Addr())},
		{encrypted, encrypt, &w.proxy.connected, newParkingLot(encrypted.Addr())}} {
		w.lots = append(w.lots, listener.lot)
		go func() { done <- w.proxy.serve(ctx, listener) }()
	}
	w.t.Cleanup(func() {
		cancel()
		secured.Delete(w.address)
		for range 2 {
			select {
			case <-done:
			case <-time.After(patience):
				w.t.Error("Serve did not return")
			}
		}
	})
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// worldCertificate is made once for all tests.
var worldCertificate = sync.OnceValue(func() tls.Certificate { return newCertificate("stanch.test").pair })

// secured leads from the address of each world to the one where it is served with TLS.
var secured sync.Map

// A securing carrier takes requests for a world to its address with TLS.
type securing struct{ *http.Transport }

// RoundTrip sends the request with TLS where its host is a world.
func (s securing) RoundTrip(r *http.Request) (*http.Response, error) {
	if address, ok := secured.Load(r.URL.Host); ok {
		r = r.Clone(r.Context())
		if r.Host == "" {
			r.Host = r.URL.Host
		}
		r.URL.Scheme, r.URL.Host = "https", address.(string)
	}
	return s.Transport.RoundTrip(r)
}

// application starts an application that speaks HTTP/1.1 and h2c.
func application(t testing.TB, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.Protocols = bothProtocols()
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

func bothProtocols() *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP1(true)
	p.SetUnencryptedHTTP2(true)
	return p
}

// rawApplication answers every connection's first request with the bytes given, and closes. What it was sent comes back on the channel.
func rawApplication(t testing.TB, answer string) (base string, requests <-chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	seen := make(chan string, 64)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				reader := bufio.NewReader(conn)
				var head strings.Builder
				for {
					line, err := reader.ReadString('\n')
					if err != nil {
						return
					}
					if head.WriteString(line); line == "\r\n" {
						break
					}
				}
				seen <- head.String()
				io.WriteString(conn, answer)
			}()
		}
	}()
	return "http://" + listener.Addr().String(), seen
}

// raw sends bytes on a connection of its own and returns all that comes back until it is closed.
func (w *world) raw(request string) string {
	w.t.Helper()
	conn, err := net.Dial("tcp", w.address)
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(conn, request); err != nil {
		w.t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !isReset(err) {
		w.t.Fatalf("the connection was not closed: %v", err)
	}
	return string(answer)
}

func isReset(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && !op.Timeout()
}

// A protocol is one way to speak to the proxy.
type protocol struct {
	name   string
	client *http.Client
}

// protocols are the clients that every contract is tested with.
func protocols(t testing.TB) []protocol {
	h1 := &http.Transport{DisableCompression: true}
	h2 := &http.Transport{DisableCompression: true, Protocols: new(http.Protocols)}
	h2.Protocols.SetUnencryptedHTTP2(true)
	believe := &tls.Config{InsecureSkipVerify: true}
	secure1 := &http.Transport{DisableCompression: true, TLSClientConfig: believe, Protocols: new(http.Protocols)}
	secure1.Protocols.SetHTTP1(true)
	secure2 := &http.Transport{DisableCompression: true, TLSClientConfig: believe.Clone(), Protocols: new(http.Protocols)}
	secure2.Protocols.SetHTTP2(true)
	t.Cleanup(func() {
		for _, transport := range []*http.Transport{h1, h2, secure1, secure2} {
			transport.CloseIdleConnections()
		}
	})
	refuse := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return []protocol{{"HTTP/1.1", &http.Client{Transport: h1, Timeout: patience, CheckRedirect: refuse}},
		{"HTTP/2", &http.Client{Transport: h2, Timeout: patience, CheckRedirect: refuse}},
		{"HTTP/1.1 with TLS", &http.Client{Transport: securing{secure1}, Timeout: patience, CheckRedirect: refuse}},
		{"HTTP/2 with TLS", &http.Client{Transport: securing{secure2}, Timeout: patience, CheckRedirect: refuse}}}
}

// eachProtocol runs a test for HTTP/1.1 and HTTP/2, without and with TLS.
func eachProtocol(t *testing.T, test func(t *testing.T, client *http.Client)) {
	for _, p := range protocols(t) {
		t.Run(p.name, func(t *testing.T) { test(t, p.client) })
	}
}

// get returns the answer and its whole body; err is that of the body.
func get(t testing.TB, client *http.Client, target string, header ...string) (response *http.Response, body string, err error) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	return do(t, client, request, header...)
}

func do(t testing.TB, client *http.Client, request *http.Request, header ...string) (*http.Response, string, error) {
	t.Helper()
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Add(header[i], header[i+1])
	}
	response, err := client.Do(request)
	if err != nil {
		return &http.Response{Header: http.Header{}}, "", err // an answer may be cut before its head has been seen
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, string(body), err
}

// crowd is a CSV of n people.
func crowd(n int) string {
	var b strings.Builder
	b.WriteString("name,email\n")
	for i := range n {
		b.WriteString("Person " + word(i) + "," + word(i) + "@example.org\n")
	}
	return b.String()
}

// word is a different word of letters for each number.
func word(n int) string {
	letters := []byte("aaaaaa")
	for i := len(letters) - 1; n > 0; i-- {
		letters[i] += byte(n % 26)
		n /= 26
	}
	return "q" + string(letters)
}
