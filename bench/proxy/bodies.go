package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"

	"stanch/rules/match/corpus"
)

// A body is what the application answers to GET /NAME.
type body struct {
	name        string
	title       string
	contentType string
	bytes       []byte
	coding      string // Content-Encoding; "" for none
	sum         [sha256.Size]byte
	connections int    // of the clients at a time: enough to keep a core busy, few for bodies that take a peer seconds
	before      string // what stands before the word that is another in each answer of its twin; "" for no twin
	varied      int    // where in bytes that word stands; 0 for nowhere
	dense       bool
}

func newBodies() []body {
	page := corpus.HTML(1 << 20)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write(page)
	w.Close()
	bodies := []body{
		{name: "html-10k", title: "10 KiB HTML", contentType: "text/html; charset=utf-8", bytes: corpus.HTML(10 << 10), connections: 16, before: "<title>"},
		{name: "html-1m", title: "1 MiB HTML", contentType: "text/html; charset=utf-8", bytes: page, connections: 4, before: "<title>"},
		{name: "html-1m-gzip", title: "1 MiB HTML, gzip", contentType: "text/html; charset=utf-8", bytes: packed.Bytes(), coding: "gzip", connections: 4},
		{name: "js-1m", title: "1 MiB JavaScript", contentType: "text/javascript", bytes: corpus.JavaScript(1 << 20), connections: 4, before: `createElement:"`},
		{name: "json-64k", title: "64 KiB JSON", contentType: "application/json", bytes: corpus.JSON(64 << 10), connections: 8, before: `"uuid":"`},
		{name: "csv-5m", title: "dense 5 MiB CSV", contentType: "text/csv; charset=utf-8", bytes: corpus.People(5 << 20), connections: 2, before: "app", dense: true},
	}
	for _, b := range bodies {
		if b.before != "" {
			bodies = append(bodies, b.twin())
		}
	}
	for i := range bodies {
		bodies[i].sum = sha256.Sum256(bodies[i].bytes)
	}
	return bodies
}

const (
	// variedLength is the length of the word that is another in each answer.
	variedLength = 8
	// variedSuffix ends the names of bodies of which no two are alike.
	variedSuffix = "-varied"
)

// twin is a body that no cache of any kind knows, as one made for each visitor is.
func (b body) twin() body {
	b.name, b.title = b.name+variedSuffix, b.title+", no two alike"
	b.varied = bytes.Index(b.bytes, []byte(b.before)) + len(b.before)
	return b
}

// vary writes a word of letters that is another for each number.
func vary(word []byte, number uint64) {
	for i := range word {
		word[i] = 'a' + byte(number%26)
		number /= 26
	}
}

// answer is the whole response of the application, head and body.
func (b *body) answer() []byte {
	var head strings.Builder
	fmt.Fprintf(&head, "HTTP/1.1 200 OK\r\nServer: application\r\nDate: Mon, 02 Nov 2026 10:00:00 GMT\r\nContent-Type: %s\r\nContent-Length: %d\r\n"+
		"Last-Modified: Sun, 01 Nov 2026 08:00:00 GMT\r\nETag: \"%s-1\"\r\nCache-Control: max-age=60\r\nVary: Accept-Encoding\r\n", b.contentType, len(b.bytes), b.name)
	if b.coding != "" {
		head.WriteString("Content-Encoding: " + b.coding + "\r\n")
	}
	head.WriteString("\r\n")
	return append([]byte(head.String()), b.bytes...)
}

// An application answers from memory. It reads no more of a request than its target, and costs next to nothing.
type application struct {
	address  string
	listener net.Listener
	answers  map[string][]byte
	varied   map[string]int // how far before the end of an answer the word stands that is another each time
	served   atomic.Uint64  // answers with such a word

	mu   sync.Mutex
	sent []time.Time // when each event of the latest event stream was written
}

func startApplication(bodies []body) (*application, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	a := &application{address: listener.Addr().String(), listener: listener, answers: map[string][]byte{}, varied: map[string]int{}}
	for _, b := range bodies {
		a.answers["/"+b.name] = b.answer()
		if b.varied > 0 {
			a.varied["/"+b.name] = len(b.bytes) - b.varied
		}
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go a.serve(conn)
		}
	}()
	return a, nil
}

func (a *application) close() { a.listener.Close() }

// maxRequest is the longest request head that the application takes, in bytes.
const maxRequest = 16 << 10

func (a *application) serve(conn net.Conn) {
	defer conn.Close()
	buffer := make([]byte, maxRequest)
	var own []byte // the answer with a word of its own
	for kept := 0; ; {
		n, err := conn.Read(buffer[kept:])
		if err != nil {
			return
		}
		kept += n
		end := bytes.Index(buffer[:kept], []byte("\r\n\r\n"))
		if end < 0 {
			continue
		}
		target := strings.SplitN(string(buffer[:end]), " ", 3)[1]
		kept = copy(buffer, buffer[end+len("\r\n\r\n"):kept])
		if target == eventsPath {
			a.serveEvents(conn)
			return
		}
		answer := a.answers[target]
		if answer == nil {
			answer = []byte("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
		}
		if place := a.varied[target]; place > 0 {
			own = append(own[:0], answer...)
			vary(own[len(own)-place:][:variedLength], a.served.Add(1))
			answer = own
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
	}
}

const (
	eventsPath  = "/events"
	eventCount  = 200
	eventPause  = 4 * time.Millisecond
	eventPrefix = "data: {\"type\":\"tick\",\"text\":\"all is well on the line\",\"number\":"
)

// serveEvents sends a stream of events and remembers when it sent each.
func (a *application) serveEvents(conn net.Conn) {
	a.mu.Lock()
	a.sent = a.sent[:0]
	a.mu.Unlock()
	conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nTransfer-Encoding: chunked\r\n\r\n"))
	for i := range eventCount {
		time.Sleep(eventPause)
		event := eventPrefix + strconv.Itoa(i) + "}\n\n"
		chunk := fmt.Appendf(nil, "%x\r\n%s\r\n", len(event), event)
		a.mu.Lock()
		a.sent = append(a.sent, time.Now())
		a.mu.Unlock()
		if _, err := conn.Write(chunk); err != nil {
			return
		}
	}
	conn.Write([]byte("0\r\n\r\n"))
}

// sentAt is when an event of the latest stream was written.
func (a *application) sentAt(event int) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.sent[event]
}
