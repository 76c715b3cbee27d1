package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	signedIn     = "sessionid=one"
	bulkPeople   = 50 // the threshold of the built-in rule
	largePeople  = 30_000
	preludeLines = 4000
)

// TestServeCutsABulkLeak serves 30,000 people, at once and behind a long harmless beginning.
func TestServeCutsABulkLeak(t *testing.T) {
	list := applicants(largePeople)
	var late bytes.Buffer
	late.Write(list[:bytes.IndexByte(list, '\n')+1])
	for n := range preludeLines {
		fmt.Fprintf(&late, "row %d,nothing,to,see,,here,,\r\n", n)
	}
	late.Write(list[bytes.IndexByte(list, '\n')+1:])
	few := applicants(5)
	bodies := map[string][]byte{"/list": list, "/late": late.Bytes(), "/few": few}
	if len(list) < 5<<20 {
		t.Fatalf("the list has only %d bytes", len(list))
	}
	p := startServe(t, newApplication(t, func(w http.ResponseWriter, r *http.Request) {
		body := bodies[r.URL.Path]
		w.Header().Set("Content-Type", "text/csv")
		w.Header().Set("ETag", `"v1"`)
		if r.URL.Query().Has("length") {
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		}
		w.Write(body)
	}), "")
	for protocol, client := range clients() {
		for _, path := range []string{"/list", "/list?length", "/late", "/late?length"} {
			response, body, err := fetch(t, client, p.site+path, "Cookie", signedIn, "Accept-Encoding", "identity")
			if response == nil && strings.Contains(path, "late") {
				continue // a client of HTTP/2 may see the reset before the head
			}
			if response == nil {
				t.Fatal(err)
			}
			released := bytes.Count(body, []byte("@example.org"))
			if released > bulkPeople-1 {
				t.Errorf("%s %s: %d people left", protocol, path, released)
			}
			if response.StatusCode == http.StatusOK && err == nil {
				t.Errorf("%s %s: the cut looks like a clean end after %d bytes", protocol, path, len(body))
			}
			t.Logf("%s %s: status %d, %d bytes and %d people released, then %v", protocol, path, response.StatusCode, len(body), released, err)
		}
		for _, path := range []string{"/few", "/few?length"} {
			response, body, err := fetch(t, client, p.site+path, "Cookie", signedIn, "Accept-Encoding", "identity")
			if err != nil || response.StatusCode != http.StatusOK || !bytes.Equal(body, few) || response.Header.Get("ETag") != `"v1"` {
				t.Errorf("%s %s: %v, status %v, %d bytes of %d", protocol, path, err, response.Status, len(body), len(few))
			}
		}
	}
	if n := p.metric(t, "stanch_responses_total", `verdict="block"`); n != 8 {
		t.Errorf("%v blocked responses were counted, want 8", n)
	}
	if strings.Contains(p.printed(), "@example.org") || strings.Contains(p.printed(), "07700") {
		t.Error("a log or an audit event holds a matched value")
	}
}

func TestServeHoldsNoLargeBody(t *testing.T) {
	const size = 1 << 30
	line := []byte("2026-06-01T12:00:00Z level=info msg=\"request served\" id=4711 took=12ms size=20480\n")
	chunk := bytes.Repeat(line, 400)
	p := startServe(t, newApplication(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		for sent := 0; sent < size; sent += len(chunk) {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}), "")
	fetch(t, http.DefaultClient, p.site+"/small?"+"warm")
	before := p.residentMemory(t)
	response, err := http.Get(p.site + "/large")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var read, most int64
	buffer := make([]byte, 1<<20)
	for {
		n, err := response.Body.Read(buffer)
		if read>>26 != (read+int64(n))>>26 {
			most = max(most, p.residentMemory(t))
		}
		read += int64(n)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if read < size {
		t.Errorf("%d bytes arrived of %d", read, size)
	}
	if grown := most - before; grown >= 64<<20 {
		t.Errorf("the process grew by %d MiB", grown>>20)
	} else {
		t.Logf("%d MiB passed, the process grew by %d MiB", read>>20, grown>>20)
	}
}

// TestServePassesEventsOn expects each event before the application sends the next.
func TestServePassesEventsOn(t *testing.T) {
	next := make(chan struct{})
	p := startServe(t, newApplication(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for n := range 20 {
			fmt.Fprintf(w, "data: {\"sent\": %d, \"n\": %d}\n\n", time.Now().UnixMicro(), n)
			http.NewResponseController(w).Flush()
			select {
			case <-next:
			case <-r.Context().Done():
				return
			}
		}
	}), "")
	response, err := http.Get(p.site + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var slowest time.Duration
	buffer := make([]byte, 4096)
	for n := range 20 {
		got, err := response.Body.Read(buffer)
		if err != nil || !bytes.HasSuffix(buffer[:got], []byte("\n\n")) {
			t.Fatalf("event %d: %q, %v", n, buffer[:got], err)
		}
		var sent int64
		fmt.Sscanf(string(buffer[:got]), "data: {\"sent\": %d", &sent)
		slowest = max(slowest, time.Since(time.UnixMicro(sent)))
		next <- struct{}{}
	}
	t.Logf("20 events, the slowest after %v", slowest)
}

func TestServeLeavesNothingOfAbortedClients(t *testing.T) {
	const aborted = 1000
	p := startServe(t, newApplication(t, func(w http.ResponseWriter, r *http.Request) {
		for {
			if _, err := io.WriteString(w, "a line of the stream\n"); err != nil {
				return
			}
			if http.NewResponseController(w).Flush() != nil || r.Context().Err() != nil {
				return
			}
			time.Sleep(time.Millisecond)
		}
	}), "")
	fetch(t, http.DefaultClient, p.admin+"/livez")
	before := p.metric(t, "go_goroutines")
	var group sync.WaitGroup
	slots := make(chan struct{}, 50)
	for range aborted {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			request, _ := http.NewRequestWithContext(ctx, http.MethodGet, p.site+"/stream", nil)
			response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
			if err != nil {
				t.Error(err)
				return
			}
			io.ReadFull(response.Body, make([]byte, 10))
			cancel()
			response.Body.Close()
		})
	}
	group.Wait()
	const slack = 5 // the runtime's own and the scrape's
	deadline := time.Now().Add(20 * time.Second)
	after := p.metric(t, "go_goroutines")
	for after > before+slack && time.Now().Before(deadline) {
		time.Sleep(100 * time.Millisecond)
		after = p.metric(t, "go_goroutines")
	}
	if after > before+slack {
		t.Errorf("%v goroutines before, %v after", before, after)
	}
	t.Logf("%v goroutines before, %v after %d aborted clients", before, after, aborted)
}

func TestServeKeepsItsRulesWhenNewOnesAreWrong(t *testing.T) {
	app := newApplication(t, func(w http.ResponseWriter, r *http.Request) { w.Write(applicants(5)) })
	config := filepath.Join(t.TempDir(), "stanch.toml")
	write := func(action string) {
		t.Helper()
		text := "version = 1\n[rule.list]\nsummary = \"a list\"\nwhen = { people = 3 }\naction = \"" + action + "\"\n"
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("block")
	p := startServe(t, app, config)
	status := func() int {
		t.Helper()
		response, _, err := fetch(t, http.DefaultClient, p.site+"/")
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode
	}
	if got := status(); got != http.StatusForbidden {
		t.Fatalf("status %d under a blocking rule", got)
	}
	reload := func(metric string) {
		t.Helper()
		before := p.metric(t, metric)
		p.command.Process.Signal(syscall.SIGHUP)
		for deadline := time.Now().Add(20 * time.Second); p.metric(t, metric) == before; time.Sleep(50 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s has not moved: %s", metric, p.printed())
			}
		}
	}
	write("blok")
	reload("stanch_config_reload_failed_total")
	if got := status(); got != http.StatusForbidden {
		t.Errorf("status %d after a wrong file: the rules in force are gone", got)
	}
	if !strings.Contains(p.printed(), "blok") {
		t.Error("the log does not say what is wrong")
	}
	if response, _, err := fetch(t, http.DefaultClient, p.admin+"/readyz"); err != nil || response.StatusCode != http.StatusOK {
		t.Error("a wrong file made the process unready")
	}
	write("harden")
	reload("stanch_config_reloads_total")
	if got := status(); got != http.StatusOK {
		t.Errorf("status %d under the new rule", got)
	}
}

func TestServeAnswersWhenTheApplicationDoesNot(t *testing.T) {
	nobody := closedPort(t)
	p := startServe(t, "http://"+nobody, "")
	for protocol, client := range clients() {
		response, body, err := fetch(t, client, p.site+"/")
		if err != nil || response.StatusCode != http.StatusBadGateway {
			t.Fatalf("%s: %v, %v", protocol, response, err)
		}
		_, port, _ := strings.Cut(nobody, ":")
		if strings.Contains(string(body), port) || strings.Contains(fmt.Sprint(response.Header), port) {
			t.Errorf("%s: the answer tells the application's address: %s", protocol, body)
		}
	}
}

func TestServeTrustsNoCoding(t *testing.T) {
	p := startServe(t, newApplication(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", r.URL.Query().Get("says"))
		w.Write([]byte("this was never compressed; write to ann@example.org\n"))
	}), "")
	for _, says := range []string{"gzip", "br", "zstd", "deflate", "compress", "gzip, gzip, gzip"} {
		response, body, err := fetch(t, &http.Client{Transport: &http.Transport{DisableCompression: true}}, p.site+"/?says="+strings.ReplaceAll(says, " ", "%20"))
		if err != nil || response.StatusCode != http.StatusForbidden || bytes.Contains(body, []byte("@example.org")) {
			t.Errorf("%s: %v, %v, %q", says, response, err, body)
		}
	}
	if n := p.metric(t, "stanch_responses_total", `verdict="block"`); n != 6 {
		t.Errorf("%v blocked responses were counted, want 6", n)
	}
}

// TestServeBlocksWhatItCannotRedact asks for an archive under a rule that redacts: it is blocked, and the audit says why.
func TestServeBlocksWhatItCannotRedact(t *testing.T) {
	rules := filepath.Join(t.TempDir(), "rules.toml")
	if err := os.WriteFile(rules, []byte("version = 1\n[rule.page]\nsummary = \"A page of people\"\nwhen = { people = 2 }\naction = \"redact\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := startServe(t, newApplication(t, func(w http.ResponseWriter, r *http.Request) { w.Write(tarOf("list.csv", applicants(5))) }), rules)
	response, body, err := fetch(t, http.DefaultClient, p.site+"/list.tar")
	if err != nil || response.StatusCode != http.StatusForbidden || bytes.Contains(body, []byte("@example.org")) {
		t.Errorf("%v, %v, %d bytes", response, err, len(body))
	}
	for _, want := range []string{`"unredactable":true`, `"verdict":"block"`, `"rules":["page"]`, `"people":5`, "could not be redacted"} {
		for wait := 0; wait < 500 && !strings.Contains(p.printed(), want); wait++ {
			time.Sleep(10 * time.Millisecond)
		}
		if !strings.Contains(p.printed(), want) {
			t.Errorf("no %s in the audit", want)
		}
	}
}
