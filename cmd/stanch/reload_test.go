package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// writeCertificate writes a certificate that names its serial number, and its key.
func writeCertificate(t *testing.T, folder string, serial int64, ends time.Time) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "stanch.test"}, NotBefore: time.Now().Add(-2 * time.Hour),
		NotAfter: ends, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"server.pem": {Type: "CERTIFICATE", Bytes: der}, "server.key": {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(filepath.Join(folder, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// writeRules writes a configuration with TLS whose only rule blocks so many people.
func writeRules(t *testing.T, folder string, people int) string {
	t.Helper()
	path := filepath.Join(folder, "stanch.toml")
	text := fmt.Sprintf("version = 1\n[server]\ndrain = \"20s\"\n[listener]\ncertificate = \"server.pem\"\nkey = \"server.key\"\n"+
		"[rule.list]\nsummary = \"a list\"\nwhen = { people = %d }\naction = \"block\"\n", people)
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
	return path
}

// secureClients are a client of each protocol that the listener speaks with TLS.
func secureClients() map[string]*http.Client {
	all := map[string]*http.Client{}
	for name, http2 := range map[string]bool{"HTTP/1.1 with TLS": false, "HTTP/2 with TLS": true} {
		transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, Protocols: new(http.Protocols), MaxIdleConnsPerHost: 16}
		transport.Protocols.SetHTTP1(!http2)
		transport.Protocols.SetHTTP2(http2)
		all[name] = &http.Client{Transport: transport, Timeout: time.Minute}
	}
	return all
}

const reloads = 200

// TestReloadsUnderLoadLoseNothing changes the rules 200 times, and the certificate ten times, while clients of HTTP/1.1 and HTTP/2 ask without a pause and
// an answer streams through it all. None may fail, and none may be judged by half of two rule files.
func TestReloadsUnderLoadLoseNothing(t *testing.T) {
	folder := t.TempDir()
	writeCertificate(t, folder, 1, time.Now().Add(time.Hour))
	list := applicants(5)
	finish := make(chan bool)
	app := newApplication(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		if r.URL.Path == "/long" {
			w.Header().Set("Content-Type", "text/event-stream")
			io.WriteString(w, "data: begin\n\n")
			w.(http.Flusher).Flush()
			<-finish
			io.WriteString(w, "data: end\n\n")
			return
		}
		w.Write(list)
	})
	p := startServe(t, app, writeRules(t, folder, 9))
	site := strings.Replace(p.site, "http:", "https:", 1)
	clients := secureClients()
	long, err := clients["HTTP/1.1 with TLS"].Get(site + "/long")
	if err != nil {
		t.Fatal(err)
	}
	defer long.Body.Close()
	ctx, stop := context.WithCancel(t.Context())
	var asked, passed, blocked, lost atomic.Int64
	var group sync.WaitGroup
	for _, client := range clients {
		for range 3 {
			group.Go(func() {
				for ctx.Err() == nil {
					asked.Add(1)
					response, body, err := fetch(t, client, site+"/list")
					switch {
					case err != nil:
						lost.Add(1)
						t.Error(err)
					case response.StatusCode == http.StatusOK && bytes.Equal(body, list):
						passed.Add(1)
					case response.StatusCode == http.StatusForbidden && !bytes.Contains(body, []byte("@")):
						blocked.Add(1)
					default:
						lost.Add(1)
						t.Errorf("status %d with %d bytes", response.StatusCode, len(body))
					}
				}
			})
		}
	}
	begin := time.Now()
	for n := range reloads {
		if n%20 == 0 {
			writeCertificate(t, folder, int64(n)+2, time.Now().Add(time.Hour))
		}
		writeRules(t, folder, []int{3, 9}[n%2])
		p.command.Process.Signal(syscall.SIGHUP)
		p.reaches(t, "stanch_config_reloads_total", float64(n+1))
	}
	took := time.Since(begin)
	p.reaches(t, "stanch_certificate_reloads_total", 1)
	stop()
	group.Wait()
	close(finish)
	if rest, err := io.ReadAll(long.Body); err != nil || string(rest) != "data: begin\n\ndata: end\n\n" {
		t.Errorf("the answer that streamed through it all: %q, %v", rest, err)
	}
	if failed := p.metric(t, "stanch_config_reload_failed_total"); failed != 0 {
		t.Errorf("%v reloads failed: %s", failed, p.printed())
	}
	if lost.Load() != 0 || passed.Load() == 0 || blocked.Load() == 0 {
		t.Errorf("%d lost; both rule files must have been in force: %d passed, %d blocked", lost.Load(), passed.Load(), blocked.Load())
	}
	t.Logf("%d reloads in %v: %d requests, %d passed, %d blocked, %d lost", reloads, took.Round(time.Millisecond), asked.Load(), passed.Load(), blocked.Load(), lost.Load())
}

// reaches waits until a metric is at least as large as wanted.
func (p *process) reaches(t *testing.T, metric string, want float64) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); p.metric(t, metric) < want; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s has not reached %v: %s", metric, want, p.printed())
		}
	}
}

// TestCertificatesAreTakenOverOrRefused exchanges the certificate for a new one, for a key that is not its own, and for one that has ended.
func TestCertificatesAreTakenOverOrRefused(t *testing.T) {
	folder := t.TempDir()
	writeCertificate(t, folder, 1, time.Now().Add(time.Hour))
	p := startServe(t, newApplication(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "a page") }), writeRules(t, folder, 9))
	serial := func() int64 {
		t.Helper()
		conn, err := tls.Dial("tcp", strings.TrimPrefix(p.site, "http://"), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	failures := 0.0
	for n, c := range []struct {
		name   string
		change func()
		serial int64
	}{
		{"a new one, noticed", func() { writeCertificate(t, folder, 2, time.Now().Add(2*time.Hour)) }, 2},
		{"another's key", func() {
			certificate, _ := os.ReadFile(filepath.Join(folder, "server.pem"))
			writeCertificate(t, folder, 3, time.Now().Add(time.Hour))
			os.WriteFile(filepath.Join(folder, "server.pem"), certificate, 0o600)
		}, 2},
		{"one that has ended", func() { writeCertificate(t, folder, 4, time.Now().Add(-time.Hour)) }, 2},
		{"no certificate", func() { os.WriteFile(filepath.Join(folder, "server.pem"), []byte("half of"), 0o600) }, 2},
		{"a new one again", func() { writeCertificate(t, folder, 5, time.Now().Add(time.Hour)) }, 5},
	} {
		c.change()
		if n > 0 {
			p.command.Process.Signal(syscall.SIGHUP)
		}
		p.reaches(t, "stanch_certificate_reloads_total", float64(n+1))
		if c.serial == 2 && n > 0 {
			failures++
		}
		if got := p.metric(t, "stanch_certificate_reload_failed_total"); got != failures {
			t.Errorf("%s: %v failures, want %v", c.name, got, failures)
		}
		if got := serial(); got != c.serial {
			t.Errorf("%s: certificate %d is served, want %d", c.name, got, c.serial)
		}
	}
	if text := p.printed(); strings.Count(text, "the certificate in force stays") != int(failures) || strings.Contains(text, "PRIVATE KEY") {
		t.Errorf("the log says %s", text)
	}
}

// TestDrainTruncatesNothing ends the process while answers stream that end within the grace time, and one that does not begin before it.
func TestDrainTruncatesNothing(t *testing.T) {
	const streams = 100
	var begun sync.WaitGroup
	begun.Add(streams)
	p := startServe(t, newApplication(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		for n := range 20 {
			fmt.Fprintf(w, "line %d of a text that holds nobody\n", n)
			w.(http.Flusher).Flush()
			if n == 0 {
				begun.Done()
			}
			time.Sleep(100 * time.Millisecond)
		}
	}), "")
	var group sync.WaitGroup
	var whole atomic.Int64
	all := clients()
	for n := range streams {
		client := all[[]string{"HTTP/1.1", "h2c"}[n%2]]
		group.Go(func() {
			response, body, err := fetch(t, client, p.site)
			if err != nil || response.StatusCode != http.StatusOK || bytes.Count(body, []byte("\n")) != 20 {
				t.Errorf("%d bytes, %v", len(body), err)
				return
			}
			whole.Add(1)
		})
	}
	begun.Wait()
	p.command.Process.Signal(syscall.SIGTERM)
	group.Wait()
	t.Logf("%d of %d answers that were streaming at SIGTERM arrived whole", whole.Load(), streams)
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		t.Error("the process did not end")
	}
	if code := p.command.ProcessState.ExitCode(); code != exitFine {
		t.Errorf("exit code %d: %s", code, p.printed())
	}
}
