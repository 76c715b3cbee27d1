package proxy

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestNothingIsSetAfterTheEnd: the transport asks for more of a request's body, and the watchdog gives an answer up, when the handler has returned.
func TestNothingIsSetAfterTheEnd(t *testing.T) {
	w := newWorld(t, "http://127.0.0.1:1", nil)
	ended := make(chan *exchange, 1)
	server := &http.Server{Protocols: new(http.Protocols), Handler: http.HandlerFunc(func(writer http.ResponseWriter, r *http.Request) {
		x := w.proxy.newExchange(writer, r)
		x.cancel = func(error) {}
		x.end()
		ended <- x
	})}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	listener := listen(t)
	go server.Serve(listener)
	defer server.Close()
	for i, p := range protocols(t)[:2] {
		t.Run(p.name, func(t *testing.T) {
			request, err := http.NewRequest(http.MethodPost, "http://"+listener.Addr().String(), strings.NewReader("a body"))
			if err != nil {
				t.Fatal(err)
			}
			if response, _, err := do(t, p.client, request); err != nil || response.ProtoMajor != i+1 {
				t.Fatalf("HTTP/%d %v", response.ProtoMajor, err)
			}
			p.client.CloseIdleConnections()
			x := <-ended
			body := &requestBody{source: strings.NewReader("more"), x: x}
			if n, err := io.ReadFull(body, make([]byte, 1)); !errors.Is(err, http.ErrBodyReadAfterClose) {
				t.Errorf("%d bytes are read, with %v", n, err)
			}
			w.next()
			x.settled.Store(false)
			x.giveUp(failureHang, 0)
			w.next()
		})
	}
}
