package proxy

import (
	"net/http"
	"testing"
)

// TestInFlight: an exchange counts from its admission to its end.
func TestInFlight(t *testing.T) {
	release := make(chan struct{})
	w := newWorld(t, application(t, func(rw http.ResponseWriter, r *http.Request) { <-release }), nil)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		done := make(chan error, 1)
		go func() {
			response, err := client.Get(w.base + "/")
			if err == nil {
				err = response.Body.Close()
			}
			done <- err
		}()
		eventually(t, "the exchange to be counted", func() bool { return w.proxy.InFlight() == 1 })
		release <- struct{}{}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		eventually(t, "the exchange to be over", func() bool { return w.proxy.InFlight() == 0 })
		client.CloseIdleConnections()
	})
}
