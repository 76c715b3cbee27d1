package proxy

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// A certificate is its own authority.
type certificate struct {
	pair tls.Certificate
	pool *x509.CertPool
}

// newCertificate panics where it cannot make one: then no test can go on.
func newCertificate(name string) certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	c := certificate{tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, x509.NewCertPool()}
	c.pool.AddCert(leaf)
	return c
}

// dialTLS returns what a client and the listener agree on, and why they do not.
func dialTLS(address string, config *tls.Config) (*tls.ConnectionState, error) {
	config.InsecureSkipVerify = true
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: patience}, "tcp", address, config)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(100 * time.Millisecond))
	if _, err := conn.Read(make([]byte, 1)); err != nil {
		if timeout, ok := err.(net.Error); !ok || !timeout.Timeout() {
			return nil, err // with TLS 1.3 a server refuses a client's certificate after the client's side of the handshake
		}
	}
	state := conn.ConnectionState()
	return &state, nil
}

func TestTLSListenerSpeaksWhatIsAskedFor(t *testing.T) {
	authority, stranger := newCertificate("authority.test"), newCertificate("stranger.test")
	for _, c := range []struct {
		name    string
		server  *tls.Config
		client  *tls.Config
		alpn    string
		refused bool
	}{
		{"HTTP/2", ServerTLS(authority.pair, nil, 0), &tls.Config{NextProtos: []string{"http/1.1", "h2"}}, "h2", false},
		{"HTTP/1.1", ServerTLS(authority.pair, nil, 0), &tls.Config{NextProtos: []string{"http/1.1"}}, "http/1.1", false},
		{"a client without ALPN", ServerTLS(authority.pair, nil, 0), &tls.Config{}, "", false},
		{"an unknown protocol", ServerTLS(authority.pair, nil, 0), &tls.Config{NextProtos: []string{"smtp"}}, "", true},
		{"TLS 1.1", ServerTLS(authority.pair, nil, 0), &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, "", true},
		{"TLS 1.2", ServerTLS(authority.pair, nil, tls.VersionTLS12), &tls.Config{MaxVersion: tls.VersionTLS12}, "", false},
		{"TLS 1.2 where 1.3 is asked for", ServerTLS(authority.pair, nil, tls.VersionTLS13), &tls.Config{MaxVersion: tls.VersionTLS12}, "", true},
		{"a suite that HTTP/2 forbids", ServerTLS(authority.pair, nil, 0),
			&tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}}, "", true},
		{"no certificate where one is asked for", ServerTLS(authority.pair, authority.pool, 0), &tls.Config{}, "", true},
		{"a stranger's certificate", ServerTLS(authority.pair, authority.pool, 0), &tls.Config{Certificates: []tls.Certificate{stranger.pair}}, "", true},
		{"the right certificate", ServerTLS(authority.pair, authority.pool, 0), &tls.Config{Certificates: []tls.Certificate{authority.pair}}, "", false},
		{"the right certificate with TLS 1.2", ServerTLS(authority.pair, authority.pool, 0),
			&tls.Config{Certificates: []tls.Certificate{authority.pair}, MaxVersion: tls.VersionTLS12}, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, "http://127.0.0.1:1", func(o *Options, _ *Proxy) { o.TLS = func() *tls.Config { return c.server } })
			state, err := dialTLS(w.secure, c.client)
			if (err != nil) != c.refused {
				t.Fatalf("refused %v, want %v: %v", err != nil, c.refused, err)
			}
			if state != nil && state.NegotiatedProtocol != c.alpn {
				t.Errorf("agreed on %q, want %q", state.NegotiatedProtocol, c.alpn)
			}
		})
	}
}

// TestNewCertificateCountsFromTheNextConnection exchanges the certificate while a connection is open: it goes on with the old one.
func TestNewCertificateCountsFromTheNextConnection(t *testing.T) {
	first, second := newCertificate("first.test"), newCertificate("second.test")
	var current atomic.Pointer[tls.Config]
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("a page")) }),
		func(o *Options, _ *Proxy) { o.TLS = current.Load })
	for _, http2 := range []bool{false, true} {
		current.Store(ServerTLS(first.pair, nil, 0))
		ask := func(client *http.Client) string {
			response, body, err := get(t, client, "https://"+w.secure)
			if err != nil || body != "a page" || (response.ProtoMajor == 2) != http2 {
				t.Fatalf("%v, %q, %v", response.Proto, body, err)
			}
			return response.TLS.PeerCertificates[0].Subject.CommonName
		}
		old, fresh := secureClient(t, http2), secureClient(t, http2)
		if name := ask(old); name != "first.test" {
			t.Fatalf("served %s", name)
		}
		current.Store(ServerTLS(second.pair, nil, 0))
		if name := ask(old); name != "first.test" {
			t.Errorf("the open connection ended: %s", name)
		}
		if name := ask(fresh); name != "second.test" {
			t.Errorf("a new connection got %s", name)
		}
	}
}

func secureClient(t *testing.T, http2 bool) *http.Client {
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, Protocols: new(http.Protocols)}
	transport.Protocols.SetHTTP1(!http2)
	transport.Protocols.SetHTTP2(http2)
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: patience}
}

func TestEncryptedRequestsAreToldAsSuch(t *testing.T) {
	protos := make(chan string, 1)
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) { protos <- r.Header.Get("X-Forwarded-Proto") }), nil)
	for _, p := range protocols(t) {
		want := "http"
		if _, encrypted := p.client.Transport.(securing); encrypted {
			want = "https"
		}
		if _, _, err := get(t, p.client, w.base); err != nil {
			t.Fatal(err)
		}
		if got := <-protos; got != want {
			t.Errorf("%s: the application was told %q", p.name, got)
		}
	}
}

// TestUpstreamTLS believes the authorities it was given and no others, and speaks HTTP/2 to an application that does.
func TestUpstreamTLS(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		seen := make(chan int, 1)
		app := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen <- r.ProtoMajor
			w.Write([]byte(crowd(2)))
		}))
		app.EnableHTTP2 = http2
		app.StartTLS()
		t.Cleanup(app.Close)
		pool := x509.NewCertPool()
		pool.AddCert(app.Certificate())
		w := newWorld(t, app.URL, func(o *Options, _ *Proxy) { o.UpstreamCAs = pool })
		stranger := newWorld(t, app.URL, nil)
		eachProtocol(t, func(t *testing.T, client *http.Client) {
			response, body, err := get(t, client, w.base)
			if err != nil || response.StatusCode != http.StatusOK || body != crowd(2) {
				t.Fatalf("%d, %q, %v", response.StatusCode, body, err)
			}
			if major := <-seen; (major == 2) != http2 {
				t.Errorf("the application was spoken to in HTTP/%d", major)
			}
			if response, _, err := get(t, client, stranger.base); err != nil || response.StatusCode != http.StatusBadGateway {
				t.Errorf("an application with a stranger's certificate was asked: %d, %v", response.StatusCode, err)
			}
		})
	}
}

func TestServerTLSNamesTheProtocolsInOrder(t *testing.T) {
	if config := ServerTLS(tls.Certificate{}, nil, tls.VersionTLS10); !slices.Equal(config.NextProtos, []string{"h2", "http/1.1"}) || config.MinVersion != tls.VersionTLS12 {
		t.Errorf("got %v from %x on", config.NextProtos, config.MinVersion)
	}
}
