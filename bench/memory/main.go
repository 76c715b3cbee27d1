// Command memory measures what the stanch binary holds while clients do nothing: its resident set, over loopback sockets:
//
//	cd bench && go run ./memory
//
// Each state is measured in a fresh process, after a page was served, as the growth over that. What the kernel holds for sockets is not in it.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"stanch/bench/process"
	"stanch/rules/match/corpus"
)

// settle is how long the process has to come to rest before it is measured.
const settle = 3 * time.Second

// A state is something that many clients do at once. Its limit goes for all of them, in bytes.
type state struct {
	name    string
	path    string
	clients int
	limit   int64
	read    int // bytes of the answer that a client reads; -1 for all of it
}

var states = []state{
	{"stalled streams, a client each that takes no more of 32 MiB of HTML", "/page", 200, 200 * 256 << 10, 64 << 10},
	{"stalled streams of gzip", "/packed", 200, 200 * 256 << 10, 4 << 10},
	{"idle keep-alive connections", "/small", 10000, 200e6, -1},
	{"event streams", "/events", 1000, 100e6, 32},
}

func main() {
	only := flag.String("only", "", "measure only states with this in their name")
	flag.Parse()
	if err := run(*only); err != nil {
		fmt.Fprintln(os.Stderr, "memory: error:", err)
		os.Exit(1)
	}
}

func run(only string) error {
	folder, err := os.MkdirTemp("", "stanch-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	binary, err := process.BuildStanch(folder)
	if err != nil {
		return err
	}
	upstream, err := startApplication()
	if err != nil {
		return err
	}
	fmt.Println("| state | clients | resident before | grew by | each | limit for all | |")
	fmt.Println("|---|---|---|---|---|---|---|")
	for _, s := range states {
		if !strings.Contains(s.name, only) {
			continue
		}
		if err := measure(s, binary, upstream); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

func measure(s state, binary, upstream string) error {
	address, err := process.FreeAddress()
	if err != nil {
		return err
	}
	admin, err := process.FreeAddress()
	if err != nil {
		return err
	}
	stanch, err := process.Start(process.Command{Path: binary, Core: -1, Address: address,
		Args: []string{"serve", "-listen", address, "-admin", admin, "-upstream", "http://" + upstream}})
	if err != nil {
		return err
	}
	defer stanch.Stop()
	warm := state{path: "/small", clients: 16, read: -1}
	if conns, err := connect(warm, address); err != nil {
		return err
	} else {
		closeAll(conns)
	}
	time.Sleep(settle)
	before, err := stanch.Memory()
	if err != nil {
		return err
	}
	conns, err := connect(s, address)
	defer closeAll(conns)
	if err != nil {
		return err
	}
	time.Sleep(settle)
	after, err := stanch.Memory()
	if err != nil {
		return err
	}
	verdict := "met"
	if after-before > s.limit {
		verdict = "missed"
	}
	fmt.Printf("| %s | %d | %.1f MiB | %.1f MiB | %.1f KiB | %.1f MiB | %s |\n", s.name, s.clients, mebibytes(before), mebibytes(after-before),
		float64(after-before)/float64(s.clients)/(1<<10), mebibytes(s.limit), verdict)
	return nil
}

func mebibytes(n int64) float64 { return float64(n) / (1 << 20) }

// atOnce is how many clients connect at the same time.
const atOnce = 64

// connect brings all clients of a state to where they do nothing any more.
func connect(s state, address string) ([]net.Conn, error) {
	conns, failures := make([]net.Conn, s.clients), make([]error, s.clients)
	var running sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for i := range conns {
		slots <- struct{}{}
		running.Go(func() {
			conns[i], failures[i] = ask(s, address)
			<-slots
		})
	}
	running.Wait()
	return conns, errors.Join(failures...)
}

// receiveBuffer keeps the kernel from taking a whole body for a client that does not.
const receiveBuffer = 16 << 10

func ask(s state, address string) (net.Conn, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	conn.SetDeadline(time.Now().Add(time.Minute))
	if s.read >= 0 {
		conn.(*net.TCPConn).SetReadBuffer(receiveBuffer)
	}
	if _, err := io.WriteString(conn, "GET "+s.path+" HTTP/1.1\r\nHost: site.example\r\nAccept-Encoding: gzip\r\n\r\n"); err != nil {
		return conn, err
	}
	response, err := http.ReadResponse(bufio.NewReaderSize(conn, 512), nil)
	if err != nil {
		return conn, err
	}
	if response.StatusCode != http.StatusOK {
		return conn, errors.New("the answer is " + response.Status)
	}
	if s.read < 0 {
		_, err = io.Copy(io.Discard, response.Body)
	} else {
		_, err = io.ReadFull(response.Body, make([]byte, s.read))
	}
	return conn, err
}

func closeAll(conns []net.Conn) {
	for _, conn := range conns {
		if conn != nil {
			conn.Close()
		}
	}
}

// startApplication serves what the states ask for.
func startApplication() (address string, err error) {
	page := corpus.HTML(32 << 20)
	packed, err := pack(page)
	if err != nil {
		return "", err
	}
	mux := http.NewServeMux()
	serve := func(path, coding string, body []byte) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			if coding != "" {
				w.Header().Set("Content-Encoding", coding)
			}
			w.Write(body)
		})
	}
	serve("/page", "", page)
	serve("/packed", "gzip", packed)
	serve("/small", "", page[:10<<10])
	mux.HandleFunc("/events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for {
			io.WriteString(w, "data: {\"type\":\"tick\",\"text\":\"all is well on the line\"}\n\n")
			if http.NewResponseController(w).Flush() != nil {
				return
			}
			select {
			case <-r.Context().Done():
				return
			case <-time.After(time.Second):
			}
		}
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	go http.Serve(listener, mux)
	return listener.Addr().String(), nil
}
