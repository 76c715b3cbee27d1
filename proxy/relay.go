package proxy

import (
	"io"
	"net/http"
)

// A relay is the body of an answer that is not inspected, or must be empty: it is copied as it comes, within the time that the application may be silent.
type relay struct {
	x        *exchange
	response *http.Response
	source   io.ReadCloser
	early    bool // the head is worth something by itself
	flushes  bool
}

func (x *exchange) newRelay(response *http.Response) *relay {
	early := streams(response.Header.Get("Content-Type")) || !allowsBody(response.StatusCode)
	return &relay{x, response, response.Body, early, early || response.ContentLength < 0}
}

// Read reads from the application.
func (b *relay) Read(p []byte) (int, error) { return b.source.Read(p) }

// Close stops the application's answer.
func (b *relay) Close() error { return b.source.Close() }

// WriteTo copies to the client, and remembers a body that broke off.
func (b *relay) WriteTo(io.Writer) (int64, error) {
	x := b.x
	if b.early {
		if err := b.send(nil); err != nil {
			x.fail(failureClient)
			x.abort = err
			return 0, err
		}
	}
	buffer := x.proxy.buffers.get(bodyBuffer)
	defer x.proxy.buffers.put(buffer)
	for {
		x.watch()
		n, err := b.source.Read(*buffer)
		if n > 0 {
			if werr := b.send((*buffer)[:n]); werr != nil {
				x.fail(failureClient)
				x.abort = werr
				return x.outcome.Released, werr
			}
		}
		switch {
		case err == io.EOF:
			x.passTrailers(b.response)
			return x.outcome.Released, nil
		case err != nil:
			failure, _ := failureOf(x.ctx, err)
			x.fail(failure)
			x.abort = errUpstream
			return x.outcome.Released, err
		}
	}
}

func (b *relay) send(p []byte) (err error) {
	b.x.beginWrite()
	if len(p) > 0 { // HTTP/2 refuses even no bytes where none may be
		var n int
		n, err = b.x.client.Write(p)
		b.x.outcome.Released += int64(n)
	}
	if err == nil && b.flushes {
		err = b.x.control.Flush()
	}
	if gathered := b.x.endWrite(); err == nil {
		err = gathered
	}
	return err
}
