package inspect_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"stanch/rules"
	"stanch/rules/inspect"
)

// The corpora of the benchmarks: made here, so that they are the same everywhere.
func corpora() map[string][]byte {
	var page, script, api, log bytes.Buffer
	page.WriteString("<!doctype html><html><head><title>Guide</title></head><body>")
	for n := 0; page.Len() < 1<<20; n++ {
		fmt.Fprintf(&page, "<h2 id=\"section-%d\">Chapter %d</h2>\n<p>Every <em>response</em> is read as it streams; see <a href=\"/guide/%d.html\">the guide</a> &mdash; it is short.</p>\n", n, n, n)
	}
	for n := 0; script.Len() < 1<<20; n++ {
		fmt.Fprintf(&script, "function a%d(t,e){var n=t[%d],r=e.c||{};return n&&r.x>1e3?{k:n,v:r.y*.5}:b%d(t,0x%x)}", n, n%40, n, n*2654435761)
	}
	api.WriteString(`{"items":[`)
	for n := 0; api.Len() < 64<<10; n++ {
		if n > 0 {
			api.WriteByte(',')
		}
		fmt.Fprintf(&api, `{"id":%d,"sku":"A-%06d","price":%d.%02d,"created":"2026-06-%02dT12:%02d:00Z","tags":["new","sale"],"stock":%d}`, 100000+n, n*7, n%90, n%100, 1+n%28, n%60, n%13)
	}
	api.WriteString("]}")
	for n := 0; log.Len() < 8<<20; n++ {
		fmt.Fprintf(&log, "2026-06-01T12:%02d:%02d.%03dZ INFO request id=%08x path=/items/%d status=200 bytes=%d took=%dms\n", n/60%60, n%60, n%1000, n*40503, n%977, n*31%90000, n%700)
	}
	return map[string][]byte{"clean HTML": page.Bytes(), "minified JS": script.Bytes(), "JSON API": api.Bytes(), "log": log.Bytes(), "dense CSV": csvOf(50_000)}
}

// BenchmarkInspection is a whole inspection under a monitoring rule, in the chunks that the proxy reads.
func BenchmarkInspection(b *testing.B) {
	policy := rules.Policy{Rules: []rules.Rule{{ID: "bulk", When: rules.Condition{People: 50}, Action: rules.Block, Mode: rules.Monitor}}}
	engine := newEngine(b, policy, false)
	for name, body := range corpora() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				runChunks(engine, body)
			}
		})
	}
}

func runChunks(engine *inspect.Engine, body []byte) {
	in := engine.Inspect(rules.Exchange{}, inspect.Body{})
	for rest := body; len(rest) > 0; {
		n := min(len(rest), 32<<10)
		in.Write(rest[:n])
		in.Release(io.Discard)
		rest = rest[n:]
	}
	in.Close()
	in.Release(io.Discard)
	in.Free()
}
