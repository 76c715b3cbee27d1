package proxy

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// While net/http waits for a client's next request it holds two buffers and the stack of a goroutine that has served: 18 KiB, of which silence needs
// next to nothing. So a connection that has been silent for a while between two requests is taken from it, by an end that only net/http sees, and is
// parked: one goroutine with the least of stacks waits for its next byte. With that byte net/http gets the connection back, as a new one.

// parkAfter is how long a client is silent before its connection is parked. One that comes back then waits 0.1 ms longer.
const parkAfter = 500 * time.Millisecond

// rest is where a connection stands between two requests.
type rest = int32

const (
	awake  rest = iota
	idle        // an answer has ended; net/http is about to say how long it waits for the next request
	dozing      // net/http waits, and is woken after parkAfter
	parked      // net/http was told that the client has left, and the lot is to have the connection
)

// noteRest is what net/http tells of a connection's state.
func noteRest(conn net.Conn, state http.ConnState) {
	if c, ok := conn.(*checkedConn); ok && state == http.StateIdle && c.check.between() {
		c.nap.rest.Store(idle)
	}
}

// A nap is what a connection needs to be parked.
type nap struct {
	lot   *parkingLot
	rest  atomic.Int32
	ends  time.Time // when net/http gives a client up that it waits for
	first [1]byte   // what the client said when it was parked
	woken bool      // first is still to be read
}

// SetReadDeadline is told by net/http how long it waits. The first it says when an answer has ended is for the silence between two requests.
func (c *checkedConn) SetReadDeadline(deadline time.Time) error {
	switch c.nap.rest.Load() {
	case idle:
		c.nap.rest.Store(awake)
		if soon := time.Now().Add(parkAfter); deadline.After(soon) {
			c.nap.ends, deadline = deadline, soon
			c.nap.rest.Store(dozing)
		}
	case dozing:
		c.nap.rest.Store(awake)
	}
	return c.Conn.SetReadDeadline(deadline)
}

// dozed is told why net/http's wait for the next request ended. It parks a connection whose client said nothing, and waits on for the rest of a request that has begun.
func (c *checkedConn) dozed(p []byte, err error) (int, error) {
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return 0, err
	}
	if c.check.between() {
		c.nap.rest.Store(parked)
		return 0, io.EOF
	}
	c.nap.rest.Store(awake)
	if err := c.Conn.SetReadDeadline(c.nap.ends); err != nil {
		return 0, err
	}
	return c.Read(p)
}

// receive reads what the client says, from where it was parked on.
func (c *checkedConn) receive(p []byte) (int, error) {
	if c.nap.woken {
		n := copy(p, c.nap.first[:])
		c.nap.woken = n == 0
		return n, nil
	}
	return c.Conn.Read(p)
}

// between reports whether all that was read belongs to complete requests.
func (f *framing) between() bool { return f.part == inRequestLine && len(f.line) == 0 && !f.cr }

// A parkingLot is a listener whose connections are those of silent clients that have spoken again.
type parkingLot struct {
	address net.Addr
	back    chan *checkedConn
	closed  chan struct{}
	waiting sync.WaitGroup

	lock sync.Mutex
	here map[net.Conn]struct{} // nil once the lot is closed
}

func newParkingLot(address net.Addr) *parkingLot {
	return &parkingLot{address: address, back: make(chan *checkedConn), closed: make(chan struct{}), here: make(map[net.Conn]struct{})}
}

// Accept waits for the next client that speaks again.
func (l *parkingLot) Accept() (net.Conn, error) {
	select {
	case conn := <-l.back:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Addr is where the clients connected to.
func (l *parkingLot) Addr() net.Addr { return l.address }

// Close ends the connections that are parked, and takes no more. It returns when none is left.
func (l *parkingLot) Close() error {
	l.lock.Lock()
	if l.here != nil {
		close(l.closed)
	}
	for conn := range l.here {
		conn.Close()
	}
	l.here = nil
	l.lock.Unlock()
	l.waiting.Wait()
	return nil
}

// park takes over a connection that net/http is done with, and reports whether it could.
func (l *parkingLot) park(conn net.Conn, open *admission, ends time.Time) bool {
	l.lock.Lock()
	defer l.lock.Unlock()
	if l.here == nil {
		return false
	}
	l.here[conn] = struct{}{}
	l.waiting.Go(func() { l.wait(conn, open, ends) })
	return true
}

// wait gives a connection back with the client's next byte, or ends it with the client's patience or our own.
func (l *parkingLot) wait(conn net.Conn, open *admission, ends time.Time) {
	back := &checkedConn{Conn: conn, begun: true, open: open, nap: nap{lot: l}}
	conn.SetReadDeadline(ends)
	n, err := conn.Read(back.nap.first[:])
	l.lock.Lock()
	delete(l.here, conn)
	l.lock.Unlock()
	if back.nap.woken = n > 0; err != nil {
		back.Close()
		return
	}
	select {
	case l.back <- back:
	case <-l.closed:
		back.Close()
	}
}
