package main

import (
	"bufio"
	"net/http/httputil"
	"strings"
	"time"
)

// readEvents reads one event stream. It returns when the head came, counted from the request, and for each event the time between
// the application's write and its arrival here.
func readEvents(s *subject, a *application) (head time.Duration, delays []time.Duration, err error) {
	c, err := dial(s.address, eventsPath)
	if err != nil {
		return 0, nil, err
	}
	defer c.conn.Close()
	begin := time.Now()
	c.conn.SetDeadline(begin.Add(answerLimit))
	if _, err := c.conn.Write(c.request); err != nil {
		return 0, nil, err
	}
	if _, err := c.head(); err != nil {
		return 0, nil, err
	}
	head = time.Since(begin)
	lines := bufio.NewScanner(httputil.NewChunkedReader(c.reader))
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), eventPrefix) {
			delays = append(delays, time.Since(a.sentAt(len(delays))))
		}
	}
	return head, delays, lines.Err()
}
