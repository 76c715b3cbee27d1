package proxy

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// A flooder speaks HTTP/2 in frames of its own.
type flooder struct {
	net.Conn
	*http2.Framer
	ended chan struct{} // closed when the other side has ended the connection
	codes chan http2.ErrCode
}

// newFlooder opens a connection, reads all that comes, and keeps the codes of RST_STREAM and GOAWAY.
func newFlooder(t *testing.T, address string, encrypted bool) *flooder {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	if encrypted {
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}})
	}
	conn.SetDeadline(time.Now().Add(2 * patience))
	f := &flooder{conn, http2.NewFramer(conn, conn), make(chan struct{}), make(chan http2.ErrCode, 1<<20)}
	f.AllowIllegalWrites = true
	t.Cleanup(func() { conn.Close(); <-f.ended })
	if _, err := io.WriteString(conn, http2.ClientPreface); err != nil {
		t.Fatal(err)
	}
	f.WriteSettings()
	go func() {
		defer close(f.ended)
		for {
			frame, err := f.ReadFrame()
			if err != nil {
				return
			}
			switch frame := frame.(type) {
			case *http2.GoAwayFrame:
				f.codes <- frame.ErrCode
			case *http2.RSTStreamFrame:
				f.codes <- frame.ErrCode
			}
		}
	}()
	return f
}

// headBlock is the header block of a request.
func headBlock(path string) []byte {
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for _, field := range []hpack.HeaderField{{Name: ":method", Value: "GET"}, {Name: ":scheme", Value: "https"}, {Name: ":authority", Value: "a"}, {Name: ":path", Value: path}} {
		encoder.WriteField(field)
	}
	return block.Bytes()
}

// closes reports whether the other side ends the connection while frames are written to it.
func (f *flooder) closes(frames int, write func(n int) error) bool {
	for n := range frames {
		if write(n) != nil {
			break
		}
	}
	select {
	case <-f.ended:
		return true
	case <-time.After(patience):
		return false
	}
}

// TestFloodsEndTheConnection sends each known flood of HTTP/2 frames and expects the end of that connection, while others are served.
func TestFloodsEndTheConnection(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			<-r.Context().Done()
		}
		io.WriteString(w, "a page")
	}), func(o *Options, _ *Proxy) { o.Observer = nil })
	const many = 40 * idleFrames
	open := func(f *flooder) error {
		return f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: headBlock("/slow"), EndHeaders: true})
	}
	floods := []struct {
		name  string
		flood func(f *flooder) bool
	}{
		{"rapid reset", func(f *flooder) bool {
			return f.closes(many, func(n int) error {
				id := uint32(2*n + 1)
				f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: headBlock("/slow"), EndHeaders: true, EndStream: true})
				return f.WriteRSTStream(id, http2.ErrCodeCancel)
			})
		}},
		{"PING", func(f *flooder) bool { return f.closes(many, func(int) error { return f.WritePing(false, [8]byte{}) }) }},
		{"answers to PINGs that were not sent", func(f *flooder) bool {
			return f.closes(many, func(int) error { return f.WritePing(true, [8]byte{}) })
		}},
		{"SETTINGS", func(f *flooder) bool { return f.closes(many, func(int) error { return f.WriteSettings() }) }},
		{"PRIORITY", func(f *flooder) bool {
			return f.closes(many, func(n int) error { return f.WritePriority(uint32(2*n+1), http2.PriorityParam{}) })
		}},
		{"unknown frames", func(f *flooder) bool {
			return f.closes(many, func(int) error { return f.WriteRawFrame(0xbb, 0, 0, nil) })
		}},
		{"DATA without bytes", func(f *flooder) bool {
			open(f)
			return f.closes(many, func(int) error { return f.WriteData(1, false, nil) })
		}},
		{"DATA with nothing but padding", func(f *flooder) bool {
			open(f)
			return f.closes(many, func(int) error { return f.WriteDataPadded(1, false, nil, []byte{0}) })
		}},
		{"CONTINUATION", func(f *flooder) bool {
			f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: headBlock("/")})
			crumb := []byte{0, 1, 'x', 200} // the beginning of a long field
			return f.closes(many, func(int) error {
				err := f.WriteContinuation(1, false, crumb)
				crumb = bytes.Repeat([]byte{'a'}, 100)
				return err
			})
		}},
		{"CONTINUATION without bytes", func(f *flooder) bool {
			f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: headBlock("/")})
			return f.closes(many, func(int) error { return f.WriteContinuation(1, false, nil) })
		}},
		{"a window without end", func(f *flooder) bool {
			return f.closes(many, func(int) error { return f.WriteWindowUpdate(0, 1<<31-1) })
		}},
	}
	goroutines := runtime.NumGoroutine()
	for _, encrypted := range []bool{false, true} {
		address := map[bool]string{false: w.address, true: w.secure}[encrypted]
		for _, c := range floods {
			t.Run(c.name, func(t *testing.T) {
				f := newFlooder(t, address, encrypted)
				if !c.flood(f) {
					t.Errorf("TLS %v: the connection goes on", encrypted)
				}
				response, err := http.Get(w.base)
				if err != nil || response.StatusCode != http.StatusOK {
					t.Fatalf("another client got %v, %v", response, err)
				}
				response.Body.Close()
				http.DefaultClient.CloseIdleConnections()
			})
		}
	}
	w.proxy.transport.CloseIdleConnections()
	eventually(t, "the end of all goroutines", func() bool { return runtime.NumGoroutine() <= goroutines+10 })
	if running := w.proxy.InFlight(); running != 0 {
		t.Errorf("%d exchanges are still in flight", running)
	}
}

// TestStreamsAndHeadsAreBounded asks for more streams, and sends larger heads, than a connection may have.
func TestStreamsAndHeadsAreBounded(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), nil)
	for _, encrypted := range []bool{false, true} {
		address := map[bool]string{false: w.address, true: w.secure}[encrypted]
		f := newFlooder(t, address, encrypted)
		for n := range 2 * maxStreams {
			f.WriteHeaders(http2.HeadersFrameParam{StreamID: uint32(2*n + 1), BlockFragment: headBlock("/"), EndHeaders: true, EndStream: true})
		}
		for range maxStreams {
			select {
			case code := <-f.codes:
				if code != http2.ErrCodeRefusedStream && code != http2.ErrCodeProtocol {
					t.Fatalf("TLS %v: a stream above the limit got %v", encrypted, code)
				}
			case <-time.After(patience):
				t.Fatalf("TLS %v: streams above the limit are not refused", encrypted)
			}
		}
		if running := w.proxy.InFlight(); running > 2*maxStreams {
			t.Errorf("TLS %v: %d exchanges are in flight", encrypted, running)
		}
		f.Conn.Close()
	}
	eventually(t, "the end of all exchanges", func() bool { return w.proxy.InFlight() == 0 })
	for _, p := range protocols(t) {
		response, _, err := get(t, p.client, w.base, "X-Large", strings.Repeat("x", 2*maxRequestHead))
		if err == nil && response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("%s: a head of %d bytes got %d", p.name, 2*maxRequestHead, response.StatusCode)
		}
		if running := w.proxy.InFlight(); running != 0 {
			t.Errorf("%s: it reached the application", p.name)
		}
	}
}

// TestFrameMeterIsTheSameForEverySplit feeds a conversation and a flood in one piece, byte by byte and in two pieces.
func TestFrameMeterIsTheSameForEverySplit(t *testing.T) {
	var wire bytes.Buffer
	wire.WriteString(http2.ClientPreface[len("PRI * HTTP/2.0\r\n"):])
	framer := http2.NewFramer(&wire, nil)
	framer.WriteSettings()
	framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: headBlock("/"), EndHeaders: true})
	for range 3 {
		framer.WriteData(1, false, bytes.Repeat([]byte{0}, 70))
		framer.WriteWindowUpdate(0, 5)
	}
	talk := wire.Len()
	for range 20 {
		framer.WritePing(false, [8]byte{})
	}
	const spare = 11 // with the SETTINGS, ten PINGs are within bounds
	fed := func(pieces ...[]byte) (n int) {
		m := newFrameMeter()
		m.spare, m.last = spare, time.Now().Add(time.Hour)
		for _, p := range pieces {
			good := m.feed(p)
			if n += good; good < len(p) {
				return n
			}
		}
		return n
	}
	all := wire.Bytes()
	want := talk + (spare-1)*(frameHead+8) + frameHead - 1
	for split := range all {
		if n := fed(all[:split], all[split:]); n != want {
			t.Fatalf("split at %d: %d bytes are good, want %d", split, n, want)
		}
	}
	var bytewise [][]byte
	for i := range all {
		bytewise = append(bytewise, all[i:i+1])
	}
	if n := fed(bytewise...); n != want {
		t.Errorf("byte by byte: %d bytes are good, want %d", n, want)
	}
}
