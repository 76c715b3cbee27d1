package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// slowClients hold a connection each, in every way there is.
var slowClients = []struct {
	name  string
	hold  func(conn net.Conn, stop <-chan struct{})
	reads bool // and sees the end of its connection
}{
	{"says nothing", func(net.Conn, <-chan struct{}) {}, true},
	{"a head byte by byte", func(conn net.Conn, stop <-chan struct{}) {
		trickle(conn, "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "+strings.Repeat("x", 4000), stop)
	}, true},
	{"a body byte by byte", func(conn net.Conn, stop <-chan struct{}) {
		io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n")
		trickle(conn, strings.Repeat("x", 4000), stop)
	}, true},
	{"a chunked body byte by byte", func(conn net.Conn, stop <-chan struct{}) {
		io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfa0\r\n")
		trickle(conn, strings.Repeat("x", 4000), stop)
	}, true},
	{"reads nothing", func(conn net.Conn, _ <-chan struct{}) {
		io.WriteString(conn, "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
	}, false},
	{"HTTP/2 without a request", func(conn net.Conn, _ <-chan struct{}) {
		io.WriteString(conn, preface+"\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")
	}, false},
	{"an unfinished HTTP/2 preface", func(conn net.Conn, _ <-chan struct{}) { io.WriteString(conn, preface) }, true},
}

func trickle(conn net.Conn, text string, stop <-chan struct{}) {
	for i := range len(text) {
		select {
		case <-stop:
			return
		case <-time.After(50 * time.Millisecond):
		}
		if _, err := conn.Write([]byte(text[i : i+1])); err != nil {
			return
		}
	}
}

// TestSlowClientsHoldUpNobody keeps connections open in every slow way, without and with TLS, while others are served; in the end each of them is
// given up; HTTP/2 without a request may wait as long as any idle connection.
func TestSlowClientsHoldUpNobody(t *testing.T) {
	const each = 15
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		for r.URL.Path == "/endless" {
			if _, err := io.WriteString(w, noise(64<<10)); err != nil {
				return
			}
		}
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, "served")
	}), func(o *Options, _ *Proxy) { o.ClientIdle = 500 * time.Millisecond })
	stop := make(chan struct{})
	var group sync.WaitGroup
	type hold struct {
		by   string
		over atomic.Bool
	}
	var held []*hold
	for _, slow := range slowClients {
		for i := range each {
			conn, err := net.Dial("tcp", []string{w.address, w.secure}[i%2])
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			h := &hold{by: slow.name}
			held = append(held, h)
			group.Go(func() { slow.hold(conn, stop) })
			if slow.reads {
				group.Go(func() { io.Copy(io.Discard, conn); h.over.Store(true) })
			} else {
				h.over.Store(true)
			}
		}
	}
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		for range 50 {
			if response, body, err := get(t, client, w.base); err != nil || response.StatusCode != http.StatusOK || body != "served" {
				t.Fatalf("beside slow clients: %v %q %v", response, body, err)
			}
		}
	})
	eventually(t, "the end of every exchange of a slow client", func() bool { return w.proxy.InFlight() == 0 })
	close(stop)
	for deadline := time.Now().Add(requestHeadTimeout + patience); slices.ContainsFunc(held, func(h *hold) bool { return !h.over.Load() }); {
		if time.Now().After(deadline) {
			for _, h := range held {
				if !h.over.Load() {
					t.Errorf("%s: still connected", h.by)
				}
			}
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// TestConnectionsAreBounded: one more than are allowed is closed at once, and there is room again when another has gone.
func TestConnectionsAreBounded(t *testing.T) {
	const most = 4
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "served") }), func(o *Options, _ *Proxy) { o.Connections = most })
	ask := func(conn net.Conn) error {
		conn.SetDeadline(time.Now().Add(patience))
		fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err == nil {
			_, err = io.Copy(io.Discard, response.Body)
		}
		return err
	}
	var open []net.Conn
	for range most {
		conn, err := net.Dial("tcp", w.address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := ask(conn); err != nil {
			t.Fatal(err)
		}
		open = append(open, conn)
	}
	for _, address := range []string{w.address, w.secure} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := ask(conn); err == nil {
			t.Errorf("a connection more than allowed is served")
		}
	}
	if err := ask(open[0]); err != nil {
		t.Errorf("a connection within the bound: %v", err)
	}
	for _, conn := range open {
		conn.Close()
	}
	eventually(t, "room for a connection", func() bool {
		conn, err := net.Dial("tcp", w.address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return ask(conn) == nil
	})
	eventually(t, "the end of all connections", func() bool { return w.proxy.connected.running.Load() == 0 })
}

// TestNothingIsServedThatCannotBeRecorded asks while the audit trail cannot be written.
func TestNothingIsServedThatCannotBeRecorded(t *testing.T) {
	var asked atomic.Int64
	var recording atomic.Bool
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) { asked.Add(1) }), func(o *Options, _ *Proxy) { o.Recording = recording.Load })
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		recording.Store(false)
		before := asked.Load()
		response, _, err := get(t, client, w.base)
		if err != nil || response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" || asked.Load() != before {
			t.Errorf("unrecorded: %v %v, the application was asked %d times", response, err, asked.Load()-before)
		}
		if o := w.next(); o.Failure != failureUnrecorded {
			t.Errorf("observed %+v", o)
		}
		recording.Store(true)
		if response, _, err := get(t, client, w.base); err != nil || response.StatusCode != http.StatusOK {
			t.Errorf("recorded: %v %v", response, err)
		}
		w.next()
	})
}
