package proxy

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"stanch/rules"
	"stanch/rules/inspect"
)

// A changing application answers every request with the body that stands under its path at the time.
type changing struct {
	mu     sync.Mutex
	bodies map[string]string
	coding map[string]string
}

func (c *changing) set(path, coding, body string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bodies[path], c.coding[path] = body, coding
}

// ServeHTTP sends the body in pieces. Of one that ends in "BREAK" only what stands before it is sent, and then the connection ends.
func (c *changing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	body, coding := c.bodies[r.URL.Path], c.coding[r.URL.Path]
	c.mu.Unlock()
	w.Header().Set("Content-Type", r.URL.Query().Get("type"))
	if coding != "" {
		w.Header().Set("Content-Encoding", coding)
	}
	body, broken := strings.CutSuffix(body, "BREAK")
	for piece := range slices.Chunk([]byte(body), 40_000) {
		if _, err := w.Write(piece); err != nil {
			return
		}
		w.(http.Flusher).Flush()
	}
	if broken {
		panic(http.ErrAbortHandler)
	}
}

// repeatWorld is a world in which one can tell how many bytes were inspected.
func repeatWorld(t *testing.T, app *changing, policy *rules.Policy, repeats int64, written *atomic.Int64) *world {
	set, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := inspect.NewEngine(inspect.Options{Policy: policy, Detectors: set, Repeats: repeats})
	if err != nil {
		t.Fatal(err)
	}
	return newWorld(t, application(t, app.ServeHTTP), func(o *Options, p *Proxy) {
		if p == nil {
			o.Rules = func() Rules { return Rules{Engine: engine} }
			return
		}
		real := p.inspector
		p.inspector = func(current Rules, x rules.Exchange, body inspect.Body) inspection {
			return &summing{real(current, x, body), written}
		}
	})
}

// summing is an inspection that adds up what it was written.
type summing struct {
	inspection
	written *atomic.Int64
}

func (s *summing) Write(p []byte) (int, error) {
	s.written.Add(int64(len(p)))
	return s.inspection.Write(p)
}

// seen is what a client and the observer saw of an exchange.
type seen struct {
	Status  int
	Header  http.Header
	Body    string
	Broken  bool
	Outcome rules.Outcome

	repeated bool // as the observer was told
}

func see(t *testing.T, w *world, client *http.Client, target string) seen {
	t.Helper()
	response, body, err := get(t, client, w.base+target, "Accept-Encoding", "gzip, zstd")
	o := w.next()
	repeated := o.Repeated
	o.HoldBack, o.Inspection, o.FirstByte, o.Incident, o.Exchange, o.Repeated = 0, 0, 0, "", rules.Exchange{}, false
	if len(o.Counts) == 0 {
		o.Counts = nil
	}
	header := response.Header.Clone()
	maps.DeleteFunc(header, func(name string, _ []string) bool { return name == "Date" || name == "Stanch-Incident" })
	s := seen{response.StatusCode, header, body, err != nil, o, repeated}
	if s.Status == http.StatusForbidden {
		s.Body = "" // it names the incident
	}
	return s
}

// limit is how many people the answers of these tests may have.
const limit = 400

// A change makes another body of one, in a coding.
type change struct {
	name string
	make func(coding, body string, at int) string
}

func changes() []change {
	plainly := func(make func(b string, at int) string) func(string, string, int) string {
		return func(coding, b string, at int) string { return encode(coding, make(b, at)) }
	}
	many := rows(limit + 200)
	return []change{
		{"another byte", plainly(func(b string, at int) string { return b[:at] + string(b[at]^1) + b[at+1:] })},
		{"cut", plainly(func(b string, at int) string { return b[:at] })},
		{"more", plainly(func(b string, at int) string { return b + b[:at] })},
		{"people", plainly(func(b string, at int) string { return b[:at] + "\n" + many + b[at:] })},
		{"broken off", func(coding, b string, at int) string {
			whole := encoded(coding, b)
			return whole[:min(at, len(whole)-1)] + "BREAK"
		}},
	}
}

// followed asks until nothing is inspected any more, and holds that each time the same is seen. What comes in one piece at one time and in several at
// another is learned in two ways.
func followed(t *testing.T, w *world, client *http.Client, target string, first seen, written *atomic.Int64) bool {
	t.Helper()
	for range 10 {
		before := written.Load()
		again := see(t, w, client, target)
		repeated := written.Load() == before
		if again.repeated != repeated {
			t.Fatalf("%s: the observer was told %v", target, again.repeated)
		}
		if again.repeated = first.repeated; !reflect.DeepEqual(first, again) {
			t.Fatalf("%s: first %s\nthen %s", target, first, again)
		}
		if repeated {
			return true
		}
	}
	return false
}

// sameOutcome compares what became of a body that strayed with what became of it where nothing is recorded. Whether a body that is stopped has had a head,
// and how much of it has left until then, is a matter of time in both; that at most so many people leave is not. A coded body whose head has left is
// stopped by the first value to be masked, and by the number of people otherwise.
func sameOutcome(t *testing.T, path, coding string, got, want seen) {
	t.Helper()
	if want.stopped() {
		if n := strings.Count(decoded(t, coding, got.Body), "@example.org"); n >= limit {
			t.Errorf("%s: %d people left", path, n)
		}
		for _, s := range []*seen{&got, &want} {
			if coding != "" && s.Outcome.Verdict.Action == rules.Redact {
				s.Outcome.Verdict = rules.Verdict{Action: rules.Block, Rules: []string{"bulk", "mask", "quiet"}}
			}
			*s = seen{Broken: s.stopped(), Outcome: rules.Outcome{Verdict: s.Outcome.Verdict, Failure: s.Outcome.Failure, Format: s.Outcome.Format}}
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s: %s\nwithout recordings %s", path, got, want)
	}
}

// stopped reports whether a client did not get a whole body.
func (s seen) stopped() bool { return s.Broken || s.Status >= http.StatusBadRequest }

// TestRepeatedBodiesAreFollowed asks for bodies until they are not inspected any more; the client and the observer see what they saw before.
// Then the bodies become others, at the beginning, in the middle and at the end; what is seen is what a proxy shows that keeps no recordings.
func TestRepeatedBodiesAreFollowed(t *testing.T) {
	policy := blocking()
	policy.Rules[0].When.People = limit
	bodies := map[string]struct{ contentType, body string }{
		"page":  {"text/html", page(300_000)},
		"noise": {"text/plain", noise(200_000)},
		"crowd": {"text/csv", crowd(300) + nobody(8000)},
		"books": {"application/octet-stream", workbook(t, strings.Split(strings.TrimSpace(noise(60_000)), "\n")...)},
	}
	var written, alone atomic.Int64
	app := &changing{bodies: map[string]string{}, coding: map[string]string{}}
	w := repeatWorld(t, app, policy, 64<<20, &written)
	plain := repeatWorld(t, app, policy, 0, &alone)
	asked := 0
	everyPart := true // over the first protocol; over the others one part and one coding of each change
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		defer func() { everyPart = false }()
		for name, b := range bodies {
			for c, coding := range []string{"", "gzip", "zstd"} {
				for i, change := range changes() {
					parts := []int{20, 2, 1}
					if !everyPart {
						if parts = parts[i%len(parts):][:1]; i%3 != c {
							continue
						}
					}
					for _, part := range parts {
						at := len(b.body)/part - 1000
						path := "/" + strings.ReplaceAll(strings.Join([]string{t.Name(), name, coding, change.name, string(rune('a' + part))}, "-"), " ", "-")
						path = "/" + strings.ReplaceAll(path[1:], "/", "-")
						if part == 2 {
							path = "/redact" + path
						}
						target := path + "?type=" + b.contentType
						app.set(path, coding, encoded(coding, b.body))
						first := see(t, w, client, target)
						if first.Outcome.Verdict.Action > rules.Harden {
							continue
						}
						if !followed(t, w, client, target, first, &written) {
							t.Fatalf("%s: inspected again and again", path)
						}
						asked++
						app.set(path, coding, change.make(coding, b.body, at))
						sameOutcome(t, path, coding, see(t, w, client, target), see(t, plain, client, target))
					}
				}
			}
		}
	})
	if t.Logf("%d bodies were followed", asked); asked < 150 {
		t.Errorf("%d bodies were followed", asked)
	}
}

func (s seen) String() string {
	return fmt.Sprintf("%d %v, %d bytes, broken: %v, observed %+v", s.Status, s.Header, len(s.Body), s.Broken, s.Outcome)
}

// TestClientLeavesFollowedBody holds that the observer learns whom a client has read of a body that was followed when the client went away.
func TestClientLeavesFollowedBody(t *testing.T) {
	policy := blocking()
	policy.Rules[0].When.People = limit
	var written atomic.Int64
	app := &changing{bodies: map[string]string{}, coding: map[string]string{}}
	w := repeatWorld(t, app, policy, 64<<20, &written)
	body := crowd(300) + nobody(500_000)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		for _, coding := range []string{"", "gzip"} {
			target := "/people" + coding + "?type=text/csv" // the same over all protocols, as it takes a while to learn
			app.set("/people"+coding, coding, encoded(coding, body))
			if first := see(t, w, client, target); !followed(t, w, client, target, first, &written) {
				t.Fatal("not followed")
			}
			response, err := client.Get(w.base + target)
			if err != nil {
				t.Fatal(err)
			}
			io.ReadFull(response.Body, make([]byte, 100_000))
			response.Body.Close()
			if o := w.next(); o.People != 300 || o.Failure != failureClient && o.Failure != "" || o.Failure == "" && coding == "" {
				t.Errorf("%q: observed %+v", coding, o)
			}
		}
	})
}
