package proxy

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"stanch/rules/match/corpus"
)

// BenchmarkStream is what inspection costs beside the sockets: from the application's head to the last byte for the client.
func BenchmarkStream(b *testing.B) {
	w := newWorld(b, "http://127.0.0.1:1", func(o *Options, _ *Proxy) { o.Observer = nil })
	page := corpus.HTML(1 << 20)
	for _, size := range []int{10 << 10, 1 << 20} {
		for _, route := range []string{"/skip/x", "/"} {
			b.Run(strconv.Itoa(size)+route, func(b *testing.B) {
				request := httptest.NewRequest(http.MethodGet, route, nil)
				b.SetBytes(int64(size))
				b.ReportAllocs()
				for range b.N {
					serveStream(w.proxy, request, page[:size])
				}
			})
		}
	}
}

// serveStream takes one answer through the proxy, without goproxy and sockets.
func serveStream(p *Proxy, r *http.Request, body []byte) {
	response := &http.Response{StatusCode: http.StatusOK, ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)), Header: http.Header{
		"Content-Type": {"text/html; charset=utf-8"}, "Content-Length": {strconv.Itoa(len(body))}, "Server": {"application"},
		"Etag": {`"html-1"`}, "Cache-Control": {"max-age=60"}, "Vary": {"Accept-Encoding"}}}
	x := p.newExchange(&discardWriter{}, r)
	out := x.outgoing(r)
	defer x.end()
	answer := x.answer(out, response)
	answer.Body.(io.WriterTo).WriteTo(x.client)
	answer.Body.Close()
}

type discardWriter struct{ header http.Header }

func (w *discardWriter) Header() http.Header              { return w.header }
func (w *discardWriter) Write(p []byte) (int, error)      { return len(p), nil }
func (w *discardWriter) WriteHeader(int)                  {}
func (w *discardWriter) SetWriteDeadline(time.Time) error { return nil }
func (w *discardWriter) Flush()                           {}
