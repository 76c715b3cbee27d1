package proxy

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// parked counts the connections of a listener that are parked.
func (l *parkingLot) parked() int {
	l.lock.Lock()
	defer l.lock.Unlock()
	return len(l.here)
}

// A keptConn is a client's one connection.
type keptConn struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

// keep connects to a listener of a world: 0 is the one without TLS.
func (w *world) keep(t *testing.T, listener int) keptConn {
	t.Helper()
	conn, err := net.Dial("tcp", []string{w.address, w.secure}[listener])
	if err != nil {
		t.Fatal(err)
	}
	if listener > 0 {
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	return keptConn{t, conn, bufio.NewReader(conn)}
}

// eachKept runs a test on a connection without and one with TLS, after a first request.
func eachKept(t *testing.T, w *world, test func(t *testing.T, c keptConn, lot *parkingLot)) {
	for i, name := range []string{"plain", "TLS"} {
		t.Run(name, func(t *testing.T) {
			c := w.keep(t, i)
			c.say(firstRequest)
			c.hears(firstAnswer)
			test(t, c, w.lots[i])
		})
	}
}

const (
	firstRequest = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
	firstAnswer  = "GET /a "
)

func (c keptConn) say(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, text); err != nil {
		c.t.Fatal(err)
	}
}

// hear reads one answer.
func (c keptConn) hear() (status int, body string) {
	c.t.Helper()
	response, err := http.ReadResponse(c.in, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	all, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response.StatusCode, string(all)
}

func (c keptConn) hears(want ...string) {
	c.t.Helper()
	for _, want := range want {
		if status, body := c.hear(); status != http.StatusOK || body != want {
			c.t.Errorf("the answer is %d %q, want %q", status, body, want)
		}
	}
}

// listening says what it was asked.
func listening(t testing.TB) string {
	return application(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.Path, body)
	})
}

// wakings are what a client may say after a silence, in pieces with a pause between them, and the answers to it.
var wakings = []struct {
	name   string
	pieces []string
	want   []string
}{
	{"a request", []string{"GET /b HTTP/1.1\r\nHost: a\r\n\r\n"}, []string{"GET /b "}},
	{"a request in pieces", []string{"G", "E", "T", " /b HTTP/1.1\r\nHo", "st: a\r", "\n\r\n"}, []string{"GET /b "}},
	{"a body", []string{"POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"}, []string{"POST /b hello"}},
	{"a body later", []string{"POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", "hel", "lo"}, []string{"POST /b hello"}},
	{"chunks", []string{"POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "lo\r\n0\r\n\r\n"}, []string{"POST /b hello"}},
	{"two at once", []string{"GET /b HTTP/1.1\r\nHost: a\r\n\r\nGET /c HTTP/1.1\r\nHost: a\r\n\r\n"}, []string{"GET /b ", "GET /c "}},
	{"one and a half", []string{"GET /b HTTP/1.1\r\nHost: a\r\n\r\nGE", "T /c HTTP/1.1\r\nHost: a\r\n\r\n"}, []string{"GET /b ", "GET /c "}},
}

// TestSilentConnectionsAreParked: what comes after a silence is answered as if there had been none, and the connection can be parked again.
func TestSilentConnectionsAreParked(t *testing.T) {
	w := newWorld(t, listening(t), nil)
	for _, waking := range wakings {
		t.Run(waking.name, func(t *testing.T) {
			t.Parallel()
			eachKept(t, w, func(t *testing.T, c keptConn, lot *parkingLot) {
				for range 2 {
					time.Sleep(parkAfter + 100*time.Millisecond)
					for i, piece := range waking.pieces {
						if i > 0 {
							time.Sleep(20 * time.Millisecond)
						}
						c.say(piece)
					}
					c.hears(waking.want...)
				}
			})
		})
	}
}

// TestParkingIsSeen: net/http has a silent connection no more, it counts as one, and its place is free when the client leaves.
func TestParkingIsSeen(t *testing.T) {
	w := newWorld(t, listening(t), nil)
	eachKept(t, w, func(t *testing.T, c keptConn, lot *parkingLot) {
		eventually(t, "parking", func() bool { return lot.parked() == 1 })
		if n := w.proxy.connected.running.Load(); n != 1 {
			t.Errorf("%d connections are counted, want 1", n)
		}
		c.conn.Close()
		eventually(t, "the end of the connection", func() bool { return lot.parked() == 0 && w.proxy.connected.running.Load() == 0 })
	})
}

// TestHalfARequestIsNotParked: the silence is one within a request; nor does HTTP/2 know silence between requests.
func TestHalfARequestIsNotParked(t *testing.T) {
	w := newWorld(t, listening(t), nil)
	for _, begun := range []string{"G", "GE", "GET /b HT"} {
		t.Run(begun, func(t *testing.T) {
			eachKept(t, w, func(t *testing.T, c keptConn, lot *parkingLot) {
				c.say(firstRequest + begun)
				c.hears(firstAnswer)
				time.Sleep(parkAfter + 100*time.Millisecond)
				if n := lot.parked(); n != 0 {
					t.Errorf("%d connections are parked, want none", n)
				}
				c.say(strings.TrimPrefix("GET /b HTTP/1.1\r\nHost: a\r\n\r\n", begun))
				c.hears("GET /b ")
			})
		})
	}
	for i, p := range protocols(t) {
		if !strings.HasPrefix(p.name, "HTTP/2") {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			for range 2 {
				if _, body, err := get(t, p.client, w.base+"/h2"); err != nil || body != "GET /h2 " {
					t.Fatalf("%q %v", body, err)
				}
				time.Sleep(parkAfter + 100*time.Millisecond)
				if n := w.lots[i/2].parked(); n != 0 {
					t.Errorf("%d connections are parked, want none", n)
				}
			}
		})
	}
}

// TestParkedConnectionsAreChecked: what is refused in a first request is refused after a silence.
func TestParkedConnectionsAreChecked(t *testing.T) {
	w := newWorld(t, listening(t), nil)
	eachKept(t, w, func(t *testing.T, c keptConn, lot *parkingLot) {
		eventually(t, "parking", func() bool { return lot.parked() == 1 })
		c.say("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
		if status, _ := c.hear(); status != http.StatusBadRequest {
			t.Errorf("the status is %d, want 400", status)
		}
	})
}

// TestDrainEndsParkedConnections at once: they have no answer in flight.
func TestDrainEndsParkedConnections(t *testing.T) {
	w := newWorld(t, listening(t), nil)
	for i, lot := range w.lots {
		c := w.keep(t, i)
		c.say(firstRequest)
		c.hears(firstAnswer)
		eventually(t, "parking", func() bool { return lot.parked() == 1 })
		defer func() {
			if _, err := c.in.ReadByte(); err != io.EOF {
				t.Errorf("the connection ends with %v, want EOF", err)
			}
			if lot.park(c.conn, &w.proxy.connected, time.Time{}) {
				t.Error("a closed lot takes a connection")
			}
		}()
	}
	w.drain()
}

// TestClientsSpeakWhileTheyAreParked: at the very moment nothing is lost.
func TestClientsSpeakWhileTheyAreParked(t *testing.T) {
	const clients, each = 40, 6
	w := newWorld(t, listening(t), nil)
	var group sync.WaitGroup
	for i := range clients {
		group.Go(func() {
			conn, err := net.Dial("tcp", w.address)
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(patience))
			in := bufio.NewReader(conn)
			for j := range each {
				fmt.Fprintf(conn, "GET /%d/%d HTTP/1.1\r\nHost: a\r\n\r\n", i, j)
				response, err := http.ReadResponse(in, nil)
				if err != nil {
					t.Errorf("client %d, request %d: %v", i, j, err)
					return
				}
				if body, err := io.ReadAll(response.Body); err != nil || string(body) != fmt.Sprintf("GET /%d/%d ", i, j) {
					t.Errorf("client %d, request %d: %q %v", i, j, body, err)
				}
				time.Sleep(parkAfter + time.Duration(rand.IntN(4000)-2000)*time.Microsecond)
			}
		})
	}
	group.Wait()
}

// TestParkedConnectionsEnd with the time that an idle connection has.
func TestParkedConnectionsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, conn := net.Pipe()
		open := &admission{requests: 1}
		if !open.enter(0) {
			t.Fatal("no room")
		}
		lot := newParkingLot(conn.LocalAddr())
		defer lot.Close()
		begin := time.Now()
		if !lot.park(conn, open, begin.Add(idleTimeout)) {
			t.Fatal("not parked")
		}
		if _, err := client.Read(make([]byte, 1)); err != io.EOF || time.Since(begin) != idleTimeout {
			t.Errorf("it ends with %v after %v, want EOF after %v", err, time.Since(begin), idleTimeout)
		}
		if synctest.Wait(); lot.parked() != 0 || !open.enter(0) {
			t.Error("it still has its place")
		}
	})
}
