//go:build !race

package proxy

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// The race detector makes pools forget on purpose: allocations are counted without it.

// TestStreamNoAllocationPerChunk compares a body with one of twice the length: what the proxy allocates is for the answer, not for its chunks.
func TestStreamNoAllocationPerChunk(t *testing.T) {
	const size = 4 << 20
	for _, c := range []struct{ name, route, coding string }{{"plain", "/", ""}, {"gzip", "/", "gzip"}, {"not inspected", "/skip/x", ""}} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, "http://127.0.0.1:1", func(o *Options, _ *Proxy) { o.Observer = nil })
			request := httptest.NewRequest(http.MethodGet, c.route, nil)
			measure := func(n int) float64 {
				body := []byte(page(n))
				if c.coding != "" {
					body = []byte(encoded(c.coding, string(body)))
				}
				return testing.AllocsPerRun(5, func() {
					if taken := serveStream(w.proxy, request, body, c.coding); taken != len(body) {
						t.Errorf("%d bytes left of %d", taken, len(body))
					}
				})
			}
			single, double := measure(size), measure(2*size)
			if perChunk := (double - single) / (size / bodyBuffer); perChunk > 0.1 {
				t.Errorf("%.0f allocations for %d bytes and %.0f for twice as many: %.2f for each chunk, want none", single, size, double, perChunk)
			}
		})
	}
}
