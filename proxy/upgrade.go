package proxy

import (
	"bufio"
	"io"
	"net"
	"net/http"
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
	w.x.hijacked = conn
	return conn, buffered, err
}

// Flush is what goproxy looks for.
func (w *hijackWriter) Flush() { w.x.control.Flush() }

// Unwrap lets http.ResponseController through.
func (w *hijackWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// upgraded answers for an application that wants to change the protocol: only where the request asked for it and the route allows it.
func (x *exchange) upgraded(r *http.Request, response *http.Response) *http.Response {
	conn, ok := response.Body.(io.ReadWriteCloser)
	if _, hijackable := x.client.(*hijackWriter); !hijackable || !ok || !headerHas(response.Header, "Upgrade", "websocket") {
		response.Body.Close()
		return x.failed(r, failureAborted, http.StatusBadGateway)
	}
	response.Header.Del("Sec-Websocket-Extensions")
	response.Body = &tunnel{conn}
	return response
}

// A tunnel is the upgraded connection to the application.
type tunnel struct{ io.ReadWriteCloser }
