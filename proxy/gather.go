package proxy

import (
	"net"
	"net/http"
)

// net/http sends the head of an answer, with as much of its body as fits a small buffer, apart from the rest of the body, and likewise the size of each
// chunk apart from the chunk. Each write costs a system call, and often a packet. So while an exchange writes, a small piece waits for the next one.

// gathering returns the connection of a request where small writes on it can be gathered; nil elsewhere.
func gathering(r *http.Request) *checkedConn {
	if checked, ok := r.Context().Value(connectionKey{}).(*checkedConn); ok && r.ProtoMajor == 1 && canGather(checked.Conn) {
		return checked
	}
	return nil
}

// canGather reports whether one system call can send several pieces on a connection: not where they are encrypted first.
func canGather(conn net.Conn) bool {
	switch conn.(type) {
	case *net.TCPConn, *net.UnixConn:
		return true
	}
	return false
}

// A gatherer joins small writes to the ones behind them. It is used by the goroutine that serves the request, and only for HTTP/1: there no one else
// writes once the head has been written. A connection has one only while an exchange writes: idle connections are many.
type gatherer struct {
	pool   *buffers
	held   *[]byte // of the pool; nil when nothing waits
	n      int     // bytes of held
	pieces [2][]byte
	vector net.Buffers // over pieces
}

// write sends p behind what waits, or lets it wait.
func (g *gatherer) write(conn net.Conn, p []byte) (int, error) {
	switch {
	case g.held != nil:
		g.pieces = [2][]byte{(*g.held)[:g.n], p}
		g.vector = g.pieces[:]
		sent, err := g.vector.WriteTo(conn)
		sent = max(sent-int64(g.n), 0)
		g.drop()
		return int(sent), err
	case len(p) <= messageBuffer:
		g.held = g.pool.get(messageBuffer)
		g.n = copy(*g.held, p)
		return len(p), nil
	}
	return conn.Write(p)
}

// end sends what still waits. The gatherer must not be used afterwards.
func (g *gatherer) end(conn net.Conn) (err error) {
	if g.held != nil {
		_, err = conn.Write((*g.held)[:g.n])
		g.drop()
	}
	g.pool.gatherers.Put(g)
	return err
}

func (g *gatherer) drop() {
	clear(g.pieces[:])
	g.pool.put(g.held)
	g.held = nil
}

// Write sends to the client, or gathers.
func (c *checkedConn) Write(p []byte) (int, error) {
	if c.gathered == nil {
		return c.Conn.Write(p)
	}
	return c.gathered.write(c.Conn, p)
}

// gather lets small writes wait, until the end of gathering.
func (c *checkedConn) gather(pool *buffers) {
	if c.gathered == nil {
		c.gathered = pool.gatherer()
	}
}

// endGather sends what waits. From here on nothing does.
func (c *checkedConn) endGather() error {
	g := c.gathered
	c.gathered = nil
	return g.end(c.Conn)
}
