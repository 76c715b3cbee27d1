package proxy

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"stanch/rules"
)

// frame is a frame as a server sends it.
func frame(first byte, payload string) string {
	head := []byte{first}
	switch n := len(payload); {
	case n < frameLength16:
		head = append(head, byte(n))
	case n < 1<<16:
		head = binary.BigEndian.AppendUint16(append(head, frameLength16), uint16(n))
	default:
		head = binary.BigEndian.AppendUint64(append(head, frameLength64), uint64(n))
	}
	return string(head) + payload
}

// socket is an application that upgrades, reads four bytes, sends what it is told to, and closes.
func socket(t *testing.T, head, frames string) string {
	return application(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") == "" {
			io.WriteString(w, "no upgrade was asked for")
			return
		}
		if r.Header.Get("Sec-Websocket-Extensions") != "" {
			t.Error("the application was offered extensions")
		}
		conn, buffered, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		io.WriteString(conn, head)
		if strings.Contains(head, " 101 ") {
			conn.SetReadDeadline(time.Now().Add(patience))
			io.CopyN(io.Discard, buffered, 4)
		}
		io.WriteString(conn, frames)
	})
}

const (
	switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
	upgrade   = " HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\nping"
)

func TestWebSocketMessagesAreInspected(t *testing.T) {
	people := []string{word(1) + "@example.org", word(2) + "@example.org", word(3) + "@example.org"}
	for _, c := range []struct {
		name, frames string
		passes       string // of the frames; what is left does not
		blocked      bool
	}{
		{"text", frame(0x81, "hello") + frame(0x82, "a binary greeting") + frame(0x88, "\x03\xe8bye"), "", false},
		{"long text", frame(0x81, noise(300)) + frame(0x81, noise(100_000)), "", false},
		{"fragments", frame(0x01, "hel") + frame(0x89, "ping") + frame(0x80, "lo"), frame(0x89, "ping") + frame(0x01, "hel") + frame(0x80, "lo"), false},
		{"a crowd", frame(0x81, "hello there") + frame(0x81, crowd(30)), frame(0x81, "hello there"), true},
		{"a crowd in fragments", frame(0x01, crowd(30)[:100]) + frame(0x80, crowd(30)[100:]), "", true},
		{"one by one", frame(0x81, people[0]) + frame(0x81, people[1]) + frame(0x81, people[2]) + frame(0x81, "end"), frame(0x81, people[0]) + frame(0x81, people[1]), true},
		{"too large", frame(0x81, noise(maxMessage+1)), "", true},
		{"compressed", frame(0xc1, "hello"), "", true},
		{"masked", string([]byte{0x81, 0x85, 1, 2, 3, 4}) + "hello", "", true},
		{"a crowd in the reason", frame(0x88, "\x03\xe8"+crowd(4)), "", true},
	} {
		w := newWorld(t, socket(t, switching, c.frames), nil)
		answer := w.raw("GET /socket/x" + upgrade)
		head, frames, _ := strings.Cut(answer, "\r\n\r\n")
		want := c.passes
		if want == "" && !c.blocked {
			want = c.frames
		}
		if !strings.HasPrefix(head, "HTTP/1.1 101 ") || frames != want {
			t.Errorf("%s: %q with %d bytes, want %d", c.name, head, len(frames), len(want))
		}
		o := w.next()
		if o.StatusCode != http.StatusSwitchingProtocols || (o.Verdict.Action == rules.Block) != (c.blocked && !strings.Contains("compressed masked too large", c.name)) {
			t.Errorf("%s: observed %+v", c.name, o)
		}
	}
}

func TestUpgradeIsRefusedWhereNoRouteAllowsIt(t *testing.T) {
	w := newWorld(t, socket(t, switching, frame(0x81, "hello")), nil)
	for _, path := range []string{"/other", "/socket/%2e%2e/x"} {
		if answer := w.raw("GET " + path + upgrade); !strings.Contains(answer, "no upgrade was asked for") || !strings.Contains(answer, "Connection: close") {
			t.Errorf("%s: got %q", path, answer)
		}
	}
	base, _ := rawApplication(t, switching+frame(0x81, "hello"))
	w = newWorld(t, base, nil)
	for _, request := range []string{"GET /socket/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET /other" + upgrade} {
		if answer := w.raw(request); strings.Contains(answer, "hello") || !strings.HasPrefix(answer, "HTTP/1.1 502 ") {
			t.Errorf("an upgrade nobody may have: %q", answer)
		}
	}
	base, _ = rawApplication(t, strings.Replace(switching, "Upgrade: websocket", "Upgrade: other", 1)+"hello")
	w = newWorld(t, base, nil)
	if answer := w.raw("GET /socket/x" + upgrade); strings.Contains(answer, "hello") || !strings.HasPrefix(answer, "HTTP/1.1 502 ") {
		t.Errorf("an upgrade to something else: %q", answer)
	}
}

func TestUpgradeHeadersWithoutUpgradeKeepTheBody(t *testing.T) {
	w := newWorld(t, socket(t, "HTTP/1.1 200 OK\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n\r\n", "hello"), nil)
	answer := w.raw("GET /socket/x" + upgrade)
	if !strings.HasPrefix(answer, "HTTP/1.1 200 OK") || !strings.HasSuffix(answer, "hello") || strings.Contains(answer, "Upgrade: websocket") {
		t.Errorf("got %q", answer)
	}
}

func TestWebSocketOfASkippedRouteClosesWithTheApplication(t *testing.T) {
	policy := blocking()
	policy.Routes[1].Skip = true
	w := newWorld(t, socket(t, switching, crowd(5)), func(o *Options, _ *Proxy) {
		engine := newEngine(t, policy)
		o.Rules = func() Rules { return Rules{Engine: engine} }
	})
	if answer := w.raw("GET /socket/x" + upgrade); !strings.HasSuffix(answer, crowd(5)) {
		t.Errorf("got %q", answer)
	}
}

func TestWhatAWebSocketClientSaysPasses(t *testing.T) {
	said := make(chan string, 1)
	base := application(t, func(w http.ResponseWriter, r *http.Request) {
		conn, buffered, _ := w.(http.Hijacker).Hijack()
		defer conn.Close()
		io.WriteString(conn, switching)
		text := make([]byte, 10)
		io.ReadFull(buffered, text)
		said <- string(text)
	})
	w := newWorld(t, base, nil)
	conn, err := net.Dial("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	io.WriteString(conn, "GET /socket/x"+upgrade)
	bufio.NewReader(conn).ReadString('\n')
	io.WriteString(conn, "\n\r\n\rrest")
	if got := <-said; got != "ping\n\r\n\rre" {
		t.Errorf("the application heard %q", got)
	}
}
