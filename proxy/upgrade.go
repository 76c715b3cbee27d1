package proxy

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"time"
)

// A hijackWriter remembers the connection that goproxy takes over for an upgrade: goproxy does not close it when the application ends first.
// It is put around HTTP/1 writers only; those of HTTP/2 must not look as if they could be taken over.
type hijackWriter struct {
	http.ResponseWriter
	x *exchange
}

// Hijack takes the connection over.
func (w *hijackWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := w.x.control.Hijack()
	if err != nil {
		return nil, nil, err
	}
	w.x.hijacked = conn
	return &patientConn{conn, w.x.proxy.options.ClientIdle}, buffered, nil
}

// Flush is what goproxy looks for.
func (w *hijackWriter) Flush() { w.x.control.Flush() }

// Unwrap lets http.ResponseController through.
func (w *hijackWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// A patientConn gives up a client that takes nothing for too long.
type patientConn struct {
	net.Conn
	idle time.Duration
}

func (c *patientConn) Write(p []byte) (int, error) {
	c.Conn.SetWriteDeadline(time.Now().Add(c.idle))
	return c.Conn.Write(p)
}

// upgraded answers for an application that wants to change the protocol: only where the request asked for it and the route allows it.
func (x *exchange) upgraded(r *http.Request, response *http.Response) *http.Response {
	conn, ok := response.Body.(io.ReadWriteCloser)
	if _, asked := x.client.(*hijackWriter); !asked || !ok || !headerHas(response.Header, "Upgrade", "websocket") ||
		response.Header.Get("Sec-Websocket-Extensions") != "" {
		response.Body.Close()
		return x.failed(r, failureAborted, http.StatusBadGateway)
	}
	if !x.inspected() {
		return response
	}
	x.proxy.watchdog.add(x)
	x.inspectFields(response.Header)
	x.tunnel = newTunnel(x, conn)
	response.Body = x.tunnel
	return response
}
