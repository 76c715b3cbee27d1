package conformance

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/summerwind/h2spec/config"
	"github.com/summerwind/h2spec/generic"
	"github.com/summerwind/h2spec/hpack"
	"github.com/summerwind/h2spec/http2"
	"github.com/summerwind/h2spec/spec"

	"stanch/proxy"
	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/inspect"
)

// caseTimeout is how long h2spec waits for an answer that does not come.
const caseTimeout = 2 * time.Second

// leastCases is fewer than h2spec has: a run of less has tested nothing.
const leastCases = 140

// page is what both servers answer.
func page(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "text/plain")
	io.WriteString(w, "a page that holds nobody\n")
}

// TestConformanceEqualsNetHTTP runs all of h2spec against stanch and against a plain net/http server, without and with TLS. What net/http passes, stanch
// passes.
func TestConformanceEqualsNetHTTP(t *testing.T) {
	if os.Getenv("STANCH_E2E") != "1" {
		t.Skip("h2spec runs with STANCH_E2E=1")
	}
	both := new(http.Protocols)
	both.SetHTTP1(true)
	both.SetHTTP2(true)
	both.SetUnencryptedHTTP2(true)
	plain := httptest.NewUnstartedServer(http.HandlerFunc(page))
	plain.Config.Protocols = both
	plain.Start()
	defer plain.Close()
	secure := httptest.NewUnstartedServer(http.HandlerFunc(page))
	secure.EnableHTTP2 = true
	secure.StartTLS()
	defer secure.Close()
	for _, c := range []struct {
		name      string
		encrypted bool
		reference string
	}{{"without TLS", false, plain.Listener.Addr().String()}, {"with TLS", true, secure.Listener.Addr().String()}} {
		t.Run(c.name, func(t *testing.T) {
			var certificate *tls.Certificate
			if c.encrypted {
				certificate = &secure.TLS.Certificates[0]
			}
			cases, want := conform(t, c.reference, c.encrypted)
			ours, got := conform(t, stanch(t, plain.URL, certificate), c.encrypted)
			t.Logf("h2spec: of %d cases net/http passes %d, stanch %d of %d", cases, cases-len(want), ours-len(got), ours)
			if cases < leastCases || ours != cases {
				t.Errorf("%d cases were run against net/http, %d against stanch", cases, ours)
			}
			for _, name := range got {
				if slices.Contains(want, name) {
					t.Logf("neither passes %s", name)
				} else {
					t.Errorf("net/http passes %s, stanch does not", name)
				}
			}
		})
	}
}

// conform returns how many cases were run, and the names of those that were not passed.
func conform(t *testing.T, address string, encrypted bool) (cases int, failed []string) {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	c := &config.Config{Host: host, Port: number, Path: "/", Timeout: caseTimeout, MaxHeaderLen: 4000, TLS: encrypted, Insecure: true}
	for _, group := range []*spec.TestGroup{generic.Spec(), http2.Spec(), hpack.Spec()} {
		group.Test(c)
		cases += group.FailedCount + group.SkippedCount + group.PassedCount
		failed = appendFailed(failed, group)
	}
	return cases, failed
}

func appendFailed(failed []string, group *spec.TestGroup) []string {
	for i, test := range group.Tests {
		if test.Result != nil && test.Result.Failed {
			failed = append(failed, group.ID()+"/"+strconv.Itoa(i+1)+": "+test.Desc)
		}
	}
	for _, inner := range group.Groups {
		failed = appendFailed(failed, inner)
	}
	return failed
}

// stanch serves an application, and returns its address; nil means without TLS.
func stanch(t *testing.T, upstream string, certificate *tls.Certificate) string {
	t.Helper()
	target, err := url.Parse(upstream)
	if err != nil {
		t.Fatal(err)
	}
	set, err := detect.Compile(detect.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	engine, err := inspect.NewEngine(inspect.Options{Policy: &rules.Policy{Uninspected: rules.Block}, Detectors: set})
	if err != nil {
		t.Fatal(err)
	}
	options := proxy.Options{Upstream: target, Rules: func() proxy.Rules { return proxy.Rules{Engine: engine} }, Log: slog.New(slog.DiscardHandler), Drain: time.Second}
	if certificate != nil {
		encrypted := proxy.ServerTLS(*certificate, nil, tls.VersionTLS12)
		options.TLS = func() *tls.Config { return encrypted }
	}
	p, err := proxy.New(options)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Serve(ctx, listener) }()
	t.Cleanup(func() { cancel(); <-done })
	return listener.Addr().String()
}
