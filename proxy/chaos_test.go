package proxy

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// How long applications and clients misbehave: in CI, where STANCH_E2E is 1, for longer.
const (
	chaosTime     = 2 * time.Second
	longChaos     = 10 * time.Second
	chaosPatience = 300 * time.Millisecond // of a client
	chaosClients  = 24
)

// What an application may do. A client draws one of each, and asks for it in the query.
var chaos = map[string][]string{
	"read":   {"no", "some", "all", "later"}, // the request's body
	"hints":  {"", "", "", "103"},            // before the answer
	"status": {"200", "200", "200", "204", "304", "500"},
	"type":   {"text/html", "text/plain", "application/json", "text/csv", "text/event-stream", "application/grpc", "application/zip", ""},
	"coding": {"", "", "gzip", "br", "zstd", "deflate", "torn", "lies", "unknown"},
	"size":   {"0", "1", "900", "10000", "40000", "300000"},
	"people": {"no", "no", "bulk"},
	"length": {"declared", "chunked", "flushed"},
	"trails": {"", "", "declared", "undeclared"},
	"end":    {"clean", "clean", "abort", "short", "hang", "reset"},
}

// chaosBody is what the draw says, each made once.
func chaosBody(draw url.Values) string {
	key := [3]string{draw.Get("size"), draw.Get("people"), draw.Get("coding")}
	body, ok := chaosBodies.Load(key)
	if !ok {
		body, _ = chaosBodies.LoadOrStore(key, newChaosBody(draw))
	}
	return body.(string)
}

var chaosBodies sync.Map

// newChaosBody has a crowd behind the first half when there is to be one.
func newChaosBody(draw url.Values) string {
	size, _ := strconv.Atoi(draw.Get("size"))
	body := noise(size)
	if draw.Get("people") == "bulk" {
		body = body[:size/2] + "\n" + crowd(200) + body[size/2:]
	}
	switch coding := draw.Get("coding"); coding {
	case "", "unknown", "lies":
	case "torn":
		body = encoded("gzip", body)
		body = body[:len(body)*2/3]
	default:
		body = encoded(coding, body)
	}
	return body
}

// misbehave answers as the query says.
func misbehave(w http.ResponseWriter, r *http.Request) {
	draw := r.URL.Query()
	switch draw.Get("read") {
	case "some":
		io.CopyN(io.Discard, r.Body, 10)
	case "all":
		io.Copy(io.Discard, r.Body)
	case "later":
		defer io.Copy(io.Discard, r.Body)
	}
	if draw.Get("hints") != "" {
		w.WriteHeader(http.StatusEarlyHints)
	}
	body := chaosBody(draw)
	h := w.Header()
	if h.Set("Content-Type", draw.Get("type")); draw.Get("coding") != "" {
		h.Set("Content-Encoding", strings.NewReplacer("lies", "gzip", "torn", "gzip").Replace(draw.Get("coding")))
	}
	switch {
	case draw.Get("length") == "declared" && draw.Get("end") == "short":
		h.Set("Content-Length", strconv.Itoa(len(body)+100))
	case draw.Get("length") == "declared":
		h.Set("Content-Length", strconv.Itoa(len(body)))
	case draw.Get("trails") == "declared":
		h.Set("Trailer", "X-Sum")
	}
	status, _ := strconv.Atoi(draw.Get("status"))
	w.WriteHeader(status)
	half := len(body)
	if draw.Get("end") != "clean" {
		half /= 2
	}
	io.WriteString(w, body[:half])
	if draw.Get("length") == "flushed" {
		http.NewResponseController(w).Flush()
	}
	switch draw.Get("end") {
	case "abort":
		panic(http.ErrAbortHandler)
	case "hang":
		select {
		case <-r.Context().Done():
		case <-time.After(50 * time.Millisecond):
		}
	case "reset":
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			conn.(*net.TCPConn).SetLinger(0)
			conn.Close()
			return
		}
	}
	io.WriteString(w, body[half:])
	switch draw.Get("trails") {
	case "declared":
		h.Set("X-Sum", "1")
	case "undeclared":
		h.Set(http.TrailerPrefix+"X-Late", "1")
	}
}

// A chaosClient asks for anything, and does with the answer what it likes.
type chaosClient struct {
	t     *testing.T
	draw  *rand.Rand
	w     *world
	kinds []protocol
	asked *atomic.Int64
}

func (c *chaosClient) one(of ...string) string { return of[c.draw.IntN(len(of))] }

func (c *chaosClient) target() string {
	query := url.Values{}
	for name, choices := range chaos {
		query.Set(name, c.one(choices...))
	}
	return c.w.base + c.one("/", "/skip/x", "/strict/x", "/redact/x", "/socket/x") + "?" + query.Encode()
}

// ask makes one request with the protocol drawn, or speaks half of one.
func (c *chaosClient) ask() {
	target := c.target()
	if c.draw.IntN(8) == 0 {
		c.speak(target)
		return
	}
	ctx, cancel := context.WithCancel(c.t.Context())
	defer cancel()
	if c.draw.IntN(3) == 0 {
		defer time.AfterFunc(time.Duration(c.draw.IntN(8000))*time.Microsecond, cancel).Stop()
	}
	var upload io.Reader
	switch c.draw.IntN(4) {
	case 0:
		upload = strings.NewReader(noise(c.draw.IntN(100_000)))
	case 1:
		upload = io.MultiReader(strings.NewReader("q="), &pausing{c.draw.IntN(6)})
	}
	request, err := http.NewRequestWithContext(ctx, c.one(http.MethodGet, http.MethodPost, http.MethodHead), target, upload)
	if err != nil {
		c.t.Error(err)
		return
	}
	request.Header.Set("Accept-Encoding", c.one("", "gzip", "br, zstd", "identity"))
	if upload != nil && c.draw.IntN(3) == 0 {
		request.Header.Set("Expect", "100-continue")
	}
	c.asked.Add(1)
	response, err := c.kinds[c.draw.IntN(len(c.kinds))].client.Do(request)
	if err != nil {
		return
	}
	defer response.Body.Close()
	var body []byte
	if c.draw.IntN(3) == 0 {
		body, _ = io.ReadAll(io.LimitReader(response.Body, int64(c.draw.IntN(20_000))))
	} else {
		body, _ = io.ReadAll(response.Body)
	}
	coding := request.URL.Query().Get("coding")
	uninspected := strings.HasPrefix(request.URL.Path, "/skip/") || (coding == "lies" || coding == "unknown") && !strings.HasPrefix(request.URL.Path, "/strict/")
	if people := bytes.Count(body, []byte("@example.org")); people > 2 && !uninspected {
		c.t.Errorf("%d people left, asked for as %s", people, target)
	}
}

// speak says a part of a request, or one that no client library would, and leaves.
func (c *chaosClient) speak(target string) {
	conn, err := net.Dial("tcp", c.one(c.w.address, c.w.secure))
	if err != nil {
		c.t.Error(err)
		return
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(chaosPatience))
	path := strings.TrimPrefix(target, c.w.base)
	text := c.one("GET "+path+" HTTP/1.1\r\nHost: a\r\n\r\n", "POST "+path+" HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nq=1",
		"POST "+path+" HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz", preface+"\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",
		"GET "+path+" HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\nSec-WebSocket-Version: 13\r\n\r\n",
		strings.Repeat("GET "+path+" HTTP/1.1\r\nHost: a\r\n\r\n", 3))
	if c.draw.IntN(2) == 0 {
		text = text[:c.draw.IntN(len(text))]
	}
	io.WriteString(conn, text)
	io.CopyN(io.Discard, bufio.NewReader(conn), int64(c.draw.IntN(5000)))
}

// pausing gives one byte at a time, with a pause before each.
type pausing struct{ left int }

func (p *pausing) Read(b []byte) (int, error) {
	if p.left--; p.left < 0 {
		return 0, io.EOF
	}
	time.Sleep(time.Millisecond)
	return copy(b, "x"), nil
}

// TestChaos lets clients and applications do anything at any time. The process lives, no bulk of people leaves, and nothing is held in the end.
func TestChaos(t *testing.T) {
	duration := chaosTime
	if os.Getenv("STANCH_E2E") == "1" {
		duration = longChaos
	}
	app := application(t, misbehave)
	for _, scheme := range []string{"http", "h2c"} {
		t.Run(scheme, func(t *testing.T) {
			seed := rand.Uint64()
			t.Logf("seed %d", seed)
			w := newWorld(t, strings.Replace(app, "http", scheme, 1), func(o *Options, _ *Proxy) {
				o.Observer, o.Log = nil, slog.New(slog.DiscardHandler)
				// An application that answers before "100 Continue" may wait for the body that it will not get any more.
				o.UpstreamIdle, o.ClientIdle = chaosPatience, chaosPatience
			})
			kinds := protocols(t)
			for i := range kinds {
				kinds[i].client = &http.Client{Transport: kinds[i].client.Transport, Timeout: chaosPatience}
			}
			var asked atomic.Int64
			var group sync.WaitGroup
			end := time.Now().Add(duration)
			for i := range uint64(chaosClients) {
				c := &chaosClient{t, rand.New(rand.NewPCG(seed, i)), w, kinds, &asked}
				group.Go(func() {
					for time.Now().Before(end) {
						c.ask()
					}
				})
			}
			group.Wait()
			if asked.Load() < 100 {
				t.Errorf("only %d requests were made", asked.Load())
			}
			t.Logf("%d requests", asked.Load())
			eventually(t, "the end of all exchanges", func() bool { return w.proxy.InFlight() == 0 && w.proxy.admission.held.Load() == 0 })
			calm := url.Values{"size": {"900"}, "status": {"200"}, "end": {"clean"}, "type": {"text/plain"}}
			for _, p := range kinds {
				if response, body, err := get(t, p.client, w.base+"/?"+calm.Encode()); err != nil || response.StatusCode != http.StatusOK || body != noise(900) {
					t.Errorf("%s: afterwards the answer is %v %d bytes %v", p.name, response, len(body), err)
				}
			}
		})
	}
}
