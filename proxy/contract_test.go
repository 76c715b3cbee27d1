package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Each test here is a row of the list of gaps that goproxy, used as a reverse proxy, leaves open. They are run again on every new version.

func TestAbsoluteFormReachesNoOtherHost(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "OTHER") }))
	defer other.Close()
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "APPLICATION "+r.URL.String()) }), nil)
	for _, target := range []string{other.URL + "/x", "http://user:secret@" + other.Listener.Addr().String() + "/x", "ftp://elsewhere/x"} {
		answer := w.raw("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
		if strings.Contains(answer, "OTHER") || !strings.Contains(answer, "APPLICATION /x") {
			t.Errorf("%s: got %q", target, answer)
		}
	}
}

func TestConnectIsRefused(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {}), nil)
	answer := w.raw("CONNECT " + w.address + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 405 ") {
		t.Errorf("got %q", answer)
	}
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		request, _ := http.NewRequest(http.MethodConnect, w.base, nil)
		request.URL.Path = ""
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("status %d", response.StatusCode)
		}
	})
}

func TestTruncationNeverLooksComplete(t *testing.T) {
	for _, declared := range []string{"", "300000"} {
		w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			if declared != "" {
				w.Header().Set("Content-Length", declared)
			}
			for range 10 {
				io.WriteString(w, strings.Repeat("nothing personal here\n", 1000))
			}
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}), nil)
		for _, path := range []string{"/", "/skip/x"} {
			eachProtocol(t, func(t *testing.T, client *http.Client) {
				response, body, err := get(t, client, w.base+path)
				if response.StatusCode == http.StatusOK && err == nil {
					t.Errorf("%d bytes arrived and looked complete", len(body))
				}
				if o := w.next(); o.Failure != failureAborted {
					t.Errorf("failure %q", o.Failure)
				}
			})
		}
	}
}

func TestTruncationBeforeTheHeadIsBadGateway(t *testing.T) {
	base, _ := rawApplication(t, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
	w := newWorld(t, base, nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		response, body, err := get(t, client, w.base+"/")
		if err != nil || response.StatusCode != http.StatusBadGateway || strings.Contains(body, "short") {
			t.Errorf("got %d %q %v", response.StatusCode, body, err)
		}
	})
}

func TestUpstreamDownIsBadGatewayWithoutItsAddress(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	w := newWorld(t, "http://"+address, nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		response, body, err := get(t, client, w.base+"/")
		if err != nil || response.StatusCode != http.StatusBadGateway || body != "Bad Gateway\n" {
			t.Errorf("got %d %q %v", response.StatusCode, body, err)
		}
		if o := w.next(); o.Failure != failureUnreachable || o.StatusCode != http.StatusBadGateway {
			t.Errorf("observed %+v", o)
		}
	})
	if _, port, _ := net.SplitHostPort(address); strings.Contains(w.log.String(), port) {
		t.Errorf("the log names the address: %s", w.log)
	}
}

func TestSilentUpstreamIsGatewayTimeout(t *testing.T) {
	release := make(chan bool)
	base := application(t, func(w http.ResponseWriter, r *http.Request) { <-release })
	w := newWorld(t, base, func(o *Options, _ *Proxy) { o.HeadTimeout = 50 * time.Millisecond })
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		response, _, err := get(t, client, w.base+"/")
		if err != nil || response.StatusCode != http.StatusGatewayTimeout {
			t.Errorf("got %d %v", response.StatusCode, err)
		}
		if o := w.next(); o.Failure != failureTimeout {
			t.Errorf("failure %q", o.Failure)
		}
	})
	close(release)
}

func TestSilenceInMidBodyIsCut(t *testing.T) {
	release := make(chan bool)
	base := application(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, "data: hello\n\n")
		w.(http.Flusher).Flush()
		<-release
	})
	w := newWorld(t, base, func(o *Options, _ *Proxy) { o.UpstreamIdle = 100 * time.Millisecond })
	for _, path := range []string{"/", "/skip/x"} {
		eachProtocol(t, func(t *testing.T, client *http.Client) {
			if _, body, err := get(t, client, w.base+path); err == nil {
				t.Errorf("got %q and a clean end", body)
			}
			if o := w.next(); o.Failure != failureTimeout {
				t.Errorf("failure %q", o.Failure)
			}
		})
	}
	close(release)
}

// TestMessagesAreFlushed holds that each message comes when it was sent, and the head of a stream of messages before the first one.
func TestMessagesAreFlushed(t *testing.T) {
	for _, kind := range []string{"text/event-stream", "Text/Event-Stream; charset=utf-8", "application/x-ndjson", "application/grpc", "text/plain"} {
		step := make(chan bool)
		w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			if streams(kind) {
				w.(http.Flusher).Flush()
			}
			for {
				select {
				case more := <-step:
					if !more {
						return
					}
				case <-r.Context().Done():
					return
				}
				io.WriteString(w, "data: a message that holds nobody\n\n")
				w.(http.Flusher).Flush()
			}
		}), nil)
		for _, path := range []string{"/", "/skip/x"} {
			t.Run(kind+path, func(t *testing.T) {
				eachProtocol(t, func(t *testing.T, client *http.Client) {
					send := func(more bool) {
						select {
						case step <- more:
						case <-time.After(patience):
						}
					}
					if !streams(kind) {
						go send(true)
					}
					response, err := client.Get(w.base + path)
					if err != nil {
						t.Fatal(err)
					}
					defer response.Body.Close()
					if streams(kind) {
						send(true)
					}
					reader := bufio.NewReader(response.Body)
					for i := range 3 {
						if i > 0 {
							send(true)
						}
						if line, err := reader.ReadString('\n'); err != nil || !strings.HasPrefix(line, "data:") {
							t.Fatalf("message %d: %q %v", i, line, err)
						}
						reader.ReadString('\n')
					}
					send(false)
					if rest, err := io.ReadAll(reader); err != nil || len(rest) != 0 {
						t.Errorf("the end: %q %v", rest, err)
					}
				})
			})
		}
	}
}

func TestEarlyHintsAreDropped(t *testing.T) {
	base, _ := rawApplication(t, "HTTP/1.1 103 Early Hints\r\nLink: </someone@example.org>\r\n\r\n"+
		"HTTP/1.1 102 Processing\r\nX-Name: someone@example.org\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	w := newWorld(t, base, nil)
	answer := w.raw("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 200 OK\r\n") || strings.Contains(answer, "example.org") || !strings.HasSuffix(answer, "ok") {
		t.Errorf("got %q", answer)
	}
}

func TestFloodOfInformationalHeadsIsBadGateway(t *testing.T) {
	base, _ := rawApplication(t, strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: <"+strings.Repeat("x", 1000)+">\r\n\r\n", 2000)+"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	w := newWorld(t, base, nil)
	answer := w.raw("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 502 ") {
		t.Errorf("got %q", answer[:min(len(answer), 200)])
	}
}

func TestHugeResponseHeadIsBadGateway(t *testing.T) {
	base, _ := rawApplication(t, "HTTP/1.1 200 OK\r\nX-Big: "+strings.Repeat("x", 2<<20)+"\r\nContent-Length: 2\r\n\r\nok")
	w := newWorld(t, base, nil)
	answer := w.raw("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 502 ") {
		t.Errorf("got %q", answer[:min(len(answer), 200)])
	}
}

func TestResponseHopByHopHeadersAreStripped(t *testing.T) {
	base, _ := rawApplication(t, "HTTP/1.1 200 OK\r\nConnection: X-Secret-Hop\r\nX-Secret-Hop: 1\r\nKeep-Alive: timeout=5\r\n"+
		"Proxy-Authenticate: Basic\r\nUpgrade: h2,h2c\r\nAlt-Svc: h3=\":443\"\r\nX-Kept: 1\r\nContent-Length: 2\r\n\r\nok")
	w := newWorld(t, base, nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		for _, path := range []string{"/", "/skip/x"} {
			response, body, err := get(t, client, w.base+path)
			for _, name := range []string{"X-Secret-Hop", "Keep-Alive", "Proxy-Authenticate", "Upgrade", "Connection", "Alt-Svc"} {
				if response.Header[name] != nil {
					t.Errorf("%s: %s passed", path, name)
				}
			}
			if err != nil || body != "ok" || response.Header.Get("X-Kept") != "1" {
				t.Errorf("%s: %q %v %v", path, body, err, response.Header)
			}
		}
	})
}

func TestRequestHopByHopHeadersAreStripped(t *testing.T) {
	base, requests := rawApplication(t, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	w := newWorld(t, base, nil)
	w.raw("GET /?a=1;b=2&c=%zz HTTP/1.1\r\nHost: site.example\r\nConnection: close, X-Foo, X-Forwarded-For, X-Forwarded-Proto\r\nX-Foo: 1\r\n" +
		"Keep-Alive: 1\r\nTE: trailers, gzip\r\nUpgrade: foo\r\nProxy-Authorization: Basic x\r\nProxy-Connection: x\r\n\r\n")
	head := <-requests
	for _, gone := range []string{"X-Foo", "Keep-Alive", "Upgrade", "Proxy-", "close"} {
		if strings.Contains(head, gone) {
			t.Errorf("%s passed in %q", gone, head)
		}
	}
	for _, kept := range []string{"GET /?a=1;b=2&c=%zz HTTP/1.1\r\n", "Host: site.example\r\n", "Te: trailers\r\n", "X-Forwarded-For: 127.0.0.1\r\n",
		"X-Forwarded-Proto: http\r\n", "X-Forwarded-Host: site.example\r\n"} {
		if !strings.Contains(head, kept) {
			t.Errorf("%q is missing in %q", kept, head)
		}
	}
	if strings.Contains(head, "User-Agent") {
		t.Errorf("a User-Agent was added in %q", head)
	}
}

func TestEmptyBodyIsNotChunked(t *testing.T) {
	type request struct {
		length int64
		coding []string
	}
	seen := make(chan request, 2)
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) { seen <- request{r.ContentLength, r.TransferEncoding} }), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		response, err := client.Post(w.base, "text/plain", nil)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if got := <-seen; got.length != 0 || got.coding != nil {
			t.Errorf("the application saw %+v", got)
		}
	})
}

func TestRequestBodyAndTrailersPass(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %v %s", body, err, r.Trailer.Get("X-Sum"))
	}), nil)
	answer := w.raw("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 42\r\n\r\n")
	if !strings.Contains(answer, "abc <nil> 42") {
		t.Errorf("got %q", answer)
	}
}

func TestDeclaredTrailersPassUndeclaredDoNot(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Trailer", "X-Sum, X-Someone")
		io.WriteString(w, "body")
		w.Header().Set("X-Sum", "42")
		w.Header().Set("X-Someone", "ann@example.org, bob@example.org, cleo@example.org")
		w.Header().Set(http.TrailerPrefix+"X-Late", "late")
		w.Header().Set(http.TrailerPrefix+"Grpc-Status", "0")
	}), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		response, body, err := get(t, client, w.base+"/redact/x")
		if err != nil || body != "body" || response.Trailer.Get("X-Sum") != "42" || response.Trailer.Get("Grpc-Status") != "0" {
			t.Errorf("got %q %v %v", body, err, response.Trailer)
		}
		if response.Trailer.Get("X-Late") != "" || response.Trailer.Get("X-Someone") != "" {
			t.Errorf("trailers %v passed", response.Trailer)
		}
	})
}

func TestHeadNoContentAndNotModifiedAreLeftAlone(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Etag", `"x"`)
		switch r.URL.Path {
		case "/204":
			w.WriteHeader(http.StatusNoContent)
		case "/304":
			w.WriteHeader(http.StatusNotModified)
		default:
			w.Header().Set("Content-Length", "1234")
		}
	}), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		response, err := client.Head(w.base + "/")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.ContentLength != 1234 || response.Header.Get("Etag") != `"x"` {
			t.Errorf("HEAD: %v", response.Header)
		}
		for path, status := range map[string]int{"/204": http.StatusNoContent, "/304": http.StatusNotModified} {
			response, body, err := get(t, client, w.base+path)
			if err != nil || response.StatusCode != status || body != "" || response.Header.Get("Etag") != `"x"` {
				t.Errorf("%s: %d %q %v", path, response.StatusCode, body, err)
			}
		}
	})
}

// TestEmptyAnswersOfHTTP2ThatStayOpen: the head of a 204 says all there is, but its stream ends with the application's handler. The client has it at
// once, and an application that never ends it holds the exchange no longer than one that is silent within a body.
func TestEmptyAnswersOfHTTP2ThatStayOpen(t *testing.T) {
	base := application(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNoContent)
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	w := newWorld(t, strings.Replace(base, "http", "h2c", 1), func(o *Options, _ *Proxy) { o.UpstreamIdle = 300 * time.Millisecond })
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		for _, path := range []string{"/", "/skip/x"} {
			response, err := client.Get(w.base + path)
			if err != nil || response.StatusCode != http.StatusNoContent {
				t.Fatalf("%s: %v %v", path, response, err)
			}
			if w.proxy.InFlight() == 0 {
				t.Errorf("%s: the head came only with the end", path)
			}
			response.Body.Close()
			if o := w.next(); o.Failure != failureTimeout && o.Failure != failureClient {
				t.Errorf("%s: told as %q", path, o.Failure)
			}
		}
	})
}

func TestAbsentContentTypeStaysAbsent(t *testing.T) {
	base, _ := rawApplication(t, "HTTP/1.1 200 OK\r\nContent-Length: 38\r\n\r\n<html><script>alert(1)</script></html>")
	w := newWorld(t, base, nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		response, _, err := get(t, client, w.base+"/")
		if err != nil || response.Header["Content-Type"] != nil {
			t.Errorf("got %v %v", response.Header["Content-Type"], err)
		}
	})
}

func TestExpectContinueWithDeadUpstreamAnswers(t *testing.T) {
	w := newWorld(t, "http://127.0.0.1:1", nil)
	conn, err := net.Dial("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n")
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "HTTP/1.1 502 ") {
		t.Errorf("got %q %v", line, err)
	}
}

func TestExpectContinuePasses(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }), nil)
	conn, err := net.Dial("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	reader := bufio.NewReader(conn)
	io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
	if line, err := reader.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100 ") {
		t.Fatalf("got %q %v", line, err)
	}
	io.WriteString(conn, "hello")
	if answer, err := io.ReadAll(reader); err != nil || !strings.HasSuffix(string(answer), "hello") {
		t.Errorf("got %q %v", answer, err)
	}
}

func TestOptionsStarAndOddPathsPass(t *testing.T) {
	// It says that it closes: on a connection that ended unannounced a DELETE could not be sent again.
	base, requests := rawApplication(t, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
	w := newWorld(t, base, nil)
	for sent, want := range map[string]string{
		"OPTIONS * HTTP/1.1":                         "OPTIONS * HTTP/1.1",
		"GET //evil.example/..%2fx;p?q=a;b HTTP/1.1": "GET //evil.example/..%2fx;p?q=a;b HTTP/1.1",
		"GET /a%2Fb/%C3%A9?x=%ff&& HTTP/1.1":         "GET /a%2Fb/%C3%A9?x=%ff&& HTTP/1.1",
		"DELETE /x?a=1&a=2 HTTP/1.1":                 "DELETE /x?a=1&a=2 HTTP/1.1",
	} {
		w.raw(sent + "\r\nHost: a\r\nConnection: close\r\n\r\n")
		if line, _, _ := strings.Cut(<-requests, "\r\n"); line != want {
			t.Errorf("%q became %q", sent, line)
		}
	}
}
