package proxy

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not come about", what)
		}
	}
}

func TestAbortedClientsLeaveNothing(t *testing.T) {
	var running atomic.Int64
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		running.Add(1)
		defer running.Add(-1)
		w.Header().Set("Content-Type", "text/plain")
		for r.Context().Err() == nil && r.URL.RawQuery != "small" {
			if _, err := io.WriteString(w, noise(2000)); err != nil {
				return
			}
			w.(http.Flusher).Flush()
			time.Sleep(time.Millisecond)
		}
	}), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		if _, _, err := get(t, client, w.base+"/skip/small?small"); err != nil {
			t.Fatal(err) // listeners, watchdogs and parking lots run from here on
		}
		w.next()
	})
	const clients, requests = 20, 13
	asked := 0
	before := runtime.NumGoroutine()
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		var wait sync.WaitGroup
		for range clients {
			wait.Go(func() {
				for i := range requests {
					ctx, cancel := context.WithCancel(t.Context())
					request, _ := http.NewRequestWithContext(ctx, http.MethodGet, w.base+[]string{"/", "/skip/x"}[i%2], nil)
					response, err := client.Do(request)
					if err == nil {
						io.CopyN(io.Discard, response.Body, int64(i*400))
					}
					cancel()
					if err == nil {
						response.Body.Close()
					}
				}
			})
		}
		wait.Wait()
		asked += clients * requests
		client.CloseIdleConnections()
	})
	for range asked {
		if o := w.next(); o.Failure != failureClient {
			t.Fatalf("observed %+v", o)
		}
	}
	eventually(t, "the end of all requests at the application", func() bool { return running.Load() == 0 })
	w.proxy.transport.CloseIdleConnections()
	eventually(t, "the end of all goroutines", func() bool { return runtime.NumGoroutine() <= before+10 })
	if held := w.proxy.admission.held.Load(); held != 0 {
		t.Errorf("%d bytes are still reserved", held)
	}
}

// residentMemory is what the process holds of the machine's memory, in bytes.
func residentMemory(t *testing.T) int64 {
	t.Helper()
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("the system does not tell how much memory a process holds")
	}
	pages, err := strconv.ParseInt(strings.Fields(string(statm))[1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return pages * int64(os.Getpagesize())
}

func TestLongBodiesTakeLittleMemory(t *testing.T) {
	const size = int64(256 << 20) // four times what the process may grow by; cmd/stanch sends a gibibyte through the binary
	piece := []byte(noise(1 << 20))
	for _, declared := range []bool{true, false} {
		w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			if declared {
				w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
			}
			for range size / int64(len(piece)) {
				w.Write(piece)
			}
		}), nil)
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		before := residentMemory(t)
		response, err := client.Get(w.base)
		if err != nil {
			t.Fatal(err)
		}
		most := int64(0)
		buffer := make([]byte, 64<<10)
		for n, next := int64(0), int64(0); ; {
			m, err := response.Body.Read(buffer)
			if n += int64(m); n >= next {
				most, next = max(most, residentMemory(t)-before), next+size/64
			}
			if err == io.EOF {
				if n != size {
					t.Errorf("%d bytes of %d", n, size)
				}
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		response.Body.Close()
		t.Logf("declared %v: the process grew by %d KiB", declared, most>>10)
		if most > 64<<20 {
			t.Errorf("declared %v: the process grew by %d MiB", declared, most>>20)
		}
	}
}

// TestSlowClientHoldsTheApplicationBack reads nothing: the application must come to a stop, long before its body ends.
func TestSlowClientHoldsTheApplicationBack(t *testing.T) {
	piece := []byte(noise(64 << 10))
	var written atomic.Int64
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		for {
			n, err := w.Write(piece)
			if written.Add(int64(n)); err != nil {
				return
			}
		}
	}), func(o *Options, _ *Proxy) { o.ClientIdle = time.Second })
	conn, err := net.Dial("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	last := int64(-1)
	eventually(t, "a standstill", func() bool {
		defer func() { last = written.Load() }()
		time.Sleep(100 * time.Millisecond)
		return last > 0 && last == written.Load()
	})
	if last > 64<<20 {
		t.Errorf("the application wrote %d MiB for a client that reads nothing", last>>20)
	}
	// A client that takes nothing for too long is given up, and with it the request to the application.
	if o := w.next(); o.Failure != failureClient || !o.Cut {
		t.Errorf("observed %+v", o)
	}
}

func TestClientThatSendsNothingIsGivenUp(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }),
		func(o *Options, _ *Proxy) { o.ClientIdle = 100 * time.Millisecond })
	conn, err := net.Dial("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhello")
	if answer, err := io.ReadAll(conn); err != nil && !isReset(err) {
		t.Errorf("got %q and %v", answer, err)
	}
	w.next()
}

func TestSlowUploadsAndAnswersBehindThemPass(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.Copy(io.Discard, r.Body)
		time.Sleep(300 * time.Millisecond) // longer than a client may be silent in mid-body
		io.WriteString(w, "thanks for it")
	}), func(o *Options, _ *Proxy) { o.ClientIdle = 200 * time.Millisecond })
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		reader, writer := io.Pipe()
		go func() {
			for range 4 {
				time.Sleep(100 * time.Millisecond)
				io.WriteString(writer, strings.Repeat("a piece ", 10)) // more than the least rate
			}
			writer.Close()
		}()
		response, err := client.Post(w.base, "text/plain", reader)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if body, err := io.ReadAll(response.Body); err != nil || string(body) != "thanks for it" {
			t.Errorf("got %q and %v", body, err)
		}
	})
}

func TestOverloadShedsAndNothingPassesUninspected(t *testing.T) {
	release := make(chan bool)
	base := application(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, "data: x\n\n")
		w.(http.Flusher).Flush()
		<-release
	})
	for name, limit := range map[string]func(*Options){"memory": func(o *Options) { o.Memory = 3 * exchangeCost }, "concurrency": func(o *Options) { o.Concurrency = 3 }} {
		w := newWorld(t, base, func(o *Options, _ *Proxy) { limit(o) })
		eachProtocol(t, func(t *testing.T, client *http.Client) {
			var open []io.Closer
			for range 3 {
				response, err := client.Get(w.base)
				if err != nil {
					t.Fatal(err)
				}
				open = append(open, response.Body)
			}
			response, body, err := get(t, client, w.base)
			if err != nil || response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" || strings.Contains(body, "data") {
				t.Errorf("%s: %d %q %v", name, response.StatusCode, body, err)
			}
			if o := w.next(); o.Failure != failureShed || o.StatusCode != http.StatusServiceUnavailable {
				t.Errorf("%s: observed %+v", name, o)
			}
			for _, body := range open {
				body.Close()
				w.next()
			}
			response, err = client.Get(w.base)
			if err != nil || response.StatusCode != http.StatusOK {
				t.Fatalf("%s: after the load %v %v", name, response, err)
			}
			response.Body.Close()
			w.next()
		})
	}
	close(release)
}

func TestDrainLetsAnswersEnd(t *testing.T) {
	step := make(chan bool)
	u := application(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, "data: one\n\n")
		w.(http.Flusher).Flush()
		if <-step {
			io.WriteString(w, "data: two\n\n")
			return
		}
		<-r.Context().Done()
	})
	for _, ends := range []bool{true, false} {
		eachProtocol(t, func(t *testing.T, client *http.Client) {
			w := newWorld(t, u, func(o *Options, _ *Proxy) { o.Drain = 300 * time.Millisecond })
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- w.proxy.Serve(ctx, listener) }()
			response, err := client.Get("http://" + listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			reader := bufio.NewReader(response.Body)
			reader.ReadString('\n')
			cancel()
			eventually(t, "a closed listener", func() bool {
				conn, err := net.Dial("tcp", listener.Addr().String())
				if err == nil {
					conn.Close()
				}
				return err != nil
			})
			step <- ends
			rest, err := io.ReadAll(reader)
			if ends && (err != nil || string(rest) != "\ndata: two\n\n") || !ends && err == nil {
				t.Errorf("ends %v: got %q and %v", ends, rest, err)
			}
			client.CloseIdleConnections()
			if err := <-done; (err == nil) != ends || !ends && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("ends %v: Serve returned %v", ends, err)
			}
		})
	}
}

func TestUnsolicitedBytesAreNotLogged(t *testing.T) {
	base, _ := rawApplication(t, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello and someone@example.org")
	w := newWorld(t, base, nil)
	client := protocols(t)[0].client
	for range 20 {
		response, body, err := get(t, client, w.base)
		// Bytes past an answer may spoil the connection just as the next request takes it.
		if spoiled := err == nil && response.StatusCode == http.StatusBadGateway; !spoiled && (err != nil || body != "hello") {
			t.Fatalf("got %q %v", body, err)
		}
	}
	if strings.Contains(w.log.String(), "someone") {
		t.Errorf("the log says %s", w.log)
	}
}
