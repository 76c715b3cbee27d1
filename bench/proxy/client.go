package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"strconv"
	"strings"
	"sync"
	"time"
)

// answerLimit bounds the wait for one answer: a peer that never answers fails the run, and does not hang it.
const answerLimit = 2 * time.Minute

// A client is one keep-alive connection. It does as little as a client can, so that one core of them is enough for what is measured.
type client struct {
	conn    net.Conn
	reader  *bufio.Reader
	buffer  []byte
	request []byte
}

func dial(address, target string) (*client, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	request := "GET " + target + " HTTP/1.1\r\nHost: site.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: text/html,application/json;q=0.9,*/*;q=0.8\r\n" +
		"Accept-Language: en\r\nAccept-Encoding: gzip\r\nCookie: theme=dark\r\n\r\n"
	return &client{conn: conn, reader: bufio.NewReaderSize(conn, 64<<10), buffer: make([]byte, 256<<10), request: []byte(request)}, nil
}

// get asks once and reads the answer. It returns when the first byte of the body was there, counted from the request,
// and the length of the body. What is read is also written to copied, unless that is nil.
func (c *client) get(copied io.Writer) (first time.Duration, length int64, err error) {
	begin := time.Now()
	c.conn.SetDeadline(begin.Add(answerLimit))
	if _, err := c.conn.Write(c.request); err != nil {
		return 0, 0, err
	}
	head, err := c.head()
	if err != nil {
		return 0, 0, err
	}
	var source io.Reader = c.reader
	if head.chunked {
		source = httputil.NewChunkedReader(c.reader)
	} else {
		source = io.LimitReader(c.reader, head.length)
	}
	if _, err := c.reader.Peek(1); err != nil {
		return 0, 0, err
	}
	first = time.Since(begin)
	for {
		n, err := source.Read(c.buffer)
		length += int64(n)
		if copied != nil {
			copied.Write(c.buffer[:n])
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0, 0, err
		}
	}
	if head.chunked {
		_, err = c.reader.Discard(len("\r\n"))
	} else if length < head.length {
		err = io.ErrUnexpectedEOF
	}
	return first, length, err
}

// head is what a client needs to know of an answer's head.
type head struct {
	chunked bool
	length  int64
}

func (c *client) head() (head, error) {
	var h head
	for line := 0; ; line++ {
		text, err := c.reader.ReadSlice('\n')
		if err != nil {
			return h, err
		}
		text = bytes.TrimRight(text, "\r\n")
		switch name, value, _ := strings.Cut(string(text), ":"); {
		case line == 0 && !strings.HasPrefix(name, "HTTP/1.1 200"):
			return h, fmt.Errorf("the answer is %q", text)
		case len(text) == 0:
			return h, nil
		case strings.EqualFold(name, "Content-Length"):
			if h.length, err = strconv.ParseInt(strings.TrimSpace(value), 10, 64); err != nil {
				return h, err
			}
		case strings.EqualFold(name, "Transfer-Encoding"):
			h.chunked = true
		}
	}
}

// check asks once and compares the answer with the original: what is measured has to be a proxy.
func check(s *subject, b body) error {
	c, err := dial(s.address, "/"+b.name)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	var got bytes.Buffer
	if _, _, err := c.get(&got); err != nil {
		return err
	}
	if b.varied > 0 && got.Len() == len(b.bytes) {
		copy(got.Bytes()[b.varied:], b.bytes[b.varied:b.varied+variedLength])
	}
	if sha256.Sum256(got.Bytes()) != b.sum {
		return errors.New("the body is not what the application sent")
	}
	return nil
}

// firstBytes asks one request after another for the duration, at least leastSamples times, and returns how long each first byte took.
func firstBytes(s *subject, b body, turn time.Duration) ([]time.Duration, error) {
	c, err := dial(s.address, "/"+b.name)
	if err != nil {
		return nil, err
	}
	defer c.conn.Close()
	if _, _, err := c.get(nil); err != nil {
		return nil, err
	}
	var took []time.Duration
	for begin := time.Now(); len(took) < leastSamples || time.Since(begin) < turn; {
		first, _, err := c.get(nil)
		if err != nil {
			return nil, err
		}
		took = append(took, first)
	}
	return took, nil
}

// leastSamples is how many first bytes a turn sees at least, however slow the subject is.
const leastSamples = 2

// load asks over several connections until the duration is over, and returns how many answers came.
func load(s *subject, b body, turn time.Duration) (answers int64, err error) {
	var clients []*client
	defer func() {
		for _, c := range clients {
			c.conn.Close()
		}
	}()
	for range b.connections {
		c, err := dial(s.address, "/"+b.name)
		if err != nil {
			return 0, err
		}
		clients = append(clients, c)
	}
	counts, failures := make([]int64, len(clients)), make([]error, len(clients))
	var running sync.WaitGroup
	for i, c := range clients {
		running.Go(func() {
			for begin := time.Now(); time.Since(begin) < turn && failures[i] == nil; counts[i]++ {
				var length int64
				if _, length, failures[i] = c.get(nil); failures[i] == nil && length != int64(len(b.bytes)) {
					failures[i] = fmt.Errorf("%d bytes came of %d", length, len(b.bytes))
				}
			}
		})
	}
	running.Wait()
	for _, n := range counts {
		answers += n
	}
	return answers, errors.Join(failures...)
}
