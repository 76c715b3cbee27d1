package proxy

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// smuggling are requests whose framing can be read in two ways.
var smuggling = map[string]string{
	"length and chunks":         "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: a\r\n\r\n",
	"chunks and length":         "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: a\r\n\r\n",
	"chunks in HTTP/1.0":        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	"bare line feed":            "GET / HTTP/1.1\nHost: a\r\n\r\n",
	"bare line feed in header":  "GET / HTTP/1.1\r\nHost: a\nX-Y: b\r\n\r\n",
	"bare line feed at the end": "GET / HTTP/1.1\r\nHost: a\r\n\n",
	"carriage return":           "GET / HTTP/1.1\r\nHost: a\r\nX-Y: b\rX-Z: c\r\n\r\n",
	"folded header":             "GET / HTTP/1.1\r\nHost: a\r\nX-Y: b\r\n c\r\n\r\n",
	"folded transfer encoding":  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
	"tab before the colon":      "GET / HTTP/1.1\r\nHost: a\r\nContent-Length\t: 5\r\n\r\nhello",
	"signed length":             "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
	"two lengths":               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
	"odd transfer encoding":     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
	"no host":                   "GET / HTTP/1.1\r\n\r\n",
	"two hosts":                 "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
}

func TestAmbiguousFramingIsRefused(t *testing.T) {
	seen := make(chan string, 64)
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		seen <- r.URL.Path
		io.Copy(io.Discard, r.Body)
	}), nil)
	for name, request := range smuggling {
		for prefix, good := range map[string]int{"": 0, "POST /before HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello": 1,
			"POST /before HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX-T: v\r\n\r\n": 1} {
			answer := w.raw(prefix + request)
			statuses := strings.Count(answer, "HTTP/1.1 200 ")
			refused := strings.Contains(answer, "HTTP/1.1 400 ") || strings.Contains(answer, "HTTP/1.1 501 ") && name == "odd transfer encoding"
			if statuses != good || !refused {
				t.Errorf("%s after %d good requests: %q", name, good, answer)
			}
			for range len(seen) {
				if path := <-seen; path != "/before" {
					t.Errorf("%s: %s reached the application", name, path)
				}
			}
		}
	}
}

// TestFramingIsTheSameForEverySplit feeds good and bad requests in every two pieces and byte by byte.
func TestFramingIsTheSameForEverySplit(t *testing.T) {
	good := "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\nhi\n\r\n\r\n" +
		"GET / HTTP/1.1\r\nHost: a\r\n\r\n" +
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nA;ext=1\r\n0123\n\r\n\r\n9\r\n0\r\n\r\n" +
		"GET / HTTP/1.1\r\nHost: " + strings.Repeat("x", 3*maxKept) + "\r\n\r\n"
	requests := map[string]string{"good": good}
	for name, request := range smuggling {
		requests[name] = good + request
	}
	for name, request := range requests {
		var whole framing
		want := whole.feed([]byte(request))
		if (name == "good") != (want == len(request)) && !strings.Contains("two lengths, odd transfer encoding, no host, two hosts, tab before the colon", name) {
			t.Errorf("%s: %d of %d bytes are good", name, want, len(request))
		}
		for split := range len(request) {
			var f framing
			got := f.feed([]byte(request[:split]))
			if got == split {
				got += f.feed([]byte(request[split:]))
			}
			if got != want {
				t.Fatalf("%s, split at %d: %d bytes are good, not %d", name, split, got, want)
			}
		}
		var f framing
		got := 0
		for got < len(request) && f.feed([]byte{request[got]}) == 1 {
			got++
		}
		if got != want {
			t.Errorf("%s, byte by byte: %d bytes are good, not %d", name, got, want)
		}
	}
}

func FuzzFraming(f *testing.F) {
	seeds := 0
	for _, request := range smuggling {
		f.Add([]byte(request), 10)
		seeds++
	}
	if seeds == 0 {
		f.Fatal("no seeds")
	}
	f.Fuzz(func(t *testing.T, request []byte, split int) {
		split = min(max(split, 0), len(request))
		var whole, pieces framing
		want := whole.feed(request)
		got := pieces.feed(request[:split])
		if got == split {
			got += pieces.feed(request[split:])
		}
		if got != want || want < 0 || want > len(request) {
			t.Errorf("%d bytes are good at once, %d in two pieces", want, got)
		}
	})
}

func BenchmarkFraming(b *testing.B) {
	request := []byte("GET /page HTTP/1.1\r\nHost: a\r\nUser-Agent: someone\r\nAccept: */*\r\nAccept-Encoding: gzip\r\nCookie: " + strings.Repeat("c", 200) + "\r\n\r\n")
	b.ReportAllocs()
	b.SetBytes(int64(len(request)))
	var f framing
	for range b.N {
		if f.feed(request) != len(request) {
			b.Fatal("refused")
		}
	}
}
