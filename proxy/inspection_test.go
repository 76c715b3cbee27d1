package proxy

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"stanch/rules"
	"stanch/rules/inspect"
)

// site answers with what the query asks for: type, body (a name in bodies), coding, length=1 to declare the length, slow=1 to flush pieces.
type site struct {
	bodies map[string]string
	pause  time.Duration
}

func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	body := encoded(q.Get("coding"), s.bodies[q.Get("body")])
	w.Header().Set("Content-Type", q.Get("type"))
	w.Header().Set("Etag", `"original"`)
	w.Header().Set("Accept-Ranges", "bytes")
	if coding := q.Get("coding"); coding != "" {
		w.Header().Set("Content-Encoding", coding)
	}
	if q.Get("length") != "" {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	for len(body) > 0 {
		n := len(body)
		if q.Get("slow") != "" {
			n = min(n, 3000)
		}
		if _, err := io.WriteString(w, body[:n]); err != nil {
			return
		}
		if body = body[n:]; q.Get("slow") != "" {
			w.(http.Flusher).Flush()
			time.Sleep(s.pause)
		}
	}
}

// encoded is a body in a coding. It remembers what it made: with the race detector, encoding takes longer than all that is tested.
func encoded(coding, plain string) string {
	made, ok := encodings.Load([2]string{coding, plain})
	if !ok {
		made, _ = encodings.LoadOrStore([2]string{coding, plain}, encode(coding, plain))
	}
	return made.(string)
}

var encodings sync.Map

func encode(coding, plain string) string {
	var b bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "br":
		w = brotli.NewWriterLevel(&b, 4)
	case "zstd":
		w, _ = zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	case "gzip, br":
		return encoded("br", encoded("gzip", plain))
	default:
		return plain
	}
	io.WriteString(w, plain)
	w.Close()
	return b.String()
}

func decoded(t *testing.T, coding, body string) string {
	t.Helper()
	var r io.Reader = strings.NewReader(body)
	var err error
	switch coding {
	case "gzip":
		r, err = gzip.NewReader(r)
	case "deflate":
		r, err = zlib.NewReader(r)
	case "br":
		r = brotli.NewReader(r)
	case "zstd":
		var z *zstd.Decoder
		z, err = zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
		defer z.Close()
		r = z
	}
	if err != nil {
		return ""
	}
	plain, _ := io.ReadAll(r) // the cut of a cut body is no error here
	return string(plain)
}

var codings = []string{"", "gzip", "deflate", "br", "zstd", "gzip, br"}

// noise is text without anybody in it, hard to compress.
func noise(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "%s %s %s\n", word(i*7919%11881376), word(i*104729%11881376), word(i*1299709%11881376))
	}
	return b.String()[:n]
}

// TestUntouchedBodiesPassByteForByte holds law 10 for every coding, framing and size, however the body comes.
func TestUntouchedBodiesPassByteForByte(t *testing.T) {
	bodies := map[string]string{"empty": "", "short": "hello, nobody\n", "page": noise(10_000), "long": noise(400_000)}
	w := newWorld(t, application(t, site{bodies, 0}.ServeHTTP), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		for name, plain := range bodies {
			for _, coding := range codings {
				for _, more := range []string{"", "&length=1", "&slow=1", "&length=1&slow=1"} {
					target := w.base + "/?type=text/plain&body=" + name + "&coding=" + strings.ReplaceAll(coding, ", ", "%2C%20") + more
					response, body, err := get(t, client, target, "Accept-Encoding", "gzip, deflate, br, zstd")
					want := encoded(coding, plain)
					if err != nil || body != want {
						t.Fatalf("%s: %d bytes of %d, %v, %v", target, len(body), len(want), response.Status, err)
					}
					if response.Header.Get("Content-Encoding") != coding {
						t.Errorf("%s: headers %v", target, response.Header)
					}
					if strings.Contains(more, "length") && response.ContentLength != int64(len(want)) {
						t.Errorf("%s: length %d of %d", target, response.ContentLength, len(want))
					}
					o := w.next()
					if o.Inspected != (len(want) > 0) && plain != "" || o.Verdict.Action != rules.Pass || o.Released != int64(len(want)) || o.BytesRead != int64(len(plain)) || o.Cut {
						t.Errorf("%s: observed %+v", target, o)
					}
				}
			}
		}
	})
}

// rows is a crowd without its header; nobody is a table of n rows without anybody in it.
func rows(n int) string { return strings.TrimPrefix(crowd(n), "name,email\n") }

func nobody(n int) string {
	var b strings.Builder
	b.WriteString("name,email\n")
	for i := range n {
		b.WriteString("the " + word(i*7919%11881376) + " and " + word(i*104729%11881376) + ",none\n")
	}
	return b.String()
}

func TestDeepStackOfCodingsGoesOutDecoded(t *testing.T) {
	plain := noise(4 * maxHeld)
	w := newWorld(t, application(t, site{map[string]string{"x": plain}, 0}.ServeHTTP), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		response, body, err := get(t, client, w.base+"/?type=text/plain&body=x&length=1&coding=gzip%2C%20br", "Accept-Encoding", "gzip, br")
		if err != nil || body != plain || response.Header.Get("Content-Encoding") != "" || response.Header.Get("Etag") != "" {
			t.Errorf("%d bytes of %d, %v, %v", len(body), len(plain), response.Header, err)
		}
	})
}

// TestBulkIsBlockedOrCut holds law 5 and 6: with a rule at three people, two leave at most, and the answer never ends cleanly.
func TestBulkIsBlockedOrCut(t *testing.T) {
	bodies := map[string]string{"crowd": crowd(30_000), "few": crowd(3), "late": nobody(10_000) + rows(50), "last": nobody(8_000) + rows(3)}
	w := newWorld(t, application(t, site{bodies, 0}.ServeHTTP), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		for name := range bodies {
			for _, coding := range codings {
				for _, more := range []string{"", "&length=1", "&slow=1", "&length=1&slow=1"} {
					target := w.base + "/?type=text/csv&body=" + name + "&coding=" + strings.ReplaceAll(coding, ", ", "%2C%20") + more
					response, body, err := get(t, client, target, "Accept-Encoding", "gzip, deflate, br, zstd")
					o := w.next()
					switch {
					case response.StatusCode == http.StatusForbidden:
						if err != nil || strings.Contains(body, "example.org") || !strings.Contains(body, o.Incident) || o.Cut {
							t.Errorf("%s: blocked with %q and %v, observed %+v", target, body, err, o)
						}
					case err == nil:
						t.Errorf("%s: ended cleanly with %d bytes", target, len(body))
					case !o.Cut:
						t.Errorf("%s: observed %+v", target, o)
					default:
						if people := strings.Count(decoded(t, coding, body), "example.org"); people > 2 {
							t.Errorf("%s: %d people left", target, people)
						}
					}
					if o.Verdict.Action != rules.Block || o.Incident == "" || len(o.Verdict.Rules) == 0 {
						t.Errorf("%s: observed %+v", target, o)
					}
				}
			}
		}
	})
}

func TestBlockedClientLearnsNothing(t *testing.T) {
	w := newWorld(t, application(t, site{map[string]string{"a": crowd(4), "b": crowd(400)}, 0}.ServeHTTP), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		for accept, kind := range map[string]string{"": "application/problem+json", "text/html,*/*": "text/html; charset=utf-8", "application/json": "application/problem+json"} {
			lengths := map[int]bool{}
			for _, body := range []string{"a", "b"} {
				response, text, err := get(t, client, w.base+"/?type=text/csv&body="+body, "Accept", accept)
				lengths[len(text)] = true
				h := response.Header
				if err != nil || response.StatusCode != http.StatusForbidden || h.Get("Content-Type") != kind || h.Get("Cache-Control") != "no-store" ||
					h.Get("Cross-Origin-Resource-Policy") != "same-origin" || h.Get("Etag") != "" || response.ContentLength != int64(len(text)) {
					t.Errorf("%s: %d %v %v", body, response.StatusCode, h, err)
				}
				if strings.Contains(text, "bulk") || strings.Contains(text, "example.org") {
					t.Errorf("the answer says %q", text)
				}
			}
			if len(lengths) != 1 {
				t.Errorf("the answers have the lengths %v", lengths)
			}
		}
	})
}

// TestRedaction takes one person's address out of bodies of every coding and framing.
func TestRedaction(t *testing.T) {
	person := "name,email\nAnn," + word(1) + "@example.org\n"
	bodies := map[string]string{"only": person, "first": person + noise(200_000)}
	w := newWorld(t, application(t, site{bodies, 0}.ServeHTTP), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		for name, plain := range bodies {
			for _, coding := range codings {
				for _, more := range []string{"", "&length=1", "&slow=1"} {
					target := w.base + "/redact/x?type=text/plain&body=" + name + "&coding=" + strings.ReplaceAll(coding, ", ", "%2C%20") + more
					response, body, err := get(t, client, target, "Accept-Encoding", "gzip, deflate, br, zstd")
					o := w.next()
					if err != nil || strings.Contains(body, "@example.org") || len(body) != len(plain) || body[len(body)-1] != plain[len(plain)-1] {
						t.Fatalf("%s: %d bytes of %d, %v; observed %+v", target, len(body), len(plain), err, o)
					}
					h := response.Header
					if h.Get("Etag") != "" || h.Get("Content-Encoding") != "" || h.Get("Accept-Ranges") != "none" || h.Get("Cache-Control") != "no-store" ||
						h.Get("X-Robots-Tag") == "" {
						t.Errorf("%s: headers %v", target, h)
					}
					if o.Verdict.Action != rules.Redact {
						t.Errorf("%s: observed %+v", target, o)
					}
				}
			}
		}
	})
}

func TestLateRedactionMasksPlainBodiesAndCutsCodedOnes(t *testing.T) {
	plain := noise(300_000) + "\nAnn," + word(1) + "@example.org\n" + noise(10_000)
	w := newWorld(t, application(t, site{map[string]string{"late": plain}, 0}.ServeHTTP), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		for _, coding := range []string{"", "gzip", "br", "zstd"} {
			for _, more := range []string{"", "&length=1"} {
				_, body, err := get(t, client, w.base+"/redact/x?type=text/plain&body=late&coding="+coding+more, "Accept-Encoding", "gzip, br, zstd")
				if coding == "" && (err != nil || len(body) != len(plain)) || coding != "" && err == nil || strings.Contains(decoded(t, coding, body), "@example.org") {
					t.Errorf("%q%s: %d bytes of %d and %v", coding, more, len(body), len(plain), err)
				}
				w.next()
			}
		}
	})
}

// TestUninspectedBodiesFollowThePolicy sends bodies whose coding lies, breaks off or is unknown, on a route that blocks such and on one that does not.
func TestUninspectedBodiesFollowThePolicy(t *testing.T) {
	text := noise(5000)
	good := encoded("gzip", text)
	for _, c := range []struct {
		name, coding, body string
		reason             rules.Reason
	}{
		{"plain text as gzip", "gzip", text, rules.Corrupt},
		{"plain text as zstd", "zstd", text, rules.Corrupt},
		{"truncated", "gzip", good[:len(good)/2], rules.Corrupt},
		{"broken in the middle", "gzip", encoded("gzip", noise(200_000))[:90_000] + strings.Repeat("x", 5000), rules.Corrupt},
		{"bytes behind", "gzip", good + "more", rules.Corrupt},
		{"unknown", "aes128gcm", text, rules.UnknownCoding},
		{"too many", "gzip, gzip, gzip", text, rules.TooDeep},
		{"a bomb", "gzip", encoded("gzip", strings.Repeat("a", 8<<20)), rules.Ratio},
	} {
		for _, length := range []bool{true, false} {
			w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/plain")
				w.Header().Set("Content-Encoding", c.coding)
				if length {
					w.Header().Set("Content-Length", strconv.Itoa(len(c.body)))
				}
				io.WriteString(w, c.body)
			}), nil)
			eachProtocol(t, func(t *testing.T, client *http.Client) {
				response, body, err := get(t, client, w.base+"/", "Accept-Encoding", "gzip, br, zstd")
				if err != nil || body != c.body || response.Header.Get("Content-Encoding") != c.coding {
					t.Errorf("%s, lenient: %d %d bytes of %d %v", c.name, response.StatusCode, len(body), len(c.body), err)
				}
				if o := w.next(); o.Reason != c.reason || o.Status == rules.Complete {
					t.Errorf("%s, lenient: observed %v %v", c.name, o.Status, o.Reason)
				}
				response, body, err = get(t, client, w.base+"/strict/x", "Accept-Encoding", "gzip, br, zstd")
				if response.StatusCode != http.StatusForbidden && err == nil {
					t.Errorf("%s, strict: %d %d bytes", c.name, response.StatusCode, len(body))
				}
				if o := w.next(); o.Reason != c.reason || !o.Verdict.Uninspected || o.Verdict.Action != rules.Block {
					t.Errorf("%s, strict: observed %+v", c.name, o)
				}
			})
		}
	}
}

func TestLyingCodingIsInspectedAsItCame(t *testing.T) {
	for _, coding := range []string{"gzip", "br", "zstd", "deflate", "compress", "gzip, gzip, gzip"} {
		w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/csv")
			w.Header().Set("Content-Encoding", coding)
			io.WriteString(w, crowd(300))
		}), nil)
		eachProtocol(t, func(t *testing.T, client *http.Client) {
			if response, body, err := get(t, client, w.base+"/", "Accept-Encoding", "gzip, br, zstd"); response.StatusCode != http.StatusForbidden && err == nil {
				t.Errorf("%s: %d %d bytes", coding, response.StatusCode, len(body))
			}
			w.next()
		})
	}
}

func TestUnsolicitedPartsFollowThePolicy(t *testing.T) {
	for _, status := range []int{http.StatusPartialContent, http.StatusIMUsed} {
		seen := make(chan http.Header, 8)
		w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
			seen <- r.Header
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(status)
			io.WriteString(w, "a part of something")
		}), nil)
		eachProtocol(t, func(t *testing.T, client *http.Client) {
			header := []string{"Range", "bytes=0-5", "If-Range", `"x"`, "A-IM", "vcdiff", "Available-Dictionary", ":x:", "Accept-Charset", "utf-7"}
			response, _, _ := get(t, client, w.base+"/strict/x", header...)
			if response.StatusCode != http.StatusForbidden {
				t.Errorf("%d: got %d", status, response.StatusCode)
			}
			got := <-seen
			for _, name := range []string{"Range", "If-Range", "A-Im", "Available-Dictionary", "Accept-Charset"} {
				if got[name] != nil {
					t.Errorf("%s reached the application", name)
				}
			}
			response, _, _ = get(t, client, w.base+"/skip/x", header...)
			if got := <-seen; response.StatusCode != status || got["Range"] == nil {
				t.Errorf("%d on a route that is skipped: %d %v", status, response.StatusCode, got)
			}
		})
	}
}

func TestAcceptEncodingIsRewritten(t *testing.T) {
	seen := make(chan []string, 1)
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) { seen <- r.Header["Accept-Encoding"] }), nil)
	client := protocols(t)[0].client
	for sent, want := range map[string]string{"": "", "gzip": "gzip", "br;q=1.0, gzip;q=0.5, *;q=0": "gzip, br", "deflate": "identity", "dcb, dcz, aes128gcm": "identity",
		"*": "gzip", "gzip;q=0, zstd": "zstd", "identity": "identity", "X-GZIP": "gzip"} {
		header := []string{"Accept-Encoding", sent}
		if sent == "" {
			header = nil
		}
		get(t, client, w.base+"/", header...)
		if got := strings.Join(<-seen, "|"); got != want {
			t.Errorf("%q became %q, want %q", sent, got, want)
		}
	}
}

func TestHeaderValuesAreInspected(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("X-User", word(1)+"@example.org")
		w.Header().Add("Set-Cookie", "session=abc")
		w.Header().Add("Set-Cookie", "who="+word(2)+"@example.org")
		w.Header().Set("Location", "/next")
		io.WriteString(w, "ok")
	}), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
			request, _ := http.NewRequest(method, w.base+"/redact/x", nil)
			response, _, err := do(t, client, request)
			h := response.Header
			if err != nil || h.Get("X-User") != "" || len(h["Set-Cookie"]) != 1 || h.Get("Set-Cookie") != "session=abc" || h.Get("Location") != "/next" {
				t.Errorf("%s: %v %v", method, h, err)
			}
			if o := w.next(); o.Verdict.Action != rules.Redact {
				t.Errorf("%s: observed %+v", method, o)
			}
		}
	})
}

// panicking is an inspection that panics once it has seen so many bytes; its text quotes them, as a careless one might.
type panicking struct {
	inspection
	left int
}

func (p *panicking) Write(b []byte) (int, error) {
	if p.left -= len(b); p.left < 0 {
		panic("unexpected value " + string(b[:min(len(b), 100)]))
	}
	return p.inspection.Write(b)
}

func TestPanicInInspectionFailsClosed(t *testing.T) {
	for name, left := range map[string]int{"at once": 0, "in mid-body": 150_000} {
		for _, coding := range []string{"", "gzip"} {
			w := newWorld(t, application(t, site{map[string]string{"x": noise(400_000)}, 0}.ServeHTTP), func(_ *Options, p *Proxy) {
				if p == nil {
					return
				}
				real := p.inspector
				p.inspector = func(current Rules, x rules.Exchange, body inspect.Body) inspection {
					in := real(current, x, body)
					if body.Name == "boom" {
						return &panicking{in, left}
					}
					return in
				}
			})
			eachProtocol(t, func(t *testing.T, client *http.Client) {
				response, body, err := get(t, client, w.base+"/boom?type=text/plain&body=x&coding="+coding, "Accept-Encoding", "gzip")
				if response.StatusCode == http.StatusOK && err == nil {
					t.Errorf("%s %q: %d bytes ended cleanly", name, coding, len(body))
				}
				if o := w.next(); o.Failure != failurePanic {
					t.Errorf("%s %q: observed %+v", name, coding, o)
				}
				if _, body, err := get(t, client, w.base+"/fine?type=text/plain&body=x"); err != nil || len(body) != 400_000 {
					t.Errorf("the next request got %d bytes and %v", len(body), err)
				}
				w.next()
			})
			if strings.Contains(w.log.String(), "unexpected value") || !strings.Contains(w.log.String(), "panicked") {
				t.Errorf("the log says %s", w.log)
			}
		}
	}
}

// TestRedirectsToTheApplicationLeadBack sends addresses of the application's own, and of others, in Location.
func TestRedirectsToTheApplicationLeadBack(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		own := r.Context().Value(http.LocalAddrContextKey).(net.Addr).String()
		w.Header().Set("Location", strings.ReplaceAll(r.URL.Query().Get("to"), "OWN", own))
		w.WriteHeader(http.StatusFound)
	}), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		for to, want := range map[string]string{"http://OWN/a%3Fb=c": "/a?b=c", "//OWN/a": "/a", "http://user:word@OWN/a": "/a", "http://OWN": "/", "http://OWN//evil.example/": "/evil.example/",
			"/next": "/next", "https://other.example/a": "https://other.example/a", "list%23top": "list#top"} {
			response, _, err := do(t, client, mustRequest(t, w.base+"/redact/x?to="+to))
			if err != nil || response.Header.Get("Location") != want {
				t.Errorf("%s: %q, want %q (%v)", to, response.Header.Get("Location"), want, err)
			}
			w.next()
		}
	})
}

func mustRequest(t *testing.T, url string) *http.Request {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return request
}
