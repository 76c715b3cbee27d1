package proxy

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// page is HTML of n bytes as sites have it, without anybody in it.
func page(n int) string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html><html><head><title>Course catalogue</title></head><body>\n")
	for i := 0; b.Len() < n; i++ {
		b.WriteString(`<div class="card"><a href="/courses/` + word(i) + `">` + word(i*31) + " " + word(i*17) + `</a><p>Some words about it, for everybody to read.</p></div>` + "\n")
	}
	return b.String()[:n]
}

// BenchmarkProxy compares the proxy, with and without inspection, with httputil.ReverseProxy: the same application and client over loopback.
func BenchmarkProxy(b *testing.B) {
	bodies := map[string][]byte{"10KiB": []byte(page(10 << 10)), "1MiB": []byte(page(1 << 20)), "10KiB-gzip": []byte(encoded("gzip", page(10<<10)))}
	upstream := application(b, func(w http.ResponseWriter, r *http.Request) {
		name := r.URL.Query().Get("body")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(bodies[name])))
		if strings.HasSuffix(name, "gzip") {
			w.Header().Set("Content-Encoding", "gzip")
		}
		w.Write(bodies[name])
	})
	target, err := url.Parse(upstream)
	if err != nil {
		b.Fatal(err)
	}
	w := newWorld(b, upstream, func(o *Options, _ *Proxy) { o.Observer = nil })
	plain := &http.Server{Handler: &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target); r.SetXForwarded() },
		Transport: newTransport(&w.proxy.options)}, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go plain.Serve(listener)
	b.Cleanup(func() { plain.Close() })
	for _, size := range []string{"10KiB", "10KiB-gzip", "1MiB"} {
		for _, c := range []struct{ name, base string }{{"reverseproxy", "http://" + listener.Addr().String() + "/"}, {"off", w.base + "/skip/x"}, {"on", w.base + "/"}} {
			b.Run(size+"/"+c.name, func(b *testing.B) {
				client := &http.Client{Transport: &http.Transport{DisableCompression: true, ReadBufferSize: 64 << 10}}
				defer client.CloseIdleConnections()
				b.SetBytes(int64(len(bodies[size])))
				b.ReportAllocs()
				buffer := make([]byte, 64<<10)
				for range b.N {
					response, err := client.Get(c.base + "?body=" + size)
					if err != nil {
						b.Fatal(err)
					}
					n := 0
					for {
						m, err := response.Body.Read(buffer)
						n += m
						if err == io.EOF {
							break
						}
						if err != nil {
							b.Fatal(err)
						}
					}
					response.Body.Close()
					if n != len(bodies[size]) {
						b.Fatalf("%d bytes of %d", n, len(bodies[size]))
					}
				}
			})
		}
	}
}
