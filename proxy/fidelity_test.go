package proxy

import (
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"stanch/rules"
)

// TestUpstreamKinds asks applications over every kind of connection.
func TestUpstreamKinds(t *testing.T) {
	handler := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "spoken to in "+r.Proto+" as "+r.Host)
	}
	base := application(t, handler)
	socket := filepath.Join(t.TempDir(), "application.sock")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(handler)}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	for upstream, want := range map[string]string{base: "HTTP/1.1", strings.Replace(base, "http:", "h2c:", 1): "HTTP/2.0", "unix://" + socket: "HTTP/1.1"} {
		w := newWorld(t, upstream, nil)
		eachProtocol(t, func(t *testing.T, client *http.Client) {
			if _, body, err := get(t, client, w.base); err != nil || body != "spoken to in "+want+" as "+w.address {
				t.Errorf("%s: %q %v", upstream, body, err)
			}
		})
	}
}

// TestGRPCPasses sends messages both ways, with the status in a trailer and without any message.
func TestGRPCPasses(t *testing.T) {
	message := func(text string) string {
		return string(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(text)))) + text
	}
	upstream := application(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/grpc")
		if r.Header.Get("Te") != "trailers" {
			t.Error("TE: trailers was lost")
		}
		if r.URL.Path == "/refused" {
			w.Header().Set("Grpc-Status", "5")
			return
		}
		body, _ := io.ReadAll(r.Body)
		w.Write(body)
		w.(http.Flusher).Flush()
		w.Header().Set(http.TrailerPrefix+"Grpc-Status", "0")
		w.Header().Set(http.TrailerPrefix+"Grpc-Message", "fine")
		w.Header().Set(http.TrailerPrefix+"Grpc-Other", "not for others")
	})
	w := newWorld(t, strings.Replace(upstream, "http:", "h2c:", 1), nil)
	client := protocols(t)[1].client
	for range 20 { // the trailers may come while the head is being written
		request, _ := http.NewRequest(http.MethodPost, w.base+"/service/Method", strings.NewReader(message("hello")+message("again")))
		response, body, err := do(t, client, request, "Content-Type", "application/grpc", "Te", "trailers")
		if err != nil || body != message("hello")+message("again") || response.Trailer.Get("Grpc-Status") != "0" || response.Trailer.Get("Grpc-Message") != "fine" ||
			response.Trailer.Get("Grpc-Other") != "" {
			t.Errorf("got %q %v %v", body, response.Trailer, err)
		}
	}
	request, _ := http.NewRequest(http.MethodPost, w.base+"/refused", nil)
	if response, body, err := do(t, client, request, "Te", "trailers"); err != nil || body != "" || response.Header.Get("Grpc-Status") != "5" {
		t.Errorf("got %q %v %v", body, response.Header, err)
	}
}

// TestValidatorsAndConditionsPass: what is not changed keeps its validators, and a client may ask with them.
func TestValidatorsAndConditionsPass(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Etag", `"v1"`)
		w.Header().Set("Last-Modified", "Sun, 22 Nov 2026 10:00:00 GMT")
		w.Header().Set("Cache-Control", "max-age=60")
		if r.Header.Get("If-None-Match") == `"v1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "nothing personal in here")
	}), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		response, _, err := get(t, client, w.base)
		if err != nil || response.Header.Get("Etag") != `"v1"` || response.Header.Get("Last-Modified") == "" || response.Header.Get("Cache-Control") != "max-age=60" {
			t.Errorf("got %v %v", response.Header, err)
		}
		if response, _, err = get(t, client, w.base, "If-None-Match", `"v1"`); err != nil || response.StatusCode != http.StatusNotModified {
			t.Errorf("got %d %v", response.StatusCode, err)
		}
	})
}

func TestHardeningChangesHeadersOnly(t *testing.T) {
	w := newWorld(t, application(t, site{map[string]string{"one": crowd(1)}, 0}.ServeHTTP), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		response, body, err := get(t, client, w.base+"/?type=text/csv&body=one&length=1")
		h := response.Header
		if err != nil || body != crowd(1) || h.Get("Cache-Control") != "no-store" || h.Get("X-Robots-Tag") != "noindex, noarchive" || h.Get("Etag") == "" ||
			response.ContentLength != int64(len(body)) {
			t.Errorf("got %q %v %v", body, h, err)
		}
		if o := w.next(); o.Verdict.Action != rules.Harden || o.People != 1 {
			t.Errorf("observed %+v", o)
		}
	})
}

// TestCanariesReachNoOutput plants values wherever a request or an answer can hold them, and looks for them in the log and the outcomes.
func TestCanariesReachNoOutput(t *testing.T) {
	const canary = "canary"
	broken := 0
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		w.Header().Set("X-Who", canary+"@example.org")
		io.WriteString(w, strings.ReplaceAll(crowd(500), "@", canary+"@"))
		if broken++; broken%2 == 0 {
			panic(http.ErrAbortHandler)
		}
	}), func(o *Options, _ *Proxy) { o.Identity = []string{"cookie:id"} })
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		for _, path := range []string{"/redact/", "/", "/skip/", "/strict/"} {
			response, body, _ := get(t, client, w.base+path+"x?q="+canary, "Cookie", "id="+canary, "Referer", "http://"+canary, "X-Canary", canary)
			if response.StatusCode == http.StatusForbidden && strings.Contains(body, canary) {
				t.Errorf("%s: the answer says %q", path, body)
			}
			o := w.next()
			o.Exchange.Route = "" // for the rules; observers leave it out
			if text := strings.Join([]string{o.Exchange.Client, o.Incident, o.Failure, o.RouteName, o.Method}, " "); strings.Contains(text, canary) {
				t.Errorf("%s: observed %q", path, text)
			}
		}
	})
	w.raw("GET /" + canary + " HTTP/1.1\r\nHost: a\r\nBad " + canary + "\r\n\r\n")
	if strings.Contains(w.log.String(), canary) {
		t.Errorf("the log says %s", w.log)
	}
}
