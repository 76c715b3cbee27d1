package proxy

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/inspect"
)

// The columns of the matrix: routes and modes by how they treat what cannot be inspected.
var matrixColumns = []struct {
	name   string
	policy rules.Policy
}{
	{"blocks", rules.Policy{Uninspected: rules.Block}},
	{"passes", rules.Policy{Uninspected: rules.Pass}},
	{"monitor", rules.Policy{Uninspected: rules.Block, Mode: rules.Monitor}},
}

// archive is a ZIP file of so many bytes of text, which says that it is encrypted or not.
func archive(size int, encrypted bool) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	header := &zip.FileHeader{Name: "list.txt", Method: zip.Store, CompressedSize64: uint64(size), UncompressedSize64: uint64(size)}
	if encrypted {
		header.Flags |= 1
	}
	part, _ := w.CreateRaw(header)
	io.WriteString(part, noise(size))
	w.Close()
	return b.String()
}

// A fault is a row of the matrix: what goes wrong, and what the client sees in each column. "cut" stands for an answer that does not end cleanly.
type fault struct {
	name    string
	answer  http.HandlerFunc
	options func(*Options)
	engine  func(*inspect.Options)
	wants   [3]string
	counted string // the failure or reason that is told in every column
}

func serves(contentType, coding, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		if coding != "" {
			w.Header().Set("Content-Encoding", coding)
		}
		io.WriteString(w, body)
	}
}

var matrix = []fault{
	{name: "unknown coding", answer: serves("text/plain", "compress", noise(3000)), wants: [3]string{"403", "200", "200"}, counted: "unknown_coding"},
	{name: "false coding", answer: serves("text/plain", "gzip", noise(3000)), wants: [3]string{"403", "200", "200"}, counted: "corrupt"},
	{name: "coding that breaks off", answer: serves("text/plain", "gzip", encode("gzip", noise(3000))[:900]), wants: [3]string{"403", "200", "200"}, counted: "corrupt"},
	{name: "encrypted document", answer: serves("application/zip", "", archive(3000, true)), wants: [3]string{"403", "200", "200"}, counted: "encrypted"},
	{name: "unsupported document", answer: serves("application/octet-stream", "", "\x00\x01\x02\xfe\xff"+strings.Repeat("\x03\x80\x00", 1000)), wants: [3]string{"403", "200", "200"}, counted: "unknown_format"},
	{name: "document above the size limit", answer: serves("application/zip", "", archive(200_000, false)), engine: func(o *inspect.Options) { o.Document = 100_000 },
		wants: [3]string{"403", "200", "200"}, counted: "too_large"},
	{name: "coding above the size limit", answer: serves("text/plain", "gzip", encode("gzip", noise(3<<20))), options: func(o *Options) { o.MaxDecoded = 1 << 20 },
		wants: [3]string{"cut", "200", "200"}, counted: "too_large"},
	{name: "detector deadline", answer: serves("application/zip", "", archive(100_000, false)), engine: func(o *inspect.Options) { o.Deadline = 1 },
		wants: [3]string{"403", "403", "200"}, counted: "deadline"},
	{name: "detector panic", answer: serves("text/csv", "", crowd(2)), options: func(o *Options) {
		inner := o.Rules
		o.Rules = func() Rules {
			current := inner()
			current.Budget = func(rules.Exchange) inspect.Allowance { return allowance(func() { panic("a fault") }) }
			return current
		}
	}, wants: [3]string{"403", "403", "200"}, counted: failurePanic},
	{name: "memory shed", answer: serves("text/plain", "", noise(3000)), options: func(o *Options) { o.Memory = 1 }, wants: [3]string{"503", "503", "503"}, counted: failureShed},
	{name: "too many at once", answer: serves("text/plain", "", noise(3000)), options: func(o *Options) { o.Memory = exchangeCost - 1 }, wants: [3]string{"503", "503", "503"}, counted: failureShed},
	{name: "206 that nobody asked for", answer: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusPartialContent)
		io.WriteString(w, noise(3000))
	}, wants: [3]string{"403", "206", "206"}, counted: "unknown_format"},
	{name: "101 that nobody asked for", answer: func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nann@example.org")
			conn.Close()
		}
	}, wants: [3]string{"502", "502", "502"}, counted: failureAborted},
	{name: "upstream dies in mid-body", answer: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, noise(200_000))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}, wants: [3]string{"cut", "cut", "cut"}, counted: failureAborted},
	{name: "upstream dies in its head", answer: func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) }, wants: [3]string{"502", "502", "502"}, counted: failureAborted},
}

// TestEveryCellOfTheMatrix injects each fault under each policy, over every protocol, asserts what the client gets and that it is counted, and prints the
// table. Rows about rules, certificates and the audit trail stand in cmd/stanch/promises_test.go with the tests that hold them.
func TestEveryCellOfTheMatrix(t *testing.T) {
	var table bytes.Buffer
	out := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintf(out, "fault\t%s\t%s\t%s\ttold as\n", matrixColumns[0].name, matrixColumns[1].name, matrixColumns[2].name)
	for _, f := range matrix {
		fmt.Fprintf(out, "%s", f.name)
		for i, column := range matrixColumns {
			if f.wants[i] == "" {
				t.Fatalf("%s has no case for %s", f.name, column.name)
			}
			got := f.inject(t, column.policy)
			if fmt.Fprintf(out, "\t%s", got); got != f.wants[i] {
				t.Errorf("%s, %s: the client gets %s, want %s", f.name, column.name, got, f.wants[i])
			}
		}
		fmt.Fprintf(out, "\t%s\n", f.counted)
	}
	out.Flush()
	t.Logf("\n%s", table.String())
}

// inject returns what the clients of all protocols get.
func (f *fault) inject(t *testing.T, policy rules.Policy) string {
	set, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	engine := engineFor(t, f, &policy, set)
	w := newWorld(t, application(t, f.answer), func(o *Options, p *Proxy) {
		if p != nil {
			return
		}
		o.Rules = func() Rules { return Rules{Engine: engine} }
		if f.options != nil {
			f.options(o)
		}
	})
	results := map[string]bool{}
	for _, p := range protocols(t) {
		response, _, err := get(t, p.client, w.base+"/", "Accept-Encoding", "gzip")
		o := w.next()
		result := fmt.Sprint(response.StatusCode)
		if err != nil {
			result = "cut"
		}
		results[result] = true
		if o.Failure != f.counted && o.Reason.String() != f.counted {
			t.Errorf("%s: told as %q, %v; want %s", f.name, o.Failure, o.Reason, f.counted)
		}
	}
	var all []string
	for result := range results {
		all = append(all, result)
	}
	return strings.Join(all, " or ")
}

func engineFor(t *testing.T, f *fault, policy *rules.Policy, set *detect.Set) *inspect.Engine {
	t.Helper()
	options := inspect.Options{Policy: policy, Detectors: set}
	if f.engine != nil {
		f.engine(&options)
	}
	engine, err := inspect.NewEngine(options)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// TestManyUnscannablesChangeNothingForOthers is the matrix's last row: there is no switch for all, however many bodies cannot be inspected.
func TestManyUnscannablesChangeNothingForOthers(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/strict/bad" {
			w.Header().Set("Content-Encoding", "gzip")
		}
		w.Header().Set("Content-Type", "text/csv")
		io.WriteString(w, crowd(len(r.URL.RawQuery)))
	}), nil)
	client := protocols(t)[0].client
	for range 5 {
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				for range 10 {
					get(t, client, w.base+"/strict/bad")
				}
			})
		}
		if response, body, err := get(t, client, w.base+"/?xx"); err != nil || response.StatusCode != http.StatusOK || body != crowd(2) {
			t.Errorf("two people: %d %v", response.StatusCode, err)
		}
		if response, _, err := get(t, client, w.base+"/?xxx"); err != nil || response.StatusCode != http.StatusForbidden {
			t.Errorf("three people: %d %v", response.StatusCode, err)
		}
		group.Wait()
	}
}

// TestUnsafeRequestsAreSentOnce resets the connection at each stage of a POST: it must never be sent twice.
func TestUnsafeRequestsAreSentOnce(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]int{}
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen[r.URL.RawQuery]++
		mu.Unlock()
		if strings.HasPrefix(r.URL.RawQuery, "good") {
			return
		}
		if strings.HasPrefix(r.URL.RawQuery, "read") {
			io.Copy(io.Discard, r.Body)
		}
		panic(http.ErrAbortHandler)
	}), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		for _, method := range []string{http.MethodPost, http.MethodPatch} {
			for _, way := range []string{"good", "at once", "read"} {
				request, _ := http.NewRequest(method, w.base+"/?"+strings.ReplaceAll(way, " ", "-")+method+t.Name()[len(t.Name())-3:]+fmt.Sprint(len(t.Name())), strings.NewReader(noise(5000)))
				do(t, client, request)
				w.next()
			}
		}
	})
	mu.Lock()
	defer mu.Unlock()
	for query, times := range seen {
		if times != 1 {
			t.Errorf("%s reached the application %d times", query, times)
		}
	}
	if len(seen) != 4*2*3 {
		t.Errorf("%d different requests were seen", len(seen))
	}
}

func TestQueriesOfTooManyParametersAreRefused(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "a page") }), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		for target, want := range map[string]int{"/?" + strings.Repeat("a=1&", maxParameters-1) + "a=1": 200, "/?" + strings.Repeat("a&", maxParameters): 400,
			"/skip/?" + strings.Repeat("a&", maxParameters): 200} {
			if response, _, err := get(t, client, w.base+target); err != nil || response.StatusCode != want {
				t.Errorf("%d bytes of query: %d, want %d, %v", len(target), response.StatusCode, want, err)
			}
		}
	})
}
